"""One real matter from 挂号 to 销号, through all services."""

from datetime import timedelta

from tests.acceptance.town import RunningSystem


async def test_a_matter_goes_the_whole_way(town: RunningSystem) -> None:
    receipt = await town.submit("高村镇停水三天", "麻阳县高村镇自来水停水三天，水压低，请尽快修。", place="高村镇")
    await town.completed(receipt, "WTR-01")
    answer = await town.evaluate(receipt, 5)
    assert answer.status_code == 200, answer.text
    struck_off = await town.fact("TicketStruckOff", receipt.number)
    assert (struck_off.body.votes, struck_off.body.satisfied) == (1, 1)
    said = [message.type for message in await town.log(receipt.number)]
    assert said.index("TicketRegistered") < said.index("TicketAssigned") < said.index("TicketAccepted")


async def test_a_matter_that_nobody_accepts_turns_red_and_is_ordered(town: RunningSystem) -> None:
    receipt = await town.submit("兰里镇道路破损", "麻阳县兰里镇进村道路坑洼，雨天积水无法通行。", place="兰里镇")
    await town.fact("DeadlineSet", receipt.number)
    town.wind(timedelta(days=4))
    ordered = await town.fact("SupervisionOrdered", receipt.number)
    assert ordered.body.colour == "red"
    lights = [message.body.new for message in await town.facts("LightChanged", receipt.number)]
    assert lights == ["yellow", "orange", "red"]
