"""Clock sheets for tests of what is read across matters."""

from datetime import datetime

from contracts.identifiers import number_of
from services.sla.domain.limits import Limit
from services.sla.domain.sheet import ClockSheet, SheetClock
from tests.facts.values import DIVISION, HOUR, LEAD, UNIT
from tests.harness import MONDAY, TICKET


def a_clock(
    due: datetime, stopped: datetime | None = None, *, nth: int = 1, unit: str = UNIT, lead_unit: str = LEAD
) -> SheetClock:
    """Yellow four hours before it is due, orange two."""
    return SheetClock(
        id=f"c{nth}",
        kind="complete_by",
        unit=unit,
        lead_unit=lead_unit,
        limit=Limit(3),
        start=min(MONDAY, due) - 9 * HOUR,
        yellow=due - 4 * HOUR,
        orange=due - 2 * HOUR,
        due=due,
        orders_at=(),
        calendar_version="cn-1",
        stopped=stopped,
    )


def a_sheet(*clocks: SheetClock, ticket: str = TICKET, division: str = DIVISION) -> ClockSheet:
    return ClockSheet(number_of(ticket, division[:6]), division, clocks=clocks, made=len(clocks))
