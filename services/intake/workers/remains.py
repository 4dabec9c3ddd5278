"""How far back the database's own log reaches: so long an erasure is not complete (docs/operations.md)."""

import asyncio
from datetime import timedelta

from runtime.clock import Clock, WallTime
from runtime.workers import repeated
from services.intake import metrics
from services.intake.ports import Oplog

LOOK_EVERY = 600.0  # seconds


class OplogWatch:
    """Tells the age of the oldest entry beside the promise."""

    def __init__(self, oplog: Oplog, clock: Clock, promised: timedelta) -> None:
        self._oplog, self._clock = oplog, clock
        metrics.ERASED_WITHIN.set(promised.total_seconds())

    async def look(self) -> None:
        """What is not known stays as it was told last. Raises Unavailable."""
        oldest = await self._oplog.oldest()
        if oldest is not None:
            metrics.OPLOG_AGE.set((self._clock.wall() - WallTime(oldest)).total_seconds())

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("oplog", self.look, LOOK_EVERY)(stop)
