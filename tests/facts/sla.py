"""What sla says: clocks, lights, orders, and what it publishes."""

from contracts.messages import sla
from contracts.values import Evidence, OrderCheck, OrderItem
from tests.facts.values import DAY, HOUR, LEAD, NUMBER, UNIT, made
from tests.harness import MONDAY

CALENDAR = "cn-2026.1"
ORDER = f"{NUMBER}-c1-1"
NOTICE = Evidence(kind="documents", uri="https://example.org/notice.pdf", dated=MONDAY)
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


def order_answered(**changed: object) -> sla.OrderAnswered:
    given = {"order": ORDER, "unit": UNIT, "index": 1, "left": (2, 3)}
    return made(sla.OrderAnswered, changed, **given, evidence=(NOTICE,), words="sealed")


def order_decided(**changed: object) -> sla.OrderDecided:
    return made(sla.OrderDecided, changed, order=ORDER, unit=UNIT, lifted=True, words="sealed")


def answer_order(**changed: object) -> sla.AnswerOrder:
    return made(sla.AnswerOrder, changed, order=ORDER, index=1, evidence=(NOTICE,), words="sealed")


def decide_order(**changed: object) -> sla.DecideOrder:
    return made(sla.DecideOrder, changed, order=ORDER, lifted=True)


def order_supervision(**changed: object) -> sla.OrderSupervision:
    """Two checks, each by its day."""
    checks = (
        OrderCheck(check="cause", answer_by=MONDAY + DAY),
        OrderCheck(check="measures", answer_by=MONDAY + 2 * DAY),
    )
    return made(sla.OrderSupervision, changed, items=checks)


def more_time_asked(**changed: object) -> sla.MoreTimeAsked:
    given = {"more_time": "c2m1", "clock": "c2", "kind": "complete_by", "unit": UNIT}
    asked = {"how": "pause", "ground": "statutory_procedure", "until": MONDAY + 5 * DAY, "words": "sealed"}
    return made(sla.MoreTimeAsked, changed, **given, **asked, approver="lead", approver_unit=LEAD, evidence=(NOTICE,))


def more_time_decided(**changed: object) -> sla.MoreTimeDecided:
    given = {"more_time": "c2m1", "clock": "c2", "kind": "complete_by", "unit": UNIT}
    asked = {"how": "pause", "ground": "statutory_procedure", "until": MONDAY + 5 * DAY}
    return made(
        sla.MoreTimeDecided, changed, **given, **asked, approved=True, approver="lead",
        before=MONDAY + 5 * DAY, due=MONDAY + 10 * DAY,
    )  # fmt: skip


def pause_ended(**changed: object) -> sla.PauseEnded:
    given = {"more_time": "c2m1", "clock": "c2", "kind": "complete_by", "unit": UNIT}
    return made(
        sla.PauseEnded, changed, **given, ground="statutory_procedure", before=MONDAY + 10 * DAY, due=MONDAY + 8 * DAY
    )


def ask_more_time(**changed: object) -> sla.AskMoreTime:
    """A pause of five days for an appraisal, with its notice."""
    given = {"clock": "c2", "how": "pause", "ground": "statutory_procedure", "until": MONDAY + 5 * DAY}
    return made(sla.AskMoreTime, changed, **given, evidence=(NOTICE,), words="sealed")


def decide_more_time(**changed: object) -> sla.DecideMoreTime:
    return made(sla.DecideMoreTime, changed, more_time="c2m1", approved=True)


def end_pause(**changed: object) -> sla.EndPause:
    return made(sla.EndPause, changed, more_time="c2m1")


def calendar_published(**changed: object) -> sla.CalendarPublished:
    given = {"code": "cn", "year": 2026, "version": CALENDAR, "provisional": False}
    return made(sla.CalendarPublished, changed, **given, days_off=("2026-01-01",), workdays=("2026-01-04",))
