"""A loop that skips what it sees, beside raw ``getmany`` with ``orjson.loads`` of every value."""

import time

import orjson
from aiokafka import AIOKafkaConsumer

from benchmarks.bench import Ground, Result, in_turn, publish_all
from contracts.envelope import Body, Kind, Message
from runtime.clock import system_wall
from runtime.delivery.loop import Loop
from runtime.delivery.service import Service
from runtime.http.requests import outgoing
from runtime.kafka.reader import KafkaReader
from runtime.kafka.writer import KafkaWriter
from runtime.memory.log import InMemoryLog, InMemoryWriter
from runtime.memory.store import InMemoryStore

RECORDS = 60_000
TARGET = 0.60
ROUNDS = 3
TOPICS = ("tickets",)


class NobodyReacts(Body):
    """A fact of usual size to which the service does not react."""

    words: str


async def measure(ground: Ground) -> Result:
    groups = {f"skip{nth}.loop": TOPICS for nth in range(ROUNDS)}
    there = await ground.fresh(groups)
    await _fill(there)
    left = iter(range(ROUNDS))

    async def mine() -> float:
        return await _loop(there, f"skip{next(left)}")

    async def bare() -> float:
        return await _raw(there)

    result = await in_turn("loop that skips", "records/s", TARGET, ROUNDS, mine, bare)
    await there.forget()
    return result


async def _fill(ground: Ground) -> None:
    writer, now = KafkaWriter(ground.bus), system_wall()
    messages = [
        Message(
            id=f"m{nth}",
            type="NobodyReacts",
            kind=Kind.FACT,
            key=f"T{nth % 5000:026d}",
            producer="bench",
            at=now,
            time=now,
            seq=nth + 1,
            body=NobodyReacts(words="督" * 120),
        )
        for nth in range(RECORDS)
    ]
    await publish_all(writer, [outgoing(message, "tickets") for message in messages])
    await writer.stop()


async def _raw(ground: Ground) -> float:
    consumer = AIOKafkaConsumer(
        ground.bus.topic("tickets"),
        **ground.bus.client_options(),
        auto_offset_reset="earliest",
        fetch_max_bytes=8 * 1024 * 1024,
    )
    await consumer.start()
    read, began = 0, time.perf_counter()
    while read < RECORDS:
        for records in (await consumer.getmany(timeout_ms=200, max_records=2000)).values():
            for record in records:
                orjson.loads(record.value)
            read += len(records)
    rate = read / (time.perf_counter() - began)
    await consumer.stop()
    return rate


async def _loop(ground: Ground, name: str) -> float:
    service: Service[None] = Service(name=name, says="tickets", document=type(None), reacts={})
    reader = KafkaReader(ground.bus, f"{name}.loop", TOPICS)
    await reader.start()
    loop = Loop(service, reader, InMemoryWriter(InMemoryLog()), InMemoryStore[None](), system_wall)
    read, began = 0, time.perf_counter()
    while read < RECORDS:
        read += await loop.step()
    rate = read / (time.perf_counter() - began)
    await reader.stop()
    return rate
