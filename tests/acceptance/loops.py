"""The loop of a service, and its other parts: with all others of a town, or apart, to be stopped and started again."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cli.serve import work_of
from contracts.topics import parts_of
from runtime.clock import Clock
from runtime.process.platform import RealPlatform
from runtime.process.settings import Settings, load
from runtime.workers import Worker, run_workers


async def _workers(platform: RealPlatform, service: str) -> list[Worker]:
    """All that a service does beside its API."""
    return [worker for part in parts_of(service)[1:] for worker in await work_of(service, part)(platform)]


@dataclass
class LoopApart:
    """On a platform of its own, as a process has one: what it knew is gone when it stops."""

    service: str
    clock: Clock
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Task[None] | None = None
    _platform: RealPlatform | None = None

    async def start(self) -> None:
        """It goes on where it had come to."""
        assert self._running is None, f"{self.service} runs"
        self._stopping, self._platform = asyncio.Event(), RealPlatform(load(Settings), self.service, self.clock)
        await self._platform.start()
        workers = await _workers(self._platform, self.service)
        self._running = asyncio.create_task(run_workers(workers, self._stopping))

    async def stop(self) -> None:
        """It finishes what is under way and leaves its group; nothing where it does not run."""
        if self._running is None or self._platform is None:
            return
        self._stopping.set()
        await self._running
        await self._platform.stop()
        self._running = self._platform = None


async def begun(
    platforms: Mapping[str, RealPlatform], clock: Clock, apart: Collection[str]
) -> tuple[list[Worker], dict[str, LoopApart]]:
    """The platforms are there. The workers of all services but those apart, which run already."""
    workers, loops = list[Worker](), {name: LoopApart(name, clock) for name in apart}
    for service, platform in platforms.items():
        await platform.start()
        workers += [] if service in apart else await _workers(platform, service)
    for loop in loops.values():
        await loop.start()
    return workers, loops
