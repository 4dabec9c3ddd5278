"""One matter's facts as the services would say them, for the portal's tests."""

from collections.abc import Iterator
from datetime import timedelta

import orjson

from contracts import facts
from contracts.envelope import Body
from tests.harness import MONDAY

NUMBER = "4312260123456789ABC"
HOUR = timedelta(hours=1)
STANDARD = facts.HandlingStandard(
    code="S1",
    version=1,
    name_zh="路灯维修",
    name_en="Street light repair",
    limit=5,
    limit_unit="working_days",
    valid_from=MONDAY,
)
VOTERS = (facts.Voter(index=0, code_digest="d0"), facts.Voter(index=1, code_digest="d1"))
EVIDENCE = (facts.Evidence(kind="photo", uri="https://example.org/1", dated=MONDAY),)


def registered(**changed: object) -> facts.TicketRegistered:
    """登记."""
    words = orjson.dumps({"title": "路灯不亮", "content": "高村镇路灯不亮，联系13912345678"}).decode()
    given = {"number": NUMBER, "channel": "web", "door": "public", "words": words, "voters": VOTERS[:1]}
    return facts.TicketRegistered.model_validate(given | changed)


def assigned(hop: int = 1) -> facts.TicketAssigned:
    """交办."""
    return facts.TicketAssigned(
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


def deadline(clock: str, kind: str, hours: int = 8) -> facts.DeadlineSet:
    """A clock runs from Monday 9 o'clock."""
    due = MONDAY + hours * HOUR
    half = MONDAY + hours * HOUR / 2
    given = {"clock": clock, "kind": kind, "unit": "U1", "start": MONDAY, "due": due, "yellow": half, "red": due}
    return facts.DeadlineSet.model_validate(given | {"calendar_version": "2026.1"})


def stopped(clock: str) -> facts.ClockStopped:
    """It stops."""
    return facts.ClockStopped(clock=clock, unit="U1", met=True, held=60, reason="accepted")


def accepted() -> facts.TicketAccepted:
    """受理."""
    return facts.TicketAccepted(
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


def ordered() -> facts.SupervisionOrdered:
    """督办."""
    item = facts.OrderItem(index=1, zh="说明原因", en="Explain", answer_by=MONDAY + 24 * HOUR)
    return facts.SupervisionOrdered(order="督1", clock="c1", unit="U1", colour="red", level=1, items=(item,))


def planned() -> facts.PlanMade:
    """办理方案."""
    measure = facts.Measure(text="更换灯头", person="经办人", due=MONDAY + HOUR)
    return facts.PlanMade(mode="at_once", measures=(measure,))


def completed(turn: int = 1) -> facts.TicketCompleted:
    """办结."""
    return facts.TicketCompleted(round=turn, unit="U1", explanation="已修复", evidence=EVIDENCE, voters=1)


def rework() -> facts.ReworkOrdered:
    """重办."""
    return facts.ReworkOrdered(
        round=1,
        unit="U1",
        votes=1,
        dissatisfied=1,
        reason="not_satisfied",
        count=1,
        reviewer="lead",
        standard=STANDARD,
    )


def struck_off(turn: int = 2) -> facts.TicketStruckOff:
    """销号."""
    return facts.TicketStruckOff(number=NUMBER, round=turn, votes=1, satisfied=1, unit="U1")


def journey() -> Iterator[tuple[str, Body]]:
    """Producer and fact of a matter that was returned once, late once, reworked once, and struck off."""
    yield "intake", registered()
    yield "routing", facts.AssignmentQueued(reason="several_units", division="431226", category="0101")
    yield "routing", assigned()
    yield "sla", deadline("c1", "accept_by")
    yield (
        "routing",
        facts.TicketReturned(unit="U1", ground="not_our_duty", explanation="不归我们管", count=1, disputed=False),
    )
    yield "sla", stopped("c1")
    yield "routing", assigned(2)
    yield "sla", deadline("c2", "accept_by")
    yield "sla", facts.LightChanged(clock="c2", unit="U1", old="green", new="red", due=MONDAY)
    yield "sla", ordered()
    yield "routing", accepted()
    yield "sla", stopped("c2")
    yield "sla", deadline("c3", "complete_by", 40)
    yield "feedback", planned()
    yield "feedback", facts.ProgressReported(index=1, text="已派工")
    yield "feedback", completed()
    yield "sla", stopped("c3")
    yield "feedback", facts.TicketEvaluated(round=1, voter=0, grade=1, solved=False, words="水还是黄的")
    yield "feedback", rework()
    yield "sla", deadline("c4", "rework_by", 60)
    yield "feedback", completed(2)
    yield "sla", stopped("c4")
    yield "feedback", facts.EvaluationReminded(round=2, outstanding=(0,))
    yield "feedback", facts.TicketEvaluated(round=2, voter=0, grade=5, solved=True)
    yield "feedback", struck_off()
    yield (
        "notify",
        facts.PersonNotified(
            audience="reporter", person=0, kind="struck_off", round=2, channel="sms", outcome="sent", reference="r"
        ),
    )
