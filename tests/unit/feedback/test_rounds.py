"""Votes, silence, look-back, rework, reopening, withdrawal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.lifecycle import TicketState
from services.feedback.domain import case as cases
from services.feedback.domain.case import Case, CaseRefused, CaseVoter, Vote
from services.feedback.domain.evaluation import rounds
from services.feedback.domain.evaluation.gate import Verdict
from services.feedback.domain.policy import EvaluationPolicy
from tests.facts.values import DAY, LEAD, UNIT
from tests.harness import MONDAY
from tests.unit.feedback.cases import ANGRY, HAPPY, a_case, a_vote, awaiting

POLICY = EvaluationPolicy()
THEN = MONDAY + 5 * DAY
SECOND = timedelta(seconds=1)
CLERK = rounds.Asker("clerk")


def voted(case: Case, *votes: Vote) -> rounds.Counted:
    """The last vote's count; every one is taken."""
    *earlier, last = votes
    for vote in earlier:
        case = voted(case, vote).case
    counted = rounds.decide_vote(case, last, THEN, POLICY)
    assert isinstance(counted, rounds.Counted)
    return counted


def test_a_satisfied_reporter_strikes_the_matter_off() -> None:
    counted = voted(awaiting(), a_vote())
    assert (counted.verdict, counted.case.state) == (Verdict.OPEN, TicketState.STRUCK_OFF)
    assert cases.wake_at(counted.case) is None


NAMED = tuple(CaseVoter(index=nth, code_digest=f"d{nth}", confirmed=nth < 2) for nth in range(50))
"""The filer, a neighbour who has confirmed, and many who were only named."""


def named() -> Case:
    return replace(awaiting(), voters=NAMED)


def test_a_seat_that_was_not_confirmed_has_no_vote_and_none_is_waited_for() -> None:
    case = named()
    assert rounds.decide_vote(case, a_vote(7), THEN, POLICY) == rounds.NOT_CONFIRMED
    assert case.outstanding == (0, 1)
    assert voted(case, a_vote(0), a_vote(1)).verdict is Verdict.OPEN
    assert voted(case, a_vote(0), a_vote(1, ANGRY)).verdict is Verdict.SHUT


def test_a_seat_counts_from_its_confirmation_on() -> None:
    confirmed = rounds.decide_confirmation(named(), 7)
    assert isinstance(confirmed, Case)
    assert confirmed.outstanding == (0, 1, 7)
    assert voted(confirmed, a_vote(0), a_vote(1)).verdict is Verdict.PENDING
    assert rounds.decide_confirmation(confirmed, 7) == rounds.CONFIRMED_ALREADY
    assert rounds.decide_confirmation(awaiting(state=TicketState.WITHDRAWN), 0) == cases.ENDED_ALREADY


def test_a_filer_with_strangers_alone_behind_them_may_withdraw() -> None:
    alone = NAMED[:1] + NAMED[2:]
    withdrawn = rounds.decide_withdrawal(replace(named(), voters=alone), 0)
    assert isinstance(withdrawn, Case)
    assert withdrawn.state is TicketState.WITHDRAWN


def test_a_dissatisfied_reporter_gets_a_fresh_round() -> None:
    counted = voted(awaiting(), a_vote(how=ANGRY))
    assert counted.case.state is TicketState.REWORK
    assert (counted.case.round, counted.case.reworks, counted.case.votes) == (2, 1, ())
    again = replace(counted.case, state=TicketState.AWAITING_EVALUATION)
    assert voted(again, a_vote()).case.state is TicketState.STRUCK_OFF


@pytest.mark.parametrize(
    ("case", "vote", "code"),
    [
        (a_case(), a_vote(), "not_awaiting_evaluation"),
        (awaiting(), a_vote(voter=1), "not_a_voter"),
        (awaiting(), a_vote(how=(6, True)), "unknown_grade"),
        (awaiting(), a_vote(how=(0, True)), "unknown_grade"),
        (awaiting(3, votes=(a_vote(1),)), a_vote(1, ANGRY), "voted_already"),
        (awaiting(state=TicketState.STRUCK_OFF), a_vote(), "not_awaiting_evaluation"),
    ],
)
def test_votes_that_do_not_count(case: Case, vote: Vote, code: str) -> None:
    refused = rounds.decide_vote(case, vote, THEN, POLICY)
    assert isinstance(refused, CaseRefused)
    assert refused.code == code


def test_a_collective_matter_waits_while_a_vote_can_still_change_it() -> None:
    first = voted(awaiting(3), a_vote(0))
    assert first.case.state is TicketState.AWAITING_EVALUATION
    assert voted(first.case, a_vote(1), a_vote(2, ANGRY)).case.state is TicketState.STRUCK_OFF
    assert voted(first.case, a_vote(1, ANGRY), a_vote(2, ANGRY)).case.state is TicketState.REWORK


def test_more_than_a_third_against_it_is_enough_without_waiting_for_the_filer() -> None:
    counted = voted(awaiting(3), a_vote(1, ANGRY), a_vote(2, ANGRY))
    assert (counted.verdict, counted.reason) == (Verdict.SHUT, "third_rule")


def test_silence_brings_a_reminder_then_a_call_and_never_a_yes() -> None:
    reminder = rounds.decide_silence(awaiting(), THEN, POLICY)
    assert reminder == rounds.Reminder(
        awaiting(reminders=1, next_look=THEN + POLICY.look_back_after), (0,), look_back=False
    )
    call = rounds.decide_silence(reminder.case, THEN + POLICY.look_back_after, POLICY)
    assert isinstance(call, rounds.Reminder)
    assert (call.look_back, call.case.state, call.case.waits_for_call) == (True, TicketState.AWAITING_EVALUATION, True)
    assert cases.wake_at(call.case) is None


