"""What a turn left behind in the stores, counted and not timed: messages, bytes, commands, documents.

Kafka's bytes are keys, headers and values, without its own framing. MongoDB's commands are those that loops send while
they work and while they wait, those of this counting among them: a few a second. Its journal is counted before
compression.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from pymongo import AsyncMongoClient

from benchmarks.bench import Ground

Ends = Mapping[TopicPartition, int]
COMMANDS = ("find", "getMore", "aggregate", "insert", "update", "delete", "findAndModify", "bulkWrite", "count")
QUIET_FOR = 2.0  # seconds without a new message: a turn is over
QUIET_WITHIN = 60.0  # seconds
READ_WITHIN = 120.0  # seconds to read all messages of a turn again


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the stores stand at an instant; each figure grows."""

    ends: Ends
    commands: int
    received: int
    journal: int


class Auditor:
    """Looks into the topics and databases of one namespace."""

    def __init__(
        self,
        ground: Ground,
        places: Sequence[TopicPartition],
        consumer: AIOKafkaConsumer,
        client: AsyncMongoClient[Any],
    ) -> None:
        self._prefix, self._places, self._consumer, self._client = ground.namespace, places, consumer, client

    async def stand(self) -> Stand:
        """Where the stores stand now."""
        status = await self._client.admin.command("serverStatus")
        commands = status["metrics"]["commands"]
        return Stand(
            ends=await self._ends(),
            commands=sum(int(commands[name]["total"]) for name in COMMANDS if name in commands),
            received=int(status["network"]["bytesIn"]),
            journal=int(status["wiredTiger"]["log"]["log bytes of payload data"]),
        )

    async def quiet(self) -> None:
        """Return when nobody has written to the log for a while. Raises TimeoutError."""
        async with asyncio.timeout(QUIET_WITHIN):
            before, now = None, await self._ends()
            while before != now:
                await asyncio.sleep(QUIET_FOR)
                before, now = now, await self._ends()

    async def since(self, before: Stand, tickets: int) -> dict[str, float]:
        """What was written and asked since, a ticket."""
        after = await self.stand()
        found = {
            "messages": float(sum(after.ends.values()) - sum(before.ends.values())),
            "bytes in Kafka": float(await self._bytes(before.ends, after.ends)),
            "bytes to MongoDB": float(after.received - before.received),
            "bytes in MongoDB's journal": float(after.journal - before.journal),
            "MongoDB commands": float(after.commands - before.commands),
        }
        return {name: figure / tickets for name, figure in found.items()}

    async def documents(self, tickets: int) -> dict[str, float]:
        """Mean bytes of the documents of each collection that has one or more a ticket."""
        found: dict[str, float] = {}
        for name in await self._client.list_database_names():
            if name.startswith(f"{self._prefix}_"):
                sizes = await self._sizes(name)
                short = name.removeprefix(f"{self._prefix}_")
                found |= {f"{short}.{each}": size for each, (count, size) in sizes.items() if count >= tickets}
        return found

    async def _sizes(self, database: str) -> dict[str, tuple[int, float]]:
        there = self._client[database]
        names = await there.list_collection_names(filter={"type": "collection"})
        stats = {name: await there.command("collStats", name) for name in names}
        return {name: (each["count"], float(each.get("avgObjSize", 0))) for name, each in stats.items()}

    async def _ends(self) -> Ends:
        ends: Ends = await self._consumer.end_offsets(self._places)
        return ends

    async def _bytes(self, before: Ends, after: Ends) -> int:
        """Of the messages between two ends, read once more."""
        wanted = {place: end for place, end in after.items() if end > before.get(place, 0)}
        self._consumer.assign(list(wanted))
        for place in wanted:
            self._consumer.seek(place, before.get(place, 0))
        missing, total = sum(end - before.get(place, 0) for place, end in wanted.items()), 0
        async with asyncio.timeout(READ_WITHIN):
            while missing > 0:
                for records in (await self._consumer.getmany(timeout_ms=500)).values():
                    missing, total = missing - len(records), total + sum(map(_length, records))
        return total


@asynccontextmanager
async def auditor(ground: Ground) -> AsyncIterator[Auditor]:
    """One with connections of its own, closed with the context. The topics are there already."""
    places = await _places(ground)
    consumer = AIOKafkaConsumer(**ground.bus.client_options(), enable_auto_commit=False)
    await consumer.start()
    try:
        async with AsyncMongoClient[Any](ground.mongodb_uri) as client:
            yield Auditor(ground, places, consumer, client)
    finally:
        await consumer.stop()


async def _places(ground: Ground) -> list[TopicPartition]:
    """Of all topics of the namespace, also of those that only the other build knows."""
    admin = AIOKafkaAdminClient(**ground.bus.client_options())
    await admin.start()
    try:
        names = [name for name in await admin.list_topics() if name.startswith(f"{ground.namespace}.")]
        found = await admin.describe_topics(names)
    finally:
        await admin.close()
    return [TopicPartition(each["topic"], part["partition"]) for each in found for part in each["partitions"]]


def _length(record: Any) -> int:
    headers = sum(len(name) + len(value or b"") for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers
