"""Each measure of a plan that is in force turns by its own date, once, in order; one knock tells of all that turned."""

from datetime import datetime, timedelta
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import feedback, schemes
from contracts.values import Measure
from runtime.mongo.documents import Codec
from services.sla.domain import measures
from services.sla.domain.schemes import Point, Scheme
from services.sla.domain.sheet import ClockSheet
from tests.facts.feedback import completed
from tests.facts.routing import accepted, assigned
from tests.facts.values import DAY, LEAD
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.test_schemes import SchemeThatMayChange

XUANHAN = Scheme("measure", Point(days_left=20), Point(days_left=10), name="scheme/measure/511722@1")
NEVER_GREEN = Scheme("measure", None, Point(days_left=10), "yellow", name="scheme/measure/511722@2")
JISHOU = Scheme("measure", Point(share=0.5), None, name="scheme/measure/433101@1")
spans = st.lists(st.integers(-5, 60), min_size=1, max_size=8)


def plan(*days: int, version: int = 1, reviewer: str = "") -> feedback.PlanMade:
    dues = tuple(Measure(text="sealed", person="sealed", due=MONDAY + each * DAY) for each in days)
    limit = 1 if reviewer else 0
    return feedback.PlanMade(mode="long_term", measures=dues, version=version, reviewer=reviewer, review_limit=limit)


def reviewed(*, approved: bool, version: int = 1) -> feedback.PlanReviewed:
    return feedback.PlanReviewed(version=version, approved=approved, redrafts=0, mode="long_term")


async def at_work(scheme: Scheme | None = XUANHAN) -> tuple[Scene, SchemeThatMayChange]:
    held = SchemeThatMayChange(scheme)
    scene = Scene(schemes=held)
    await scene.hear(assigned())
    await scene.hear(accepted())
    return scene, held


def timed(scene: Scene) -> list[Any]:
    return [message.body for message in scene.facts([schemes.MeasuresTimed])]


def turned(scene: Scene) -> list[tuple[tuple[int, ...], str]]:
    return [(m.body.indices, m.body.new) for m in scene.facts([schemes.MeasureLightChanged])]


async def test_the_measures_of_an_approved_plan_turn_together_and_each_once() -> None:
    scene, _ = await at_work()
    await scene.hear(plan(30, 30, 25, reviewer=LEAD))
    assert timed(scene) == []
    await scene.hear(reviewed(approved=True))
    [said] = timed(scene)
    first = said.items[0]
    assert (first.yellow, first.orange, first.red) == (MONDAY + 10 * DAY, MONDAY + 20 * DAY, MONDAY + 30 * DAY)
    assert (said.plan, said.scheme) == (1, XUANHAN.name)
    await scene.later(5 * DAY - timedelta(seconds=1))
    assert turned(scene) == []
    await scene.later(timedelta(seconds=1))
    assert turned(scene) == [((3,), "yellow")]
    await scene.later(25 * DAY)
    assert turned(scene)[1:] == [((1, 2), "yellow"), ((1, 2, 3), "orange"), ((1, 2, 3), "red")]
    await scene.later(25 * DAY)
    assert len(turned(scene)) == 4


async def test_a_plan_that_nobody_reviews_is_timed_at_once_and_once() -> None:
    scene, _ = await at_work()
    await scene.hear(plan(30))
    await scene.hear(reviewed(approved=True))
    assert len(timed(scene)) == 1


async def test_a_measure_that_is_done_turns_no_more() -> None:
    scene, _ = await at_work()
    await scene.hear(plan(30, 30))
    await scene.hear(feedback.MeasureReported(plan=1, index=1, done=True))
    await scene.hear(feedback.MeasureReported(plan=1, index=2, done=False))
    await scene.hear(feedback.MeasureReported(plan=9, index=2, done=True))
    await scene.later(40 * DAY)
    assert turned(scene) == [((2,), "yellow"), ((2,), "orange"), ((2,), "red")]


async def test_a_new_plan_replaces_the_track_also_while_it_is_reviewed() -> None:
    scene, _ = await at_work()
    await scene.hear(plan(30))
    await scene.hear(plan(40, version=2, reviewer=LEAD))
    await scene.later(31 * DAY)
    assert turned(scene) == []
    await scene.hear(reviewed(approved=False, version=2))
    await scene.hear(reviewed(approved=True, version=1))
    assert [each.plan for each in timed(scene)] == [1]


async def test_what_is_completed_has_no_measures_left() -> None:
    scene, _ = await at_work()
    await scene.hear(plan(30))
    await scene.hear(completed())
    await scene.later(40 * DAY)
    assert turned(scene) == []


async def test_a_running_measure_keeps_its_colours_whatever_is_published() -> None:
    scene, held = await at_work()
    await scene.hear(plan(30))
    held.now = JISHOU
    await scene.later(40 * DAY)
    assert [new for _, new in turned(scene)] == ["yellow", "orange", "red"]


@pytest.mark.parametrize(
    ("scheme", "colours"),
    [
        (None, ["yellow", "orange", "red"]),
        (XUANHAN, ["yellow", "orange", "red"]),
        (NEVER_GREEN, ["orange", "red"]),
        (JISHOU, ["yellow", "red"]),
    ],
)
async def test_the_colours_are_those_of_the_division(scheme: Scheme | None, colours: list[str]) -> None:
    scene, _ = await at_work(scheme)
    await scene.hear(plan(30))
    await scene.later(31 * DAY)
    assert [new for _, new in turned(scene)] == colours
    [item] = timed(scene)[0].items
    assert (item.orange is None) == ("orange" not in colours)


@given(spans, st.sampled_from((None, XUANHAN, NEVER_GREEN, JISHOU)), st.lists(st.integers(1, 4000), max_size=12))
def test_each_colour_of_each_measure_is_said_once_in_order_and_never_before_its_instant(
    days: list[int], scheme: Scheme | None, steps: list[int]
) -> None:
    track = measures.planned(1, "u", [MONDAY + each * DAY for each in days])
    assert track is not None
    track, now = measures.timed(track, scheme, MONDAY), MONDAY
    said: dict[int, list[int]] = {}
    for minutes in (*steps, 200_000):
        now += timedelta(minutes=minutes)
        before = measures.next_at(track)
        track, found = measures.turned(track, now)
        assert bool(found) == (before is not None and before <= now)
        for each in found:
            for index in each.indices:
                assert begins(track, index, each.colour) <= now
                said.setdefault(index, []).append(each.colour)
    wanted = [colour for _, colour in measures.timed(track, scheme, MONDAY).measures[0].to_come]
    assert said == dict.fromkeys(range(1, len(days) + 1), wanted)
    assert measures.next_at(track) is None


def begins(track: measures.MeasureTrack, index: int, colour: int) -> datetime:
    found = track.measures[index - 1]
    at = (found.yellow, found.orange, found.red)[colour - 1]
    assert at is not None
    return at


def test_the_track_of_the_longest_plan_is_small() -> None:
    track = measures.planned(1, "431226-ZJ", [MONDAY + each * DAY for each in range(60)])
    assert track is not None
    track, _ = measures.turned(measures.timed(track, XUANHAN, MONDAY), MONDAY + 99 * DAY)
    bare, full = (_bytes(ClockSheet("N", "431226", measures=each)) for each in (None, track))
    assert len(track.measures) == measures.MEASURES_AT_MOST
    assert full - bare <= 4096


def _bytes(sheet: ClockSheet) -> int:
    return len(bson.encode(Codec(ClockSheet).to_plain(sheet)))
