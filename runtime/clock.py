"""Two times, and a stopwatch. Domain time is what deadlines and lights are in; wall time is for tokens, keys and
``ce_time``. A span within a process (a rest, a cache, an age) is the difference of two readings of the stopwatch: the
wall clock may be set back or ahead meanwhile.

In production the map between them is the identity; a demonstration runs domain time faster. The map is a segment:
where both times stood when it began, and the rate. ``make down`` keeps where domain time stood.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NewType

DomainTime = NewType("DomainTime", datetime)
WallTime = NewType("WallTime", datetime)
Stopwatch = Callable[[], timedelta]
"""Reads how long it has been running; never set. Two readings tell a span within one process."""


class SegmentMalformed(ValueError):
    """The clock's segment is not ``wall,domain,rate``: two RFC 3339 instants and a number above 0."""


def to_milliseconds(instant: datetime) -> datetime:
    """The instant with the precision that the log and the stores keep."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def system_wall() -> datetime:
    """The machine's clock: the only place that reads it."""
    return datetime.now(UTC)  # noqa: TID251 — the edge itself


def system_stopwatch() -> timedelta:
    """Runs from some moment before the process began, and is never set, as the wall clock may be."""
    return timedelta(seconds=time.monotonic())


@dataclass(frozen=True, slots=True)
class Segment:
    """Domain time was ``domain`` when wall time was ``wall``, and runs ``rate`` times as fast since."""

    wall: WallTime
    domain: DomainTime
    rate: float = 1.0

    def __str__(self) -> str:
        return f"{self.wall.isoformat()},{self.domain.isoformat()},{self.rate}"

    @property
    def is_identity(self) -> bool:
        """Whether both times are the same."""
        return self.rate == 1.0 and self.wall == self.domain


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
IDENTITY = Segment(WallTime(EPOCH), DomainTime(EPOCH))


def parse_segment(text: str) -> Segment:
    """The segment in ``wall,domain,rate``; "" is the identity. Raises SegmentMalformed."""
    if not text:
        return IDENTITY
    try:
        wall, domain, rate = text.split(",")
        segment = Segment(
            WallTime(datetime.fromisoformat(wall)), DomainTime(datetime.fromisoformat(domain)), float(rate)
        )
    except ValueError:
        raise SegmentMalformed(text) from None
    if not 0 < segment.rate < math.inf or segment.wall.tzinfo is None or segment.domain.tzinfo is None:
        raise SegmentMalformed(text)
    return segment


class Clock:
    """Tells both times and maps between them. A made ``wall`` is its own stopwatch unless one is given."""

    def __init__(
        self,
        segment: Segment = IDENTITY,
        wall: Callable[[], datetime] = system_wall,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        self.segment = segment
        self._wall = wall
        self._stopwatch = stopwatch or (system_stopwatch if wall is system_wall else lambda: wall() - EPOCH)

    def stopwatch(self) -> timedelta:
        """For spans within this process: never set back or ahead."""
        return self._stopwatch()

    def wall(self) -> WallTime:
        return WallTime(to_milliseconds(self._wall()))

    def now(self) -> DomainTime:
        return self.domain_of(WallTime(self._wall()))

    def domain_of(self, wall: WallTime) -> DomainTime:
        """The domain instant at a wall instant."""
        if self.segment is IDENTITY:
            return DomainTime(to_milliseconds(wall))
        return DomainTime(to_milliseconds(self.segment.domain + (wall - self.segment.wall) * self.segment.rate))

    def wall_seconds(self, domain: timedelta) -> float:
        """How many seconds of wall time a span of domain time lasts."""
        return domain.total_seconds() / self.segment.rate
