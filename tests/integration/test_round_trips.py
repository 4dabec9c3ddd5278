"""What a batch of 500 tickets costs on the real stack: each command to MongoDB and each request to Kafka counts."""

from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from runtime.clock import Clock, system_wall
from runtime.delivery.loop import Loop
from runtime.http.requests import outgoing
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import create_topics, lay_positions
from runtime.kafka.writer import KafkaWriter
from runtime.mongo import client
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from tests.harness import fact
from tests.simulation.loop_chain import Begun, Chain, HeardByLink, Weighed
from tests.stack import Stack

TICKETS = 500
AT_MOST = 8  # round trips of a batch (issue: the loop)
OF_A_BATCH = ("Produce", "OffsetCommit")  # fetches run ahead on their own, heartbeats by the clock

pytestmark = pytest.mark.stack


class Trips(CommandListener):
    """Names of the commands that went to MongoDB."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.names.append(event.command_name)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It was counted when it began."""

    def failed(self, event: CommandFailedEvent) -> None:
        """It was counted when it began."""


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> Trips:
    counted, send = Trips(), AIOKafkaClient.send

    async def counting(self: Any, node: Any, request: Any, **more: Any) -> Any:
        name = type(request).__name__
        if name.startswith(OF_A_BATCH):
            counted.names.append(name)
        return await send(self, node, request, **more)

    monkeypatch.setitem(client.OPTIONS, "event_listeners", [counted])
    monkeypatch.setattr(AIOKafkaClient, "send", counting)
    return counted


async def test_a_batch_of_500_tickets_costs_few_round_trips(stack: Stack, namespace: str, trips: Trips) -> None:
    bus, mongo, service = stack.bus(namespace), Mongo(stack.mongodb_uri, namespace), Chain().services()[1]
    await create_topics(bus)
    await lay_positions(bus, {"middle.loop": ("tickets",)})
    store: MongoStore[HeardByLink] = MongoStore(mongo.database("middle"), service, Clock())
    reader, writer = KafkaReader(bus, "middle.loop", ["tickets"]), KafkaWriter(bus)
    await reader.start()
    loop = Loop(service, reader, writer, store, system_wall)
    tickets = [f"T{nth:03d}" for nth in range(TICKETS)]
    await writer.publish([outgoing(fact(Begun(number=1), key=t, seq=1, producer="head"), "tickets") for t in tickets])
    await _read(loop, TICKETS)
    await writer.publish([outgoing(fact(Weighed(number=1), key=t, seq=2, producer="head"), "tickets") for t in tickets])
    trips.names.clear()
    batches = await _read(loop, TICKETS)
    assert len(trips.names) <= AT_MOST * batches, trips.names
    assert {"find", "update"} <= set(trips.names), "what is not counted proves nothing"
    assert any(name.startswith("Produce") for name in trips.names)
    assert sum(record.seq for record in (await store.load(tickets)).values()) == TICKETS
    await reader.stop()
    await writer.stop()
    await mongo.close()


async def _read(loop: Loop[HeardByLink], wanted: int) -> int:
    """Step until so many records were read; in how many batches."""
    read, batches = 0, 0
    for _ in range(200):
        got = await loop.step()
        read, batches = read + got, batches + (got > 0)
        if read >= wanted:
            return batches
    raise AssertionError("they did not come")
