"""The ledger: one suite in memory and on MongoDB."""

import uuid
from base64 import b64encode
from collections.abc import AsyncIterator

import pytest

from runtime.mongo.client import Mongo
from services.intake.adapters import mongo as stored
from services.intake.adapters.memory import InMemoryLedger
from services.intake.adapters.mongo import MongoLedger
from services.intake.adapters.signing import Signer, export_lines, verified
from services.intake.domain.export import Verifier
from services.intake.domain.ledger import End, Head, LedgerEntry, Signed, end_of, next_entry
from services.intake.ports import Ledger
from tests.stack import Stack

KEY = b64encode(b"l" * 32).decode()


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def ledger(request: pytest.FixtureRequest) -> AsyncIterator[Ledger]:
    if request.param == "memory":
        yield InMemoryLedger()
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, f"t{uuid.uuid4().hex[:10]}")
    database = mongo.database("intake")
    made = MongoLedger(database)
    await made.create_indexes()
    yield made
    await mongo.client.drop_database(database.name)
    await mongo.close()


def _chain(count: int, log: str = "tickets/1", partition: int = 3, salt: bytes = b"") -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for nth in range(count):
        before = end_of(entries[-1]) if entries else End()
        entries.append(next_entry(before, log, partition, salt + b"record %d" % nth))
    return entries


async def _read(ledger: Ledger, until: int = 10**9) -> list[LedgerEntry]:
    return [entry async for entry in ledger.entries([("tickets/1", 3, 0, until)])]


async def test_entries_come_back_as_they_went_in(ledger: Ledger) -> None:
    entries = _chain(5)
    assert await ledger.append(entries) == []
    assert await _read(ledger) == entries
    assert await _read(ledger, 2) == entries[:3]
    assert await ledger.end("tickets/1", 3) == end_of(entries[-1])
    assert await ledger.end("tickets/1", 4) == End()
    assert await ledger.at([("tickets/1", 3, 1), ("tickets/1", 3, 9)]) == [entries[1]]
    assert await ledger.places() == [("tickets/1", 3)]


async def test_nothing_to_append_is_nothing(ledger: Ledger) -> None:
    assert await ledger.append([]) == []
    assert await ledger.places() == []


async def test_what_another_writer_was_first_with_is_compared_and_the_rest_goes_on(ledger: Ledger) -> None:
    entries, others = _chain(6), _chain(4, "submissions/1", 0)
    await ledger.append(entries[:4])
    assert await ledger.append([*others[:2], *entries, *others[2:]]) == []
    assert await _read(ledger) == entries
    assert [entry async for entry in ledger.entries([("submissions/1", 0, 0, 99)])] == others


async def test_an_entry_that_differs_comes_back_and_the_stored_one_stands(ledger: Ledger) -> None:
    entries, forged = _chain(3), _chain(4, salt=b"forged ")
    await ledger.append(entries)
    assert (await ledger.append(forged))[0] == forged[0]
    assert (await _read(ledger, 2)) == entries


async def test_a_head_is_stored_once_under_its_number(ledger: Ledger) -> None:
    signed = Signed(Head(0, (("tickets/1", 3, 4, "c" * 64),), "0" * 64), "s", "k")
    assert await ledger.sign(signed)
    assert not await ledger.sign(Signed(Head(0, (), "0" * 64), "t", "k"))
    assert await ledger.last_heads(5) == [signed]
    assert [each async for each in ledger.heads()] == [signed]


async def test_all_heads_are_read_page_by_page(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "HEADS_AT_ONCE", 2)
    for number in range(5):
        assert await ledger.sign(Signed(Head(number, (), "0" * 64), "s", "k"))
    assert [each.head.number async for each in ledger.heads()] == [0, 1, 2, 3, 4]


async def test_an_export_of_it_verifies(ledger: Ledger) -> None:
    signer = Signer(ledger, KEY)
    for count in (3, 7):
        await ledger.append(_chain(count))
        await ledger.append(_chain(count, "submissions/1", 0))
        await signer.sign()
    verifier = Verifier(verified, frozenset([signer.public_key]))
    assert verifier.check([line async for line in export_lines(ledger, signer)]) == []
    assert (verifier.heads, verifier.entries) == (2, 14)
