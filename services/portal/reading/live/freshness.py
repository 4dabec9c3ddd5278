"""How old what the portal has folded is: a board that is read in time shows nothing new when the loop stands still."""

from collections import deque
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from runtime.clock import Clock
from runtime.delivery.ports import GroupProgress, LogPartition
from runtime.workers import Worker, repeated

LOOK_EVERY = 10.0  # wall seconds: each look asks Kafka by connections of its own
MARKS = 360  # an hour of ends that were not reached yet


class Freshness(Protocol):
    """What the live page says about the age of its figures."""

    def behind(self) -> int | None:
        """Wall seconds since everything that was said had been folded, at least; None: not known."""


class FreshnessUnknown:
    def behind(self) -> int | None:
        return None


class LoopFreshness:
    """Remembers where the log ended and when; an end that the loop has passed was folded."""

    def __init__(self, progress: GroupProgress, clock: Clock) -> None:
        self._progress, self._clock = progress, clock
        self._marks: deque[tuple[timedelta, Mapping[LogPartition, int]]] = deque(maxlen=MARKS)
        self._folded_until: timedelta | None = None

    def behind(self) -> int | None:
        """The age of the newest mark that the loop has passed; of the first one while it has passed none."""
        if self._folded_until is None:
            return None
        return int((self._clock.stopwatch() - self._folded_until).total_seconds())

    def worker(self) -> Worker:
        """Looks while the pages are served."""
        return Worker("freshness", repeated("freshness", self.look, LOOK_EVERY, again=LOOK_EVERY))

    async def look(self) -> None:
        """Mark where the log ends, then see how far the loop is. Raises Unavailable: meanwhile the age grows."""
        at = self._clock.stopwatch()
        self._marks.append((at, await self._progress.ends()))
        self._folded_until = self._folded_until or at
        committed = await self._progress.committed()
        while self._marks and _passed(self._marks[0][1], committed):
            self._folded_until, _ = self._marks.popleft()


def _passed(ends: Mapping[LogPartition, int], committed: Mapping[LogPartition, int]) -> bool:
    return all(committed.get(place, 0) >= end for place, end in ends.items())
