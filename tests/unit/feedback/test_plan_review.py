"""A plan is with its reviewer until it is approved; measures are reported; what is held back comes back once."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.envelope import Actor, WakeUp
from contracts.lifecycle import TicketState
from contracts.messages import feedback
from contracts.vocabulary import supervision_of
from services.feedback.domain.case import APPROVED, PENDING, REDRAFT, Case, CaseRefused, seats_of, wake_at
from services.feedback.domain.completion.completion import refused_completion
from services.feedback.domain.plan import plans, review
from services.feedback.domain.plan.measures import decide_measure
from services.feedback.domain.plan.plans import Draft, Mode, PlanRule
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.wiring import build
from tests.facts.feedback import plan_ticket, report_measure, review_plan
from tests.facts.routing import accepted, urgency_judged
from tests.facts.values import DAY, DIVISION, LEAD, STANDARD, UNIT
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import STAFF, a_case
from tests.unit.feedback.test_completion import exhibit

POLICY = EvaluationPolicy()
NOW, LATER = MONDAY + DAY, MONDAY + 90 * DAY
NEVER_STUCK = EvaluationPolicy(stuck_after=timedelta())
ASKS = PlanRule(asks=True)
OFFICE = supervision_of(DIVISION)
SUPERVISOR = Actor(role="supervisor", division="431226", principal="staff:supervisor")


def draft(mode: Mode, **changed: Any) -> Draft:
    due = {Mode.AT_ONCE: (NOW,), Mode.WITHIN_LIMIT: (LATER,), Mode.IN_PHASES: (NOW, LATER), Mode.HELD_BY_POLICY: ()}
    given: dict[str, Any] = {"mode": mode, "due": due[mode], "quotes_rule": True, "review_on": LATER, "by": "drafter"}
    return Draft(**(given | changed))


def said(**changed: Any) -> review.PlanVerdict:
    role, unit = changed.pop("role", "lead"), changed.pop("unit", LEAD)
    seats = seats_of(role, unit, "staff:other")
    given: dict[str, Any] = {"version": 1, "approved": True, "grounds": (), "seats": seats, "by": "other"}
    return review.PlanVerdict(**(given | changed))


def code(found: object) -> str:
    return found.code if isinstance(found, CaseRefused) else ""


def planned(mode: Mode = Mode.WITHIN_LIMIT, **changed: Any) -> Case:
    case = plans.decide_plan(a_case(**changed), draft(mode), NOW, POLICY, ASKS)
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize(
    ("mode", "rule", "urgent", "lead", "reviewer"),
    [
        (Mode.AT_ONCE, ASKS, False, LEAD, ""),
        (Mode.WITHIN_LIMIT, plans.NO_RULE, False, LEAD, ""),
        (Mode.WITHIN_LIMIT, ASKS, False, LEAD, LEAD),
        (Mode.IN_PHASES, ASKS, False, LEAD, LEAD),
        (Mode.WITHIN_LIMIT, ASKS, False, UNIT, OFFICE),
        (Mode.WITHIN_LIMIT, ASKS, False, "", OFFICE),
        (Mode.HELD_BY_POLICY, plans.NO_RULE, False, LEAD, OFFICE),
        (Mode.WITHIN_LIMIT, ASKS, True, LEAD, ""),
        (Mode.HELD_BY_POLICY, ASKS, True, LEAD, ""),
    ],
)
def test_who_reviews_a_plan(mode: Mode, rule: PlanRule, urgent: bool, lead: str, reviewer: str) -> None:
    case = plans.decide_plan(a_case(lead_unit=lead, is_urgent=urgent), draft(mode), NOW, POLICY, rule)
    assert isinstance(case, Case)
    assert (case.plan_reviewer, case.plan_review) == (reviewer, PENDING if reviewer else "")


@pytest.mark.parametrize(
    ("verdict", "refused"),
    [
        (said(), ""),
        (said(approved=False, grounds=("too_late",)), ""),
        (said(version=2), "other_version"),
        (said(unit=UNIT), "not_the_reviewer"),
        (said(unit=""), "not_the_reviewer"),
        (said(role="supervisor", unit=""), "not_the_reviewer"),
        (said(by="drafter"), "own_plan"),
        (said(approved=False), "no_grounds"),
        (said(approved=False, grounds=("i_do_not_like_it",)), "unknown_ground"),
    ],
)
def test_only_the_reviewer_and_never_the_drafter_reviews(verdict: review.PlanVerdict, refused: str) -> None:
    assert code(review.decide_plan_review(planned(), verdict)) == refused


def test_a_plan_that_is_not_approved_is_drafted_anew_and_counted() -> None:
    case = review.decide_plan_review(planned(), said(approved=False, grounds=("too_late",)))
    assert isinstance(case, Case)
    assert (case.plan_review, case.redrafts) == (REDRAFT, 1)
    assert code(review.decide_plan_review(case, said())) == "no_plan_to_review"
    again = plans.decide_plan(case, draft(Mode.WITHIN_LIMIT), NOW, POLICY, ASKS)
    assert isinstance(again, Case)
    assert (again.plan_version, again.plan_review) == (2, PENDING)


@pytest.mark.parametrize(
    ("changed", "rule", "refused"),
    [
        ({}, plans.NO_RULE, ""),
        ({}, ASKS, "plan_not_approved"),
        ({"is_urgent": True}, ASKS, ""),
        ({"plan_mode": "at_once"}, ASKS, ""),
        ({"plan_mode": "within_limit", "plan_review": PENDING}, ASKS, "plan_not_approved"),
        ({"plan_mode": "within_limit", "plan_review": REDRAFT}, plans.NO_RULE, "plan_not_approved"),
        ({"plan_mode": "within_limit", "plan_review": APPROVED}, ASKS, ""),
    ],
)
def test_until_its_plan_is_approved_nothing_is_completed(changed: dict[str, Any], rule: PlanRule, refused: str) -> None:
    assert code(refused_completion(a_case(**changed), [exhibit()], NOW, POLICY, rule)) == refused


@pytest.mark.parametrize(("index", "refused"), [(0, "unknown_measure"), (1, ""), (2, ""), (3, "unknown_measure")])
def test_a_measure_of_the_plan_is_reported_by_its_index(index: int, refused: str) -> None:
    case = a_case(plan_mode="in_phases", plan_measures=2)
    assert code(decide_measure(case, index, [], NOW, POLICY, done=True)) == refused


def test_a_measure_is_done_once_and_not_before_the_plan_is_approved() -> None:
    case = a_case(plan_measures=1, measures_done=(1,))
    assert code(decide_measure(case, 1, [], NOW, POLICY, done=True)) == "measure_done"
    assert code(decide_measure(planned(), 1, [], NOW, POLICY, done=True)) == "plan_not_in_force"
    assert decide_measure(a_case(plan_measures=1), 1, [], NOW, POLICY, done=False) == a_case(plan_measures=1)
    from_the_future = [exhibit(dated=NOW + DAY)]
    assert code(decide_measure(a_case(plan_measures=1), 1, from_the_future, NOW, POLICY, done=True)) != ""


@pytest.mark.parametrize(
    ("changed", "wakes"),
    [
        ({"plan_review": PENDING}, False),
        ({"plan_review": REDRAFT}, False),
        ({"plan_review": APPROVED}, True),
        ({"plan_review": ""}, True),
        ({"plan_review": APPROVED, "state": TicketState.REWORK}, True),
        ({"plan_review": APPROVED, "state": TicketState.WITHDRAWN}, False),
    ],
)
def test_what_policy_holds_back_wakes_on_its_date(changed: dict[str, Any], wakes: bool) -> None:
    held: dict[str, Any] = {"plan_mode": Mode.HELD_BY_POLICY.value, "review_on": LATER}
    case = a_case(**(held | changed))
    assert wake_at(case) == (LATER if wakes else None)
    assert (review.decide_lapse(case, LATER) is not None) == wakes
    assert review.decide_lapse(case, LATER - DAY) is None


async def test_held_back_by_policy_comes_back_once_and_the_promise_runs_on() -> None:
    stage = Stage(build(NEVER_STUCK))
    stage.say(fact(accepted()))
    held = plan_ticket(mode="held_by_policy", measures=(), quotes_rule=True, review_on=MONDAY + 30 * DAY)
    stage.say(request(held, at=NOW, actor=STAFF), request(review_plan(), at=NOW, actor=SUPERVISOR))
    await stage.run()
    made = stage.facts([feedback.PlanMade])[0].body
    assert (made.reviewer, made.review_limit) == (OFFICE, plans.NO_RULE.review_limit)
    assert [each.body.until for each in stage.facts([feedback.PlanReviewed])] == [MONDAY + 30 * DAY]
    for _ in range(40):
        stage.pass_time(DAY)
        await stage.run()
    lapsed = stage.facts([feedback.PlanLapsed])
    assert [(each.body.standard, each.at >= MONDAY + 30 * DAY) for each in lapsed] == [(STANDARD, True)]
    assert stage.document().plan_mode == ""
    assert len(stage.facts([WakeUp])) == 1


async def test_who_plans_anew_what_policy_held_back_takes_it_up_before_its_date() -> None:
    """Its clock had stopped, and nothing would ever start it again."""
    stage = Stage(build(NEVER_STUCK))
    stage.say(fact(accepted()))
    held = plan_ticket(mode="held_by_policy", measures=(), quotes_rule=True, review_on=MONDAY + 30 * DAY)
    stage.say(request(held, at=MONDAY, actor=STAFF), request(review_plan(), at=MONDAY, actor=SUPERVISOR))
    stage.say(request(plan_ticket(), at=MONDAY, actor=STAFF))
    await stage.run()
    said = [each.type for each in stage.facts([feedback.PlanMade, feedback.PlanReviewed, feedback.PlanLapsed])]
    assert said == ["PlanMade", "PlanReviewed", "PlanLapsed", "PlanMade"]
    stage.pass_time(40 * DAY)
    await stage.run()
    assert len(stage.facts([feedback.PlanLapsed])) == 1


async def test_without_a_review_nothing_is_held_back_and_nothing_wakes() -> None:
    stage = Stage(build(NEVER_STUCK))
    stage.say(fact(accepted()))
    held = plan_ticket(mode="held_by_policy", measures=(), quotes_rule=True, review_on=MONDAY + 30 * DAY)
    stage.say(request(held, at=NOW, actor=STAFF))
    for _ in range(40):
        await stage.run()
        stage.pass_time(DAY)
    assert stage.facts([feedback.PlanLapsed, WakeUp]) == []


async def test_plan_review_and_measure_are_said_by_value() -> None:
    stage = Stage(build())
    stage.say(fact(accepted()), fact(urgency_judged(urgent=False), producer="routing", seq=7))
    stage.say(request(plan_ticket(), at=MONDAY, actor=STAFF), request(report_measure(), at=NOW, actor=STAFF))
    await stage.run()
    assert [each.body for each in stage.facts([feedback.MeasureReported])] == [
        feedback.MeasureReported(plan=1, index=1, done=True, words="sealed")
    ]
    assert stage.document().measures_done == (1,)
