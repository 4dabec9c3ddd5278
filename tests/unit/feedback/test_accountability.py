"""追责问责、建章立制: what may be recorded, by whom, and what is said of it."""

from typing import Any

import pytest

from contracts.envelope import Actor, RequestDecided
from contracts.lifecycle import TicketState
from contracts.messages import accountability as said
from contracts.vocabulary import ACCOUNTABILITY, RULE_SCOPES
from services.feedback.domain import accountability
from services.feedback.domain.accountability import NAMES_SOMEBODY, RECORDED_AT_MOST, HeldToAccount
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.wiring import build
from tests.facts.accountability import record_accountability, record_rule
from tests.facts.routing import accepted
from tests.facts.values import DAY, NUMBER
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import OTHERS, STAFF, a_case

SUPERVISOR = Actor(role="supervisor", division="431226", principal="staff:supervisor")


def code_of(found: Case | CaseRefused) -> str:
    if isinstance(found, Case):
        return ""
    assert found.zh
    assert found.en
    return found.code


@pytest.mark.parametrize("people", [0, 1])
@pytest.mark.parametrize("outcome", ACCOUNTABILITY)
def test_whoever_is_criticised_or_sanctioned_is_named(outcome: str, people: int) -> None:
    found = accountability.decide_accountability(a_case(), "supervisor", HeldToAccount(outcome, "", people))
    assert code_of(found) == ("nobody_named" if outcome in NAMES_SOMEBODY and not people else "")


@pytest.mark.parametrize(
    ("case", "role", "held", "code"),
    [
        (a_case(), "unit", {}, "not_recording"),
        (a_case(), "lead", {}, "not_recording"),
        (None, "supervisor", {}, "not_in_hand"),
        (a_case(), "supervisor", {"outcome": "praised"}, "unknown_outcome"),
        (a_case(), "supervisor", {"order": f"{NUMBER}-c1-1"}, ""),
        (a_case(), "supervisor", {"order": "43122600000000000000-c1-1"}, "other_order"),
        (a_case(held_to_account=RECORDED_AT_MOST), "supervisor", {}, "recorded_enough"),
        (a_case(state=TicketState.STRUCK_OFF), "supervisor", {}, ""),
    ],
)
def test_supervision_records_what_came_of_a_matter(
    case: Case | None, role: str, held: dict[str, Any], code: str
) -> None:
    given: dict[str, Any] = {"outcome": "apologised", "order": "", "people": 0} | held
    assert code_of(accountability.decide_accountability(case, role, HeldToAccount(**given))) == code


@pytest.mark.parametrize(
    ("case", "scope", "code"),
    [
        *((a_case(), scope, "") for scope in RULE_SCOPES),
        (a_case(), "world", "unknown_scope"),
        (None, "unit", "not_in_hand"),
        (a_case(rules_made=RECORDED_AT_MOST), "unit", "recorded_enough"),
    ],
)
def test_a_rule_has_a_scope_of_the_list(case: Case | None, scope: str, code: str) -> None:
    assert code_of(accountability.decide_rule(case, scope)) == code


async def test_both_are_said_by_whom_they_are_for_and_by_nobody_else() -> None:
    stage = Stage(build())
    stage.say(fact(accepted()))
    asked = (
        (record_accountability(), SUPERVISOR),
        (record_accountability(), STAFF),
        (record_rule(), STAFF),
        (record_rule(), OTHERS),
        (record_rule(), SUPERVISOR),
    )
    for after, (body, actor) in enumerate(asked, start=1):
        stage.say(request(body, at=MONDAY + after * DAY, actor=actor))
    await stage.run()
    facts = stage.facts([said.AccountabilityRecorded, said.RuleRecorded])
    assert [(each.type, each.actor.role) for each in facts if each.actor] == [
        ("AccountabilityRecorded", "supervisor"),
        ("RuleRecorded", "unit"),
        ("RuleRecorded", "supervisor"),
    ]
    codes = [each.body.code for each in stage.facts([RequestDecided]) if not each.body.accepted]
    assert codes == ["not_recording", "not_yours"]
    assert (stage.document().held_to_account, stage.document().rules_made) == (1, 2)
