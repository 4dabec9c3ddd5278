"""The live rates as the stream program last published them; none when it is dead, and nothing else changes."""

from datetime import datetime, timedelta

import orjson

from runtime.clock import Clock
from runtime.delivery.ports import Follower
from runtime.workers import Worker, repeated
from services.portal import metrics
from services.portal.reading.board.board import Rate

FRESH_FOR = timedelta(seconds=30)  # older rates are not shown: the program that counts is dead
LOOK_EVERY = 1.0  # seconds
SHOWN = 8  # counties on the strip


class FollowedRates:
    """Follows ``live-rates``; the newest of each county is shown while it is fresh."""

    def __init__(self, follower: Follower, clock: Clock) -> None:
        self._follower, self._clock = follower, clock
        self._newest: dict[str, tuple[timedelta, Rate]] = {}  # with when it was made, by the stopwatch

    def latest(self) -> tuple[Rate, ...]:
        """Fresh rates, busiest county first."""
        oldest = self._clock.stopwatch() - FRESH_FOR
        self._newest = {county: kept for county, kept in self._newest.items() if kept[0] >= oldest}
        rates = [rate for _, rate in self._newest.values()]
        return tuple(sorted(rates, key=lambda rate: (-sum(rate.series), rate.county))[:SHOWN])

    def worker(self) -> Worker:
        """Follows while the pages are served."""
        return Worker("live-rates", repeated("live-rates", self.look, LOOK_EVERY))

    async def look(self) -> None:
        """Take what is new. Raises Unavailable."""
        for record in await self._follower.fetch():
            self._take(record.value)

    def _take(self, value: bytes) -> None:
        try:
            told = orjson.loads(value)
            at = datetime.fromisoformat(told.pop("at"))
            rate = Rate(**told | {"series": tuple(told["series"])})
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            metrics.RATES_LOST.inc()
            return
        wall: datetime = self._clock.wall()
        age = max(wall - at, timedelta())  # made by another process: the wall is all that both know
        if age <= FRESH_FOR:
            self._newest[rate.county] = (self._clock.stopwatch() - age, rate)
