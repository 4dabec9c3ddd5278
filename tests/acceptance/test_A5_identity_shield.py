"""A5 Identity shield: sealed before the first topic, in no view of others; erased for good."""

import json
from collections.abc import Sequence
from uuid import uuid4

import orjson
import pytest
import structlog
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from contracts.topics import SERVICES, partition_of
from runtime.delivery.records import Outgoing
from runtime.identity.vault import Contacts
from runtime.kafka.follower import KafkaFollower
from services.intake import wiring
from tests.acceptance.town import ReporterReceipt, RunningSystem

CANARIES = {
    "name": "金丝雀甲",
    "phone": "13911112222",
    "email": "canary-a5@example.org",
    "id_number": "433021199001017775",
}
HIDDEN = (*CANARIES.values(), "金丝雀乙", "13933334444", "金丝雀代办人")
PLANTED = "金丝雀对照"
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
CONTENT = "麻阳县兰里镇敬老院门口污水外溢半个月，请疏通。"


async def _submitted(town: RunningSystem) -> ReporterReceipt:
    reporter = CANARIES | {"channel": "none"}
    neighbours = [{"name": "金丝雀乙", "phone": "13933334444", "channel": "none"}]
    return await town.submit(
        "污水外溢", CONTENT, reporter=reporter, co_reporters=neighbours, on_behalf_of="金丝雀代办人", place="兰里镇"
    )


async def _read(town: RunningSystem, topic: str) -> bytes:
    follower = KafkaFollower(town.platforms["intake"].bus, topic)
    held = b""
    while True:
        records = await follower.fetch()
        held += b"".join(r.key.encode() + r.value + b"".join(value for _, value in r.headers) for r in records)
        if not records and not await follower.is_behind():
            await follower.stop()
            return held


async def _dumped(town: RunningSystem) -> bytes:
    """Every document of every service's database, as it is stored."""
    held: list[bytes] = []
    for service in (*SERVICES, "vault"):
        database = town.platforms["intake"].mongo.database(service)
        for name in await database.list_collection_names(filter={"type": "collection"}):
            if not name.startswith("system."):
                raw = database[name].with_options(codec_options=RAW)
                held += [document.raw async for document in raw.find()]
    return b"".join(held)


def _found(texts: Sequence[str], held: bytes) -> list[str]:
    """Those that stand there: as they are, escaped as in JSON, or as the headers of a parked message are packed."""
    return [
        text
        for text in texts
        if text.encode() in held
        or json.dumps(text)[1:-1].encode() in held
        or text.encode().decode("latin-1").encode() in held
    ]


async def test_A5_identity_fields_are_on_no_topic_in_no_database_and_no_metric(town: RunningSystem) -> None:
    receipt = await _submitted(town)
    await town.accepted(receipt)
    said = b"".join([await _read(town, topic) for topic in ("submissions", "tickets", "configuration", "ticket-feed")])
    held = said + await _dumped(town)
    for client in town.clients.values():
        held += (await client.get("/metrics")).content
    assert receipt.number.encode() in said, "it looks in the right places"
    assert CONTENT.encode() in held, "the portal shows the words"
    assert CONTENT.encode() not in said
    assert _found(HIDDEN, held) == []


@pytest.mark.usefixtures("logged_in_full")
async def test_A5_identity_fields_are_in_no_log(town: RunningSystem, capfd: pytest.CaptureFixture[str]) -> None:
    receipt = await _submitted(town)
    await town.accepted(receipt)
    poison = "金丝雀丁"
    await _parked(town, {"number": poison, "door": [poison], poison: "?"})
    structlog.get_logger().warning("control", canary=PLANTED)
    logged = "".join(capfd.readouterr()).encode()
    assert _found([PLANTED], logged) == [PLANTED], "what is logged here is seen here"
    assert [what in logged for what in (b"message_parked", b"message_handled")] == [True] * 2, "so is what services log"
    assert _found([*HIDDEN, CONTENT, poison], logged) == []


async def _parked(town: RunningSystem, submission: dict[str, object]) -> None:
    """Somebody's words in a message that intake cannot read."""
    ticket, headers = f"POISON{uuid4().hex[:20].upper()}", [("ce_type", b"SubmissionReceived"), ("ce_to", b"")]
    platform = town.platforms["intake"]
    record = Outgoing("submissions", partition_of(ticket), ticket, headers, orjson.dumps(submission))
    await platform.writer.publish([record])
    store = platform.store(wiring.of(platform))

    async def is_parked() -> bool:
        return bool(await store.parked(ticket))

    await town.eventually(is_parked, what="parking")
    await store.unpark(await store.parked(ticket))


async def test_A5_the_search_of_the_databases_finds_what_is_planted(town: RunningSystem) -> None:
    """In a field, in bytes deep inside a document, and as the headers of a parked message."""
    collection = town.platforms["intake"].mongo.database("intake")["planted"]
    forms = (PLANTED, {"out": [[1, PLANTED.encode()]]}, orjson.dumps(PLANTED.encode().decode("latin-1")))
    for form in forms:
        assert _found([PLANTED], await _dumped(town)) == []
        await collection.insert_one({"_id": "planted", "held": form})
        assert _found([PLANTED], await _dumped(town)) == [PLANTED]
        await collection.drop()


async def test_A5_only_contact_keys_reach_the_reporter_and_erasure_is_for_good(town: RunningSystem) -> None:
    receipt = await _submitted(town)
    ticket = (await town.fact("TicketRegistered", receipt.number)).key
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
    refused = await town.call("intake", "POST", path, json={"text": "再补充"}, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (409, "erased")


async def test_A5_a_resend_after_the_erasure_does_not_bring_it_back(town: RunningSystem) -> None:
    key = "7b7e9c0e-5a6f-4a51-9d0e-0000000000a5"
    who = {"name": "金丝雀丙", "phone": "13955556666", "channel": "none"}
    receipt = await town.submit("反映", "请处理。", key=key, reporter=who)
    ticket = (await town.fact("TicketScreenedOut", receipt.number)).key
    path, headers = f"/v1/tickets/{receipt.number}/erasure", {"Query-Code": receipt.code}
    assert (await town.call("intake", "POST", path, headers=headers)).status_code == 200
    again = await town.submit("反映", "请处理。", key=key, reporter=who)
    assert again == receipt
    after = await town.submit("反映", "请处理第二件。")
    await town.fact("TicketScreenedOut", after.number)
    parts = wiring.adapters(town.platforms["intake"])
    assert await Contacts(parts.vault, parts.wrap).of([ticket]) == {}
