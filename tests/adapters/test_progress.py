"""How far a group has come: one suite in memory and on a real Kafka."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from runtime.delivery.ports import GroupProgress, Reader, Writer
from runtime.delivery.records import Outgoing
from runtime.kafka.progress import KafkaProgress
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.kafka.writer import KafkaWriter
from runtime.memory.log import InMemoryLog, InMemoryProgress, InMemoryReader, InMemoryWriter
from tests.adapters.test_logs import GROUPS, read
from tests.stack import Stack

GROUP, TOPICS = "one.loop", ["tickets"]


@dataclass
class March:
    """A group that reads, and who asks how far it has come."""

    reader: Reader
    writer: Writer
    progress: GroupProgress


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.stack)])
async def march(request: pytest.FixtureRequest) -> AsyncIterator[March]:
    if request.param == "memory":
        log = InMemoryLog()
        yield March(InMemoryReader(log, GROUP, TOPICS), InMemoryWriter(log), InMemoryProgress(log, GROUP, TOPICS))
        return
    stack: Stack = request.getfixturevalue("stack")
    bus = stack.bus(f"g{secrets.token_hex(4)}")
    await create_topics(bus)
    await lay_positions(bus, GROUPS)
    reader, writer = KafkaReader(bus, GROUP, TOPICS), KafkaWriter(bus)
    await reader.start()
    yield March(reader, writer, KafkaProgress(bus, GROUP, TOPICS))
    await reader.stop()
    await writer.stop()
    await delete_topics(bus)


async def test_the_ends_grow_with_the_log_and_the_positions_with_the_commits(march: March) -> None:
    records = [
        Outgoing("tickets", partition, "T", [("ce_type", b"X"), ("ce_to", b"")], b"{}") for partition in (2, 2, 7)
    ]
    await march.writer.publish(records)
    ends = await march.progress.ends()
    assert (ends["tickets/1", 2], ends["tickets/1", 7], ends.get(("tickets/1", 8), 0)) == (2, 1, 0)
    before = await march.progress.committed()
    assert (before.get(("tickets/1", 2), 0), before.get(("tickets/1", 7), 0)) == (0, 0)
    await read(march.reader, len(records))
    after = await march.progress.committed()
    assert all(after.get(place, 0) >= end for place, end in ends.items())