def test_a_knock_that_comes_early_or_late_finds_nothing() -> None:
    assert rounds.decide_silence(awaiting(), THEN - DAY, POLICY) is None
    assert rounds.decide_silence(a_case(), THEN, POLICY) is None
    assert rounds.decide_silence(awaiting(next_look=None), THEN, POLICY) is None


def test_when_time_is_over_those_who_voted_decide() -> None:
    heard = awaiting(4, votes=(a_vote(0), a_vote(1)), reminders=1)
    counted = rounds.decide_silence(heard, THEN, POLICY)
    assert isinstance(counted, rounds.Counted)
    assert (counted.case.state, counted.tally.votes) == (TicketState.STRUCK_OFF, 2)


def test_after_the_time_the_filers_own_vote_decides_at_once() -> None:
    late = awaiting(4, votes=(a_vote(1),), reminders=2, next_look=None)
    assert voted(late, a_vote(0)).case.state is TicketState.STRUCK_OFF


@pytest.mark.parametrize(
    ("case", "method", "code"),
    [
        (awaiting(), "phone", "not_reminded_yet"),
        (awaiting(reminders=1, next_look=THEN + SECOND), "phone", "reminded_lately"),
        (awaiting(reminders=2, next_look=None), "telepathy", "unknown_method"),
        (awaiting(3, reminders=2, next_look=None, votes=(a_vote(0),)), "phone", "filer_heard"),
        (a_case(), "phone", "not_awaiting_evaluation"),
    ],
)
def test_a_look_back_replaces_nobodys_voice(case: Case, method: str, code: str) -> None:
    refused = rounds.decide_look_back(case, a_vote(), method, CLERK, THEN, POLICY)
    assert isinstance(refused, CaseRefused)
    assert refused.code == code


@pytest.mark.parametrize("silent", [awaiting(reminders=1, next_look=THEN), awaiting(reminders=2, next_look=None)])
@pytest.mark.parametrize(("how", "state"), [(HAPPY, TicketState.STRUCK_OFF), (ANGRY, TicketState.REWORK)])
def test_a_look_back_stands_in_for_the_filer_who_stayed_silent_to_the_end(
    silent: Case, how: tuple[int, bool], state: TicketState
) -> None:
    counted = rounds.decide_look_back(silent, a_vote(how=how), "phone", CLERK, THEN, POLICY)
    assert isinstance(counted, rounds.Counted)
    assert counted.case.state is state


@pytest.mark.parametrize(
    ("asker", "code"),
    [
        (rounds.Asker("clerk"), ""),
        (rounds.Asker("supervisor"), ""),
        (rounds.Asker("lead", LEAD), ""),
        (rounds.Asker("lead", UNIT), "own_work"),
        (rounds.Asker("clerk", UNIT), "own_work"),
        (rounds.Asker("supervisor", UNIT), "own_work"),
        (rounds.Asker("lead"), "not_asking"),
        (rounds.Asker("unit", LEAD), "not_asking"),
        (rounds.Asker("auditor"), "not_asking"),
        (rounds.Asker(""), "not_asking"),
    ],
)
def test_nobody_speaks_for_the_reporter_of_the_own_work(asker: rounds.Asker, code: str) -> None:
    case = awaiting(reminders=2, next_look=None)
    asked = rounds.decide_look_back(case, a_vote(), "phone", asker, THEN, POLICY)
    assert (asked.code if isinstance(asked, CaseRefused) else "") == code


def test_a_unit_that_leads_its_own_work_is_not_asked_either() -> None:
    case = awaiting(reminders=2, next_look=None, lead_unit=UNIT)
    asked = rounds.decide_look_back(case, a_vote(), "phone", rounds.Asker("lead", UNIT), THEN, POLICY)
    assert asked == rounds.OWN_WORK


def test_a_failed_check_reopens_only_what_was_struck_off() -> None:
    case = rounds.decide_reopening(
        awaiting(state=TicketState.STRUCK_OFF, reworks=1, round=2), "spot_check_failed", THEN
    )
    assert isinstance(case, Case)
    assert (case.state, case.round, case.reworks, case.reworked_at) == (TicketState.REWORK, 3, 2, THEN)
    assert rounds.decide_reopening(awaiting(), "spot_check_failed", THEN) == rounds.NOT_STRUCK_OFF
    assert rounds.decide_reopening(awaiting(state=TicketState.STRUCK_OFF), "mood", THEN) == rounds.UNKNOWN_GROUND


def test_the_reviewer_of_a_second_rework_is_the_supervision_office() -> None:
    assert rounds.reviewer_of(a_case(reworks=1)) == LEAD
    assert rounds.reviewer_of(a_case(reworks=2)) == "supervision"
    assert rounds.reviewer_of(a_case(reworks=1, lead_unit="")) == "supervision"


def test_only_the_filer_withdraws_and_only_before_the_end() -> None:
    case = rounds.decide_withdrawal(awaiting(), 0)
    assert isinstance(case, Case)
    assert case.state is TicketState.WITHDRAWN
    assert rounds.decide_withdrawal(awaiting(2), 1) == rounds.NOT_THE_FILER
    assert rounds.decide_withdrawal(a_case(state=TicketState.STRUCK_OFF), 0) == cases.ENDED_ALREADY


@pytest.mark.parametrize("state", [TicketState.IN_HAND, TicketState.AWAITING_EVALUATION, TicketState.REWORK])
def test_one_reporter_does_not_withdraw_what_others_reported_too(state: TicketState) -> None:
    """Two of three want it done again: the third cannot be talked into ending it."""
    assert rounds.decide_withdrawal(a_case(3, state=state), 0) == rounds.COLLECTIVE
