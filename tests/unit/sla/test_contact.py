"""A unit that took a matter has four office hours to speak to its reporters; whoever is late is told (C3)."""

from collections.abc import Sequence
from typing import Any

import pytest

from contracts.envelope import Body
from contracts.messages import sla
from services.sla.domain.rungs import Rung
from tests.facts.feedback import completed, reporter_asked, reporter_contacted
from tests.facts.intake import withdrawn
from tests.facts.reviews import completion_submitted
from tests.facts.routing import accepted, assigned, urgency_judged
from tests.facts.values import DAY, HOUR, LEAD, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import FIVE_DAYS
from tests.unit.sla.work import NEXT, clock_of, running

BOTH = [("complete_by", UNIT), ("contact_by", UNIT)]


async def taken(scene: Scene | None = None, **changed: Any) -> Scene:
    made = scene or Scene()
    await made.hear(assigned(urgent=changed.get("urgent", False)))
    await made.hear(accepted(**{"standard": FIVE_DAYS, "traceable": True} | changed))
    return made


def stops(scene: Scene) -> list[tuple[str, str, bool]]:
    said = [each.body for each in scene.facts([sla.ClockStopped])]
    return [(each.clock, each.reason, each.met) for each in said if each.clock == NEXT]


async def test_the_unit_has_four_office_hours_beside_its_work() -> None:
    scene = await taken()
    assert running(scene) == BOTH
    contact = clock_of(scene, NEXT)
    assert (contact.limit.standard, contact.limit.unit, contact.due - MONDAY) == ("contact", "office_hours", 5 * HOUR)
    assert contact.lead_unit == LEAD


@pytest.mark.parametrize("changed", [{"traceable": False}, {"traceable": None}, {"urgent": True}])
async def test_whoever_cannot_be_reached_and_what_is_urgent_have_none(changed: dict[str, Any]) -> None:
    assert running(await taken(**changed)) == BOTH[:1]


@pytest.mark.parametrize(
    ("said", "reason", "runs"),
    [
        (reporter_contacted(), "contacted", BOTH[:1]),
        (reporter_contacted(reached=False), "not_reached", BOTH[:1]),
        (reporter_asked(), "asked", BOTH[:1]),
        (completed(), "completed", []),
        (withdrawn(), "withdrawn", []),
        (urgency_judged(urgent=True), "urgency_judged", BOTH[:1]),
    ],
)
async def test_what_ends_it(said: Body, reason: str, runs: Sequence[tuple[str, str]]) -> None:
    scene = await taken()
    await scene.later(HOUR)
    await scene.hear(said)
    assert stops(scene) == [(NEXT, reason, True)]
    assert running(scene) == runs


async def test_handing_the_work_in_is_no_word_to_the_reporters() -> None:
    scene = await taken()
    await scene.hear(completion_submitted())
    assert ("contact_by", UNIT) in running(scene)


async def test_it_is_met_once_and_later_words_change_nothing() -> None:
    scene = await taken()
    await scene.hear(reporter_contacted())
    before = scene.said()
    await scene.hear(reporter_contacted())
    assert scene.said() == before


async def test_who_is_late_is_told_with_the_lead_unit_and_nobody_is_ordered() -> None:
    scene = await taken()
    await scene.later(DAY + 9 * HOUR)
    lights = [each.body for each in scene.facts([sla.LightChanged]) if each.body.clock == NEXT]
    assert [(each.new, each.tell) for each in lights] == [
        ("yellow", ("unit",)),
        ("orange", ("unit", "lead")),
        ("red", ("unit", "lead")),
    ]
    assert not scene.facts([sla.SupervisionOrdered])
    await scene.hear(reporter_contacted())
    assert stops(scene) == [(NEXT, "contacted", False)]


class LadderForAll:
    """A ladder of every division."""

    def __init__(self, *rungs: Rung) -> None:
        self._rungs = rungs

    def rungs(self, division: str, at: object) -> Sequence[Rung]:
        return self._rungs


async def ordered_by(*rungs: Rung) -> list[str]:
    scene = await taken(Scene(ladders=LadderForAll(*rungs)))
    await scene.later(DAY + 9 * HOUR)
    return [each.body.colour for each in scene.facts([sla.SupervisionOrdered]) if each.body.clock == NEXT]


async def test_a_published_ladder_may_order() -> None:
    red = Rung("red", ("unit",), ("contact_by",), do="order", level=1)
    assert await ordered_by(red) == ["red"]


async def test_a_ladder_that_orders_at_yellow_orders_nothing_more_at_red() -> None:
    yellow = Rung("yellow", ("unit",), ("contact_by",), do="order", level=2)
    assert await ordered_by(yellow) == ["yellow"]


async def test_a_ladder_that_only_says_who_hears_orders_nothing() -> None:
    assert await ordered_by(Rung("red", ("leader",), ("contact_by",))) == []
