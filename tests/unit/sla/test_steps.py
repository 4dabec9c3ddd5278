"""Steps of a ladder that begin with no colour: around the deadline, a matter that does not move, reworks (C7)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import sla
from contracts.messages.conferences import MatterReferred
from contracts.messages.ladders import StepReached
from contracts.values import LadderStep, Voter
from services.sla.domain import due_steps, orders
from services.sla.domain.deadlines import Deadline
from services.sla.domain.rungs import Rung, RungCase, faults
from services.sla.domain.sheet import SheetClock
from tests.facts.feedback import completed, rework_ordered, stuck
from tests.facts.intake import seat_confirmed
from tests.facts.routing import accepted, assigned
from tests.facts.sla import ask_more_time, decide_more_time
from tests.facts.values import CATEGORY, DAY, HOUR, LEAD, MINUTE, NUMBER, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.test_more_time import CLERK, LEADER
from tests.unit.sla.test_rungs import LaddersOfATest
from tests.unit.sla.values import CN, FIVE_DAYS

HOLD = timedelta(hours=4)


def step(when: str, *tell: str, **changed: Any) -> LadderStep:
    return LadderStep(when=when, tell=tell or ("unit",), **changed)


def of_the_work(when: str, *tell: str, **changed: Any) -> LadderStep:
    return step(when, *tell, kinds=("complete_by", "rework_by"), **changed)


async def at_work(*steps: LadderStep, **changed: Any) -> Scene:
    """Accepted on Monday at nine while this ladder was in force: due on the next Monday at five in the afternoon."""
    ladders = LaddersOfATest()
    await ladders.publish(steps=steps)
    scene = Scene(ladders=ladders.read)
    await scene.hear(assigned(**changed))
    await scene.hear(accepted(**{"standard": FIVE_DAYS} | changed))
    return scene


def work(scene: Scene) -> SheetClock:
    found: SheetClock = next(each for each in scene.document().clocks if each.kind == "complete_by")
    return found


async def until(scene: Scene, instant: datetime) -> None:
    await scene.later(instant - scene.clock.now())


def reached(scene: Scene) -> list[tuple[str, str, str, int]]:
    """Clock, step, what follows and the level."""
    found = [message.body for message in scene.facts([StepReached])]
    return [(each.clock, each.step, each.do, each.level) for each in found]


def ordered(scene: Scene) -> list[tuple[str, str, int, str]]:
    """Order, unit, level and colour."""
    found = [message.body for message in scene.facts([sla.SupervisionOrdered])]
    return [(each.order.removeprefix(f"{NUMBER}-"), each.unit, each.level, each.colour) for each in found]


async def test_a_step_before_the_deadline_is_reached_at_its_working_day_and_said_once() -> None:
    scene = await at_work(of_the_work("before_due", "unit", "head", days=2))
    due = work(scene).due
    [said] = [m.body for m in scene.facts([sla.DeadlineSet]) if m.body.clock == "c2"]
    assert [(each.step, each.at) for each in said.steps] == [("before_due-2d", due - 4 * DAY)], "Thursday"
    await until(scene, due - 4 * DAY - MINUTE)
    assert reached(scene) == []
    await scene.later(MINUTE)
    await scene.later(DAY)
    [told] = [message.body for message in scene.facts([StepReached])]
    assert (told.step, told.tell, told.unit, told.due) == ("before_due-2d", ("unit", "head"), UNIT, due)


async def test_an_outage_of_a_week_brings_one_line_a_step() -> None:
    scene = await at_work(
        of_the_work("before_due", days=2), of_the_work("before_due", minutes=60), of_the_work("after_due", days=1)
    )
    scene.pass_time(14 * DAY)
    await scene.run()
    await scene.later(DAY)
    assert [step for _, step, _, _ in reached(scene)] == ["before_due-2d", "before_due-60m", "after_due-1d"]


async def test_a_step_after_the_deadline_orders_one_up_after_the_hold_beside_the_usual_order() -> None:
    scene = await at_work(of_the_work("after_due", "supervision", days=2, do="order", level=2))
    await until(scene, work(scene).due + 2 * DAY + HOLD)
    assert reached(scene) == [("c2", "after_due-2d", "order", 2)]
    assert [each for each in ordered(scene) if each[0].startswith("c2")] == [
        ("c2-1", UNIT, 1, "red"),
        ("c2-s2", LEAD, 2, "red"),
    ]


async def test_a_cause_has_one_order_so_a_step_takes_the_place_of_the_usual_one() -> None:
    scene = await at_work(of_the_work("after_due", days=2, do="order", level=1))
    await until(scene, work(scene).due + 2 * DAY)
    assert ordered(scene) == []
    await scene.later(HOLD)
    assert ordered(scene) == [("c2-s1", UNIT, 1, "red")]


async def test_a_step_that_lies_before_the_clock_began_is_not_taken() -> None:
    scene = await at_work(of_the_work("before_due", days=9))
    await scene.later(10 * DAY)
    assert reached(scene) == []


async def test_a_step_may_put_the_matter_to_a_conference() -> None:
    scene = await at_work(of_the_work("after_due", "leader", minutes=30, do="refer"))
    await until(scene, work(scene).due + 30 * MINUTE + HOLD)
    assert [message.body.ground for message in scene.facts([MatterReferred])] == ["by_ladder"]


async def test_more_time_moves_the_steps_and_what_was_said_too_early_is_said_again_in_its_time() -> None:
    scene = await at_work(of_the_work("before_due", days=4))
    at = work(scene).steps[0].at
    assert at is not None
    await until(scene, at)
    assert len(reached(scene)) == 1
    pause = ask_more_time(until=scene.clock.now() + 2 * DAY)
    assert await scene.asked(pause, CLERK) == "accepted"
    assert await scene.asked(decide_more_time(), LEADER) == "accepted"
    again = scene.facts([sla.DeadlineSet])[-1].body.steps
    assert [each.step for each in again] == ["before_due-4d"]
    assert again[0].at > at
    assert len(reached(scene)) == 1
    await until(scene, again[0].at)
    assert len(reached(scene)) == 2


async def test_an_order_of_a_step_that_proves_false_is_taken_back() -> None:
    scene = await at_work(of_the_work("before_due", days=2, do="order", level=1))
    in_time = scene.clock.now() + HOUR
    await until(scene, work(scene).due - MINUTE)
    assert ordered(scene) == [("c2-s1", UNIT, 1, "yellow")]
    await scene.hear(completed(), at=in_time)
    assert [m.body.order for m in scene.facts([sla.OrderWithdrawn])] == [f"{NUMBER}-c2-s1"]
    assert [each.state for each in scene.document().issued] == [orders.WITHDRAWN]


async def test_a_matter_that_does_not_move_stands_on_its_step_once_each_time() -> None:
    scene = await at_work(step("stuck", "lead", do="order", level=2))
    await scene.hear(stuck())
    await scene.hear(stuck(since=MONDAY + DAY))
    assert reached(scene) == [("", "stuck", "order", 2)] * 2
    assert [each[:3] for each in ordered(scene)] == [("k1", LEAD, 2), ("k2", LEAD, 2)]


async def test_without_a_step_a_matter_that_does_not_move_changes_nothing_here() -> None:
    scene = await at_work()
    await scene.hear(stuck())
    assert (reached(scene), ordered(scene), scene.document().stuck) == ([], [], 0)


@pytest.mark.parametrize(
    ("steps", "says", "orders_"),
    [
        ((), [], [("r3", LEAD, 2, "red")]),
        ((step("rework", reworks=2),), ["rework-2", "rework-2"], [("r3", LEAD, 2, "red")]),
        ((step("rework", reworks=2, do="none"),), ["rework-2", "rework-2"], []),
        (
            (step("rework", reworks=2, do="order", level=1),),
            ["rework-2", "rework-2"],
            [("r2", UNIT, 1, "red"), ("r3", UNIT, 1, "red")],
        ),
        (
            (step("rework", reworks=1), step("rework", reworks=3)),
            ["rework-1", "rework-1", "rework-3"],
            [("r3", LEAD, 2, "red")],
        ),
    ],
    ids=["ours", "told besides", "nothing", "the unit", "the last that has begun"],
)
async def test_reworks_are_ordered_as_the_ladder_says_or_as_ours(
    steps: tuple[LadderStep, ...], says: list[str], orders_: list[tuple[str, str, int, str]]
) -> None:
    scene = await at_work(*steps)
    for count in (1, 2, 3):
        await scene.hear(rework_ordered(count=count))
    assert [each for _, each, _, _ in reached(scene)] == says
    assert ordered(scene) == orders_


async def test_a_step_for_matters_of_several_or_of_a_category_is_for_these_alone() -> None:
    several = tuple(Voter(index=n, code_digest=f"d{n}") for n in (0, 1))
    ladder = (
        of_the_work("before_due", days=1, collective=True),
        of_the_work("before_due", days=2, category=CATEGORY[:2]),
        of_the_work("before_due", days=3, category="no"),
    )
    found = []
    for voters in (several[:1], several):
        scene = await at_work(*ladder)
        await scene.hear(accepted(standard=FIVE_DAYS, voters=voters))
        await scene.hear(rework_ordered(count=1))
        found.append([each.name for each in scene.document().clocks[-1].steps])
    assert found == [["before_due-2d"], ["before_due-1d", "before_due-2d"]]


async def test_a_seat_that_is_confirmed_counts_for_clocks_that_start_then() -> None:
    alone = (Voter(index=0, code_digest="d0"),)
    ladders = LaddersOfATest()
    await ladders.publish(steps=(of_the_work("before_due", days=1, collective=True),))
    scene = Scene(ladders=ladders.read)
    await scene.hear(assigned())
    await scene.hear(accepted(standard=FIVE_DAYS, voters=alone))
    await scene.hear(seat_confirmed())
    assert scene.document().reporters == 2
    await scene.hear(rework_ordered(count=1))
    assert [[each.name for each in clock.steps] for clock in scene.document().clocks[1:]] == [[], ["before_due-1d"]]


async def test_an_urgent_clock_has_the_steps_in_minutes_and_none_in_days() -> None:
    scene = await at_work(step("before_due", days=1), step("before_due", minutes=10), urgent=True)
    assert {each.name for clock in scene.document().clocks for each in clock.steps} == {"before_due-10m"}


TELLS = ("unit",)


@pytest.mark.parametrize(
    ("ladder", "wrong"),
    [
        ((Rung("before_due", TELLS, days=1), Rung("after_due", TELLS, minutes=5)), ()),
        ((Rung("before_due", TELLS, days=1), Rung("before_due", TELLS, days=2)), ()),
        ((Rung("before_due", TELLS, days=1), Rung("before_due", ("lead",), days=1)), ("steps_contradict",)),
        ((Rung("stuck", TELLS, category="01"), Rung("stuck", TELLS, category="0102")), ("steps_contradict",)),
        ((Rung("stuck", TELLS, category="01"), Rung("stuck", TELLS, category="02")), ()),
        ((Rung("stuck", TELLS, collective=True), Rung("stuck", TELLS, collective=False)), ()),
        ((Rung("before_due", TELLS),), ("span_missing",)),
        ((Rung("after_due", TELLS, days=1, minutes=1),), ("span_missing",)),
        ((Rung("yellow", TELLS, days=1),), ("span_of_nothing",)),
        ((Rung("before_due", TELLS, days=1, urgent=True),), ("days_of_minutes",)),
        ((Rung("rework", TELLS),), ("number_out_of_range",)),
        ((Rung("stuck", TELLS, reworks=3),), ("number_out_of_range",)),
        ((Rung("before_due", TELLS, days=251),), ("number_out_of_range",)),
        ((Rung("rework", TELLS, ("complete_by",), reworks=2),), ("kinds_of_a_matter",)),
        (
            (Rung("red", TELLS, do="order", level=1), Rung("after_due", TELLS, days=1, do="order", level=1)),
            ("ordered_twice",),
        ),
        (
            (Rung("red", TELLS, do="order", level=1), Rung("rework", TELLS, reworks=1, do="order", level=1)),
            (),
        ),
    ],
)
def test_a_ladder_whose_steps_cannot_be_is_found_out(ladder: tuple[Rung, ...], wrong: tuple[str, ...]) -> None:
    assert faults(ladder) == wrong


@given(
    days=st.integers(1, 30),
    when=st.sampled_from(("before_due", "after_due")),
    hours=st.integers(0, 300 * 24),
)
def test_the_day_of_a_step_lies_so_many_working_days_away_counted_by_hand(days: int, when: str, hours: int) -> None:
    ends = MONDAY + hours * HOUR
    deadline = Deadline(ends - 90 * DAY, ends, ends, ends, CN.version, False)
    steps = due_steps.fixed((Rung(when, TELLS, days=days),), RungCase("complete_by"), HOLD)
    [found] = due_steps.timed(steps, deadline, CN)
    assert found.at is not None
    towards = DAY if when == "after_due" else -DAY
    on, left = ends, days
    while left:
        on += towards
        left -= CN.works((on + 8 * HOUR).date())
    assert found.at == on
