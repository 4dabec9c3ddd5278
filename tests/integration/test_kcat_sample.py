"""docs/samples/read_topic.sh on a real Kafka: whoever has kcat and no library reads the feed with it."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.envelope import stamp
from contracts.topics import TICKET_FEED, TICKET_SNAPSHOTS, partition_of
from runtime.clock import system_wall
from runtime.delivery.records import Outgoing
from runtime.kafka.bus import Bus
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.kafka.writer import KafkaWriter
from tests.architecture.machine import require
from tests.stack import Stack

pytestmark = pytest.mark.stack
SAMPLE = Path(__file__).parents[2] / "docs/samples/read_topic.sh"
WITHIN = 60.0  # seconds


@dataclass
class ReadTopics:
    """Topics of a namespace of their own, and the sample that reads them."""

    bus: Bus
    writer: KafkaWriter

    async def say(self, topic: str, ticket: str, value: str) -> None:
        labels = [("ce_type", b"duban.ticket.accepted.v1"), ("ce_division", b"431226")]
        at = [*labels, ("ce_time", stamp(system_wall()).encode())]
        await self.writer.publish([Outgoing(topic, partition_of(ticket), ticket, at, value.encode())])

    async def read(self, *how: str) -> list[str]:
        """The lines that the sample prints."""
        environment = os.environ | {"KAFKA": self.bus.servers}
        process = await asyncio.create_subprocess_exec(
            "sh", str(SAMPLE), self.bus.namespace, *how, env=environment, stdout=-1, stderr=-1
        )
        async with asyncio.timeout(WITHIN):
            printed, wrong = await process.communicate()
        assert process.returncode == 0, wrong.decode()
        return printed.decode().splitlines()


@pytest.fixture
async def topics(stack: Stack) -> AsyncIterator[ReadTopics]:
    require("kcat", "kcat")
    bus = stack.bus(f"k{secrets.token_hex(4)}")
    await create_topics(bus)
    await lay_positions(
        bus, {"one.loop": (TICKET_FEED.name, TICKET_SNAPSHOTS.name)}
    )  # they are there once this is done
    writer = KafkaWriter(bus)
    yield ReadTopics(bus, writer)
    await writer.stop()
    await delete_topics(bus)


async def test_kcat_reads_all_one_ticket_from_an_instant_labels_and_snapshots(topics: ReadTopics) -> None:
    feed, snapshots = TICKET_FEED.name, TICKET_SNAPSHOTS.name
    for nth, ticket in enumerate(["麻阳-1", "T2", "麻阳-1"]):
        await topics.say(feed, ticket, f'{{"nth":{nth},"unit":"麻阳县住建局"}}')
    assert sorted(await topics.read("all")) == [f'{{"nth":{nth},"unit":"麻阳县住建局"}}' for nth in range(3)]
    assert [line[:8] for line in await topics.read("ticket", "麻阳-1")] == ['{"nth":0', '{"nth":2']
    assert await topics.read("ticket", "T3") == []
    labelled = await topics.read("labels")
    assert len(labelled) == 3
    assert all("ce_type=duban.ticket.accepted.v1,ce_division=431226" in line for line in labelled)
    assert await topics.read("since", "2020-01-01T00:00:00Z") != []
    assert await topics.read("since", f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}") == []
    await topics.say(snapshots, "T2", '{"state":"accepted"}')
    await topics.say(snapshots, "T2", "")  # erased
    assert (await topics.read("snapshots"))[-1] == "T2\tNULL"
