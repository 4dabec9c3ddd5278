"""A12 Supplement and withdraw: by number and code, at any stage, decided by whoever holds the matter."""

from typing import Any

from tests.acceptance.town import ReporterReceipt, RunningSystem

CONTENT = "麻阳县高村镇农贸市场占道经营，行人走不了，请整治。"


async def _do(town: RunningSystem, receipt: ReporterReceipt, what: str, **more: Any) -> tuple[int, dict[str, str]]:
    path, headers = f"/v1/tickets/{receipt.number}/{what}", {"Query-Code": receipt.code}
    answer = await town.call("intake", "POST", path, headers=headers, **more)
    return answer.status_code, answer.json()


async def test_A12_facts_can_be_added_while_it_is_handled(town: RunningSystem) -> None:
    receipt = await town.submit("占道经营", CONTENT, place="高村镇")
    await town.accepted(receipt)
    status, told = await _do(town, receipt, "supplements", json={"text": "今天早上更严重了。"})
    assert (status, told["supplement"]) == (200, "1")
    assert (await town.fact("TicketSupplemented", receipt.number)).body.index == 1


async def test_A12_the_unit_that_has_it_in_hand_sees_it_withdrawn_once(town: RunningSystem) -> None:
    receipt = await town.submit("占道经营", CONTENT, place="高村镇")
    await town.accepted(receipt)
    status, _ = await _do(town, receipt, "withdrawal")
    assert status == 200
    withdrawn = await town.fact("TicketWithdrawn", receipt.number)
    assert withdrawn.producer == "feedback"
    status, _ = await _do(town, receipt, "withdrawal")
    assert status == 409
    await town.eventually(lambda: _ended(town, receipt))


async def _ended(town: RunningSystem, receipt: ReporterReceipt) -> bool:
    status, told = await _do(town, receipt, "supplements", json={"text": "还有"})
    return status == 409 and told["type"] == "ended"


async def test_A12_before_a_unit_has_it_routing_lets_it_be_withdrawn(town: RunningSystem) -> None:
    receipt = await town.submit("占道经营", CONTENT, place="高村镇")
    await town.fact("TicketAssigned", receipt.number)
    status, _ = await _do(town, receipt, "withdrawal")
    assert status == 200
    assert (await town.fact("TicketWithdrawn", receipt.number)).producer == "routing"


async def test_A12_one_of_several_reporters_does_not_end_the_matter_for_the_others(town: RunningSystem) -> None:
    neighbours = [{"name": "滕样例", "phone": "13900000010", "channel": "none"}]
    desk = town.staff("clerk")
    receipt = await town.submit("占道经营", CONTENT, who=desk, place="高村镇", co_reporters=neighbours)
    for step in (town.assigned, town.accepted):
        await step(receipt)
        status, told = await _do(town, receipt, "withdrawal")
        assert (status, told["type"]) == (409, "collective")
    assert await town.facts("TicketWithdrawn", receipt.number) == []


async def test_A12_an_invalid_matter_is_withdrawn_by_intake(town: RunningSystem) -> None:
    receipt = await town.submit("反映", "请处理。")
    await town.fact("TicketScreenedOut", receipt.number)
    assert (await _do(town, receipt, "withdrawal"))[0] == 200
    assert (await town.fact("TicketWithdrawn", receipt.number)).producer == "intake"


async def test_A12_every_request_has_exactly_one_outcome(town: RunningSystem) -> None:
    receipt = await town.submit("占道经营", CONTENT, place="高村镇")
    await town.fact("TicketRegistered", receipt.number)
    await _do(town, receipt, "withdrawal")
    await _do(town, receipt, "supplements", json={"text": "补充"})
    await town.fact("TicketWithdrawn", receipt.number)
    asked = {message.id for message in await town.log(receipt.number) if message.kind == "request"}
    await town.eventually(lambda: _decided(town, receipt, asked))
    decided = [message.body.request for message in await town.facts("RequestDecided", receipt.number)]
    assert sorted(decided) == sorted(asked)


async def _decided(town: RunningSystem, receipt: ReporterReceipt, asked: set[str]) -> bool:
    return {message.body.request for message in await town.facts("RequestDecided", receipt.number)} >= asked
