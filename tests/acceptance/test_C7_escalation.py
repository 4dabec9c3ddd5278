"""C7: the ladder up to the supervision order. On the real stack."""

from datetime import timedelta
from typing import Any

import pytest

from runtime.identity.tokens import Principal
from tests.acceptance.test_C3_C4_C5_clocks import road
from tests.acceptance.test_C7_conference import agenda
from tests.acceptance.town import ReporterReceipt, RunningSystem

pytestmark = pytest.mark.stack


async def test_C7_red_brings_an_order_with_numbered_items_after_the_hold(town: RunningSystem) -> None:
    receipt = await road(town, "村民出行困难。")
    set_ = (await town.fact("DeadlineSet", receipt.number)).body
    town.wind(set_.due - town.clock.now())
    await town.fact("LightChanged", receipt.number, lambda m: m.body.new == "red")
    assert await town.facts("SupervisionOrdered", receipt.number) == []
    town.wind(timedelta(hours=4))
    message = await town.fact("SupervisionOrdered", receipt.number)
    order = message.body
    assert message.at >= set_.due + timedelta(hours=4)
    assert (order.colour, order.level, order.unit, order.clock) == ("red", 1, set_.unit, set_.clock)
    assert order.order.startswith(receipt.number)
    assert [item.index for item in order.items] == [1, 2, 3]
    assert all(item.zh and item.en and item.answer_by > message.at for item in order.items)


async def test_C7_a_matter_dealt_with_in_time_is_never_ordered(town: RunningSystem) -> None:
    receipt = await road(town, "排水沟也堵了。")
    await town.completed(receipt)
    await town.fact("ClockStopped", receipt.number, lambda m: m.body.reason == "completed")
    other = await road(town, "路肩塌了一截。")
    town.wind(timedelta(days=20))
    await town.fact("SupervisionOrdered", other.number)  # the timers have been there
    assert await town.facts("SupervisionOrdered", receipt.number) == []
    assert await town.facts("LightChanged", receipt.number) == []


async def test_C7_an_urgent_matters_warnings_rise_though_it_was_acknowledged(town: RunningSystem) -> None:
    text = "麻阳县兰里镇进村道路塌方，有人员被困，情况危急，请立即救援！"
    receipt = await town.submit("兰里镇道路塌方有人被困", text, place="兰里镇")
    assigned = (await town.assigned(receipt)).body
    assert assigned.urgent
    await town.accepted(receipt)
    await town.fact("ClockStopped", receipt.number, lambda m: m.body.reason == "accepted")
    town.wind(timedelta(days=2))
    await town.fact("SupervisionOrdered", receipt.number, lambda m: m.body.level == 3)
    orders = await town.facts("SupervisionOrdered", receipt.number)
    assert [message.body.level for message in orders] == [1, 2, 3]
    assert all(message.body.urgent for message in orders)


EVIDENCE = {"kind": "documents", "uri": "https://example.org/report.pdf", "dated": "2026-03-01T09:00:00+08:00"}


async def ordered(town: RunningSystem, text: str) -> tuple[ReporterReceipt, Any]:
    """A matter that its unit let lie until it was ordered; the order."""
    receipt = await road(town, text)
    set_ = (await town.fact("DeadlineSet", receipt.number)).body
    town.wind(set_.due - town.clock.now() + timedelta(hours=5))
    return receipt, (await town.fact("SupervisionOrdered", receipt.number)).body


async def answered(town: RunningSystem, order: Any, unit: Principal) -> None:
    """The unit has something to say and to show of every item."""
    for item in order.items:
        body = {"index": item.index, "words": "人手不足，已加派。", "evidence": [EVIDENCE]}
        await town.ok("sla", f"/v1/orders/{order.order}/answers", unit, body)


async def test_C7_an_order_is_answered_item_by_item_sent_back_and_lifted(town: RunningSystem) -> None:
    receipt, order = await ordered(town, "排水口堵了。")
    clock = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "answer_by")
    assert clock.body.due == max(item.answer_by for item in order.items)
    unit, office = town.unit(order.unit), town.staff("supervisor")
    review = f"/v1/orders/{order.order}/verdict"
    early = await town.call("sla", "POST", review, who=office, json={"lifted": True})
    assert (early.status_code, early.json()["type"]) == (409, "unanswered")
    await answered(town, order, unit)
    stopped = await town.fact("ClockStopped", receipt.number, lambda m: m.body.reason == "answered")
    assert stopped.body.met
    said = [message.body.words for message in await town.facts("OrderAnswered", receipt.number)]
    assert all(words and "人手" not in words for words in said)
    next_date = (town.clock.now() + timedelta(days=3)).isoformat()
    await town.ok("sla", review, office, {"lifted": False, "answer_by": next_date, "words": "请写明责任人。"})
    await answered(town, order, unit)
    await town.ok("sla", review, office, {"lifted": True})
    await town.fact("OrderDecided", receipt.number, lambda m: m.body.lifted)
    decided = [message.body.lifted for message in await town.facts("OrderDecided", receipt.number)]
    assert decided == [False, True]

    async def shown() -> bool:
        page = await town.call("portal", "GET", f"/v1/tickets/{receipt.number}", headers={"Query-Code": receipt.code})
        return f"督办件 {order.order} 销督" in page.text and "请写明责任人" not in page.text

    await town.eventually(shown, what="the story tells that it was lifted, and not what staff wrote")


async def test_C7_an_order_that_nobody_answers_goes_one_level_up_and_then_to_a_conference(town: RunningSystem) -> None:
    receipt, order = await ordered(town, "下水道反味。")
    clock = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "answer_by")
    town.wind(clock.body.due - town.clock.now() + timedelta(hours=5))
    upper = (await town.fact("SupervisionOrdered", receipt.number, lambda m: m.body.level == 2)).body
    assert (upper.unit, upper.clock, upper.order) == (order.lead_unit, clock.body.clock, f"{receipt.number}-c2-1")
    again = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.unit == upper.unit)
    town.wind(again.body.due - town.clock.now() + timedelta(hours=5))
    referred = (await town.fact("MatterReferred", receipt.number)).body
    assert (referred.ground, referred.by) == ("order_unanswered", "")
    assert (await agenda(town))[receipt.number] == "order_unanswered"


async def test_C7_the_supervision_office_orders_by_hand_what_cannot_wait(town: RunningSystem) -> None:
    receipt = await road(town, "小学门口人车混行。")
    await town.accepted(receipt)
    path, office = f"/v1/tickets/{receipt.number}/orders", town.staff("supervisor")
    tomorrow = (town.clock.now() + timedelta(days=1)).isoformat()
    unknown = await town.call(
        "sla", "POST", path, who=office, json={"items": [{"check": "weather", "answer_by": tomorrow}]}
    )
    assert (unknown.status_code, unknown.json()["type"]) == (409, "check_unknown")
    done = await town.ok("sla", path, office, {"items": [{"check": "measures", "answer_by": tomorrow}]})
    assert done["order"] == f"{receipt.number}-h1"
    order = (await town.fact("SupervisionOrdered", receipt.number)).body
    assert (order.order, order.clock, [item.index for item in order.items]) == (done["order"], "", [1])
    await answered(town, order, town.unit(order.unit))
    stranger = await town.call(
        "sla",
        "POST",
        f"/v1/orders/{order.order}/verdict",
        who=town.staff("supervisor", "431225"),
        json={"lifted": True},
    )
    assert stranger.status_code == 404
    await town.ok("sla", f"/v1/orders/{order.order}/verdict", office, {"lifted": True})
