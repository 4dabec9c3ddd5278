"""One suite for reading a topic at any place: in memory and on a real Kafka."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from contracts.envelope import stamp
from contracts.topics import TICKET_FEED
from runtime.clock import system_wall
from runtime.delivery.ports import Tail, Unavailable, Writer
from runtime.delivery.records import Incoming, Outgoing
from runtime.kafka import tail
from runtime.kafka.bus import Bus
from runtime.kafka.tail import READERS, KafkaTail
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.kafka.writer import KafkaWriter
from runtime.memory.log import InMemoryLog, InMemoryTail, InMemoryWriter
from tests.stack import Stack

NAME, COUNT = TICKET_FEED.name, TICKET_FEED.partitions
NOWHERE = (0,) * COUNT
MANY = 3 * READERS  # questions at once


@dataclass
class PlacedTopic:
    """A topic by its two ports."""

    tail: Tail
    writer: Writer

    async def say(self, *places: int, first: int = 0) -> None:
        """One record in each of these partitions, written now; its value is its number."""
        said = [("ce_type", b"x"), ("ce_time", stamp(system_wall()).encode())]
        await self.writer.publish(
            [Outgoing(NAME, place, f"k{place}", said, str(nth).encode()) for nth, place in enumerate(places, first)]
        )


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.stack)])
async def feed(request: pytest.FixtureRequest) -> AsyncIterator[PlacedTopic]:
    if request.param == "memory":
        log = InMemoryLog()
        yield PlacedTopic(InMemoryTail(log, NAME), InMemoryWriter(log))
        return
    stack: Stack = request.getfixturevalue("stack")
    bus = stack.bus(f"t{secrets.token_hex(4)}")
    await create_topics(bus)
    await lay_positions(bus, {"one.loop": (NAME,)})  # the topic is there once this is done
    reading, writer = KafkaTail(bus, NAME), KafkaWriter(bus)
    yield PlacedTopic(reading, writer)
    await reading.stop()
    await writer.stop()
    await delete_topics(bus)


def values(records: Iterable[Incoming]) -> list[int]:
    return [int(each.value) for each in records]


async def test_an_empty_topic_is_read_at_once(feed: PlacedTopic) -> None:
    assert await feed.tail.read(NOWHERE, 10) == []
    assert (await feed.tail.span()).ends == NOWHERE


async def test_what_follows_a_place_is_read_and_nothing_else(feed: PlacedTopic) -> None:
    await feed.say(3, 3, 3, 60, 60)
    starts = [0] * COUNT
    starts[3], starts[60] = 1, 2
    assert values(await feed.tail.read(starts, 10)) == [1, 2]
    assert values(await feed.tail.read(starts, 1)) == [1]
    span = await feed.tail.span()
    assert (span.firsts, span.ends[3], span.ends[60], sum(span.ends)) == (NOWHERE, 3, 2, 5)


async def test_pages_are_whole(feed: PlacedTopic) -> None:
    """Not cut short by what a fetch happened to bring."""
    await feed.say(*(nth % COUNT for nth in range(300)))
    first = await feed.tail.read(NOWHERE, 250)
    starts = list(NOWHERE)
    for each in first:
        starts[each.partition] = each.offset + 1
    rest = await feed.tail.read(starts, 250)
    assert (len(first), len(rest), sorted(values([*first, *rest]))) == (250, 50, list(range(300)))


async def test_an_instant_is_found(feed: PlacedTopic) -> None:
    await feed.say(5)
    await asyncio.sleep(0.05)
    between = system_wall()
    await asyncio.sleep(0.05)
    await feed.say(5, first=1)
    assert values(await feed.tail.read(await feed.tail.at(between), 10)) == [1]
    assert await feed.tail.at(datetime(1970, 1, 1, tzinfo=UTC)) == list(NOWHERE)
    assert await feed.tail.at(between + timedelta(days=1)) == list((await feed.tail.span()).ends)


async def test_many_ask_at_once_and_each_gets_its_own(feed: PlacedTopic) -> None:
    await feed.say(*range(MANY))

    async def of(partition: int) -> list[Incoming]:
        starts = [1] * COUNT
        starts[partition] = 0
        return list(await feed.tail.read(starts, 10))

    found = await asyncio.gather(*map(of, range(MANY)))
    assert [values(each) for each in found] == [[nth] for nth in range(MANY)]


async def test_a_broker_that_is_not_there_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "CALL_WAIT", 0.5)
    with pytest.raises(Unavailable):
        await KafkaTail(Bus(servers="127.0.0.1:1"), NAME).span()
