"""Who does not answer an order is ordered one level up, and at last a conference; so is who does it again and again."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import Actor
from contracts.messages import conferences, sla
from contracts.vocabulary import supervision_of
from services.sla.domain import orders
from services.sla.domain.orders import IssuedOrder, OrderedItem
from tests.facts.conferences import refer_matter
from tests.facts.feedback import completed, rework_ordered
from tests.facts.routing import accepted, assigned
from tests.facts.sla import answer_order, order_supervision
from tests.facts.values import DAY, HOUR, LEAD, MINUTE, NUMBER, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene

HOLD = timedelta(hours=4)
CLERK = Actor(role="unit", unit=UNIT, division="431226", principal="staff:clerk")
OFFICE = Actor(role="supervisor", division="431226", principal="staff:supervisor")
SUPERVISION = supervision_of("431226")


def ordered(scene: Scene) -> list[tuple[str, str, int]]:
    """Order, unit and level, without the number of the matter."""
    found = [message.body for message in scene.facts([sla.SupervisionOrdered])]
    return [(each.order.removeprefix(f"{NUMBER}-"), each.unit, each.level) for each in found]


def referred(scene: Scene) -> list[tuple[str, str]]:
    return [(m.body.ground, m.body.by) for m in scene.facts([conferences.MatterReferred])]


async def until_answer_is_due(scene: Scene, beyond: timedelta) -> None:
    """The last clock of an answer is due, and so much more has passed."""
    due = scene.document().clocks[-1].due
    await scene.later(due + beyond - scene.clock.now())


@pytest.fixture
async def scene() -> Scene:
    """At work, and ordered once, for not accepting in time."""
    made = Scene()
    await made.hear(assigned())
    await made.later(2 * DAY)
    await made.hear(accepted())
    assert ordered(made) == [("c1-1", UNIT, 1)]
    return made


@pytest.fixture
async def unanswered() -> Scene:
    """Not accepted, and the order about it was not answered."""
    made = Scene()
    await made.hear(assigned())
    await made.later(2 * DAY)
    await until_answer_is_due(made, HOLD)
    return made


async def test_an_order_that_nobody_answers_goes_one_level_up_after_the_hold() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.later(2 * DAY)
    await until_answer_is_due(scene, HOLD - MINUTE)
    assert ordered(scene) == [("c1-1", UNIT, 1)]
    await scene.later(MINUTE)
    assert ordered(scene) == [("c1-1", UNIT, 1), ("c2-1", LEAD, 2)]
    order = scene.document().issued[-1]
    assert (order.unit, order.lead_unit, len(order.items)) == (LEAD, "", 3)
    assert scene.document().clocks[-1].unit == LEAD


async def test_what_the_lead_unit_does_not_answer_is_put_to_a_conference_once(unanswered: Scene) -> None:
    await until_answer_is_due(unanswered, HOLD)
    assert referred(unanswered) == [("order_unanswered", "")]
    assert unanswered.document().referred is not None
    before = ordered(unanswered)
    await unanswered.later(30 * DAY)
    assert (ordered(unanswered), len(referred(unanswered))) == (before, 1)


async def test_an_outage_of_weeks_says_each_once() -> None:
    scene = Scene()
    await scene.hear(assigned())
    for _ in range(4):
        await scene.later(30 * DAY)
    assert (ordered(scene), referred(scene)) == (
        [("c1-1", UNIT, 1), ("c2-1", LEAD, 2)],
        [("order_unanswered", "")],
    )


async def test_an_answer_in_time_that_is_read_late_takes_the_order_back(scene: Scene) -> None:
    in_time = scene.clock.now()
    await until_answer_is_due(scene, HOLD)
    assert ("c2-1", LEAD, 2) in ordered(scene)
    await scene.hear(completed(), at=in_time)
    assert "order back" in scene.said()
    [gone] = [each for each in scene.document().issued if each.number == f"{NUMBER}-c2-1"]
    assert gone.state == orders.WITHDRAWN


async def test_an_answer_in_time_that_is_read_after_the_referral_takes_no_order_back_that_never_was() -> None:
    scene = Scene()
    await scene.hear(assigned(lead_unit=""))
    await scene.hear(accepted(lead_unit=""))
    assert await scene.asked(order_supervision(items=in_two_days(scene)), OFFICE) == "accepted"
    in_time = scene.clock.now()
    await until_answer_is_due(scene, HOLD)
    assert referred(scene) == [("order_unanswered", "")]
    await scene.hear(completed(), at=in_time + HOUR)
    assert "order back" not in scene.said()


async def test_whoever_answers_is_not_reported_upwards(scene: Scene) -> None:
    for index in (1, 2, 3):
        assert await scene.asked(answer_order(order=f"{NUMBER}-c1-1", index=index), CLERK) == "accepted"
    await scene.hear(completed())
    await scene.later(30 * DAY)
    assert ordered(scene) == [("c1-1", UNIT, 1)]


async def test_a_lead_unit_that_has_an_order_to_answer_gets_no_second_one_for_the_same_matter() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    for _ in range(20):
        await scene.later(HOUR / 2)
    assert [each for each in ordered(scene) if each[1] == LEAD] == [("c3-1", LEAD, 2)]
    assert referred(scene) == [("order_unanswered", "")]


async def test_what_waits_for_a_conference_already_is_not_referred_again(unanswered: Scene) -> None:
    assert await unanswered.asked(refer_matter(), OFFICE) == "accepted"
    await until_answer_is_due(unanswered, HOLD)
    assert referred(unanswered) == [("hard_case", "supervisor")]


def in_two_days(scene: Scene) -> Any:
    return tuple(each.model_copy(update={"answer_by": scene.clock.now() + 2 * DAY}) for each in a_check())


def a_check() -> Any:
    return order_supervision().items[:1]


async def again(scene: Scene, times: int, **changed: object) -> None:
    """Completed and not to the reporters' satisfaction, so many times."""
    for count in range(1, times + 1):
        await scene.hear(completed(round=count))
        await scene.hear(rework_ordered(round=count + 1, count=count, **changed))


