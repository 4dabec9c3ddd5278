"""标准适用: a version of a standard that somebody ordered for the clocks that run under an older one (C1)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.sla.domain.calendar import Calendar
from services.sla.domain.deadlines import Deadline, deadline
from services.sla.domain.limits import Limit
from services.sla.domain.more_time import EXTENSION
from services.sla.domain.sheet import ClockSheet, SheetClock


@dataclass(frozen=True, slots=True)
class AppliedVersion:
    """A version, by its limit, for what ran at ``at`` in a division. ``newer``: versions of it that came later."""

    code: str
    version: int
    limit: Limit
    division: str
    at: datetime
    newer: tuple[int, ...] = ()

    def supersedes(self, limit: Limit) -> bool:
        """Whether a limit is of the same standard, and older."""
        code, version = named(limit)
        return code == self.code and 0 < version < self.version

    def sets_anew(self, clock: SheetClock) -> bool:
        """Whether a running clock goes by it from the order on: one that had begun by then.

        What was granted in another unit of time means nothing in this one's: such a clock keeps its standard.
        """
        is_extended = any(each.how == EXTENSION for each in clock.more)
        is_fitting = not is_extended or clock.limit.unit == self.limit.unit
        return clock.is_running and clock.start <= self.at and self.supersedes(clock.limit) and is_fitting


def named(limit: Limit) -> tuple[str, int]:
    """Code and version of the standard that a limit is of; version 0: it is none of the catalogue."""
    code, _, version = limit.standard.partition("@")
    return code, int(version) if version.isdecimal() else 0


def in_division(orders: Iterable[AppliedVersion], division: str, now: datetime) -> tuple[AppliedVersion, ...]:
    """Those that were given by now for a division around this one, the newest version first."""
    given = (each for each in orders if each.at <= now and division.startswith(each.division))
    return tuple(sorted(given, key=lambda each: (each.version, each.at), reverse=True))


def ordered_for(orders: Iterable[AppliedVersion], clock: SheetClock) -> AppliedVersion | None:
    """The first of the orders that sets the clock anew."""
    return next((each for each in orders if each.sets_anew(clock)), None)


def set_anew(sheet: ClockSheet, order: AppliedVersion) -> tuple[SheetClock, ...]:
    """The clocks of a sheet that the order is about."""
    is_here = sheet.division.startswith(order.division)
    return tuple(clock for clock in sheet.running() if is_here and order.sets_anew(clock))


def under(clock: SheetClock, limit: Limit, calendar: Calendar) -> Deadline:
    """When a clock is due under another limit, with the more time that it has."""
    anew = replace(clock, limit=limit)
    return deadline(anew.limit_now, clock.start, calendar.paused(clock.pauses))


def promised(sheet: ClockSheet, order: AppliedVersion) -> ClockSheet:
    """The sheet with what was promised, too, as the order has it."""
    is_older = sheet.promised is not None and order.supersedes(sheet.promised)
    return replace(sheet, promised=order.limit) if is_older else sheet
