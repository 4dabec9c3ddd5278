"""``duban topics``: the catalogue's topics, created; positions, laid where they are missing."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

import typer

from cli.new_epoch import begin
from cli.restoring import PutBack
from contracts.topics import PARTS, SERVICES
from deploy.local.accounts import DOCUMENTS
from runtime.kafka.bus import Bus
from runtime.kafka.topics import GroupInUse, lay_back
from runtime.process.laying import lay_when_ready
from runtime.process.platform import RealPlatform
from runtime.process.settings import Settings, load

PUBLISH_AGAIN = (
    "the configuration is empty and was NOT put back: what was published from files, and channels and subscriptions, "
    "has to be published again (docs/runbooks/log-lost.md names each command)"
)


def topics(
    replication: int = typer.Option(1, help="Replicas of each partition: 3 in production."),
    new_epoch: Annotated[
        int, typer.Option(min=0, help="After a lost log: begin this epoch, with all that the databases still know.")
    ] = 0,
    replay: str = typer.Option("", help="After a restore: put the loop of this service (or service.part) back."),
) -> None:
    """Create what is missing, unless documents know another log. A group without a position gets the beginning."""
    if replay and replay not in (*SERVICES, *PARTS):
        raise typer.BadParameter(f"no such service; there are: {', '.join((*SERVICES, *PARTS))}", param_hint="--replay")
    platform = RealPlatform(load(Settings), "topics")
    if new_epoch:
        _begin(platform, new_epoch, replication)
        return
    created, laid = asyncio.run(_apply(platform, replication))
    typer.echo(f"created: {', '.join(created) or 'nothing'}; positions laid for: {', '.join(laid) or 'nobody'}")
    if replay:
        _replay(platform.bus, replay if replay in PARTS else f"{replay}.loop")


async def _apply(platform: RealPlatform, replication: int) -> tuple[list[str], list[str]]:
    try:
        return await lay_when_ready(platform.bus, platform.database, DOCUMENTS, replication=replication)
    finally:
        await platform.stop()


def _begin(platform: RealPlatform, epoch: int, replication: int) -> None:
    async def beginning() -> None:
        try:
            await begin(platform, epoch, _tell, replication)
        finally:
            await platform.stop()

    asyncio.run(beginning())
    typer.echo(f"epoch {epoch} has begun: now start every process with DUBAN_LOG_EPOCH={epoch}")


def _tell(found: PutBack) -> None:
    for line in told(found):
        typer.echo(line)


def told(found: PutBack) -> Iterator[str]:
    """A line for each run of facts that no store has, then what was put back, then what has to be published again."""
    for lost in found.lost:
        yield f"{lost.key}: what {lost.service} said as its {lost.first} to {lost.last} is in no store"
    put = ", ".join(f"{count} records of {topic}" for topic, count in sorted(found.put.items())) or "nothing"
    missing = len({(lost.service, lost.key) for lost in found.lost})
    yield f"put back: {put}; documents that miss something: {missing}"
    if found.is_bare:
        yield PUBLISH_AGAIN


def _replay(bus: Bus, group: str) -> None:
    try:
        asyncio.run(lay_back(bus, group))
    except GroupInUse as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{group} will read from the beginning; what its documents have seen they skip")
