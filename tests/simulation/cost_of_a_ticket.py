"""A way through all services in memory, in steps and so always the same, on which messages, trips and bytes count."""

import functools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

import bson
import pytest
from pymongo import AsyncMongoClient

from contracts.envelope import type_of
from runtime.delivery.records import Incoming
from runtime.identity.vault import InMemoryVault
from runtime.memory.log import InMemoryReader, InMemoryWriter
from runtime.memory.store import InMemoryStore
from runtime.mongo.store import MongoStore
from runtime.relay import Relay
from services.intake.adapters.memory import InMemoryLedger
from services.notify.adapters.memory import InMemoryMessenger, InMemoryOutbox
from services.notify.workers.feed import GROUP, relay_of
from simulation import filing
from simulation.faults import ended
from simulation.sample_matters import Matter, SamplePerson
from simulation.village import Village
from tests.facts.examples import SCHEMAS

TICKETS = 100  # met together: what a batch costs is shared by so many
ROUNDS_AT_MOST = 30  # of all loops
TOPICS = ("submissions", "tickets", "ticket-feed")

CALLS: Mapping[type, tuple[str, ...]] = {
    InMemoryStore: ("load", "save", "find"),
    InMemoryWriter: ("publish",),
    InMemoryReader: ("commit",),
    InMemoryVault: ("insert_absent", "read"),
    InMemoryOutbox: ("waiting", "attempt", "attempted", "record", "withdraw"),
    InMemoryLedger: ("append", "at"),
    InMemoryMessenger: ("send", "look_up"),
}
"""Each is a trip to MongoDB, Kafka or a provider, unless it is called with nothing. Not counted: fetches, which run
ahead; looks for what is due, which go by the clock; the ends of the ledger's chains, asked for once in a life."""


class Costs:
    """What the calls of the ports cost. ``trips`` by port and call, ``stored``: bytes of documents by service."""

    def __init__(self, village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trips: Counter[str] = Counter()
        self.stored: Counter[str] = Counter()
        database = AsyncMongoClient[Any](connect=False)["never_asked"]
        self._as_stored = {
            id(village.stores[name]): MongoStore(database, service, village.clock, omit=service.omit_defaults)
            for name, service in village.services.items()
        }
        for port, names in CALLS.items():
            for name in names:
                monkeypatch.setattr(port, name, self._counting(port, name))
        monkeypatch.setattr(InMemoryStore, "save", self._weighing(InMemoryStore.save))

    def _counting(self, port: type, name: str) -> Callable[..., Any]:
        call, trip = getattr(port, name), f"{port.__name__.removeprefix('InMemory').lower()}.{name}"

        @functools.wraps(call)
        async def counting(this: Any, what: Collection[Any], *more: Any) -> Any:
            self.trips[trip] += bool(what)
            return await call(this, what, *more)

        return counting

    def _weighing(self, save: Callable[..., Any]) -> Callable[..., Any]:
        async def weighing(this: Any, records: Collection[Any]) -> Any:
            store = self._as_stored[id(this)]
            self.stored[store._service.name] += sum(len(bson.encode(store._plain(each))) for each in records)
            return await save(this, records)

        return weighing


def measured(monkeypatch: pytest.MonkeyPatch, begin: datetime) -> dict[str, float]:
    """By name: messages and bytes a ticket, and trips for all of them together; from this domain instant on."""
    monkeypatch.setattr(filing, "SENT_TWICE", 0.0)
    village = Village(1, faulty=False, begin=begin)
    feed = relay_of(InMemoryReader(village.log, GROUP, ("tickets",)), InMemoryWriter(village.log), SCHEMAS)
    for nth in range(TICKETS):
        village.counter.submit(_matter(nth))
    costs = Costs(village, monkeypatch)
    with closing(village.events):
        _through(village, feed)
    return dict(_written(village)) | dict(_counted(costs))


def _through(village: Village, feed: Relay) -> None:
    """All loops in their order, until nothing is left to do."""
    for _ in range(ROUNDS_AT_MOST):
        read = sum(ended(loop.step()) for loop, _ in village.loops.values())
        read += ended(village._mirror.step()) + ended(feed.step())
        if not read + village.events.run_until_complete(village.delivering.sender.sweep()):
            return
    raise AssertionError("they have not come to an end")


def _written(village: Village) -> Iterator[tuple[str, float]]:
    for topic in TOPICS:
        records = village.log.of_topic(topic)
        kinds = Counter(type_of(record.headers) for record in records)
        yield from ((f"messages: {kind}", count / TICKETS) for kind, count in kinds.items())
        yield f"bytes in {topic}", sum(map(_length, records)) / TICKETS


def _length(record: Incoming) -> int:
    return len(record.key) + len(record.value) + sum(len(name) + len(value) for name, value in record.headers)


def _counted(costs: Costs) -> Iterator[tuple[str, float]]:
    yield from ((f"trips: {trip}", count) for trip, count in costs.trips.items() if count)
    yield from ((f"bytes stored by {name}", size / TICKETS) for name, size in costs.stored.items())


def _matter(nth: int) -> Matter:
    """Clear enough to be assigned by rule."""
    return Matter(
        key=str(nth),
        title="自来水水压很低",
        content=f"麻阳县高村镇农贸市场旁第{nth:03d}号楼自来水水压很低，打过电话没有人来修，请尽快派人检修。",
        place="高村镇农贸市场",
        division="431226",
        hint="",
        shows="",
        reporter=SamplePerson("样例", f"1390000{nth:04d}", "", "sms"),
        co_reporters=(),
        on_behalf=False,
    )
