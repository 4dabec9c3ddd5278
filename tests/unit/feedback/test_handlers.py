"""Given a case, when a message comes, then these facts are said."""

import pytest

from contracts import catalogue, values
from contracts.envelope import Actor, Body, RequestDecided
from contracts.lifecycle import TicketState
from contracts.messages import feedback, intake
from runtime.change import Change, Ignore, Keep, Reject
from services.feedback.domain import motion
from services.feedback.domain.case import Case
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.handlers.evaluation import EvaluationHandlers
from services.feedback.handlers.handling import HandlingHandlers
from services.feedback.handlers.intake import ReporterHandlers
from services.feedback.handlers.routing import AcceptanceHandlers
from services.feedback.handlers.timers import CaseTimer
from services.feedback.wiring import build
from tests.facts.envelope import wake_up
from tests.facts.feedback import (
    complete_ticket,
    completed,
    evaluate_ticket,
    plan_ticket,
    record_look_back,
    reopen_ticket,
    report_progress,
)
from tests.facts.intake import confirm_seat, erased, withdraw_ticket
from tests.facts.routing import accepted
from tests.facts.values import DAY, HOUR, PHOTO, STANDARD, UNIT, voters
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import ANGRY, OTHERS, STAFF, a_case, awaiting, evaluation

POLICY = EvaluationPolicy()
ACCEPTANCE, HANDLING = AcceptanceHandlers(POLICY), HandlingHandlers(POLICY)
EVALUATION, REPORTER = EvaluationHandlers(POLICY), ReporterHandlers(POLICY)
TIMER = CaseTimer(POLICY)
NOW = MONDAY + 2 * DAY
CLERK = Actor(role="clerk", division="431226", principal="staff:clerk")
LOOK_BACK = record_look_back()
SAID = (
    feedback.PlanMade,
    feedback.ReporterContacted,
    feedback.ReporterAsked,
    feedback.ProgressReported,
    feedback.TicketCompleted,
    feedback.EvaluationReminded,
    feedback.TicketEvaluated,
    feedback.LookBackRecorded,
    feedback.ReworkOrdered,
    feedback.TicketStruckOff,
    intake.TicketWithdrawn,
)


def names(stage: Stage) -> list[str]:
    return [message.type for message in stage.facts(SAID)]


async def staged(*messages: Body, people: int = 1) -> Stage:
    """A stage on which a unit accepted on Monday; each message is a request, a day after the one before."""
    stage = Stage(build())
    stage.say(fact(accepted(voters=voters(people))))
    for after, body in enumerate(messages, start=1):
        stage.say(request(body, at=MONDAY + after * DAY, actor=STAFF))
    await stage.run()
    return stage


def test_feedback_reacts_to_what_the_catalogue_gives_it() -> None:
    assert set(build().reacts) | {RequestDecided} == catalogue.consumed_by("feedback")


def test_accepting_hands_the_baton_over() -> None:
    change = ACCEPTANCE.on_ticket_accepted(None, fact(accepted(voters=voters(2))), NOW)
    assert change == Change(motion.moved(a_case(2), NOW, POLICY), takes_over=True)
    assert ACCEPTANCE.on_ticket_accepted(a_case(), fact(accepted()), NOW) == Ignore("held_already")


def test_a_withdrawal_before_the_baton_is_kept_and_then_decided() -> None:
    assert REPORTER.on_withdraw_ticket(None, request(withdraw_ticket()), NOW) == Keep()


async def test_a_withdrawal_that_crosses_the_hand_over_is_not_lost() -> None:
    stage = Stage(build())
    stage.say(request(withdraw_ticket(), to=("intake", "routing", "feedback")), fact(accepted()))
    await stage.run()
    assert names(stage) == ["TicketWithdrawn"]
    assert [said.body.accepted for said in stage.facts([RequestDecided])] == [True]
    assert stage.document().state is TicketState.WITHDRAWN


SEATS = (*voters(1), values.Voter(index=1, code_digest="d1", confirmed=False))


def test_a_seat_is_handed_over_as_routing_had_it() -> None:
    change = ACCEPTANCE.on_ticket_accepted(None, fact(accepted(voters=SEATS)), NOW)
    assert isinstance(change, Change)
    assert [seat.index for seat in change.document.seated] == [0]


async def test_a_confirmation_that_crosses_the_hand_over_is_not_lost() -> None:
    stage = Stage(build())
    stage.say(request(confirm_seat(), to=("intake", "routing", "feedback")), fact(accepted(voters=SEATS)))
    await stage.run()
    assert [said.body.voter for said in stage.facts([intake.SeatConfirmed])] == [1]
    assert [said.body.accepted for said in stage.facts([RequestDecided])] == [True]
    assert stage.document().outstanding == (0, 1)


async def test_the_short_way_from_acceptance_to_striking_off() -> None:
    measure = values.Measure(text="s", person="s", due=MONDAY + DAY + 3 * HOUR)
    stage = await staged(plan_ticket(measures=(measure,)), report_progress(), complete_ticket(), evaluate_ticket())
    assert names(stage) == ["PlanMade", "ProgressReported", "TicketCompleted", "TicketEvaluated", "TicketStruckOff"]
    assert stage.document().state is TicketState.STRUCK_OFF


