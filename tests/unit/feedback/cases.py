"""Cases and requests for feedback's tests."""

from typing import Any

from contracts.envelope import Actor
from contracts.lifecycle import TicketState
from contracts.messages import feedback
from services.feedback.domain.case import Case, CaseVoter, Vote
from tests.facts import values as facts
from tests.facts.feedback import evaluate_ticket
from tests.facts.routing import accepted
from tests.facts.values import DAY, DIVISION, LEAD, NUMBER, OTHER, STANDARD, UNIT
from tests.harness import MONDAY

STAFF = Actor(role="unit", unit=UNIT, division="431226", principal="staff:demo")
OTHERS = Actor(role="unit", unit=OTHER, division="431226", principal="staff:other")
HAPPY, ANGRY = (5, True), (1, False)


def a_case(voters: int = 1, **changed: Any) -> Case:
    """A case in hand, or as ``changed``."""
    given: dict[str, Any] = {
        "number": NUMBER,
        "unit": UNIT,
        "lead_unit": LEAD,
        "division": DIVISION,
        "standard": STANDARD.model_dump_json(exclude_defaults=True),
        "voters": tuple(CaseVoter(**dict(each)) for each in facts.voters(voters)),
        "registered_at": MONDAY,
        "category_code": accepted().category,
    }
    return Case(**(given | changed))


def awaiting(voters: int = 1, **changed: Any) -> Case:
    """A case completed on Wednesday that waits for its votes."""
    waiting = {"state": TicketState.AWAITING_EVALUATION, "next_look": MONDAY + 5 * DAY}
    return a_case(voters, **(waiting | changed))


def a_vote(voter: int = 0, how: tuple[int, bool] = HAPPY) -> Vote:
    return Vote(voter=voter, grade=how[0], solved=how[1])


def evaluation(how: tuple[int, bool]) -> feedback.EvaluateTicket:
    return evaluate_ticket(grade=how[0], solved=how[1])
