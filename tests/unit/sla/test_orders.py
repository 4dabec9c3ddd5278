"""Orders are answered item by item, lifted or sent back; by hand at once; each has a clock of its own (C7)."""

import pytest

from contracts.envelope import Actor
from contracts.messages import sla
from contracts.values import OrderCheck
from contracts.vocabulary import CHECKS
from services.sla.domain import explanation, orders
from services.sla.domain.orders import IssuedOrder, OrderedItem
from tests.facts.feedback import completed
from tests.facts.routing import accepted, assigned
from tests.facts.sla import answer_order, decide_order, order_supervision
from tests.facts.values import DAY, HOUR, MINUTE, NUMBER, OTHER, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import CN

CLERK = Actor(role="unit", unit=UNIT, division="431226", principal="staff:clerk")
STRANGER = Actor(role="unit", unit=OTHER, division="431226", principal="staff:other")
SUPERVISOR = Actor(role="supervisor", division="431226", principal="staff:supervisor")
ELSEWHERE = Actor(role="supervisor", division="431225", principal="staff:elsewhere")
BY_HAND = f"{NUMBER}-h1"


@pytest.fixture
async def scene() -> Scene:
    """Assigned and let lie: ordered once, for not accepting."""
    made = Scene()
    await made.hear(assigned())
    await made.later(2 * DAY)
    assert made.said()[-2:] == ["order c1 1", "answer_by c2"]
    return made


async def answer(scene: Scene, *indices: int, order: str = f"{NUMBER}-c1-1") -> list[str]:
    return [await scene.asked(answer_order(order=order, index=index), CLERK) for index in indices]


async def test_the_clock_of_an_order_stops_with_its_last_answer(scene: Scene) -> None:
    assert await answer(scene, 1, 3) == ["accepted"] * 2
    assert scene.said()[-2:] == ["answered 1", "answered 3"]
    assert await answer(scene, 2) == ["accepted"]
    assert scene.said()[-2:] == ["answered 2", "stopped c2 met"]
    assert await scene.asked(decide_order(), SUPERVISOR) == "accepted"
    assert scene.said()[-1] == "lifted"
    assert await answer(scene, 1) == ["order_over"]


async def test_an_order_that_is_sent_back_is_answered_anew_by_the_next_date(scene: Scene) -> None:
    await answer(scene, 1, 2, 3)
    next_date = scene.clock.now() + 3 * DAY + MINUTE
    assert await scene.asked(decide_order(lifted=False, answer_by=next_date), SUPERVISOR) == "accepted"
    assert scene.said()[-2:] == ["sent back", "answer_by c3"]
    clock = scene.document().clocks[-1]
    assert clock.due == next_date
    assert explanation.recompute(explanation.explain(clock.limit, clock.start, CN)) == next_date
    assert await scene.asked(decide_order(), SUPERVISOR) == "unanswered"
    await answer(scene, 1, 2, 3)
    assert await scene.asked(decide_order(), SUPERVISOR) == "accepted"


async def test_what_is_sent_back_without_a_date_has_the_usual_time(scene: Scene) -> None:
    await answer(scene, 1, 2, 3)
    await scene.asked(decide_order(lifted=False), SUPERVISOR)
    order = scene.document().issued[-1]
    assert order.left == (1, 2, 3)
    assert scene.document().clocks[-1].due == order.due


async def test_an_order_by_hand_goes_at_once_to_the_unit_that_has_the_matter(scene: Scene) -> None:
    checks = (
        OrderCheck(check="cause", answer_by=scene.clock.now() + HOUR),
        OrderCheck(check="effect", answer_by=scene.clock.now() + 2 * DAY),
    )
    assert await scene.asked(order_supervision(items=checks), SUPERVISOR) == "accepted"
    said = scene.facts([sla.SupervisionOrdered])[-1].body
    assert (said.order, said.unit, said.clock, said.level) == (BY_HAND, UNIT, "", 1)
    assert [(item.index, item.zh) for item in said.items] == [(1, CHECKS["cause"][0]), (2, CHECKS["effect"][0])]
    assert scene.document().clocks[-1].due == checks[1].answer_by
    assert await answer(scene, 1, 2, order=BY_HAND) == ["accepted"] * 2
    assert await scene.asked(order_supervision(items=checks[1:]), SUPERVISOR) == "accepted"
    assert scene.document().issued[-1].number == f"{NUMBER}-h2"


async def test_an_order_that_proves_false_needs_no_answer(scene: Scene) -> None:
    """The unit had accepted in time; the fact came late."""
    await scene.hear(accepted(), at=MONDAY + HOUR)
    assert "order back" in scene.said()
    assert scene.document().issued[-1].state == orders.WITHDRAWN
    assert scene.document().clock("c2") is None
    assert await answer(scene, 1) == ["order_over"]


async def test_completion_ends_the_waiting_for_an_answer(scene: Scene) -> None:
    await scene.hear(accepted())
    await scene.later(scene.document().clocks[1].due + HOUR - scene.clock.now())
    assert "c2 orange>red" in scene.said()
    await scene.hear(completed())
    assert "stopped c2 missed" in scene.said()
    before = scene.said()
    await scene.later(9 * DAY)
    assert scene.said() == before


@pytest.mark.parametrize(
    ("body", "actor", "code"),
    [
        (answer_order(order=f"{NUMBER}-c9-1"), CLERK, "no_such_order"),
        (answer_order(), STRANGER, "not_yours"),
        (answer_order(index=4), CLERK, "no_such_item"),
        (answer_order(evidence=()), CLERK, "evidence_missing"),
        (decide_order(order=BY_HAND), SUPERVISOR, "no_such_order"),
        (decide_order(), CLERK, "not_yours"),
        (decide_order(), ELSEWHERE, "not_yours"),
        (decide_order(), SUPERVISOR, "unanswered"),
        (decide_order(lifted=False, answer_by=MONDAY), SUPERVISOR, "answer_by_passed"),
        (order_supervision(items=()), SUPERVISOR, "items_out_of_range"),
        (order_supervision(), ELSEWHERE, "not_yours"),
        (order_supervision(), SUPERVISOR, "answer_by_passed"),
        (
            order_supervision(items=(OrderCheck(check="weather", answer_by=MONDAY + 9 * DAY),)),
            SUPERVISOR,
            "check_unknown",
        ),
    ],
)
async def test_what_may_not_be_asked_gets_a_code_and_leaves_nothing(
    scene: Scene, body: sla.AnswerOrder, actor: Actor, code: str
) -> None:
    before = scene.document()
    assert await scene.asked(body, actor) == code
    assert scene.document() == before


async def test_who_has_no_matter_cannot_be_ordered() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.hear(accepted())
    await scene.hear(completed())
    later = (OrderCheck(check="effect", answer_by=MONDAY + 9 * DAY),)
    assert await scene.asked(order_supervision(items=later), SUPERVISOR) == "accepted", "whoever did it last answers"


def test_orders_that_are_over_are_forgotten_first() -> None:
    made = tuple(
        IssuedOrder(f"n{nth}", UNIT, "", (OrderedItem(1, MONDAY),), state=orders.LIFTED if nth % 2 else orders.OPEN)
        for nth in range(30)
    )
    left = orders.kept(made)
    assert len(left) == orders.KEPT_AT_MOST
    assert {each.number for each in left if each.state == orders.OPEN} == {f"n{nth}" for nth in range(0, 30, 2)}
