"""Whether the loop has read what stood in its log.

A digest that goes before tells what is overtaken, and others follow it: after an outage of a week, many (C10).
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from runtime.delivery.ports import GroupProgress, LogPartition

HOLDS = timedelta(minutes=1)  # how long an answer is relied on: each question costs connections of its own
WAITS_AT_MOST = timedelta(hours=1)  # a partition that cannot be read keeps no digest back for ever


class CatchingUp:
    """Asks how far all members of the loop's group are, by the stopwatch of this process."""

    def __init__(self, progress: GroupProgress, stopwatch: Callable[[], timedelta]) -> None:
        self._progress, self._stopwatch = progress, stopwatch
        self._wanted: Mapping[LogPartition, int] | None = None
        self._since = self._holds_until = stopwatch()

    async def is_over(self) -> bool:
        """Whether all is handled that was in the log when this was asked first, or it takes too long. Raises
        Unavailable."""
        now = self._stopwatch()
        if now < self._holds_until:
            return True
        if self._wanted is None:
            self._wanted, self._since = await self._progress.ends(), now
        if now - self._since < WAITS_AT_MOST and await self._is_behind(self._wanted):
            return False
        self._wanted, self._holds_until = None, now + HOLDS
        return True

    async def _is_behind(self, wanted: Mapping[LogPartition, int]) -> bool:
        committed = await self._progress.committed()
        return any(committed.get(place, 0) < end for place, end in wanted.items())
