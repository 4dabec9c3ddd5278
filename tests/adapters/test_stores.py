"""One suite for the store of documents: in memory and on a real MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from contracts.envelope import Headers, Message, WakeUp
from runtime.change import Change, Result
from runtime.clock import Clock, DomainTime, Segment, WallTime, system_wall, to_milliseconds
from runtime.delivery.dead_letters import DeadLetters
from runtime.delivery.ports import Store, Unstorable
from runtime.delivery.records import Decided, Incoming, Parked, Record, Said
from runtime.delivery.service import Service
from runtime.http.requests import outgoing
from runtime.memory.log import InMemoryLog, InMemoryWriter
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from tests.harness import MONDAY, knock
from tests.stack import Stack

RATE = 1000.0
HEADERS: Headers = [("ce_type", b"Made"), ("odd", b"\xff\xfe")]


@dataclass(frozen=True, slots=True)
class Made:
    """A document with something of everything."""

    name: str
    wake: datetime | None = None
    parts: tuple[str, ...] = ()


SERVICE: Service[Made] = Service(name="made", says="tickets", document=Made, reacts={}, wake_at=lambda made: made.wake)


@pytest.fixture
def clock() -> Clock:
    """Domain time runs a thousand times as fast, from a Monday on; it begins at a millisecond, as stores keep it."""
    return Clock(Segment(WallTime(to_milliseconds(system_wall())), DomainTime(MONDAY), RATE))


@pytest.fixture(params=["memory", "motor", "pymongo"])
async def store(request: pytest.FixtureRequest, clock: Clock) -> AsyncIterator[Store[Made]]:
    if request.param == "memory":
        yield InMemoryStore(SERVICE.wake_at, clock.now)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, f"s{id(clock):x}", driver=request.param)
    real = MongoStore(mongo.database("made"), SERVICE, clock)
    await real.create_indexes()
    yield real
    await mongo.client.drop_database(f"s{id(clock):x}_made")
    await mongo.close()


def full(ticket: str) -> Record[Made]:
    """A record with everything in it."""
    kept = Incoming("tickets/1", 3, 8, ticket, HEADERS, b"{}")
    return Record(
        key=ticket,
        partition=3,
        document=Made("one", MONDAY, ("a", "b")),
        position={"tickets/1": 7},
        seen={"intake": 2},
        outcomes=(Decided("r1", True, "accepted", {"state": "done"}),),
        seq=1,
        out=(Said(1, "tickets/1", 7, HEADERS, b"{}"),),
        kept=(kept,),
        parked=True,
    )


async def test_what_was_saved_is_loaded(store: Store[Made]) -> None:
    assert await store.save([full("T1")]) == set()
    loaded = (await store.load(["T1", "T2"]))["T1"]
    assert replace(loaded, out=(), kept=()) == replace(full("T1"), version=1, out=(), kept=())
    assert [(said.seq, list(said.headers)) for said in loaded.out] == [(1, HEADERS)]
    assert [(kept.offset, list(kept.headers), kept.key) for kept in loaded.kept] == [(8, HEADERS, "T1")]


async def test_the_version_guards_and_only_the_losers_lose(store: Store[Made]) -> None:
    await store.save([full("T1"), full("T2")])
    fresh, stale = (await store.load(["T1"]))["T1"], full("T2")
    assert await store.save([fresh, stale, full("T3")]) == {"T2"}
    versions = {ticket: record.version for ticket, record in (await store.load(["T1", "T2", "T3"])).items()}
    assert versions == {"T1": 2, "T2": 1, "T3": 1}


async def test_a_record_is_found_by_the_beginning_of_its_ticket(store: Store[Made]) -> None:
    await store.save([full("ABCDEFGHJKMN0001")])
    found = await store.find("ABCDEFGHJKMN")
    assert found is not None
    assert found.key == "ABCDEFGHJKMN0001"
    assert await store.find("ABCDEFGHJKMP") is None
    assert await store.find("") is None


async def test_documents_are_due_by_the_clock_and_never_early(store: Store[Made], clock: Clock) -> None:
    past, future = clock.now() - timedelta(days=1), clock.now() + timedelta(days=400)
    wakes = (("P", past), ("F", future), ("N", None))
    records = [replace(full(t), document=Made(t, at), parked=False) for t, at in wakes]
    await store.save([*records, replace(full("Q"), document=Made("Q", past), parked=True)])
    before = clock.now() - timedelta(milliseconds=RATE)  # MongoDB's clock tells whole milliseconds
    (due,) = await store.due(range(64), 10)
    assert (due.key, due.at) == ("P", past)
    assert before <= due.now <= clock.now(), "the store's own now, in domain time"
    assert await store.due([1, 2], 10) == []


async def test_letters_are_kept_once_in_the_order_of_the_log(store: Store[Made]) -> None:
    letters = [Parked(Incoming("tickets/1", 3, at, "T1", HEADERS, b"x"), "bug", at == 2, MONDAY) for at in (10, 2)]
    await store.park(letters)
    await store.park(letters)
    assert [letter.message.offset for letter in await store.parked("T1")] == [2, 10]
    assert await store.count_parked() == 2
    await store.unpark(letters[:1])
    assert [letter.message.offset for letter in await store.parked()] == [2]
    assert await store.parked("T2") == []
    await store.park([])
    await store.unpark([])
    assert await store.count_parked() == 1


async def test_a_letter_that_is_parked_again_says_what_is_wrong_now_and_since_when_it_waits(store: Store[Made]) -> None:
    letter = Parked(Incoming("tickets/1", 3, 2, "T1", HEADERS, b"x"), "queued", False, MONDAY)
    await store.park([letter])
    await store.park([replace(letter, root=True, reason="bug", at=MONDAY + timedelta(days=1))])
    (found,) = await store.parked("T1")
    assert (found.root, found.reason, found.at) == (True, "bug", MONDAY)


def hear(document: Made | None, message: Message[WakeUp], now: datetime) -> Result[Made]:
    return Change(Made(message.body.service))


async def test_dead_letters_are_replayed_to_the_last(store: Store[Made]) -> None:
    said = outgoing(knock(WakeUp(service="heard", due=MONDAY), key="T1", to=("made",)), "tickets")
    letters = [
        Parked(Incoming("tickets/1", 3, at, "T1", said.headers, said.value), "bug", at == 2, MONDAY) for at in (2, 5)
    ]
    await store.save([replace(full("T1"), position={"tickets/1": 5}, kept=())])
    await store.park(letters)
    service = replace(SERVICE, reacts={WakeUp: hear})
    dead = DeadLetters(service, store, InMemoryWriter(InMemoryLog()), system_wall)
    assert await dead.replay("T1") == 0
    assert await dead.replay("T1") == 0
    record = (await store.load(["T1"]))["T1"]
    assert (record.parked, record.document) == (False, Made("heard"))
    assert await store.count_parked() == 0


@pytest.mark.stack
@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_document_that_mongodb_cannot_hold_is_named(stack: Stack, namespace: str, driver: str) -> None:
    """It would stop the partition for ever if nobody knew which one it is."""
    mongo = Mongo(stack.mongodb_uri, namespace, driver=driver)
    try:
        await _names_what_it_cannot_hold(MongoStore(mongo.database("made"), SERVICE, Clock()))
    finally:
        await mongo.close()


async def _names_what_it_cannot_hold(narrow: MongoStore[Made]) -> None:
    wide = replace(full("WIDE"), seen={"intake": 2**64})
    huge = replace(full("HUGE"), document=Made("x" * 17_000_000))
    for culprit in (wide, huge):
        with pytest.raises(Unstorable) as those:
            await narrow.save([full("T1"), culprit])
        assert those.value.keys == {culprit.key}


async def test_a_hold_is_remembered_until_it_is_released(store: Store[Made]) -> None:
    assert await store.held() == ""
    await store.hold("build-7")
    assert await store.held() == "build-7"
    await store.hold("")
    assert await store.held() == ""


SECOND: Service[Made] = replace(SERVICE, says="affairs", logs=("affairs",), part="affairs", collection="affairs")


async def test_a_second_kind_of_document_has_letters_and_a_hold_of_its_own(stack: Stack, clock: Clock) -> None:
    namespace = f"k{id(clock):x}"
    mongo = Mongo(stack.mongodb_uri, namespace)
    first, second = (MongoStore(mongo.database("made"), each, clock) for each in (SERVICE, SECOND))
    await second.create_indexes()
    await second.save([replace(full("draw/1"), partition=3, parked=False)])
    await second.park([Parked(Incoming("affairs/1", 3, 1, "draw/1", HEADERS, b"{}"), "bug", root=True, at=MONDAY)])
    await second.hold("a build")
    assert (await first.load(["draw/1"]), await first.parked(), await first.held()) == ({}, [], "")
    assert [letter.message.key for letter in await second.parked()] == ["draw/1"]
    assert (await second.held(), [due.key for due in await second.due(range(8), 10)]) == ("a build", ["draw/1"])
    assert await second.due([1, 2], 10) == []
    assert set(await mongo.database("made").list_collection_names()) == {"affairs", "parked_affairs", "control"}
    await mongo.client.drop_database(f"{namespace}_made")
    await mongo.close()


@dataclass(frozen=True, slots=True)
class MadeOtherwise(Made):
    """Another kind of the same."""

    colour: str = "blue"


async def test_documents_of_two_kinds_are_read_as_what_they_were(stack: Stack, clock: Clock) -> None:
    namespace = f"u{id(clock):x}"
    mongo = Mongo(stack.mongodb_uri, namespace)
    alone, both = (
        MongoStore(mongo.database("made"), each, clock)
        for each in (SERVICE, replace(SERVICE, kinds={"": Made, "other": MadeOtherwise}))
    )
    other: Record[Made] = Record(key="T2", partition=3, document=MadeOtherwise("two", colour="red"))
    await alone.save([full("T1")])
    await both.save([other])
    read = await both.load(["T1", "T2"])
    assert (read["T1"].document, read["T2"].document) == (full("T1").document, other.document)
    await mongo.client.drop_database(f"{namespace}_made")
    await mongo.close()
