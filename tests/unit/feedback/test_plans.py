from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.lifecycle import TicketState
from services.feedback.domain.case import NOT_WORKING, Case, CaseRefused
from services.feedback.domain.plan import plans
from services.feedback.domain.plan.plans import Draft, Mode
from services.feedback.domain.policy import EvaluationPolicy
from tests.facts.values import DAY
from tests.harness import MONDAY
from tests.unit.feedback.cases import a_case, awaiting

SOON, LATER = MONDAY + timedelta(hours=4), MONDAY + 9 * DAY


def draft(mode: Mode, *due: datetime, **more: Any) -> Draft:
    return Draft(mode=mode, due=due, **more)


@pytest.mark.parametrize(
    "proposed",
    [
        draft(Mode.AT_ONCE, SOON),
        draft(Mode.WITHIN_LIMIT, LATER),
        draft(Mode.IN_PHASES, SOON, LATER),
        draft(Mode.HELD_BY_POLICY, quotes_rule=True, review_on=LATER),
        draft(Mode.HELD_BY_POLICY, LATER, quotes_rule=True, review_on=LATER),
    ],
)
def test_each_mode_has_a_plan_that_is_taken(proposed: Draft) -> None:
    case = plans.decide_plan(a_case(plan_version=1), proposed, MONDAY, EvaluationPolicy())
    assert isinstance(case, Case)
    assert (case.plan_version, case.plan_mode, case.review_on) == (2, proposed.mode.value, proposed.review_on)


@pytest.mark.parametrize(
    ("proposed", "code"),
    [
        (draft(Mode.AT_ONCE), "no_measures"),
        (draft(Mode.AT_ONCE, LATER), "not_at_once"),
        (draft(Mode.WITHIN_LIMIT), "no_measures"),
        (draft(Mode.WITHIN_LIMIT, MONDAY - DAY), "measure_in_the_past"),
        (draft(Mode.WITHIN_LIMIT, *[LATER] * 51), "too_many_measures"),
        (draft(Mode.IN_PHASES, LATER), "not_in_phases"),
        (draft(Mode.IN_PHASES, LATER, SOON), "not_in_phases"),
        (draft(Mode.IN_PHASES, SOON, SOON), "not_in_phases"),
        (draft(Mode.HELD_BY_POLICY, review_on=LATER), "no_rule_quoted"),
        (draft(Mode.HELD_BY_POLICY, quotes_rule=True), "no_review_date"),
        (draft(Mode.HELD_BY_POLICY, quotes_rule=True, review_on=MONDAY), "no_review_date"),
    ],
)
def test_a_plan_that_promises_nothing_is_refused(proposed: Draft, code: str) -> None:
    refused = plans.decide_plan(a_case(), proposed, MONDAY, EvaluationPolicy())
    assert isinstance(refused, CaseRefused)
    assert refused.code == code


@pytest.mark.parametrize("state", [TicketState.AWAITING_EVALUATION, TicketState.STRUCK_OFF, TicketState.WITHDRAWN])
def test_only_a_unit_at_work_plans_and_reports(state: TicketState) -> None:
    case = a_case(state=state)
    assert plans.decide_plan(case, draft(Mode.AT_ONCE, SOON), MONDAY, EvaluationPolicy()) == NOT_WORKING
    assert plans.decide_progress(case) == NOT_WORKING


def test_progress_is_counted() -> None:
    case = plans.decide_progress(a_case(state=TicketState.REWORK, progress=4))
    assert isinstance(case, Case)
    assert case.progress == 5
    assert plans.decide_progress(awaiting()) == NOT_WORKING
