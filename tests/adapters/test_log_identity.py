"""Which log it is, on a real Kafka: what is acknowledged went into the log that is known, or nothing is."""

import secrets
from collections.abc import AsyncIterator, Mapping

import pytest

from runtime.delivery.log_identity import LogIdentity
from runtime.delivery.ports import LogLost, LogPartition, Unavailable
from runtime.delivery.records import Outgoing
from runtime.kafka.bus import Bus
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.identity import LASTING, KafkaIdentity
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.kafka.writer import KafkaWriter
from runtime.mongo.client import Mongo
from runtime.mongo.known_log import MongoKnownLog
from runtime.process.known_log import KnownLog
from tests.adapters.test_logs import read
from tests.faults.waiting import until
from tests.stack import Stack

pytestmark = pytest.mark.stack
GROUPS = {"one.loop": ("tickets",)}
PLACE = ("tickets/1", 3)


def out(value: bytes) -> Outgoing:
    """A record in partition 3."""
    return Outgoing("tickets", 3, "T", [("ce_type", b"X")], value)


class Remembered:
    """What a process remembers of its log without a database."""

    kept: LogIdentity | None = None

    def __init__(self) -> None:
        self.read_to: dict[LogPartition, int] = {}

    async def reached(self) -> Mapping[LogPartition, int]:
        return self.read_to

    async def known(self) -> LogIdentity | None:
        return self.kept

    async def remember(self, found: LogIdentity) -> LogIdentity | None:
        self.kept = self.kept or found
        return self.kept


@pytest.fixture
async def bus(stack: Stack) -> AsyncIterator[Bus]:
    made = stack.bus(f"i{secrets.token_hex(4)}")
    await create_topics(made)
    await lay_positions(made, GROUPS)
    yield made
    await delete_topics(made)


@pytest.fixture
def remembered() -> Remembered:
    return Remembered()


@pytest.fixture
async def watch(bus: Bus, remembered: Remembered) -> AsyncIterator[KnownLog]:
    finder = KafkaIdentity(bus)
    yield KnownLog("one", finder, remembered, LASTING)
    await finder.stop()


async def made_anew(bus: Bus) -> None:
    """All topics again, under their names: as an empty cluster has them."""
    await delete_topics(bus)
    finder = KafkaIdentity(bus)

    async def gone() -> bool:
        return not (await finder.found()).topics

    await until(gone, "the topics were not deleted")
    await create_topics(bus)

    async def there() -> bool:
        return len((await finder.found()).topics) == len(LASTING)

    await until(there, "the topics were not made")
    await finder.stop()


async def values(bus: Bus) -> list[bytes]:
    """All that is in the topic now."""
    follower = KafkaFollower(bus, "tickets")
    found = list(await follower.fetch())
    while await follower.is_behind():
        found += await follower.fetch()
    await follower.stop()
    return [record.value for record in found]


async def takes(writer: KafkaWriter, value: bytes) -> bool:
    """Whether it is acknowledged: a topic that was just made has no leader for a moment."""
    try:
        await writer.publish([out(value)])
    except Unavailable:
        return False
    return True


async def test_what_is_written_by_id_is_read_by_id(bus: Bus, watch: KnownLog) -> None:
    writer, reader = KafkaWriter(bus, watch=watch), KafkaReader(bus, "one.loop", ["tickets"], watch=watch)
    await reader.start()
    await writer.publish([out(b"a"), out(b"b" * 400_000), out(b"c")])
    assert [len(record.value) for record in await read(reader, 3)] == [1, 400_000, 1]
    assert watch.is_sound
    await writer.stop()
    await reader.stop()


@pytest.mark.parametrize("guarded", [True, False])
async def test_nothing_is_acknowledged_into_a_topic_that_was_made_anew(
    bus: Bus, watch: KnownLog, guarded: bool
) -> None:
    writer = KafkaWriter(bus, watch=watch if guarded else None)
    await writer.publish([out(b"a")])
    await made_anew(bus)
    if guarded:
        for _ in range(3):
            with pytest.raises(Unavailable):
                await writer.publish([out(b"b")])
        with pytest.raises(LogLost, match=r"duban topics --new-epoch 2"):
            await writer.publish([out(b"b")])
    else:
        await until(lambda: takes(writer, b"b"), "the new topic took nothing")
    assert set(await values(bus)) == (set() if guarded else {b"b"})
    await writer.stop()


