"""What sla says: clocks, lights, orders, and what it publishes."""

from contracts.messages import sla
from contracts.values import OrderItem
from tests.facts.values import CATEGORY, DAY, HOUR, LEAD, NUMBER, STANDARD, UNIT, made
from tests.harness import MONDAY

CALENDAR = "cn-2026.1"
ORDER = f"{NUMBER}-c1-1"
EXPLAIN = OrderItem(index=1, zh="说明原因", en="Explain", answer_by=MONDAY + 2 * DAY)


def deadline_set(**changed: object) -> sla.DeadlineSet:
    """From Monday nine o'clock for eight hours."""
    colours = {"yellow": MONDAY + 4 * HOUR, "red": MONDAY + 8 * HOUR}
    given = {"clock": "c1", "kind": "accept_by", "unit": UNIT, "start": MONDAY, "due": MONDAY + 8 * HOUR}
    return made(sla.DeadlineSet, changed, **given, **colours, calendar_version=CALENDAR)


def deadline_moved(**changed: object) -> sla.DeadlineMoved:
    given = {"clock": "c2", "kind": "complete_by", "unit": UNIT, "before": MONDAY, "due": MONDAY + DAY}
    return made(sla.DeadlineMoved, changed, **given, calendar_version="cn-2027.1")


def clock_stopped(**changed: object) -> sla.ClockStopped:
    return made(sla.ClockStopped, changed, clock="c1", unit=UNIT, met=True, held=60, reason="accepted")


def light_changed(**changed: object) -> sla.LightChanged:
    given = {"clock": "c1", "unit": UNIT, "old": "green", "new": "red", "due": MONDAY, "lead_unit": LEAD}
    return made(sla.LightChanged, changed, **given)


def light_withdrawn(**changed: object) -> sla.LightWithdrawn:
    return made(sla.LightWithdrawn, changed, clock="c1", unit=UNIT, old="red", new="green", reason="accepted")


def supervision_ordered(**changed: object) -> sla.SupervisionOrdered:
    given = {"order": ORDER, "clock": "c1", "unit": UNIT, "lead_unit": LEAD, "colour": "red", "level": 1}
    return made(sla.SupervisionOrdered, changed, **given, items=(EXPLAIN,))


def order_withdrawn(**changed: object) -> sla.OrderWithdrawn:
    return made(sla.OrderWithdrawn, changed, order=ORDER, unit=UNIT, reason="accepted")


def standard_published(**changed: object) -> sla.StandardPublished:
    return made(sla.StandardPublished, changed, standard=STANDARD, duties=(CATEGORY,))


def calendar_published(**changed: object) -> sla.CalendarPublished:
    given = {"code": "cn", "year": 2026, "version": CALENDAR, "provisional": False}
    return made(sla.CalendarPublished, changed, **given, days_off=("2026-01-01",), workdays=("2026-01-04",))
