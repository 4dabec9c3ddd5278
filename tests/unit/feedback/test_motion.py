"""Whether a matter moves: nothing for ten days is said once, and nobody asks again and again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.envelope import Actor
from contracts.lifecycle import TicketState
from contracts.messages import feedback
from services.feedback.domain import motion
from services.feedback.domain.case import Case, CaseRefused, wake_at
from services.feedback.domain.policy import EvaluationPolicy
from services.feedback.wiring import build
from tests.facts.feedback import ask_progress, report_progress
from tests.facts.routing import accepted
from tests.facts.sla import light_changed, light_withdrawn
from tests.facts.values import DAY
from tests.harness import MONDAY, Stage, fact, request
from tests.unit.feedback.cases import STAFF, a_case

POLICY = EvaluationPolicy()
LATER, SECOND = MONDAY + 10 * DAY, timedelta(seconds=1)
SUPERVISOR = Actor(role="supervisor", division="431226", principal="staff:supervisor")


@pytest.mark.parametrize(
    ("changed", "wakes"),
    [
        ({}, True),
        ({"state": TicketState.REWORK}, True),
        ({"state": TicketState.UNDER_REVIEW}, False),
        ({"state": TicketState.STRUCK_OFF}, False),
        ({"plan_mode": "held_by_policy", "plan_review": "approved", "review_on": LATER + DAY}, False),
    ],
)
def test_only_what_the_unit_works_on_can_be_stuck(changed: dict[str, Any], wakes: bool) -> None:
    case = a_case(**({"moved_at": MONDAY, "stuck_at": LATER} | changed))
    assert (motion.decide_stuck(case, LATER) is not None) == wakes
    assert (wake_at(case) == LATER) == wakes
    assert motion.decide_stuck(case, LATER - SECOND) is None


def test_a_move_counts_anew_and_no_time_at_all_means_never() -> None:
    assert motion.moved(a_case(), MONDAY, POLICY).stuck_at == MONDAY + POLICY.stuck_after
    never = motion.moved(a_case(), MONDAY, EvaluationPolicy(stuck_after=timedelta()))
    assert (never.moved_at, never.stuck_at) == (MONDAY, None)


@pytest.mark.parametrize(
    ("changed", "at", "code"),
    [
        ({}, MONDAY, ""),
        ({"heard_at": MONDAY}, MONDAY + 5 * DAY - SECOND, "asked_lately"),
        ({"heard_at": MONDAY}, MONDAY + 5 * DAY, ""),
        ({"heard_at": MONDAY, "is_red": True}, MONDAY + DAY, ""),
        ({"state": TicketState.UNDER_REVIEW}, MONDAY, "not_in_hand"),
    ],
)
def test_nobody_asks_for_progress_again_and_again(changed: dict[str, Any], at: datetime, code: str) -> None:
    found = motion.decide_request(a_case(**changed), at, POLICY)
    assert (found.code if isinstance(found, CaseRefused) else "") == code
    assert isinstance(found, CaseRefused) or found.heard_at == at


async def test_what_does_not_move_is_said_once_until_it_moves_again() -> None:
    stage = Stage(build())
    stage.say(fact(accepted()))
    for _ in range(25):
        await stage.run()
        stage.pass_time(DAY)
    assert len(stage.facts([feedback.TicketStuck])) == 1
    stage.say(request(report_progress(), at=MONDAY + 25 * DAY, actor=STAFF))
    for _ in range(25):
        await stage.run()
        stage.pass_time(DAY)
    assert [each.body.since for each in stage.facts([feedback.TicketStuck])][1:] == [MONDAY + 25 * DAY]


async def test_while_the_light_is_red_whoever_asks_need_not_wait() -> None:
    stage = Stage(build())
    stage.say(fact(accepted()), request(report_progress(), at=MONDAY + DAY, actor=STAFF))
    stage.say(request(ask_progress(), at=MONDAY + 2 * DAY, actor=SUPERVISOR))
    stage.say(fact(light_changed(), producer="sla", seq=3))
    stage.say(request(ask_progress(), at=MONDAY + 3 * DAY, actor=SUPERVISOR))
    stage.say(fact(light_withdrawn(), producer="sla", seq=4))
    stage.say(request(ask_progress(), at=MONDAY + 4 * DAY, actor=SUPERVISOR))
    await stage.run()
    assert len(stage.facts([feedback.ProgressAsked])) == 1


def test_a_light_that_is_withdrawn_or_of_another_colour_is_not_red() -> None:
    reacts = build().reacts
    red: Case = a_case(is_red=True)
    changed = reacts[type(light_withdrawn())](red, fact(light_withdrawn()), MONDAY)
    assert getattr(changed, "document", red).is_red is False
    assert not hasattr(reacts[type(light_changed())](a_case(), fact(light_changed(new="yellow")), MONDAY), "document")
