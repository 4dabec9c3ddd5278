"""核实: what was found, by whom, and what follows for the completion."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Actor, RequestDecided
from contracts.lifecycle import TicketState
from contracts.messages import feedback, verification
from contracts.values import Evidence
from contracts.vocabulary import CHECK_METHODS, FINDINGS
from services.feedback.domain import finding
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.domain.completion.completion import Exhibit
from services.feedback.domain.finding import Finding
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.wiring import build
from tests.facts.feedback import complete_ticket
from tests.facts.routing import accepted
from tests.facts.values import DAY, LEAD
from tests.facts.verification import verify_matter
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import OTHERS, STAFF, a_case

NOW = MONDAY + 2 * DAY
POLICY = EvaluationPolicy()
PHOTO = Exhibit(kind="photos", digest="a" * 64, dated=MONDAY + DAY)
TALK = Exhibit(kind="explanation", digest="b" * 64, dated=MONDAY + DAY)
OF_LEAD = Actor(role="lead", unit=LEAD, division="431226", principal="staff:lead")


def found(value: str = "true", **changed: Any) -> Finding:
    given: dict[str, Any] = {
        "method": "on_site",
        "lacks_explanation": False,
        "evidence": (PHOTO,),
        "of_own_unit": True,
        "by": "one",
    }
    return Finding(finding=value, **(given | changed))


def decided(case: Case, said: Finding) -> Case:
    after = finding.decide_finding(case, said, NOW, POLICY)
    assert isinstance(after, Case)
    return after


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("value", FINDINGS)
@pytest.mark.parametrize("lacks", [True, False])
def test_what_speaks_for_the_own_unit_waits_for_another(value: str, own: bool, lacks: bool) -> None:
    after = decided(a_case(), found(value, lacks_explanation=lacks, of_own_unit=own))
    waits = own and (value != "true" or lacks)
    assert (after.finding, after.lacks_explanation, after.found_by) == (value, lacks, "one" if waits else "")


def test_a_unit_does_not_take_back_alone_what_another_found() -> None:
    of_others = decided(a_case(), found("untrue", of_own_unit=False))
    assert decided(of_others, found("true", by="two")).found_by == "two"


@pytest.mark.parametrize(
    ("case", "said", "code"),
    [
        ({"state": TicketState.STRUCK_OFF}, {}, "not_in_hand"),
        ({"state": TicketState.UNDER_REVIEW}, {}, "not_in_hand"),
        ({}, {"value": "maybe"}, "unknown_finding"),
        ({}, {"method": "hearsay"}, "unknown_method"),
        ({}, {"value": "untrue", "evidence": ()}, "finding_not_shown"),
        ({}, {"value": "partly", "evidence": ()}, "finding_not_shown"),
        ({}, {"evidence": (Exhibit(kind="photos", digest="a" * 64, dated=NOW + DAY),)}, "evidence_from_the_future"),
        ({}, {"evidence": (PHOTO,) * 51}, "too_much_evidence"),
        ({"found_by": "one"}, {"of_own_unit": False}, "found_alone"),
    ],
)
def test_a_finding_that_cannot_stand_is_refused_with_what_to_do(
    case: dict[str, Any], said: dict[str, Any], code: str
) -> None:
    refused = finding.decide_finding(a_case(**case), found(**said), NOW, POLICY)
    assert isinstance(refused, CaseRefused)
    assert (refused.code, bool(refused.zh), bool(refused.en)) == (code, True, True)


@pytest.mark.parametrize("method", CHECK_METHODS)
def test_what_is_true_needs_no_evidence(method: str) -> None:
    assert decided(a_case(), found(method=method, evidence=())).found_by == ""


@pytest.mark.parametrize(
    ("case", "evidence", "talked", "code"),
    [
        ({}, (PHOTO,), False, ""),
        ({"finding": "partly"}, (PHOTO,), False, ""),
        ({"finding": "untrue", "found_by": "one"}, (TALK,), True, "finding_not_confirmed"),
        ({"finding": "untrue"}, (PHOTO,), True, "not_explained"),
        ({"finding": "untrue"}, (PHOTO, TALK), False, "not_explained"),
        ({"finding": "untrue"}, (PHOTO, TALK), True, ""),
        ({"finding": "true", "lacks_explanation": True}, (PHOTO,), False, "not_explained"),
        ({"finding": "true", "lacks_explanation": True}, (TALK,), True, ""),
    ],
)
def test_what_is_untrue_or_lacked_an_explanation_is_explained_before_it_is_completed(
    case: dict[str, Any], evidence: tuple[Exhibit, ...], talked: bool, code: str
) -> None:
    refused = finding.refused_explanation(a_case(**case), evidence, talked=talked)
    assert (refused.code if refused else "") == code


SAID = st.builds(
    found,
    st.sampled_from(sorted(FINDINGS)),
    lacks_explanation=st.booleans(),
    of_own_unit=st.booleans(),
    by=st.sampled_from(["one", "two"]),
)


@given(st.lists(SAID, max_size=8))
def test_a_duty_to_explain_is_never_lifted_by_the_unit_alone(said: list[Finding]) -> None:
    """Whoever outside the unit spoke last decides, whatever the unit says afterwards."""
    case = a_case()
    for each in said:
        after = finding.decide_finding(case, each, NOW, POLICY)
        if isinstance(after, CaseRefused):
            continue
        if each.of_own_unit and finding.must_explain(case) and not finding.must_explain(after):
            assert after.found_by == each.by
        case = after


@pytest.mark.parametrize(("by_own", "since"), [(True, NOW), (False, None)])
def test_what_waits_for_somebody_else_says_since_when(by_own: bool, since: Any) -> None:
    after = decided(a_case(), found("untrue", of_own_unit=by_own))
    assert (after.found_at, bool(after.found_by)) == (since, by_own)


async def played(*asked: tuple[Any, Actor]) -> Stage:
    stage = Stage(build())
    stage.say(fact(accepted()))
    for after, (body, actor) in enumerate(asked, start=2):
        stage.say(request(body, at=MONDAY + after * DAY, actor=actor))
    await stage.run()
    return stage


async def test_a_finding_is_said_and_an_untrue_matter_is_completed_once_it_was_explained() -> None:
    untrue = verify_matter(finding="untrue")
    talk = complete_ticket(evidence=(Evidence(kind="explanation", digest="c" * 64, dated=MONDAY + DAY),))
    whom = talk.model_copy(update={"talked_to": "sealed", "says_talked_to": True})
    stage = await played((untrue, STAFF), (whom, STAFF), (untrue, OF_LEAD), (talk, STAFF), (whom, STAFF))
    said = stage.facts([verification.MatterVerified])
    assert [(each.body.stands, each.body.finding) for each in said] == [(False, "untrue"), (True, "untrue")]
    decided = [each.body.code for each in stage.facts([RequestDecided])]
    assert [code for code in decided if code not in ("", "accepted")] == ["finding_not_confirmed", "not_explained"]
    assert [each.body.talked_to for each in stage.facts([feedback.TicketCompleted])] == ["sealed"]


async def test_neither_another_unit_nor_another_role_finds() -> None:
    clerk = Actor(role="clerk", division="431226", principal="staff:clerk")
    stage = await played((verify_matter(), OTHERS), (verify_matter(), clerk))
    assert stage.facts([verification.MatterVerified]) == []
    assert [each.body.code for each in stage.facts([RequestDecided])] == ["not_yours", "not_yours"]
