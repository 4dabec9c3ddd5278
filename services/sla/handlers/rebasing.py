"""Running clocks are set anew: by the calendar in force now, and by the version of a standard that was ordered."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body
from services.sla.domain import applied
from services.sla.domain.applied import AppliedVersion
from services.sla.domain.deadlines import is_stale
from services.sla.domain.sheet import ClockSheet, SheetClock, Start
from services.sla.handlers import statements
from services.sla.handlers.clocks import ClockHandlers, Said, taken_back


class RebasingClocks(ClockHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def _rebased(self, sheet: ClockSheet, now: datetime) -> Said:
        """By a notice, a correction, a county's own day off (C2); by an order that applies a standard (C1)."""
        calendar, facts = self._calendars.current(sheet.division), list[Body]()
        orders = applied.in_division(self._applied.orders(), sheet.division, now)
        for clock in sheet.running():
            if order := applied.ordered_for(orders, clock):
                sheet, said = self._under(sheet, clock, order, now)
                facts += said
            elif is_stale(clock.limit, clock.calendar_version, calendar):
                sheet, said = self._set_anew(sheet, clock, clock, now, "calendar_announced")
                facts += said
        return sheet, tuple(facts)

    def _under(self, sheet: ClockSheet, clock: SheetClock, order: AppliedVersion, now: datetime) -> Said:
        """The clock by the version that was ordered, in the colours in which it began."""
        asked = Start(clock.kind, clock.unit, clock.lead_unit, order.limit)
        anew = replace(clock, limit=self._coloured(sheet, asked, clock.start))
        return self._set_anew(applied.promised(sheet, order), clock, anew, now, "standard_applied")

    def _set_anew(self, sheet: ClockSheet, before: SheetClock, clock: SheetClock, now: datetime, reason: str) -> Said:
        """``before``: the clock as it was said."""
        sheet, moved, untrue = self._again(sheet, clock, now)
        sheet, withdrawn = taken_back(sheet, untrue, reason, now)
        return sheet, (*statements.rebased(before, moved), *withdrawn)