async def test_after_an_erasure_no_words_of_the_rule_are_kept_and_the_plan_still_quotes_it() -> None:
    """The keys are destroyed: nothing can be sealed any more, and the unit goes on with its work."""
    held = plan_ticket(mode="held_by_policy", measures=(), quotes_rule=True, review_on=MONDAY + 30 * DAY)
    stage = await staged(held)
    assert stage.facts([feedback.PlanMade])[0].body.quotes_rule
    assert names(await staged(held.model_copy(update={"quotes_rule": False}))) == []


async def test_rework_has_its_own_round_count_and_standard() -> None:
    newer = values.Evidence(kind="photos", digest="b" * 64, dated=MONDAY + 3 * DAY)
    again = complete_ticket(evidence=(newer,))
    stage = await staged(complete_ticket(), evaluation(ANGRY), again, evaluate_ticket())
    rework = stage.facts([feedback.ReworkOrdered])[0].body
    assert (rework.round, rework.count, rework.votes, rework.dissatisfied) == (2, 1, 1, 1)
    assert (rework.standard, rework.unit, rework.reason) == (STANDARD, UNIT, "not_satisfied")
    struck_off = stage.facts([feedback.TicketStruckOff])[0].body
    assert (struck_off.round, struck_off.votes, struck_off.satisfied) == (2, 1, 1)


async def test_a_spot_check_that_fails_reopens_the_matter() -> None:
    stage = await staged(complete_ticket(), evaluate_ticket(), reopen_ticket(reason="untrue_rectification"))
    rework = stage.facts([feedback.ReworkOrdered])[0].body
    assert (rework.round, rework.count, rework.reason, rework.votes) == (2, 1, "untrue_rectification", 0)


async def test_silence_is_reminded_once_then_somebody_calls_and_the_matter_stays_open() -> None:
    stage = await staged(complete_ticket(), people=2)
    for _ in range(30):
        stage.pass_time(DAY)
        await stage.run()
    reminders = [said.body for said in stage.facts([feedback.EvaluationReminded])]
    assert [(each.outstanding, each.look_back) for each in reminders] == [((0, 1), False), ((0, 1), True)]
    assert stage.document().state is TicketState.AWAITING_EVALUATION
    asked = record_look_back(grade=4)
    stage.say(request(asked, at=MONDAY + 40 * DAY, actor=CLERK))
    await stage.run()
    assert names(stage)[-2:] == ["LookBackRecorded", "TicketStruckOff"]


@pytest.mark.parametrize(
    "body",
    [
        report_progress(),
        complete_ticket(),
        plan_ticket(),
    ],
)
def test_another_unit_and_nobody_change_nothing(body: Body) -> None:
    handle = build().reacts[type(body)]
    ends = [handle(a_case(), request(body, actor=OTHERS), NOW), handle(None, request(body, actor=STAFF), NOW)]
    assert [end.code for end in ends if isinstance(end, Reject)] == ["not_yours", "not_in_hand"]


@pytest.mark.parametrize(
    ("case", "body", "code"),
    [
        (a_case(), evaluate_ticket(), "not_awaiting_evaluation"),
        (None, evaluate_ticket(), "not_awaiting_evaluation"),
        (None, LOOK_BACK, "not_awaiting_evaluation"),
        (awaiting(), LOOK_BACK, "not_asking"),
        (None, reopen_ticket(), "not_struck_off"),
        (awaiting(), reopen_ticket(), "not_struck_off"),
        (a_case(), complete_ticket(evidence=()), "no_evidence"),
        (awaiting(state=TicketState.STRUCK_OFF), withdraw_ticket(), "ended"),
    ],
)
def test_a_refusal_has_a_code_and_says_what_to_do_in_both_languages(case: Case | None, body: Body, code: str) -> None:
    rejected = build().reacts[type(body)](case, request(body, actor=STAFF), NOW)
    assert isinstance(rejected, Reject)
    assert rejected.code == code
    assert set(rejected.detail) == {"zh", "en"}


def test_a_lead_unit_that_handles_a_matter_itself_does_not_record_what_its_reporter_said() -> None:
    itself = awaiting(reminders=2, next_look=None, lead_unit=UNIT)
    lead = Actor(role="lead", unit=UNIT, division="431226", principal="staff:lead")
    refused = EVALUATION.on_record_look_back(itself, request(LOOK_BACK, actor=lead), NOW)
    assert isinstance(refused, Reject)
    assert refused.code == "own_work"
    assert isinstance(EVALUATION.on_record_look_back(itself, request(LOOK_BACK, actor=CLERK), NOW), Change)


def test_a_completion_carries_its_evidence_by_value() -> None:
    change = HANDLING.on_complete_ticket(a_case(2), request(complete_ticket(), actor=STAFF), NOW)
    assert isinstance(change, Change)
    assert change.facts == (completed(evidence=(PHOTO,), voters=2),)


def test_a_vote_answers_where_the_matter_stands() -> None:
    change = EVALUATION.on_evaluate_ticket(awaiting(), request(evaluate_ticket()), NOW)
    assert isinstance(change, Change)
    assert change.answer == {"round": "1", "state": "struck_off"}


def test_an_early_knock_and_an_erasure_change_nothing() -> None:
    knocked = fact(wake_up(service="feedback", due=NOW))
    assert TIMER.on_wake_up(None, knocked, NOW) == Ignore("not_due")
    assert TIMER.on_wake_up(awaiting(), knocked, NOW) == Ignore("not_due")
    assert REPORTER.on_ticket_erased(a_case(), fact(erased()), NOW) == Ignore("nothing_to_scrub")