async def test_how_far_each_place_goes_is_asked_of_its_leader(bus: Bus, watch: KnownLog) -> None:
    writer, finder = KafkaWriter(bus), KafkaIdentity(bus)
    await writer.publish([out(b"a"), out(b"b")])
    places = [PLACE, ("tickets/1", 4), ("submissions/1", 0), ("tickets/2", 3), ("nothing/1", 0)]
    assert await finder.ends(places) == {PLACE: 2, ("tickets/1", 4): 0, ("submissions/1", 0): 0}
    await writer.stop()
    await finder.stop()


@pytest.mark.parametrize("guarded", [True, False])
async def test_nothing_is_acknowledged_into_an_older_log_under_the_right_ids(
    bus: Bus, watch: KnownLog, remembered: Remembered, guarded: bool
) -> None:
    """It comes between two looks: the offset that the record is given tells."""
    writer = KafkaWriter(bus, watch=watch)
    await watch.look()
    if guarded:
        remembered.read_to = watch.reached = {PLACE: 5}
        with pytest.raises(LogLost, match=r"tickets/1/3: 1 instead of 5.*older log came back"):
            await writer.publish([out(b"a")])
        assert not watch.is_sound
    else:
        await writer.publish([out(b"a")])
    await writer.stop()


@pytest.mark.parametrize("guarded", [True, False])
async def test_a_reader_reads_nothing_from_a_topic_that_was_made_anew(bus: Bus, watch: KnownLog, guarded: bool) -> None:
    await watch.look()
    await made_anew(bus)
    await lay_positions(bus, GROUPS)
    stranger = KafkaWriter(bus)
    await stranger.publish([out(b"b"), out(b"c")])
    reader = KafkaReader(bus, "one.loop", ["tickets"], watch=watch if guarded else None)
    if guarded:
        with pytest.raises(LogLost, match="has others in place of"):
            await reader.start()
    else:
        await reader.start()
        assert [record.value for record in await read(reader, 2)] == [b"b", b"c"]
    await stranger.stop()
    await reader.stop()


async def test_a_broker_refuses_to_be_read_by_the_id_of_a_topic_that_is_gone(bus: Bus, watch: KnownLog) -> None:
    """The reader is at work meanwhile, and nobody has looked yet."""
    reader, writer = KafkaReader(bus, "one.loop", ["tickets"], watch=watch), KafkaWriter(bus)
    await reader.start()
    await writer.publish([out(b"a")])
    assert len(await read(reader, 1)) == 1
    await made_anew(bus)
    await writer.publish([out(b"b"), out(b"c")])
    found = list[bytes]()

    async def refused() -> bool:
        try:
            found.extend(record.value for record in await reader.fetch(10))
        except Unavailable:
            return not watch.is_sound
        return False

    await until(refused, "the reader did not notice")
    assert found == []
    await writer.stop()
    await reader.stop()


async def test_a_topic_that_is_gone_is_said_by_its_name(bus: Bus, watch: KnownLog) -> None:
    await watch.look()
    await delete_topics(bus)

    async def lost() -> bool:
        try:
            await watch.look()
        except LogLost as why:
            gone = "affairs, audit, configuration, submissions, ticket-feed, ticket-snapshots, tickets"
            return f"does not have {gone}" in str(why)
        return False

    await until(lost, "the loss was not seen")
    assert not watch.is_sound
    await create_topics(bus)


async def test_topics_that_were_never_made_are_waited_for(stack: Stack) -> None:
    finder = KafkaIdentity(stack.bus(f"n{secrets.token_hex(4)}"))
    watch = KnownLog("one", finder, Remembered(), LASTING)
    with pytest.raises(Unavailable, match="`duban topics` makes them"):
        await watch.seen()
    assert not watch.is_sound
    await finder.stop()


async def test_the_database_remembers_the_first_log_and_what_is_added_to_it(stack: Stack, namespace: str) -> None:
    mongo = Mongo(stack.mongodb_uri, namespace)
    remembered = MongoKnownLog(mongo.database("intake"))
    first = LogIdentity(1, "c", {"tickets": "1"})
    assert await remembered.known() is None
    assert await remembered.remember(first) == first
    assert await remembered.remember(LogIdentity(1, "c", {"tickets": "2", "more": "3"})) == LogIdentity(
        1, "c", {"tickets": "1", "more": "3"}
    )
    assert await MongoKnownLog(mongo.database("intake"), adopts=False).remember(first) is not None
    await remembered.begin(LogIdentity(2, "d", {"tickets": "9"}))
    assert await remembered.known() == LogIdentity(2, "d", {"tickets": "9"})
    await mongo.close()
