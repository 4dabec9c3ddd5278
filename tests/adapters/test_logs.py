"""One suite for the log: in memory and on a real Kafka. And what a batch costs in round trips."""

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from runtime.clock import system_wall
from runtime.delivery.loop import Loop
from runtime.delivery.ports import Follower, PositionLost, Reader, Writer
from runtime.delivery.records import Incoming, Outgoing, Record, next_offsets
from runtime.http.requests import outgoing
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.kafka.writer import KafkaWriter
from runtime.memory.log import InMemoryFollower, InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.memory.store import InMemoryStore
from tests.harness import fact
from tests.simulation.loop_chain import Begun, Chain, HeardByLink, Weighed
from tests.stack import Stack

GROUPS = {"one.loop": ("tickets",)}
ROUND_TRIPS_AT_MOST = 8  # for a batch of 500 tickets (issue: the loop)


@dataclass
class Log:
    """A log by its three ports."""

    reader: Reader
    writer: Writer
    follower: Follower


@pytest.fixture(params=["memory", "kafka"])
async def log(request: pytest.FixtureRequest) -> AsyncIterator[Log]:
    if request.param == "memory":
        memory = InMemoryLog()
        yield Log(
            InMemoryReader(memory, "one.loop", ["tickets"]),
            InMemoryWriter(memory),
            InMemoryFollower(memory, "tickets"),
        )
        return
    stack: Stack = request.getfixturevalue("stack")
    bus = stack.bus(f"l{secrets.token_hex(4)}")
    await create_topics(bus)
    await lay_positions(bus, GROUPS)
    reader, writer = KafkaReader(bus, "one.loop", ["tickets"]), KafkaWriter(bus)
    follower = KafkaFollower(bus, "tickets")
    await reader.start()
    yield Log(reader, writer, follower)
    await reader.stop()
    await writer.stop()
    await follower.stop()
    await delete_topics(bus)


def out(key: str, value: bytes, partition: int = 5) -> Outgoing:
    return Outgoing("tickets", partition, key, [("ce_type", b"X"), ("ce_to", b"")], value)


async def read(reader: Reader, wanted: int) -> list[Incoming]:
    """Fetch and commit until so many came (at most 200 fetches)."""
    found: list[Incoming] = []
    for _ in range(200):
        if records := await reader.fetch(100):
            await reader.commit(next_offsets(records))
        found += records
        if len(found) >= wanted:
            break
    return found


async def fetched(reader: Reader, wanted: int) -> list[bytes]:
    """What a fetch gives that gives so many, without a commit (at most 200 fetches)."""
    for _ in range(200):
        if len(records := await reader.fetch(100)) == wanted:
            return [record.value for record in records]
    raise AssertionError(f"no fetch gave {wanted}")


async def test_records_of_a_partition_are_read_in_the_order_they_were_acknowledged(log: Log) -> None:
    for nth in range(5):
        await log.writer.publish([out("T1", str(nth).encode())])
    records = await read(log.reader, 5)
    assert [record.value for record in records] == [b"0", b"1", b"2", b"3", b"4"]
    assert [record.offset for record in records] == [0, 1, 2, 3, 4]
    assert {(record.log, record.partition, record.key) for record in records} == {("tickets/1", 5, "T1")}
    assert list(records[0].headers) == [("ce_type", b"X"), ("ce_to", b"")]


async def test_what_was_not_committed_is_read_again(log: Log) -> None:
    await log.writer.publish([out("T1", b"a"), out("T1", b"b"), out("T1", b"c")])
    assert await fetched(log.reader, 3) == [b"a", b"b", b"c"]
    assert await fetched(log.reader, 3) == [b"a", b"b", b"c"]
    await log.reader.commit({("tickets/1", 5): 1})
    assert log.reader.committed(("tickets/1", 5)) == 1
    assert await fetched(log.reader, 2) == [b"b", b"c"]


async def test_many_records_for_many_partitions_go_out_at_once(log: Log) -> None:
    await log.writer.publish([out(f"T{nth}", b"x" * 500, nth % 64) for nth in range(1000)])
    assert len(await read(log.reader, 1000)) == 1000


async def test_a_batch_that_fills_several_record_batches_keeps_the_order_of_a_partition(log: Log) -> None:
    values = [str(nth).encode().ljust(3_000) for nth in range(200)]
    await log.writer.publish([out("T1", value) for value in values])
    assert [record.value for record in await read(log.reader, 200)] == values


async def test_a_record_larger_than_a_usual_batch_goes_through(log: Log) -> None:
    await log.writer.publish([out("T1", b"x" * 400_000), out("T1", b"small")])
    assert [len(record.value) for record in await read(log.reader, 2)] == [400_000, 5]


async def test_a_follower_reads_everything_from_the_beginning(log: Log) -> None:
    await log.writer.publish([out("T1", b"a"), out("T2", b"b", 6)])
    found = list(await log.follower.fetch())
    while await log.follower.is_behind():
        found += await log.follower.fetch()
    await log.writer.publish([out("T3", b"c", 2)])
    while len(found) < 3:
        found += await log.follower.fetch()
    assert {record.value for record in found} == {b"a", b"b", b"c"}
    assert await log.follower.is_behind() is False


@pytest.mark.stack
async def test_a_group_without_a_position_halts(stack: Stack, namespace: str) -> None:
    """It never begins at the end by itself: that would skip what was acknowledged."""
    bus = stack.bus(namespace)
    await create_topics(bus)
    reader = KafkaReader(bus, "nobody.loop", ["tickets"])
    await reader.start()
    with pytest.raises(PositionLost):
        await read(reader, 1)
    await reader.stop()


class CountedAdapter:
    """Counts calls to an adapter: each of its calls is one round trip."""

    def __init__(self, adapter: Any, trips: list[str]) -> None:
        self._adapter, self._trips = adapter, trips

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._adapter, name)
        if name in ("fetch", "commit", "publish", "load", "save", "park"):
            self._trips.append(name)
        return method


async def test_a_batch_of_500_tickets_costs_few_round_trips() -> None:
    """Each with a fact that is answered by one fact: fetch, load, write, one wave, commit."""
    log, trips = InMemoryLog(), list[str]()
    service = Chain().services()[1]
    store: Any = CountedAdapter(InMemoryStore[HeardByLink](), trips)
    writer: Any = CountedAdapter(InMemoryWriter(log), trips)
    reader: Any = CountedAdapter(InMemoryReader(log, "middle.loop", ["tickets"]), trips)
    tickets: Sequence[str] = [f"T{nth:03d}" for nth in range(500)]
    for ticket in tickets:
        log.append(outgoing(fact(Begun(number=1), key=ticket, seq=1, producer="head"), "tickets"))
        log.append(outgoing(fact(Weighed(number=1), key=ticket, seq=2, producer="head"), "tickets"))
    assert await Loop(service, reader, writer, store, system_wall).step() == 1000
    assert len(trips) <= ROUND_TRIPS_AT_MOST, trips
    records: dict[str, Record[HeardByLink]] = await store.load(tickets)
    assert all(record.seq == 1 for record in records.values())
