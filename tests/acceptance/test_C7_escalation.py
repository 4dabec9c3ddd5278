"""C7: the ladder up to the supervision order. On the real stack."""

from datetime import timedelta

import pytest

from tests.acceptance.test_C3_C4_C5_clocks import road
from tests.acceptance.town import RunningSystem

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
