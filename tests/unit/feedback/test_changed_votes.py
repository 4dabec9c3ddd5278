"""A vote may be changed for a while, also after it struck the matter off; whom nobody reaches is called no more."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.lifecycle import TicketState
from contracts.messages import feedback
from services.feedback.domain.case import Case, CaseRefused, Vote
from services.feedback.domain.evaluation import rounds
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.wiring import build
from tests.facts.feedback import complete_ticket, record_attempt
from tests.facts.routing import accepted
from tests.facts.values import DAY, UNIT
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import ANGRY, HAPPY, STAFF, a_vote, awaiting, evaluation

POLICY = EvaluationPolicy()
CAST, SECOND = MONDAY + 3 * DAY, timedelta(seconds=1)
CLERK = rounds.Asker("clerk")


def cast(voter: int = 0, how: tuple[int, bool] = HAPPY) -> Vote:
    return Vote(voter=voter, grade=how[0], solved=how[1], cast_at=CAST)


def struck_off(*votes: Vote, voters: int = 1) -> Case:
    return awaiting(voters, state=TicketState.STRUCK_OFF, votes=votes, next_look=None)


@pytest.mark.parametrize(
    ("case", "vote", "at", "outcome"),
    [
        (struck_off(cast()), a_vote(how=ANGRY), CAST + DAY, "rework"),
        (struck_off(cast()), a_vote(how=(4, True)), CAST + DAY, "struck_off"),
        (struck_off(cast()), a_vote(how=ANGRY), CAST + POLICY.vote_window, "rework"),
        (struck_off(cast()), a_vote(how=ANGRY), CAST + POLICY.vote_window + SECOND, "voted_already"),
        (struck_off(a_vote()), a_vote(how=ANGRY), CAST, "voted_already"),
        (struck_off(cast(0), cast(1), cast(2), voters=3), a_vote(2, ANGRY), CAST, "struck_off"),
        (struck_off(cast(0), cast(1), cast(2, ANGRY), voters=3), a_vote(1, ANGRY), CAST, "rework"),
        (awaiting(3, votes=(cast(1),)), a_vote(1, ANGRY), CAST, "awaiting_evaluation"),
        (awaiting(3, votes=(cast(1), cast(2, ANGRY))), a_vote(1, ANGRY), CAST, "rework"),
        (awaiting(2, votes=(cast(1),)), a_vote(1, ANGRY), CAST + 9 * DAY, "voted_already"),
    ],
)
def test_what_a_changed_vote_makes_of_a_matter(case: Case, vote: Vote, at: datetime, outcome: str) -> None:
    found = rounds.decide_vote(case, vote, at, POLICY)
    assert (found.code if isinstance(found, CaseRefused) else found.case.state.value) == outcome


def test_a_change_takes_the_place_of_the_vote_and_gives_no_new_time() -> None:
    found = rounds.decide_vote(awaiting(3, votes=(cast(1),)), a_vote(1, ANGRY), CAST + DAY, POLICY)
    assert isinstance(found, rounds.Counted)
    assert found.case.votes == (cast(1, ANGRY),)


def test_a_rework_that_has_begun_is_not_undone_by_a_change() -> None:
    shut = rounds.decide_vote(awaiting(), a_vote(how=ANGRY), CAST, POLICY)
    assert isinstance(shut, rounds.Counted)
    assert rounds.decide_vote(shut.case, a_vote(), CAST, POLICY) == rounds.NOT_AWAITING


def test_nobody_looks_back_on_what_is_struck_off() -> None:
    case = struck_off(cast())
    assert rounds.decide_look_back(case, a_vote(how=ANGRY), "phone", CLERK, CAST, POLICY) == rounds.NOT_AWAITING


async def test_a_changed_vote_is_said_as_one_and_orders_the_rework() -> None:
    stage = Stage(build())
    stage.say(fact(accepted()))
    for after, body in enumerate((complete_ticket(), evaluation(HAPPY), evaluation(ANGRY)), start=1):
        stage.say(request(body, at=MONDAY + after * DAY, actor=STAFF))
    await stage.run()
    said = [each.body for each in stage.facts([feedback.TicketEvaluated])]
    assert [(each.grade, each.changed) for each in said] == [(5, False), (1, True)]
    assert [each.body.reason for each in stage.facts([feedback.ReworkOrdered])] == ["vote_changed"]


def silent(**changed: Any) -> Case:
    return awaiting(**({"reminders": 2, "next_look": None} | changed))


@pytest.mark.parametrize(
    ("case", "asker", "method", "code"),
    [
        (silent(), CLERK, "phone", ""),
        (silent(call_days=("2026-03-04",)), CLERK, "phone", ""),
        (silent(call_days=("2026-03-05",)), CLERK, "phone", "called_today"),
        (silent(call_days=("2026-03-01", "2026-03-02", "2026-03-03")), CLERK, "phone", "unreached"),
        (silent(), rounds.Asker("clerk", UNIT), "phone", "own_work"),
        (silent(), rounds.Asker("unit", UNIT), "phone", "not_asking"),
        (silent(), CLERK, "telepathy", "unknown_method"),
        (silent(votes=(cast(),)), CLERK, "phone", "filer_heard"),
        (awaiting(), CLERK, "phone", "not_reminded_yet"),
        (struck_off(cast()), CLERK, "phone", "not_awaiting_evaluation"),
    ],
)
def test_a_call_that_nobody_answered_counts_once_a_day(case: Case, asker: rounds.Asker, method: str, code: str) -> None:
    found = rounds.decide_attempt(case, method, asker, CAST)
    assert (found.code if isinstance(found, CaseRefused) else "") == code


def test_after_three_days_nobody_calls_again_and_the_matter_stays_open() -> None:
    case, listed = silent(), []
    for days in range(3):
        listed.append(case.waits_for_call)
        found = rounds.decide_attempt(case, "phone", CLERK, CAST + days * DAY)
        assert isinstance(found, Case)
        case = found
    assert (listed, case.waits_for_call, case.is_unreached) == ([True, True, True], False, True)
    assert case.state is TicketState.AWAITING_EVALUATION
    heard = rounds.decide_look_back(case, a_vote(), "phone", CLERK, CAST + 9 * DAY, POLICY)
    assert isinstance(heard, rounds.Counted), "who calls back is heard all the same"
    assert rounds.reworked(case, CAST).call_days == ()


async def test_an_attempt_is_said_with_its_count() -> None:
    stage = Stage(build())
    stage.say(fact(accepted()), request(complete_ticket(), at=MONDAY + DAY, actor=STAFF))
    for _ in range(12):
        await stage.run()
        stage.pass_time(DAY)
    clerk = STAFF.model_copy(update={"role": "clerk", "unit": ""})
    stage.say(*(request(record_attempt(), at=MONDAY + day * DAY, actor=clerk) for day in (20, 21, 22)))
    await stage.run()
    said = [each.body for each in stage.facts([feedback.LookBackAttempted])]
    assert [(each.attempts, each.unreached) for each in said] == [(1, False), (2, False), (3, True)]
