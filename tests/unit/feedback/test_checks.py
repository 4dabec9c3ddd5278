"""核查: who may record what, and what a failed check does to a matter."""

from typing import Any

import pytest

from contracts.envelope import Actor
from contracts.lifecycle import TicketState
from contracts.messages import draws, feedback
from runtime.change import Change, Reject
from services.feedback.domain.case import Case, CaseCheck
from services.feedback.domain.check.checks import CHECKS_KEPT
from services.feedback.handlers.checks import CheckHandlers
from tests.facts.draws import DRAW, check_ticket, record_check
from tests.facts.values import DAY
from tests.harness import MONDAY, request
from tests.unit.feedback.cases import STAFF, a_case

SUPERVISOR = Actor(role="supervisor", division="431226", principal="staff:s")
OPEN = (CaseCheck(draw=DRAW, due=MONDAY + 20 * DAY),)
PASSED: dict[str, Any] = {"passed": True, "ground": ""}


def recorded(case: Case | None, actor: Actor = SUPERVISOR, **changed: Any) -> Any:
    return CheckHandlers().on_record_check(case, request(record_check(**changed), actor=actor), MONDAY)


def test_a_matter_is_put_on_the_list_once_for_a_draw() -> None:
    asked = request(check_ticket())
    first = CheckHandlers().on_check_ticket(a_case(state=TicketState.STRUCK_OFF), asked, MONDAY)
    assert isinstance(first, Change)
    assert [type(each) for each in first.facts] == [draws.CheckOpened]
    again = CheckHandlers().on_check_ticket(first.document, asked, MONDAY)
    assert isinstance(again, Reject)
    assert again.code == "check_open"


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (None, "not_in_hand"),
        (a_case(checks=tuple(CaseCheck(draw=f"d{nth}", due=MONDAY) for nth in range(CHECKS_KEPT))), "too_many_checks"),
    ],
)
def test_what_cannot_be_checked_is_refused(case: Case | None, code: str) -> None:
    found = CheckHandlers().on_check_ticket(case, request(check_ticket()), MONDAY)
    assert isinstance(found, Reject)
    assert found.code == code


def test_a_failed_check_puts_a_struck_off_matter_back_to_work() -> None:
    found = recorded(a_case(state=TicketState.STRUCK_OFF, checks=OPEN))
    assert [type(each) for each in found.facts] == [draws.CheckRecorded, feedback.ReworkOrdered]
    assert (found.document.state, found.document.round) == (TicketState.REWORK, 2)
    assert found.facts[1].reason == "untrue_rectification"


@pytest.mark.parametrize(
    ("state", "result"), [(TicketState.REWORK, {}), (TicketState.STRUCK_OFF, PASSED), (TicketState.IN_HAND, PASSED)]
)
def test_any_other_check_is_only_written_down(state: TicketState, result: dict[str, Any]) -> None:
    found = recorded(a_case(state=state, checks=OPEN), **result)
    assert [type(each) for each in found.facts] == [draws.CheckRecorded]
    assert (found.document.state, found.document.open_checks) == (state, ())


@pytest.mark.parametrize(
    ("case", "actor", "changed", "code"),
    [
        (a_case(checks=OPEN), STAFF, {}, "not_checking"),
        (a_case(checks=OPEN), Actor(role="lead", unit="431226-LEAD"), {}, "not_checking"),
        (a_case(), SUPERVISOR, {}, "no_check"),
        (None, SUPERVISOR, {}, "no_check"),
        (a_case(checks=(CaseCheck(draw=DRAW, due=MONDAY, passed=True),)), SUPERVISOR, {}, "no_check"),
        (a_case(checks=OPEN), SUPERVISOR, {"method": "hearsay"}, "unknown_method"),
        (a_case(checks=OPEN), SUPERVISOR, {"ground": ""}, "ground_missing"),
        (a_case(checks=OPEN), SUPERVISOR, {"passed": True}, "ground_missing"),
        (a_case(checks=OPEN), SUPERVISOR, {"ground": "bad_mood"}, "unknown_ground"),
    ],
)
def test_a_result_that_nobody_may_record_is_refused(
    case: Case | None, actor: Actor, changed: dict[str, Any], code: str
) -> None:
    found = recorded(case, actor, **changed)
    assert isinstance(found, Reject)
    assert (found.code, set(found.detail)) == (code, {"zh", "en"})
