"""A5 Identity shield: sealed before the first topic, in no view of others; erased for good."""

import orjson
import pytest

from runtime.kafka import KafkaFollower
from runtime.vault import Contacts
from services.intake import wiring
from tests.acceptance.town import Receipt, Town

CANARIES = {
    "name": "金丝雀甲",
    "phone": "13911112222",
    "email": "canary-a5@example.org",
    "id_number": "433021199001017777",
}
HIDDEN = (*CANARIES.values(), "金丝雀乙", "13933334444", "金丝雀代办人")
CONTENT = "麻阳县兰里镇敬老院门口污水外溢半个月，请疏通。"


async def _submitted(town: Town) -> Receipt:
    reporter = CANARIES | {"channel": "none"}
    neighbours = [{"name": "金丝雀乙", "phone": "13933334444", "channel": "none"}]
    return await town.submit(
        "污水外溢", CONTENT, reporter=reporter, co_reporters=neighbours, on_behalf_of="金丝雀代办人", place="兰里镇"
    )


async def _read(town: Town, topic: str) -> bytes:
    follower = KafkaFollower(town.platforms["intake"].bus, topic)
    held = b""
    while True:
        records = await follower.fetch()
        held += b"".join(r.ticket.encode() + r.value + b"".join(value for _, value in r.headers) for r in records)
        if not records and not await follower.is_behind():
            await follower.stop()
            return held


async def _dumped(town: Town) -> bytes:
    """Every document of every service's database."""
    held: list[bytes] = []
    for service in ("intake", "routing", "sla", "notify", "feedback", "portal", "vault"):
        database = town.platforms["intake"].mongo.database(service)
        for name in await database.list_collection_names(filter={"name": {"$not": {"$regex": "^system"}}}):
            async for document in database[name].find():
                held.append(repr(document).encode())
                held += [value for value in document.values() if isinstance(value, bytes)]
    return b"".join(held)


async def test_A5_identity_fields_are_on_no_topic_in_no_database_and_no_metric(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    receipt = await _submitted(town)
    await town.accepted(receipt)
    said = b"".join([await _read(town, topic) for topic in ("submissions", "tickets", "configuration", "ticket-feed")])
    held = said + await _dumped(town) + caplog.text.encode()
    for client in town.clients.values():
        held += (await client.get("/metrics")).content
    assert receipt.number.encode() in said, "it looks in the right places"
    assert CONTENT.encode() in held, "the portal shows the words"
    assert CONTENT.encode() not in said
    for canary in HIDDEN:
        assert canary.encode() not in held
        assert orjson.dumps(canary)[1:-1] not in held


async def test_A5_only_contact_keys_reach_the_reporter_and_erasure_is_for_good(town: Town) -> None:
    receipt = await _submitted(town)
    ticket = (await town.fact("TicketRegistered", receipt.number)).ticket
    parts = wiring.adapters(town.platforms["intake"])
    contacts = Contacts(parts.vault, parts.wrap)
    reached = orjson.loads((await contacts.of([ticket]))[ticket])
    assert [person["phone"] for person in reached] == ["13911112222", "13933334444"]
    path, headers = f"/v1/tickets/{receipt.number}/erasure", {"Query-Code": receipt.code}
    assert (await town.call("intake", "POST", path, headers=headers)).status_code == 200
    assert await contacts.of([ticket]) == {}
    assert await parts.words.keys([ticket]) == {}
    again = await parts.vault.read([ticket])
    assert again[ticket].erased
    assert not again[ticket].words
    refused = await town.call("intake", "POST", path, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (409, "erased_already")
    path = path.replace("erasure", "supplements")
    assert (await town.call("intake", "POST", path, json={"text": "再补充"}, headers=headers)).status_code == 410


async def test_A5_a_resend_after_the_erasure_does_not_bring_it_back(town: Town) -> None:
    key = "7b7e9c0e-5a6f-4a51-9d0e-0000000000a5"
    who = {"name": "金丝雀丙", "phone": "13955556666", "channel": "none"}
    receipt = await town.submit("反映", "请处理。", key=key, reporter=who)
    ticket = (await town.fact("TicketScreenedOut", receipt.number)).ticket
    path, headers = f"/v1/tickets/{receipt.number}/erasure", {"Query-Code": receipt.code}
    assert (await town.call("intake", "POST", path, headers=headers)).status_code == 200
    again = await town.submit("反映", "请处理。", key=key, reporter=who)
    assert again == receipt
    after = await town.submit("反映", "请处理第二件。")
    await town.fact("TicketScreenedOut", after.number)
    parts = wiring.adapters(town.platforms["intake"])
    assert await Contacts(parts.vault, parts.wrap).of([ticket]) == {}
