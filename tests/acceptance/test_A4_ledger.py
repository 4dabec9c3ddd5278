"""A4 The raw ledger: every message word for word, chained, signed, published; verified offline by one command."""

import itertools
from pathlib import Path

from typer.testing import CliRunner, Result

from cli import ledger as command
from runtime.process.platform import RealPlatform
from services.intake import wiring
from services.intake.adapters.signing import export_lines, verified
from services.intake.domain.export import Verifier
from tests.acceptance.town import RunningSystem


def _ledger(town: RunningSystem) -> wiring.Adapters:
    return wiring.adapters(town.platforms["intake"])


async def _mirrored(town: RunningSystem, number: str) -> bool:
    """Whether all that was said about a matter so far is in the ledger."""
    prefix, said = number[6:18].encode(), await town.log(number)
    ledger, found = _ledger(town).ledger, 0
    for log, partition in await ledger.places():
        if log.startswith("tickets/"):
            found += sum([prefix in entry.record async for entry in ledger.entries([(log, partition, 0, 10**9)])])
    return found >= len(said) > 0


async def _export(town: RunningSystem) -> list[bytes]:
    parts = _ledger(town)
    return [line async for line in export_lines(parts.ledger, wiring.signer_of(parts))]


def _verify(lines: list[bytes], to: Path, *options: str) -> Result:
    """The one command that anybody runs."""
    to.write_bytes(b"".join(lines))
    return CliRunner().invoke(command.app, ["verify", str(to), *options])


async def test_A4_the_ledger_follows_both_logs_and_its_export_verifies(town: RunningSystem, tmp_path: Path) -> None:
    receipt = await town.submit("停水", "麻阳县高村镇停水两天，水厂电话打不通，请处理。", place="高村镇")
    await town.fact("TicketAssigned", receipt.number)
    await town.eventually(lambda: _mirrored(town, receipt.number), what="the ledger")
    lines = await _export(town)
    heads = (await town.call("intake", "GET", "/v1/ledger/heads")).json()
    published = [f"--published={head['hash']}" for head in heads]
    said = _verify(lines, tmp_path / "ledger.ndjson", f"--key={heads[-1]['public_key']}", *published)
    assert said.exit_code == 0, said.output
    assert "all as it was written" in said.output
    changed = [line.replace(b'"record":"AAAA', b'"record":"BAAA') for line in lines]
    assert changed != lines
    said = _verify(changed, tmp_path / "changed.ndjson")
    assert said.exit_code == 1
    assert "FAULTS" in said.output


async def test_A4_what_the_log_holds_is_in_the_ledger_byte_for_byte(town: RunningSystem) -> None:
    receipt = await town.submit("停电", "麻阳县兰里镇停电一天，供电所没有通知，请处理。", place="兰里镇")
    registered = await town.fact("TicketRegistered", receipt.number)
    await town.eventually(lambda: _mirrored(town, receipt.number), what="the ledger")
    ledger = _ledger(town).ledger
    records = [
        entry.record
        for log, partition in await ledger.places()
        if log.startswith("tickets/")
        async for entry in ledger.entries([(log, partition, 0, 10**9)])
    ]
    assert any(registered.body.words.encode() in record for record in records)


async def test_A4_the_ledger_still_verifies_after_an_erasure(town: RunningSystem) -> None:
    receipt = await town.submit("反映", "请处理。", reporter={"name": "要销毁的名字", "phone": "13900000009"})
    await town.fact("TicketScreenedOut", receipt.number)
    path = f"/v1/tickets/{receipt.number}/erasure"
    assert (await town.call("intake", "POST", path, headers={"Query-Code": receipt.code})).status_code == 200
    await town.fact("TicketErased", receipt.number)
    await town.eventually(lambda: _mirrored(town, receipt.number), what="the ledger")
    verifier = Verifier(verified)
    assert verifier.check(await _export(town)) == []
    assert verifier.entries > 0


async def test_A4_a_message_that_changed_in_the_ledger_is_found(town: RunningSystem) -> None:
    """Somebody with the administrator's rights edits one record: the next export shows it."""
    receipt = await town.submit("噪音", "麻阳县高村镇广场舞噪音到半夜，请管一管。", place="高村镇")
    await town.fact("TicketAssigned", receipt.number)
    await town.eventually(lambda: _mirrored(town, receipt.number), what="the ledger")
    assert Verifier(verified).check(await _export(town)) == []
    platform: RealPlatform = town.platforms["intake"]
    collection = platform.mongo.database("intake")["ledger"]
    before = await collection.find_one({"r": {"$type": "binData"}})
    assert before is not None
    record = bytes(before["r"])
    await collection.update_one({"_id": before["_id"]}, {"$set": {"r": bytes([record[0] ^ 1]) + record[1:]}})
    try:
        assert Verifier(verified).check(await _export(town))
    finally:
        await collection.update_one({"_id": before["_id"]}, {"$set": {"r": record}})


async def test_A4_heads_are_published_signed_and_chained(town: RunningSystem) -> None:
    await town.submit("反映", "请处理。")
    parts = _ledger(town)
    await wiring.signer_of(parts).sign()
    heads = (await town.call("intake", "GET", "/v1/ledger/heads?at_most=1000")).json()
    assert [head["number"] for head in heads] == list(range(heads[0]["number"], heads[0]["number"] + len(heads)))
    for head in heads:
        assert verified(head["public_key"], head["hash"], head["signature"])
        assert not verified(head["public_key"], head["previous"], head["signature"])
    assert all(one["hash"] == next_["previous"] for one, next_ in itertools.pairwise(heads))
