"""``duban topics``: the catalogue's topics, created; positions, laid where they are missing."""

import asyncio

import typer

from contracts.topics import PARTS, SERVICES
from runtime.kafka.bus import Bus
from runtime.kafka.topics import GroupInUse, create_topics, lay_back, lay_positions
from runtime.process.platform import RealPlatform
from runtime.process.settings import Settings, load


def topics(
    replication: int = typer.Option(1, help="Replicas of each partition: 3 in production."),
    replay: str = typer.Option("", help="After a restore: put the loop of this service (or service.part) back."),
) -> None:
    """Create what is missing. A group without a position gets the beginning: a replay is safe, a silent skip is not."""
    if replay and replay not in (*SERVICES, *PARTS):
        raise typer.BadParameter(f"no such service; there are: {', '.join((*SERVICES, *PARTS))}", param_hint="--replay")
    bus = RealPlatform(load(Settings), "topics").bus
    created, laid = asyncio.run(_apply(bus, replication))
    typer.echo(f"created: {', '.join(created) or 'nothing'}; positions laid for: {', '.join(laid) or 'nobody'}")
    if replay:
        _replay(bus, replay if replay in PARTS else f"{replay}.loop")


async def _apply(bus: Bus, replication: int) -> tuple[list[str], list[str]]:
    return await create_topics(bus, replication=replication), await lay_positions(bus)


def _replay(bus: Bus, group: str) -> None:
    try:
        asyncio.run(lay_back(bus, group))
    except GroupInUse as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{group} will read from the beginning; what its documents have seen they skip")
