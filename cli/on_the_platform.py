"""How a command asks an installation: a platform of sla's, that only reads unless it is started."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from runtime.process.platform import Platform, RealPlatform
from runtime.process.settings import Settings, load

FoundT = TypeVar("FoundT")


async def on_the_platform(ask: Callable[[Platform], Awaitable[FoundT]]) -> FoundT:
    """What it answers; the connections are closed again."""
    platform = RealPlatform(load(Settings), "sla", only_reads=True)
    try:
        return await ask(cast(Platform, platform))
    finally:
        await platform.stop()
