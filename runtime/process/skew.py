"""How far the process's clock is from the database's: one that is far off would set and show false deadlines."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from runtime.delivery.ports import ClockWrong
from runtime.telemetry import metrics
from runtime.workers import repeated

log = structlog.get_logger()
LOOK_EVERY = 60.0  # seconds
AGAIN_AFTER = 5.0  # seconds, when the database was silent
TOLERATED = timedelta(seconds=60)
NONE = timedelta()


class Skew:
    """Holds the wall clock of a process against the database's. What is not known refuses nobody."""

    def __init__(self, wall: Callable[[], datetime], database: Callable[[], Awaitable[datetime]]) -> None:
        self._wall, self._database = wall, database
        self.is_wrong = False

    async def look(self) -> None:
        """Ask the database. Raises Unavailable."""
        asked = self._wall()
        told = await self._database()
        skew = skew_of(asked, told, self._wall())
        metrics.CLOCK_SKEW.set(skew.total_seconds())
        if self.is_wrong is not (abs(skew) > TOLERATED):
            self.is_wrong = abs(skew) > TOLERATED
            said = log.error if self.is_wrong else log.warning
            said("clock_wrong" if self.is_wrong else "clock_right_again", ahead=str(skew), runbook="clock-wrong")

    def refuse_wrong(self) -> None:
        if self.is_wrong:
            raise ClockWrong("this machine's clock is more than a minute from the database's")

    async def run(self, stop: asyncio.Event) -> None:
        """Look at once and each minute until stopped; what was seen last holds while the database is silent."""
        await repeated("clock", self.look, LOOK_EVERY, AGAIN_AFTER)(stop)


def skew_of(asked: datetime, told: datetime, answered: datetime) -> timedelta:
    """How far the own clock is ahead, at least: what the way there and back may explain counts for nothing."""
    return max(NONE, min(asked, answered) - told) or min(NONE, max(asked, answered) - told)
