"""What is held back rests until its date of review, and the promise goes on from where it began (C3, E2)."""

from datetime import timedelta

import pytest

from contracts.messages import sla
from services.sla.domain import explanation, lines, resting
from services.sla.domain.sheet import RED
from tests.facts.feedback import plan_lapsed, plan_reviewed, rework_ordered
from tests.facts.intake import withdrawn
from tests.facts.values import DAY, HOUR, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import CN, FIVE_DAYS
from tests.unit.sla.work import (
    AGAIN,
    NEXT,
    POLICY,
    WORK,
    at_work,
    clock_of,
    held_and_lapsed,
    held_back,
    running,
    states,
)


@pytest.fixture
async def scene() -> Scene:
    return await at_work()


async def test_what_is_held_back_has_a_clock_of_its_unit_until_the_date_of_review(scene: Scene) -> None:
    await held_back(scene, 30)
    assert scene.said()[-2:] == ["stopped c2 met", "held_until c3"]
    hold = clock_of(scene, NEXT)
    assert (hold.unit, hold.due, hold.yellow, hold.orders_at) == (UNIT, MONDAY + 30 * DAY, hold.due, ())
    assert running(scene) == [("held_until", UNIT)]


async def test_the_promise_goes_on_from_its_start_without_the_days_of_the_hold(scene: Scene) -> None:
    due = clock_of(scene, WORK).due
    await held_and_lapsed(scene, 7)
    again = clock_of(scene, AGAIN)
    assert (again.kind, again.start, again.continues) == ("complete_by", MONDAY, WORK)
    assert again.due == due + 4 * DAY, "Tuesday to Friday closed in it; Monday and the weekend were not to be counted"
    assert (again.promised, again.limit) == (due, clock_of(scene, WORK).limit)
    assert [each.ground for each in again.pauses] == ["held_back"]
    (told,) = [m.body for m in scene.facts([sla.PauseEnded])]
    assert (told.clock, told.before, told.due, told.ground) == (AGAIN, due, again.due, "held_back")


@pytest.mark.parametrize(("days", "bought"), [(0.1, 0), (0.9, 0), (2, 1), (3, 2), (7, 4)])
async def test_a_sham_hold_buys_nothing_but_the_days_that_closed_in_it(scene: Scene, days: float, bought: int) -> None:
    await held_and_lapsed(scene, days)
    (again,) = scene.document().running()
    assert CN.working_days((clock_of(scene, WORK).due + DAY).date(), again.due.date()) == bought
    told = explanation.explain(again.limit, again.start, CN.paused(again.pauses))
    assert explanation.recompute(told) == again.due


async def test_the_list_says_that_a_clock_rests_and_that_it_went_on_never_that_it_was_met(scene: Scene) -> None:
    await held_back(scene, 7)
    assert states(scene) == ["resting"]
    await scene.later(7 * DAY)
    await scene.hear(plan_lapsed())
    assert states(scene) == ["went_on", "running"]


async def test_a_clock_that_was_missed_before_it_rested_stays_missed(scene: Scene) -> None:
    await scene.later(9 * DAY)
    await held_back(scene, 7)
    assert states(scene) == ["missed"]
    await scene.later(7 * DAY)
    said = len(scene.facts([sla.LightChanged])) + len(scene.facts([sla.SupervisionOrdered]))
    await scene.hear(plan_lapsed())
    (again,) = scene.document().running("complete_by")
    assert (again.shown, again.due) == (RED, clock_of(scene, WORK).due), "a hold washes off no delay"
    await scene.later(HOUR)
    assert len(scene.facts([sla.LightChanged])) + len(scene.facts([sla.SupervisionOrdered])) == said


async def test_nobody_is_told_of_colours_of_a_hold_and_its_date_is_met_though_the_knock_comes_later(
    scene: Scene,
) -> None:
    await held_back(scene, 7)
    await scene.later(7 * DAY + timedelta(hours=9))
    assert not [each for each in scene.said() if ">" in each or "order" in each]
    await scene.hear(plan_lapsed())
    (over,) = [m.body for m in scene.facts([sla.ClockStopped]) if m.body.clock == NEXT]
    assert (over.reason, over.met, over.left) == ("lapsed", True, 0)


async def test_who_is_late_in_taking_it_up_again_is_seen(scene: Scene) -> None:
    """Whatever became of the knock: a reader compares the instants."""
    await held_back(scene, 7)
    await scene.later(8 * DAY)
    hold = clock_of(scene, NEXT)
    assert hold.state_at(scene.clock.now()) == "missed"


async def test_a_hold_is_explained_with_its_date_and_the_promise_with_the_hold(scene: Scene) -> None:
    await held_and_lapsed(scene, 7)
    hold, again = clock_of(scene, NEXT), clock_of(scene, AGAIN)
    told = explanation.explain(hold.limit, hold.start, CN, explanation.EVENTS[hold.kind])
    assert explanation.recompute(told) == hold.due
    read = [line.zh for line in lines.of(told)]
    assert read[0] == "暂缓期限：到复查日期恢复办理"
    assert read[1].startswith("起算事件：暂缓办理")
    told = explanation.explain(again.limit, again.start, CN.paused(again.pauses))
    assert any(line.zh.startswith("中止计时（暂缓办理期间）") for line in lines.of(told))


async def test_a_date_that_is_decided_anew_takes_the_place_of_the_other(scene: Scene) -> None:
    await held_back(scene, 7)
    await scene.later(DAY)
    await held_back(scene, 9)
    assert [each.due for each in scene.document().running()] == [MONDAY + 10 * DAY]
    await scene.later(9 * DAY)
    await scene.hear(plan_lapsed())
    (again,) = scene.document().running()
    assert [(each.since, each.until) for each in again.pauses] == [(MONDAY, MONDAY + 10 * DAY)]


async def test_a_rework_that_is_held_back_goes_on_too(scene: Scene) -> None:
    await scene.hear(rework_ordered(standard=FIVE_DAYS))
    await held_and_lapsed(scene, 7)
    assert running(scene) == [("rework_by", UNIT)]


async def test_a_hold_ends_with_the_matter(scene: Scene) -> None:
    await held_back(scene, 7)
    await scene.hear(withdrawn())
    assert (running(scene), scene.document().resting) == ([], "")


async def test_minutes_never_rest_and_begin_anew() -> None:
    scene = await at_work(minutes=True)
    await held_and_lapsed(scene, 7)
    (again,) = scene.document().running()
    assert (again.start, again.continues, again.more) == (scene.clock.now(), "", ())


async def test_what_an_earlier_build_held_back_without_a_date_is_finished_by_its_rule(scene: Scene) -> None:
    await scene.hear(plan_reviewed(approved=True, grounds=(), mode=POLICY))
    assert running(scene) == []
    await scene.later(7 * DAY)
    await scene.hear(plan_lapsed())
    (again,) = scene.document().running()
    assert (again.start, again.continues) == (scene.clock.now(), "")


async def test_who_is_held_back_without_end_rests_no_more(scene: Scene) -> None:
    for _ in range(resting.RESTS_AT_MOST):
        await scene.hear(plan_reviewed(approved=True, grounds=(), mode=POLICY, until=scene.clock.now() + HOUR))
        await scene.hear(plan_lapsed())
    before = scene.said()
    await held_back(scene, 7)
    await scene.hear(plan_lapsed())
    assert (scene.said(), running(scene)) == (before, [("complete_by", UNIT)])
