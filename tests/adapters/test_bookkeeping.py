"""What documents know of their log: one suite in memory and on MongoDB."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from contracts.envelope import Headers
from runtime.clock import Clock
from runtime.delivery.bookkeeping import Bookkeeping
from runtime.delivery.ports import Store
from runtime.delivery.records import Outgoing, Record, Said
from runtime.delivery.service import Service
from runtime.memory.store import InMemoryBookkeeping, InMemoryStore
from runtime.mongo.bookkeeping import MongoBookkeeping
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from tests.stack import Stack

HEADERS: Headers = [("ce_type", b"Made"), ("odd", b"\xff\xfe")]


@dataclass(frozen=True, slots=True)
class NotesDocument:
    """A document of which nothing is read here."""

    name: str


SERVICE: Service[NotesDocument] = Service(name="made", part="notes", says="affairs", document=NotesDocument, reacts={})
Kept = tuple[Store[NotesDocument], Bookkeeping]


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def kept(request: pytest.FixtureRequest) -> AsyncIterator[Kept]:
    if request.param == "memory":
        store: InMemoryStore[NotesDocument] = InMemoryStore()
        yield store, InMemoryBookkeeping(store)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, f"b{secrets.token_hex(4)}")
    database = mongo.database("made")
    yield MongoStore(database, SERVICE, Clock()), MongoBookkeeping(database, SERVICE.collection)
    await mongo.client.drop_database(database.name)
    await mongo.close()


async def test_positions_and_what_was_said_are_known_without_the_document(kept: Kept) -> None:
    store, bookkeeping = kept
    said = (Said(4, "affairs/1", 6, HEADERS, b"four"), Said(5, "affairs/1", 7, HEADERS, b"five"))
    speaks = Record("draw/1", 3, NotesDocument("one"), position={"affairs/1": 7}, seq=5, out=said)
    pruned = Record("draw/2", 2, NotesDocument("two"), position={"affairs/1": 9}, seq=2)
    silent = Record("draw/3", 1, NotesDocument("three"), position={"affairs/1": 1})
    await store.save([speaks, pruned, silent])
    assert await bookkeeping.position("draw/1") == {"affairs/1": 7}
    assert await bookkeeping.position("draw/9") == {}
    found = {each.key: each async for each in bookkeeping.spoken()}
    assert {key: (each.partition, each.seq) for key, each in found.items()} == {"draw/1": (3, 5), "draw/2": (2, 2)}
    assert [Outgoing(*_parts(each)) for each in found["draw/1"].to_say("affairs")] == [
        Outgoing("affairs", 3, "draw/1", HEADERS, b"four"),
        Outgoing("affairs", 3, "draw/1", HEADERS, b"five"),
    ]
    assert found["draw/2"].out == ()


def _parts(out: Outgoing) -> tuple[str, int, str, Headers, bytes]:
    """Headers come back as lists or tuples of pairs."""
    return out.topic, out.partition, out.key, [(name, value) for name, value in out.headers], out.value
