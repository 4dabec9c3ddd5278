"""Cases and requests for feedback's tests."""

from datetime import timedelta
from typing import Any

from contracts import values
from contracts.envelope import Actor
from contracts.lifecycle import TicketState
from contracts.messages import feedback, routing
from services.feedback.domain.case import Case, CaseVoter, Vote
from tests.harness import MONDAY

UNIT = "431226-water"
LEAD = "431226-lead"
NUMBER = "4312260123456789ABC"
DAY = timedelta(days=1)
STAFF = Actor(role="unit", unit=UNIT, division="431226", principal="staff:demo")
OTHERS = Actor(role="unit", unit="431226-roads", division="431226", principal="staff:other")
STANDARD = values.HandlingStandard(
    code="S1", version=1, name_zh="供水抢修", name_en="Water", limit=3, limit_unit="working_days", valid_from=MONDAY
)
PHOTO = values.Evidence(kind="photos", digest="a" * 64, dated=MONDAY + DAY)
HAPPY, ANGRY = (5, True), (1, False)


def accepted(voters: int = 1) -> routing.TicketAccepted:
    """受理."""
    return routing.TicketAccepted(
        number=NUMBER,
        unit=UNIT,
        unit_zh="县水务局",
        unit_en="Water Bureau",
        lead_unit=LEAD,
        division="431226100",
        category="020301",
        standard=STANDARD,
        voters=tuple(values.Voter(index=index, code_digest=f"d{index}") for index in range(voters)),
        registered_at=MONDAY,
    )


def a_case(voters: int = 1, **changed: Any) -> Case:
    """A case in hand, or as ``changed``."""
    given: dict[str, Any] = {
        "number": NUMBER,
        "unit": UNIT,
        "lead_unit": LEAD,
        "division": "431226100",
        "standard": STANDARD.model_dump_json(exclude_defaults=True),
        "voters": tuple(CaseVoter(index=index, code_digest=f"d{index}") for index in range(voters)),
        "registered_at": MONDAY,
    }
    return Case(**(given | changed))


def awaiting(voters: int = 1, **changed: Any) -> Case:
    """A case completed on Wednesday that waits for its votes."""
    waiting = {"state": TicketState.AWAITING_EVALUATION, "next_look": MONDAY + 5 * DAY}
    return a_case(voters, **(waiting | changed))


def a_vote(voter: int = 0, how: tuple[int, bool] = HAPPY) -> Vote:
    """A vote."""
    return Vote(voter=voter, grade=how[0], solved=how[1])


def completion(*evidence: values.Evidence) -> feedback.CompleteTicket:
    """办结."""
    return feedback.CompleteTicket(explanation="sealed", evidence=evidence or (PHOTO,))


def evaluation(voter: int = 0, how: tuple[int, bool] = HAPPY) -> feedback.EvaluateTicket:
    """评价."""
    return feedback.EvaluateTicket(voter=voter, grade=how[0], solved=how[1])
