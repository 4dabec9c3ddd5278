"""What a joint conference decides of the work binds the unit (C7)."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.lifecycle import TicketState
from contracts.messages import conferences, feedback
from contracts.vocabulary import CONFERENCE_DECISIONS, HELD, MODES_IN_FORCE
from runtime.change import Change, Ignore
from services.feedback.domain.case import APPROVED, PENDING, REDRAFT, Case, seat_of, wake_at
from services.feedback.domain.plan import plans, review
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.handlers.conference import ConferenceObeyed
from services.feedback.wiring import build
from tests.facts.conferences import conference_decided
from tests.facts.feedback import complete_ticket, plan_ticket, review_plan
from tests.facts.routing import accepted, urgency_judged
from tests.facts.values import DAY, LEAD, PHOTO, STANDARD
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import STAFF, a_case
from tests.unit.feedback.test_plan_review import SUPERVISOR

NOW, UNTIL = MONDAY + DAY, MONDAY + 30 * DAY
PENDING_PLAN: dict[str, Any] = {
    "plan_version": 1,
    "plan_mode": "within_limit",
    "plan_review": PENDING,
    "plan_reviewer": LEAD,
    "plan_by": "drafter",
    "open_to": (seat_of("lead", LEAD),),
    "plan_measures": 2,
}
APPROVED_PLAN = PENDING_PLAN | {"plan_review": APPROVED, "plan_by": "", "open_to": (), "measures_done": (1,)}
HELD_PLAN = APPROVED_PLAN | {"plan_mode": "held_by_policy", "review_on": UNTIL}
HELD_ALREADY = HELD_PLAN | {"plan_mode": "held_by_conference", "plan_reviewer": ""}
PLANS = {
    "none": {},
    "pending": PENDING_PLAN,
    "approved": APPROVED_PLAN,
    "redraft": PENDING_PLAN | {"plan_review": REDRAFT, "open_to": (), "redrafts": 1},
    "held_by_policy": HELD_PLAN,
    "held_by_conference": HELD_ALREADY,
    "of_its_class": APPROVED_PLAN | {"class_plan": "431226-UB/URB.06@1"},
}


def new_plan() -> conferences.ConferenceDecided:
    return conference_decided(decision="plan", clock="", amount=0, due=None)


def hold(until: datetime = UNTIL) -> conferences.ConferenceDecided:
    return conference_decided(decision="hold", clock="", amount=0, due=None, until=until)


@pytest.mark.parametrize("state", [TicketState.IN_HAND, TicketState.REWORK])
@pytest.mark.parametrize("before", PLANS.values(), ids=PLANS)
def test_a_new_plan_is_drafted_whatever_plan_there_was(before: dict[str, Any], state: TicketState) -> None:
    case = a_case(state=state, **before)
    after = review.decide_by_conference(case, "plan", None)
    assert after is not None
    assert (after.plan_review, after.redrafts) == (REDRAFT, case.redrafts + 1)
    assert (after.open_to, after.plan_by, after.plan_reviewer, after.held_until) == ((), "", "", None)
    assert review.may_complete(after, plans.NO_RULE) == review.NOT_APPROVED


@pytest.mark.parametrize("state", [TicketState.IN_HAND, TicketState.REWORK])
@pytest.mark.parametrize("before", PLANS.values(), ids=PLANS)
def test_whatever_plan_there_was_the_matter_is_held_back_until_its_date(
    before: dict[str, Any], state: TicketState
) -> None:
    after = review.decide_by_conference(a_case(state=state, **before), "hold", UNTIL + DAY)
    assert after is not None
    assert (review.is_held(after), wake_at(after), after.plan_mode) == (True, UNTIL + DAY, "held_by_conference")
    assert (after.open_to, after.plan_by, after.class_plan, after.plan_measures) == ((), "", "", 0)
    assert review.decide_lapse(after, UNTIL) is None
    resumed = review.decide_lapse(after, UNTIL + DAY)
    assert resumed is not None
    assert (resumed.plan_mode, resumed.plan_review, review.may_complete(resumed, plans.NO_RULE)) == ("", "", None)


cases = st.builds(
    lambda plan, state, urgent: a_case(**plan, state=state, is_urgent=urgent),
    st.sampled_from(list(PLANS.values())),
    st.sampled_from(list(TicketState)),
    st.booleans(),
)


@given(
    case=cases,
    decision=st.sampled_from([*CONFERENCE_DECISIONS, "transfer", "of_a_later_build"]),
    until=st.none() | st.datetimes(timezones=st.just(MONDAY.tzinfo)),
)
def test_what_is_decided_binds_a_unit_at_work_on_what_is_not_urgent_and_nobody_else(
    case: Case, decision: str, until: datetime | None
) -> None:
    after = review.decide_by_conference(case, decision, until)
    is_about_work = decision == "plan" or (decision == "hold" and until is not None)
    at_work = case.state in (TicketState.IN_HAND, TicketState.REWORK) and not case.is_urgent
    assert (after is not None) == (is_about_work and at_work)
    if after is not None:
        assert after.state is case.state
        assert after.plan_mode in ("", *MODES_IN_FORCE)
        assert review.is_held(after) == (decision == "hold")
        assert after.open_to == ()


@pytest.mark.parametrize("case", [None, a_case(state=TicketState.UNDER_REVIEW), a_case(is_urgent=True)])
@pytest.mark.parametrize("said", [new_plan(), hold()], ids=["plan", "hold"])
def test_a_decision_that_comes_too_late_changes_nothing(case: Case | None, said: conferences.ConferenceDecided) -> None:
    assert ConferenceObeyed().on_conference_decided(case, fact(said), NOW) == Ignore("does_not_bind")


async def staged(*said: Any) -> Stage:
    stage = Stage(build())
    stage.say(fact(accepted()), *said)
    await stage.run()
    return stage


def decided(body: conferences.ConferenceDecided, at: datetime = NOW, seq: int = 9) -> Any:
    return fact(body, at, producer="sla", seq=seq)


def reviewed(stage: Stage) -> list[tuple[int, bool, str, bool]]:
    bodies = [each.body for each in stage.facts([feedback.PlanReviewed])]
    return [(body.version, body.approved, body.mode, body.by_conference) for body in bodies]


async def outcome(stage: Stage, body: Any, actor: Any = STAFF) -> str:
    asked = request(body, at=stage.clock.now(), actor=actor)
    stage.say(asked)
    await stage.run()
    found = stage.store.records[asked.key].outcome_of(asked.id)
    assert found is not None
    return found.code


async def test_a_unit_that_a_conference_sent_back_plans_anew_before_it_completes() -> None:
    stage = await staged(request(plan_ticket(), at=MONDAY, actor=STAFF), decided(new_plan()))
    assert reviewed(stage) == [(1, False, "at_once", True)]
    stage.pass_time(DAY)
    photo = PHOTO.model_copy(update={"dated": NOW})
    assert await outcome(stage, complete_ticket(evidence=(photo,))) == "plan_not_approved"
    due = plan_ticket(measures=(plan_ticket().measures[0].model_copy(update={"due": NOW + DAY}),))
    assert await outcome(stage, due) == "accepted"
    assert await outcome(stage, complete_ticket(evidence=(photo,))) == "accepted"


async def test_a_plan_that_was_with_its_reviewer_is_reviewed_no_more() -> None:
    held = plan_ticket(mode="held_by_policy", measures=(), quotes_rule=True, review_on=UNTIL)
    stage = await staged(request(held, at=NOW, actor=STAFF), decided(new_plan()))
    assert await outcome(stage, review_plan(), SUPERVISOR) == "no_plan_to_review"


async def test_what_a_conference_holds_back_rests_until_its_date_and_then_goes_on() -> None:
    stage = await staged(decided(hold()))
    assert reviewed(stage) == [(0, True, "held_by_conference", True)]
    assert await outcome(stage, complete_ticket()) == "held_by_conference"
    assert await outcome(stage, plan_ticket()) == "held_by_conference"
    for _ in range(40):
        stage.pass_time(DAY)
        await stage.run()
    [resumed] = stage.facts([feedback.PlanLapsed])
    assert (resumed.body.standard, resumed.at >= UNTIL) == (STANDARD, True)
    [stuck] = stage.facts([feedback.TicketStuck])
    assert stuck.at >= resumed.at + EvaluationPolicy().stuck_after
    assert await outcome(stage, complete_ticket()) == "accepted"


@pytest.mark.parametrize("mode", HELD)
async def test_a_new_plan_for_what_is_held_back_ends_the_hold_and_the_clock_runs_on(mode: str) -> None:
    handed = decided(new_plan())
    change = ConferenceObeyed().on_conference_decided(a_case(**(HELD_PLAN | {"plan_mode": mode})), handed, NOW)
    assert isinstance(change, Change)
    resumed, again = change.facts
    assert isinstance(resumed, feedback.PlanLapsed)
    assert isinstance(again, feedback.PlanReviewed)
    assert (again.approved, again.mode, again.until) == (False, "", None)


async def test_a_later_conference_gives_what_is_held_back_another_date() -> None:
    stage = await staged(decided(hold()), decided(hold(UNTIL + 30 * DAY), NOW + DAY, 10))
    assert stage.document().held_until == UNTIL + 30 * DAY
    assert [each.body.until for each in stage.facts([feedback.PlanReviewed])] == [UNTIL, UNTIL + 30 * DAY]
    assert stage.facts([feedback.PlanLapsed]) == []


async def test_a_date_that_has_passed_when_it_is_read_is_taken_up_at_once() -> None:
    stage = await staged(decided(hold(NOW)))
    stage.pass_time(2 * DAY)
    await stage.run()
    assert len(stage.facts([feedback.PlanLapsed])) == 1


async def test_what_turns_out_to_be_urgent_is_held_back_no_longer() -> None:
    stage = await staged(decided(hold()), fact(urgency_judged(urgent=True), NOW, producer="routing", seq=7))
    assert len(stage.facts([feedback.PlanLapsed])) == 1
    stage.pass_time(DAY)
    assert await outcome(stage, complete_ticket()) == "accepted"


async def test_what_turns_out_to_be_urgent_waits_for_no_plan() -> None:
    stage = await staged(decided(new_plan()), fact(urgency_judged(urgent=True), NOW, producer="routing", seq=7))
    assert stage.facts([feedback.PlanLapsed]) == []
    stage.pass_time(DAY)
    assert await outcome(stage, complete_ticket()) == "accepted"


async def test_what_is_over_is_not_taken_up_because_it_was_urgent() -> None:
    ended = a_case(state=TicketState.WITHDRAWN, **HELD_ALREADY)
    assert not review.is_held(ended)
