"""The check of measures in the simulation: what it forgives, and what it must see (C4)."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.envelope import Body
from simulation.history import Violated
from simulation.measure_checks import MeasuresOfATicket
from tests.facts.feedback import completed, plan_made
from tests.facts.schemes import measure_light_changed, measures_timed
from tests.harness import fact

LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


def heard(*bodies: Body) -> MeasuresOfATicket:
    """The ticket after these, in the order of the log, long after every instant that they name."""
    measures = MeasuresOfATicket("T")
    for nth, body in enumerate(bodies):
        measures.hear(fact(body, at=LONG_AFTER + timedelta(seconds=nth)))
    return measures


FIRST, SECOND = measures_timed(plan=1), measures_timed(plan=2)


def test_a_plan_may_be_timed_after_the_log_has_replaced_it() -> None:
    heard(plan_made(version=1), plan_made(version=2), FIRST, SECOND)


def test_no_plan_is_timed_twice() -> None:
    with pytest.raises(Violated, match="timed twice"):
        heard(plan_made(version=1), plan_made(version=2), FIRST, SECOND, FIRST)


def test_of_the_newest_plan_each_that_is_red_must_be_said() -> None:
    assert list(heard(plan_made(version=1), FIRST).unsaid(LONG_AFTER, set())) == [1, 2]


@pytest.mark.parametrize("bodies", [(plan_made(version=2), FIRST), (completed(), FIRST), (FIRST, completed())])
def test_of_a_plan_that_was_over_when_it_was_timed_nothing_need_be_said(bodies: tuple[Body, ...]) -> None:
    assert not list(heard(plan_made(version=1), *bodies).unsaid(LONG_AFTER, set()))


def test_a_colour_is_not_said_of_what_was_not_timed() -> None:
    with pytest.raises(Violated, match="early"):
        heard(plan_made(version=1), measure_light_changed(plan=1))
