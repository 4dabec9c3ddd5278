"""Members of a group on a real Kafka: each reads all topics that it asks for, and none lives under another's name."""

import secrets
from collections.abc import AsyncIterator

import pytest

from runtime.delivery.records import Outgoing
from runtime.kafka.bus import Bus
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.kafka.writer import KafkaWriter
from runtime.mongo.client import Mongo
from runtime.mongo.member_lease import DEAD_AFTER, LOOK_EVERY, MemberLease, MemberTaken
from runtime.process.settings import Settings
from tests.adapters.test_logs import read
from tests.stack import Stack

pytestmark = pytest.mark.stack
BOTH = ("submissions", "tickets")
FOUND_WITHIN = 30.0  # seconds (issue 13)


@pytest.fixture
async def bus(stack: Stack) -> AsyncIterator[Bus]:
    made = stack.bus(f"m{secrets.token_hex(4)}")
    await create_topics(made)
    await lay_positions(made, {"one.loop": BOTH})
    yield made
    await delete_topics(made)


@pytest.mark.parametrize("guarded", [True, False])
async def test_a_loop_that_comes_back_with_a_topic_more_reads_it(
    bus: Bus, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not guarded:

        async def trust(self: KafkaReader) -> None: ...

        monkeypatch.setattr(KafkaReader, "_join_anew_if_not_as_asked", trust)
    first = KafkaReader(bus, "one.loop", ["tickets"], "0")
    await first.start()
    await first.stop()
    writer, again = KafkaWriter(bus), KafkaReader(bus, "one.loop", BOTH, "0")
    await writer.publish([Outgoing("submissions", n, "T", [("ce_type", b"X")], b"x") for n in range(64)])
    await again.start()
    found = await read(again, 64) if guarded else [each for _ in range(10) for each in await again.fetch(100)]
    assert len(found) == (64 if guarded else 0)
    await again.stop()
    await writer.stop()


def lease(mongo: Mongo, holder: str) -> MemberLease:
    return MemberLease(mongo.database("sla"), "sla.loop", "0", holder)


async def test_the_second_of_two_under_one_name_finds_out_and_says_which_setting(stack: Stack, namespace: str) -> None:
    mongo = Mongo(stack.mongodb_uri, namespace)
    first, second = lease(mongo, "first"), lease(mongo, "second")
    await first.look()
    await second.look()
    await first.look()
    with pytest.raises(MemberTaken, match="DUBAN_MEMBER"):
        await second.look()
    await first.look()
    assert 2 * LOOK_EVERY <= FOUND_WITHIN
    await mongo.close()


async def test_the_name_of_a_process_that_is_dead_is_taken_over_and_a_frozen_one_ends(
    stack: Stack, namespace: str
) -> None:
    mongo = Mongo(stack.mongodb_uri, namespace)
    first, second = lease(mongo, "first"), lease(mongo, "second")
    await first.look()
    for _ in range(DEAD_AFTER + 1):
        await second.look()
    await second.look()
    await first.look()  # it wakes up
    await second.look()
    with pytest.raises(MemberTaken):
        await first.look()
    await mongo.close()


def test_without_a_setting_each_machine_and_each_container_has_a_name_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "container-7")
    monkeypatch.delenv("DUBAN_MEMBER", raising=False)
    assert Settings().replica == "container-7"
