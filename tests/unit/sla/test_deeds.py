"""What follows a colour by the ladder of a division: an order to the unit or one up, a conference, or nothing (C7)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.messages import conferences, sla
from contracts.values import LadderStep
from contracts.vocabulary import COLOURS
from services.sla.domain import deeds, orders
from services.sla.domain.rungs import Rung, RungCase, faults
from services.sla.domain.transitions import OrderPolicy
from tests.facts.feedback import completed
from tests.facts.routing import accepted, assigned
from tests.facts.values import DAY, HOUR, LEAD, MINUTE, NUMBER, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.test_rungs import LaddersOfATest

HOLD = timedelta(hours=4)
WORK = ("complete_by", "rework_by")


def on(when: str, do: str, level: int = 0, **changed: Any) -> LadderStep:
    given: dict[str, Any] = {"when": when, "tell": ("unit",), "do": do, "level": level, "kinds": WORK}
    return LadderStep(**given | changed)


async def at_work(*steps: LadderStep, **changed: Any) -> Scene:
    """Accepted while this ladder was in force."""
    ladders = LaddersOfATest()
    await ladders.publish(steps=steps)
    scene = Scene(ladders=ladders.read)
    await scene.hear(assigned(**changed))
    await scene.hear(accepted(**changed))
    return scene


async def until(scene: Scene, colour: str, beyond: timedelta = HOLD) -> None:
    """The clock of the work has reached the colour, and so much more has passed."""
    clock = next(each for each in scene.document().clocks if each.kind == "complete_by")
    await scene.later(getattr(clock, colour) + beyond - scene.clock.now())


def ordered(scene: Scene) -> list[tuple[str, str, int, str]]:
    """Order, unit, level and colour."""
    found = [message.body for message in scene.facts([sla.SupervisionOrdered])]
    return [(each.order.removeprefix(f"{NUMBER}-"), each.unit, each.level, each.colour) for each in found]


async def test_an_order_follows_the_colour_that_the_ladder_names_after_the_hold() -> None:
    scene = await at_work(on("yellow", "order", 1))
    await until(scene, "yellow", HOLD - MINUTE)
    assert ordered(scene) == []
    await scene.later(MINUTE)
    assert ordered(scene) == [("c2-1", UNIT, 1, "yellow")]
    assert "办理进展" in scene.facts([sla.SupervisionOrdered])[0].body.items[0].zh


async def test_a_ladder_that_is_silent_about_red_leaves_the_usual_order_there() -> None:
    scene = await at_work(on("orange", "order", 2))
    await until(scene, "due")
    assert ordered(scene)[:2] == [("c2-1", LEAD, 2, "orange"), ("c2-2", UNIT, 1, "red")]


@pytest.mark.parametrize(
    ("named", "urgent", "found"),
    [
        ([("yellow", 1)], False, [("yellow", 1)]),
        ([("orange", 1)], False, [("orange", 1)]),
        ([("yellow", 2)], False, [("yellow", 2), ("red", 1)]),
        ([("yellow", 1), ("orange", 2)], False, [("yellow", 1), ("orange", 2)]),
        ([("yellow", 1)], True, [("yellow", 1), ("red", 2), ("red", 3)]),
        ([("orange", 2)], True, [("orange", 2), ("red", 1), ("red", 3)]),
    ],
)
def test_a_level_that_was_ordered_before_red_is_not_ordered_again_at_red(
    named: list[tuple[str, int]], urgent: bool, found: list[tuple[str, int]]
) -> None:
    rungs = [Rung(colour, ("unit",), do="order", level=level) for colour, level in named]
    made = deeds.fixed(rungs, RungCase("complete_by", urgent), OrderPolicy().after_red(urgent=urgent))
    assert [(COLOURS[each.colour], each.level) for each in deeds.acting(made)] == found


async def test_a_clock_ordered_before_red_gets_no_second_order_of_that_level() -> None:
    scene = await at_work(on("yellow", "order", 1))
    await until(scene, "due")
    assert [each for each in ordered(scene) if each[0].startswith("c2")] == [("c2-1", UNIT, 1, "yellow")]


async def test_where_the_ladder_says_so_nothing_follows_red() -> None:
    scene = await at_work(on("red", "none"))
    await until(scene, "due", 9 * DAY)
    assert "c2 orange>red" in scene.said()
    assert ordered(scene) == []


async def test_where_the_ladder_says_so_the_matter_is_put_to_a_conference_and_nobody_is_ordered() -> None:
    scene = await at_work(on("red", "refer"))
    await until(scene, "due")
    [said] = [message.body for message in scene.facts([conferences.MatterReferred])]
    assert (said.ground, said.by, ordered(scene)) == ("by_ladder", "", [])
    await scene.hear(completed())
    assert scene.document().referred is None


async def test_a_step_of_other_clocks_or_of_urgent_matters_changes_nothing() -> None:
    scene = await at_work(on("red", "none", kinds=("accept_by",)), on("red", "none", urgent=True))
    await until(scene, "due")
    assert ordered(scene)[0] == ("c2-1", UNIT, 1, "red")


async def test_an_urgent_matter_is_ordered_as_the_ladder_says_after_the_hold_of_urgent_ones() -> None:
    scene = await at_work(on("red", "order", 2), urgent=True)
    await until(scene, "due", timedelta(minutes=14))
    assert [each for each in ordered(scene) if each[0].startswith("c2")] == []
    await scene.later(MINUTE)
    assert [each for each in ordered(scene) if each[0].startswith("c2")] == [("c2-1", LEAD, 2, "red")]


async def test_steps_are_fixed_when_the_clock_starts() -> None:
    ladders = LaddersOfATest()
    scene = Scene(ladders=ladders.read)
    await scene.hear(assigned())
    await scene.hear(accepted())
    await ladders.publish(steps=(on("yellow", "order", 1),))
    await until(scene, "yellow", DAY / 4)
    assert ordered(scene) == []


async def test_an_order_of_the_ladder_that_proves_false_is_taken_back() -> None:
    scene = await at_work(on("yellow", "order", 1), on("orange", "refer"))
    in_time = scene.clock.now() + HOUR
    await until(scene, "due", -MINUTE)
    assert ordered(scene) == [("c2-1", UNIT, 1, "yellow")]
    await scene.hear(completed(), at=in_time)
    assert [each for each in scene.said() if each == "order back"] == ["order back"]
    assert [each.state for each in scene.document().issued] == [orders.WITHDRAWN]


RUNGS = st.builds(
    Rung,
    when=st.sampled_from(COLOURS[1:]),
    tell=st.just(("unit",)),
    do=st.sampled_from(("", "none", "order", "refer")),
    level=st.integers(0, 2),
)


@given(rungs=st.lists(RUNGS, max_size=3), urgent=st.booleans())
def test_what_a_sound_ladder_does_comes_in_the_order_of_colours(rungs: list[Rung], urgent: bool) -> None:
    if faults(rungs):
        return
    after_red = OrderPolicy().after_red(urgent=urgent)
    found = deeds.fixed(rungs, RungCase("complete_by", urgent), after_red)
    begins = [MINUTE * nth + START for nth in (1, 2, 3)]
    instants = deeds.instants(found, begins)
    assert list(instants) == sorted(instants)
    assert len(instants) == len(deeds.acting(found))
    assert bool(found) == any(each.do for each in rungs)


START = MONDAY


@pytest.mark.parametrize(
    ("rung", "wrong"),
    [
        (Rung("red", ("unit",), do="order", level=1), ()),
        (Rung("red", ("unit",), do="order"), ("level_out_of_range",)),
        (Rung("red", ("unit",), do="order", level=3), ("level_out_of_range",)),
        (Rung("red", ("unit",), do="refer", level=1), ("level_out_of_range",)),
        (Rung("red", ("unit",), level=1), ("level_out_of_range",)),
        (Rung("red", ("unit",), do="punish"), ("deed_unknown",)),
        (Rung("red", ("unit",), ("answer_by",), do="none"), ("deed_of_an_answer",)),
    ],
)
def test_a_deed_that_cannot_be_is_found_out(rung: Rung, wrong: tuple[str, ...]) -> None:
    assert faults((rung,)) == wrong


def test_a_clock_is_ordered_once_at_a_level() -> None:
    twice = Rung("yellow", ("unit",), do="order", level=1), Rung("red", ("unit",), do="order", level=1)
    assert faults(twice) == ("ordered_twice",)
    apart = (
        Rung("yellow", ("unit",), ("accept_by",), do="order", level=1),
        Rung("red", ("unit",), WORK, do="order", level=1),
    )
    assert faults(apart) == ()
