"""Knocks for each running sheet that rests on another edition of the calendar than the one in force (C2), or on an
older version of a standard than the one that was ordered (C1).
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from contracts.topics import BY_NAME
from runtime.delivery.ports import Due
from runtime.delivery.service import Service
from runtime.delivery.timers import knock
from runtime.process.platform import Platform
from runtime.workers import repeated
from services.sla import metrics
from services.sla.ports import AppliedStandards, Calendars, OldClockSheets

A_SECOND_AT_MOST = 500  # knocks, all processes together: the loop has the tickets of the day to handle meanwhile
UNHEARD_AT_MOST = 2_000  # knocks that a process waits for the effect of: a loop that lags is not given more
LOOK_EVERY = 5.0  # seconds, while there is nothing to knock for
COUNT_EVERY = 30.0  # seconds
AGAIN_AFTER = timedelta(minutes=2)


class ClockSweep:
    """Keeps nothing but what it knocked for lately: what is done is not found again.

    So a process that was killed goes on where it was.
    """

    def __init__(
        self,
        service: Service[Any],
        sheets: OldClockSheets,
        calendars: Calendars,
        applied: AppliedStandards,
        platform: Platform,
    ) -> None:
        self._service, self._sheets, self._platform = service, sheets, platform
        self._calendars, self._applied = calendars, applied
        self._again: dict[str, timedelta] = {}

    async def sweep(self) -> int:
        """Knock for as many as may be in a second. How many that were. Raises Unavailable."""
        if self._platform.skew.is_wrong or await self._is_held():
            return 0
        fresh = self._unheard(await self._found())[: self._pace]
        clock = self._platform.clock
        await self._platform.writer.publish([knock(self._service, each, clock) for each in fresh])
        self._again |= {each.key: clock.stopwatch() + AGAIN_AFTER for each in fresh}
        return len(fresh)

    async def count(self) -> None:
        """For the metrics. Raises Unavailable."""
        metrics.ON_OLD_CALENDAR.set(await self._sheets.count_on_old_calendar(self._in_force, self._partitions))
        orders = self._applied.orders()
        metrics.UNDER_OLDER_VERSION.set(await self._sheets.count_under_older_version(orders, self._partitions))

    async def _found(self) -> Sequence[Due]:
        """Each sheet once, whatever it is found by."""
        old = await self._sheets.on_old_calendar(self._in_force, self._partitions, UNHEARD_AT_MOST)
        orders, room = self._applied.orders(), UNHEARD_AT_MOST - len(old)
        older = await self._sheets.under_older_version(orders, self._partitions, room) if orders and room else ()
        return [*{each.key: each for each in (*old, *older)}.values()]

    async def run(self, stop: asyncio.Event) -> None:
        """A second's knocks at a time until there is nothing left, then a look now and then; until stopped."""
        await repeated("clock-sweep", self.sweep, lambda: 1.0 if self._again else LOOK_EVERY)(stop)

    async def counting(self, stop: asyncio.Event) -> None:
        """Keeps the gauge until stopped."""
        await repeated("old-clocks", self.count, COUNT_EVERY)(stop)

    def _unheard(self, found: Sequence[Due]) -> list[Due]:
        """Those not knocked for lately; what is no longer found is forgotten."""
        now = self._platform.clock.stopwatch()
        self._again = {each.key: self._again[each.key] for each in found if self._again.get(each.key, now) > now}
        return [each for each in found if each.key not in self._again]

    def _in_force(self, division: str) -> str:
        return self._calendars.current(division).version

    @property
    def _partitions(self) -> Collection[int]:
        return self._platform.readers[self._service.label].partitions()

    @property
    def _pace(self) -> int:
        """The share of a process is that of its partitions."""
        return -(-A_SECOND_AT_MOST * len(self._partitions) // BY_NAME[self._service.says].partitions)

    async def _is_held(self) -> bool:
        """A service that this build holds reads nothing."""
        return await self._platform.store(self._service).held() == self._platform.settings.build
