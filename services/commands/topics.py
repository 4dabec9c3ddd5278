"""``duban topics``: the catalogue's topics, created; positions, laid where they are missing."""

import asyncio

import typer

from runtime.admin import create_topics, lay_positions
from runtime.platform import RealPlatform
from runtime.settings import Settings, load


def topics(replication: int = typer.Option(1, help="Replicas of each partition: 3 in production.")) -> None:
    """Create what is missing. A group without a position gets 0: a replay is safe, a silent skip is not."""
    created, laid = asyncio.run(_apply(replication))
    typer.echo(f"created: {', '.join(created) or 'nothing'}; positions laid for: {', '.join(laid) or 'nobody'}")


async def _apply(replication: int) -> tuple[list[str], list[str]]:
    bus = RealPlatform(load(Settings), "topics").bus
    return await create_topics(bus, replication=replication), await lay_positions(bus)
