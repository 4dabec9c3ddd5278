"""50,000 documents due at one instant, among three times as many that are not: until every knock was handled."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks import bench
from benchmarks.bench import Ground
from contracts.envelope import Message, WakeUp
from contracts.topics import partition_of
from runtime.change import Change, Result
from runtime.clock import Clock, system_wall
from runtime.delivery.loop import Loop
from runtime.delivery.records import Record
from runtime.delivery.service import Service
from runtime.delivery.timers import Timers
from runtime.kafka.reader import KafkaReader
from runtime.kafka.writer import KafkaWriter
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore

DUE, LATER = 50_000, 150_000
TARGET = DUE / 30  # alarms a second: all of them in half a minute
AT_ONCE = 5_000  # documents of one write
AHEAD = timedelta(seconds=90)  # long enough to write them
WITHIN = 240.0  # seconds


@dataclass(frozen=True, slots=True)
class Alarm:
    """A document that wants one knock."""

    wake: datetime | None


def on_wake_up(document: Alarm | None, message: Message[Any], now: datetime) -> Result[Alarm]:
    return Change(Alarm(None))


SERVICE: Service[Alarm] = Service(
    name="alarm", says="tickets", document=Alarm, reacts={WakeUp: on_wake_up}, wake_at=lambda alarm: alarm.wake
)


async def measure(ground: Ground) -> bench.Result:
    """Alarms a second; the floor is the rate that the target asks for."""
    there = await ground.fresh({"alarm.loop": ("tickets",)})
    mongo, clock = Mongo(ground.mongodb_uri, there.namespace), Clock()
    store = MongoStore(mongo.database("alarm"), SERVICE, clock)
    await store.create_indexes()
    await _fill(store, LATER, "L", clock.now() + timedelta(days=1))
    seconds = await _drained(there, store, clock)
    print(
        f"  timers: {DUE} due at once among {DUE + LATER}, the last knock {seconds:.1f} s after it was due", flush=True
    )
    await mongo.client.drop_database(mongo.database("alarm").name)
    await mongo.close()
    await there.forget()
    return bench.Result("timers drained", "alarms/s", [DUE / seconds], [TARGET], 1.0)


async def _drained(there: Ground, store: MongoStore[Alarm], clock: Clock) -> float:
    """Seconds from the instant at which all are due until the last of them has rung."""
    reader, writer = KafkaReader(there.bus, "alarm.loop", ("tickets",)), KafkaWriter(there.bus)
    loop, stop = Loop(SERVICE, reader, writer, store, clock.wall), asyncio.Event()
    await reader.start()
    await loop.step()
    await _fill(store, DUE, "D", due := clock.now() + AHEAD)
    assert clock.now() < due, "they were due before they were written"
    timers = Timers(SERVICE, store, reader, writer, clock)
    running = [asyncio.create_task(loop.run(stop)), asyncio.create_task(timers.run(stop))]
    await _until_all_rang(store, due)
    seconds = (clock.now() - due).total_seconds()
    stop.set()
    await asyncio.gather(*running)
    await reader.stop()
    await writer.stop()
    return seconds


async def _fill(store: MongoStore[Alarm], count: int, prefix: str, wake: datetime) -> None:
    names = [f"{prefix}{nth:025d}" for nth in range(count)]
    for first in range(0, count, AT_ONCE):
        await store.save([_record(name, wake) for name in names[first : first + AT_ONCE]])


def _record(name: str, wake: datetime) -> Record[Alarm]:
    return Record(name, partition_of(name), Alarm(wake))


async def _until_all_rang(store: MongoStore[Alarm], due: datetime) -> None:
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        await asyncio.sleep(0.2)
        if system_wall() > due and not await store.due(range(64), 1):
            return
    raise TimeoutError(f"not all rang within {WITHIN:.0f} s")
