"""D2: nobody gets the same message twice; what nobody knows is looked up, else a person resolves it."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from contracts.envelope import Message
from contracts.messages.notify import PersonTold
from deploy.local.sms_gateway import Gateway
from runtime.clock import system_wall
from services.notify.adapters.sms import signature
from tests.acceptance.town import SECRETS, ReporterReceipt, RunningSystem

NOISE = "麻阳县兰里镇文化广场夜间噪音扰民，请管一管音响。"


@pytest.fixture
async def gateway(town: RunningSystem) -> AsyncIterator[Gateway]:
    """The SMS gateway; it behaves again afterwards."""
    yield town.gateway
    town.gateway.mode = "accept"


async def submitted(town: RunningSystem, phone: str, key: str = "") -> ReporterReceipt:
    reporter = {"phone": phone, "channel": "sms"}
    return await town.submit("兰里镇噪音扰民", NOISE, key=key, place="兰里镇", reporter=reporter)


async def told(town: RunningSystem, receipt: ReporterReceipt) -> PersonTold:
    """The reporter was told of the registration."""
    return await town.told(receipt.number, "registered")


def _of_registration(message: Message[Any]) -> bool:
    return (message.body.audience, message.body.kind) == ("reporter", "registered")


def registrations(gateway: Gateway, phone: str) -> list[str]:
    return [text for text in gateway.inboxes.get(phone, ()) if "已登记" in text]


async def test_D2_an_sms_accepted_before_the_time_out_is_looked_up_and_sent_once(
    town: RunningSystem, gateway: Gateway
) -> None:
    phone, hung = "13900000201", gateway.calls["accept_then_hang"]
    gateway.mode = "accept_then_hang"
    receipt = await submitted(town, phone)
    assert (await told(town, receipt)).outcome == "sent"
    gateway.mode = "accept"
    assert gateway.calls["accept_then_hang"] > hung, "no call was left without an answer: the test proves nothing"
    assert len(registrations(gateway, phone)) == 1
    assert await town.facts("DeliveryUnknown", receipt.number) == []


async def test_D2_an_unknown_outcome_is_on_the_list_until_a_person_resolves_it(
    town: RunningSystem, gateway: Gateway
) -> None:
    phone, clerk, hung = "13900000202", town.staff("supervisor"), gateway.calls["mute"]
    gateway.mode = "mute"
    receipt = await submitted(town, phone)
    unknown = (await town.fact("DeliveryUnknown", receipt.number, _of_registration)).body
    gateway.mode = "accept"
    assert gateway.calls["mute"] > hung, "no call was left without an answer: the test proves nothing"
    assert unknown.letter in await references(town)
    path = f"/v1/deliveries/{unknown.reference}/resolution"
    await town.ok("notify", path, clerk, {"number": receipt.number, "outcome": "sent"})
    assert (await told(town, receipt)).channel == "person"
    assert unknown.letter not in await references(town)
    again = await town.call("notify", "POST", path, who=clerk, json={"number": receipt.number, "outcome": "failed"})
    assert again.status_code == 409
    assert registrations(gateway, phone) == []


async def test_D2_what_a_person_has_sent_again_goes_under_the_same_reference(
    town: RunningSystem, gateway: Gateway
) -> None:
    phone, clerk = "13900000206", town.staff("supervisor")
    gateway.mode = "mute"
    receipt = await submitted(town, phone)
    unknown = (await town.fact("DeliveryUnknown", receipt.number, _of_registration)).body
    gateway.mode = "accept"
    path = f"/v1/deliveries/{unknown.reference}/resolution"
    await town.ok("notify", path, clerk, {"number": receipt.number, "outcome": "resend"})
    await town.eventually(lambda: is_told(town, receipt), within=90, what="the message that a person had sent again")
    assert (await told(town, receipt)).reference == unknown.reference
    assert len(registrations(gateway, phone)) == gateway.deliveries[unknown.letter] == 1
    again = await town.call("notify", "POST", path, who=clerk, json={"number": receipt.number, "outcome": "resend"})
    assert (again.status_code, again.json()["type"]) == (409, "not_resent")


async def test_D2_what_a_gateway_certainly_did_not_take_goes_again_without_a_person(
    town: RunningSystem, gateway: Gateway
) -> None:
    phone, hung = "13900000207", gateway.calls["hang"]
    gateway.mode = "hang"
    receipt = await submitted(town, phone)

    async def has_hung() -> bool:
        return gateway.calls["hang"] > hung

    await town.eventually(has_hung, what="a call without an answer")
    gateway.mode = "accept"
    await town.eventually(lambda: is_told(town, receipt), within=90, what="the message that was not taken at first")
    assert len(registrations(gateway, phone)) == 1
    assert await town.facts("DeliveryUnknown", receipt.number) == []


async def is_told(town: RunningSystem, receipt: ReporterReceipt) -> bool:
    """Whether the reporter was told of the registration."""
    return any(each.kind == "registered" for each in await town.all_told(receipt.number))


async def references(town: RunningSystem) -> set[str]:
    """The letters on the list of what nobody knows."""
    listed = await town.call(
        "notify", "GET", "/v1/deliveries/unknown", who=town.staff("supervisor"), params={"at_most": 1000}
    )
    assert listed.status_code == 200, listed.text
    return {each["reference"] for each in listed.json()}


async def test_D2_a_resent_submission_is_told_once(town: RunningSystem, gateway: Gateway) -> None:
    phone, key = "13900000203", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    receipts = [await submitted(town, phone, key) for _ in range(3)]
    assert len(set(receipts)) == 1
    await told(town, receipts[0])
    await told(town, await submitted(town, "13900000204"))
    assert len(registrations(gateway, phone)) == 1


async def test_D2_all_deliveries_of_the_town_went_out_once(town: RunningSystem, gateway: Gateway) -> None:
    await told(town, await submitted(town, "13900000205"))
    assert {reference for reference, count in gateway.taken.items() if count > 1} == set()
    letters = [reference for _, reference, _ in town.mailbox.letters]
    assert len(letters) == len(set(letters))
    said = {message.id: message.body for message in await town.log() if message.type == "PeopleNotified"}
    references = [each.reference for body in said.values() for each in body.told]
    assert len(references) == len(set(references))


async def test_D2_registration_and_assignment_within_the_gathering_are_one_sms(
    town: RunningSystem, gateway: Gateway
) -> None:
    """While the gateway is busy both wait; when it takes something again they go together."""
    phone, busy = "13900000208", gateway.calls["busy"]
    gateway.mode = "busy"
    receipt = await submitted(town, phone)
    await town.fact("TicketAssigned", receipt.number)

    async def has_been_tried() -> bool:
        return gateway.calls["busy"] > busy

    await town.eventually(has_been_tried, what="a call that was not taken")
    gateway.mode = "accept"
    kinds = [await town.told(receipt.number, kind) for kind in ("registered", "assigned")]
    assert len({each.letter for each in kinds}) == 1
    (text,) = gateway.inboxes[phone]
    assert [word in text for word in (receipt.number, receipt.code, "已登记", "已交")] == [True] * 4


async def test_D2_what_the_provider_reports_later_is_on_record_and_a_copy_does_no_harm(town: RunningSystem) -> None:
    receipt = await submitted(town, "13900000209")
    letter = (await told(town, receipt)).letter
    body = orjson.dumps({"receipts": [{"reference": letter, "outcome": "delivered"}]})
    at = str(int(system_wall().timestamp()))
    signed = signature(SECRETS["DUBAN_SMS_KEY"].encode(), f"{at}.".encode() + body)
    unsigned, *copies = [
        await town.call("notify", "POST", "/v1/receipts/sms", content=body, headers=headers)
        for headers in ({}, *[{"Timestamp": at, "Signature": signed}] * 2)
    ]
    assert unsigned.status_code == 401
    assert [each.json() for each in copies] == [{"taken": 1, "unknown": 0}] * 2

    async def delivered() -> bool:
        path = f"/v1/tickets/{receipt.number}/deliveries"
        shown = (await town.call("notify", "GET", path, who=town.staff("supervisor"))).json()
        return any((each["kind"], each["state"]) == ("registered", "delivered") for each in shown)

    await town.eventually(delivered, what="the receipt in the document")
