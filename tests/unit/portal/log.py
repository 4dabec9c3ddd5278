"""One matter's facts as the services would say them, for the portal's tests."""

from collections.abc import Iterator
from datetime import timedelta

import orjson

from contracts import values
from contracts.envelope import Body
from contracts.messages import feedback, intake, notify, routing, sla
from tests.harness import MONDAY

NUMBER = "4312260123456789ABC"
HOUR = timedelta(hours=1)
STANDARD = values.HandlingStandard(
    code="S1",
    version=1,
    name_zh="路灯维修",
    name_en="Street light repair",
    limit=5,
    limit_unit="working_days",
    valid_from=MONDAY,
)
VOTERS = (values.Voter(index=0, code_digest="d0"), values.Voter(index=1, code_digest="d1"))
EVIDENCE = (values.Evidence(kind="photo", uri="https://example.org/1", dated=MONDAY),)


def registered(**changed: object) -> intake.TicketRegistered:
    """登记."""
    words = orjson.dumps({"title": "路灯不亮", "content": "高村镇路灯不亮，联系13912345678"}).decode()
    given = {"number": NUMBER, "channel": "web", "door": "public", "words": words, "voters": VOTERS[:1]}
    return intake.TicketRegistered.model_validate(given | changed)


def assigned(hop: int = 1) -> routing.TicketAssigned:
    """交办."""
    return routing.TicketAssigned(
        number=NUMBER,
        unit="U1",
        unit_zh="县住建局",
        unit_en="Housing Bureau",
        level="county",
        lead_unit="L1",
        division="431226100",
        division_zh="高村镇",
        category="0101",
        category_zh="路灯",
        category_en="Street lights",
        taxonomy_version="1",
        reasons=("keyword",),
        hop=hop,
    )


def deadline(clock: str, kind: str, hours: int = 8) -> sla.DeadlineSet:
    """A clock runs from Monday 9 o'clock."""
    due = MONDAY + hours * HOUR
    half = MONDAY + hours * HOUR / 2
    given = {"clock": clock, "kind": kind, "unit": "U1", "start": MONDAY, "due": due, "yellow": half, "red": due}
    return sla.DeadlineSet.model_validate(given | {"calendar_version": "2026.1"})


def stopped(clock: str) -> sla.ClockStopped:
    """It stops."""
    return sla.ClockStopped(clock=clock, unit="U1", met=True, held=60, reason="accepted")


def accepted() -> routing.TicketAccepted:
    """受理."""
    return routing.TicketAccepted(
        number=NUMBER,
        unit="U1",
        unit_zh="县住建局",
        unit_en="Housing Bureau",
        lead_unit="L1",
        division="431226100",
        category="0101",
        standard=STANDARD,
        voters=VOTERS[:1],
        registered_at=MONDAY,
    )


def ordered() -> sla.SupervisionOrdered:
    """督办."""
    item = values.OrderItem(index=1, zh="说明原因", en="Explain", answer_by=MONDAY + 24 * HOUR)
    return sla.SupervisionOrdered(order="督1", clock="c1", unit="U1", colour="red", level=1, items=(item,))


def planned() -> feedback.PlanMade:
    """办理方案."""
    measure = values.Measure(text="更换灯头", person="经办人", due=MONDAY + HOUR)
    return feedback.PlanMade(mode="at_once", measures=(measure,))


def completed(turn: int = 1) -> feedback.TicketCompleted:
    """办结."""
    return feedback.TicketCompleted(round=turn, unit="U1", explanation="已修复", evidence=EVIDENCE, voters=1)


def rework() -> feedback.ReworkOrdered:
    """重办."""
    return feedback.ReworkOrdered(
        round=1,
        unit="U1",
        votes=1,
        dissatisfied=1,
        reason="not_satisfied",
        count=1,
        reviewer="lead",
        standard=STANDARD,
    )


def struck_off(turn: int = 2) -> feedback.TicketStruckOff:
    """销号."""
    return feedback.TicketStruckOff(number=NUMBER, round=turn, votes=1, satisfied=1, unit="U1")


def journey() -> Iterator[tuple[str, Body]]:
    """Producer and fact of a matter that was returned once, late once, reworked once, and struck off."""
    yield "intake", registered()
    yield "routing", routing.AssignmentQueued(reason="several_units", division="431226", category="0101")
    yield "routing", assigned()
    yield "sla", deadline("c1", "accept_by")
    yield (
        "routing",
        routing.TicketReturned(unit="U1", ground="not_our_duty", explanation="不归我们管", count=1, disputed=False),
    )
    yield "sla", stopped("c1")
    yield "routing", assigned(2)
    yield "sla", deadline("c2", "accept_by")
    yield "sla", sla.LightChanged(clock="c2", unit="U1", old="green", new="red", due=MONDAY)
    yield "sla", ordered()
    yield "routing", accepted()
    yield "sla", stopped("c2")
    yield "sla", deadline("c3", "complete_by", 40)
    yield "feedback", planned()
    yield "feedback", feedback.ProgressReported(index=1, text="已派工")
    yield "feedback", completed()
    yield "sla", stopped("c3")
    yield "feedback", feedback.TicketEvaluated(round=1, voter=0, grade=1, solved=False, words="水还是黄的")
    yield "feedback", rework()
    yield "sla", deadline("c4", "rework_by", 60)
    yield "feedback", completed(2)
    yield "sla", stopped("c4")
    yield "feedback", feedback.EvaluationReminded(round=2, outstanding=(0,))
    yield "feedback", feedback.TicketEvaluated(round=2, voter=0, grade=5, solved=True)
    yield "feedback", struck_off()
    yield (
        "notify",
        notify.PersonNotified(
            audience="reporter", person=0, kind="struck_off", round=2, channel="sms", outcome="sent", reference="r"
        ),
    )
