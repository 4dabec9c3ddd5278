"""Positions on a real Kafka: laid at the beginning of what is kept, put back only when nobody reads."""

import secrets
from collections.abc import AsyncIterator

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from contracts.topics import GROUPS
from runtime.delivery.records import Outgoing
from runtime.kafka.bus import Bus
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import GroupInUse, create_topics, delete_topics, lay_back, lay_positions
from runtime.kafka.writer import KafkaWriter
from tests.adapters.test_logs import read
from tests.stack import Stack

pytestmark = pytest.mark.stack
GROUP = "sla.loop"


@pytest.fixture
async def bus(stack: Stack) -> AsyncIterator[Bus]:
    """Four records in one partition, and no position yet."""
    made = stack.bus(f"g{secrets.token_hex(4)}")
    await create_topics(made)
    writer = KafkaWriter(made)
    await writer.publish([Outgoing("tickets", 2, "T", [("ce_type", b"X")], str(nth).encode()) for nth in range(4)])
    await writer.stop()
    yield made
    await delete_topics(made)


async def read_on(bus: Bus, how_many: int) -> list[bytes]:
    """What the group reads next, and commits."""
    reader = KafkaReader(bus, GROUP, GROUPS[GROUP])
    await reader.start()
    records = await read(reader, how_many)
    await reader.stop()
    return [each.value for each in records]


async def test_a_group_without_a_position_begins_with_what_is_kept(bus: Bus) -> None:
    admin = AIOKafkaAdminClient(**bus.client_options())
    await admin.start()
    await admin.delete_records({TopicPartition(bus.topic("tickets"), 2): RecordsToDelete(before_offset=3)})
    await admin.close()
    assert GROUP in await lay_positions(bus)
    assert await read_on(bus, 1) == [b"3"]
    assert await lay_positions(bus) == []


async def test_a_group_is_put_back_to_the_beginning(bus: Bus) -> None:
    await lay_positions(bus)
    assert await read_on(bus, 4) == [b"0", b"1", b"2", b"3"]
    await lay_back(bus, GROUP)
    assert await read_on(bus, 4) == [b"0", b"1", b"2", b"3"]


async def test_a_group_that_somebody_reads_is_left_alone(bus: Bus) -> None:
    await lay_positions(bus)
    reader = KafkaReader(bus, GROUP, GROUPS[GROUP])
    await reader.start()
    await read(reader, 4)
    with pytest.raises(GroupInUse, match="stop all its processes"):
        await lay_back(bus, GROUP)
    await reader.stop()