@pytest.mark.parametrize(("times", "found"), [(2, []), (3, [("r3", LEAD, 2)]), (4, [("r3", LEAD, 2), ("r4", LEAD, 2)])])
async def test_from_the_third_rework_on_the_lead_unit_is_ordered(times: int, found: list[tuple[str, str, int]]) -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.hear(accepted())
    await again(scene, times)
    assert ordered(scene) == found
    if times == 3:
        assert scene.said()[-2:] == ["order  2", "answer_by c6"]
        assert "重办" in scene.facts([sla.SupervisionOrdered])[0].body.items[0].zh


@pytest.mark.parametrize(("lead", "level"), [("", 1), (SUPERVISION, 1), (LEAD, 2)])
async def test_who_is_led_by_nobody_answers_for_its_reworks_itself(lead: str, level: int) -> None:
    scene = Scene()
    await scene.hear(assigned(lead_unit=lead))
    await scene.hear(accepted(lead_unit=lead))
    await again(scene, 3)
    assert ordered(scene) == [("r3", LEAD if level == 2 else UNIT, level)]


OFFICES = st.sampled_from(["", UNIT, LEAD, SUPERVISION])


@given(unit=OFFICES, lead_unit=OFFICES)
def test_nobody_orders_the_supervision_office_and_nobody_twice(unit: str, lead_unit: str) -> None:
    upper = orders.one_up(IssuedOrder("n", unit, lead_unit, (OrderedItem(1, MONDAY),)))
    assert upper in ("", lead_unit)
    assert upper == "" or upper not in (unit, SUPERVISION)
    assert orders.answers_for(unit, lead_unit) != SUPERVISION
