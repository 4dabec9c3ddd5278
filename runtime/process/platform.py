"""What a process stands on: the clock, the log and the stores. Real, or in memory with the same surface."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from runtime.clock import Clock
from runtime.delivery.attempts import Attempts
from runtime.delivery.ports import Disk, Follower, GroupProgress, Reader, Store, Tail, Writer
from runtime.delivery.service import Service
from runtime.identity.code_attempts import TriedCodes
from runtime.identity.vault import InMemoryVault, MongoVault, VaultStore
from runtime.kafka.bus import Bus
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.identity import LASTING, KafkaIdentity
from runtime.kafka.progress import KafkaProgress
from runtime.kafka.reader import KafkaReader
from runtime.kafka.room import KafkaRoom
from runtime.kafka.tail import KafkaTail
from runtime.kafka.writer import KafkaWriter
from runtime.memory.log import (
    InMemoryFollower,
    InMemoryLog,
    InMemoryProgress,
    InMemoryReader,
    InMemoryTail,
    InMemoryWriter,
)
from runtime.memory.store import InMemoryStore
from runtime.memory.tried_codes import InMemoryTriedCodes
from runtime.mongo import tried_codes
from runtime.mongo.client import Mongo
from runtime.mongo.known_log import MongoKnownLog
from runtime.mongo.position_marks import MongoPositionMarks
from runtime.mongo.store import MongoStore
from runtime.mongo.tried_codes import MongoTriedCodes
from runtime.process.known_log import KnownLog
from runtime.process.room import Room
from runtime.process.settings import Settings
from runtime.process.skew import Skew

DocumentT = TypeVar("DocumentT")
MadeT = TypeVar("MadeT")


class Platform(Protocol):
    """One per process. ``database`` is None in memory: wiring then takes the in-memory adapters.

    ``readers``: the member of its group that the loop of each service in this process reads with. ``attempts``: whether
    the steps of the loop work. ``skew``: how far the process's clock is from the database's.
    """

    settings: Settings
    clock: Clock
    writer: Writer
    readers: dict[str, Reader]
    attempts: Attempts
    skew: Skew

    def once(self, make: Callable[[Any], MadeT]) -> MadeT:
        """The value of ``make(platform)``, made once per process: an API and a loop share it."""

    def store(self, service: Service[DocumentT]) -> Store[DocumentT]:
        """The store of a service's documents; the same object for the same service."""

    async def reader(self, group: str, topics: Sequence[str], *, keeps: bool = True) -> Reader:
        """A started member of a consumer group; ``keeps``: what it reads becomes documents of the service."""

    def follower(self, topic: str) -> Follower:
        """A reader of a whole topic, in no group."""

    def tail(self, topic: str) -> Tail:
        """A reader of a topic at any place, in no group."""

    def progress(self, group: str, topics: Sequence[str]) -> GroupProgress:
        """How far a consumer group has come in these topics, all its members together."""

    def database(self, name: str) -> Any | None:
        """The database ``<namespace>_<name>``, or None in memory."""

    async def start(self) -> None:
        """Connect to what has to be there."""

    async def stop(self) -> None:
        """Close everything, without waiting for what is frozen."""


class MadeOnce:
    """Values that are made once per process, by the function that makes them."""

    def __init__(self) -> None:
        self._made: dict[Callable[[Any], Any], Any] = {}

    def once(self, make: Callable[[Any], MadeT]) -> MadeT:
        """The value of ``make(platform)``; made when it is asked for first."""
        if make not in self._made:
            self._made[make] = make(self)
        made: MadeT = self._made[make]
        return made


class RealPlatform(MadeOnce):
    """Kafka and MongoDB. ``alone``: the process works without its database. ``only_reads``: it may not write there."""

    def __init__(
        self,
        settings: Settings,
        service: str,
        clock: Clock | None = None,
        *,
        alone: bool = False,
        only_reads: bool = False,
    ) -> None:
        super().__init__()
        self.settings, self.clock = settings, clock or settings.domain_clock()
        self.bus = Bus(
            servers=settings.kafka_bootstrap_servers,
            namespace=settings.namespace,
            epoch=settings.log_epoch,
            username=settings.kafka_username,
            password=settings.kafka_password,
        )
        self.mongo = Mongo(settings.mongodb_uri, settings.namespace, settings.mongodb_driver)
        self._finder = KafkaIdentity(self.bus)
        self.log = KnownLog(
            service,
            self._finder,
            MongoKnownLog(self.mongo.database(service), adopts=not (alone or only_reads)),
            LASTING,
            alone=alone,
        )
        self._kafka_room = KafkaRoom(self.bus)
        self.room = Room("kafka", self._kafka_room.disk, settings.disk_least)
        self.room_of_database = Room("mongodb", self._disk_of_database(service), settings.disk_least)
        self._producer = KafkaWriter(
            self.bus, service, watch=self.log, admit=self.room.refuse_short if alone else _admit_all
        )
        self.writer: Writer = self._producer
        self.attempts = Attempts()
        self.skew = Skew(self.clock.wall, self.mongo.time)
        self._stores: dict[str, Any] = {}
        self.readers: dict[str, Reader] = {}
        self._readers: list[KafkaReader] = []
        self._followers: list[KafkaFollower | KafkaTail] = []

    def _disk_of_database(self, service: str) -> Callable[[], Awaitable[Disk | None]]:
        async def disk() -> Disk | None:
            return await self.mongo.disk(service)

        return disk

    @property
    def works(self) -> bool:
        """Whether log and clock are right, and neither publishing nor the loop has failed for ten seconds."""
        is_sound = self.log.is_sound and not self.skew.is_wrong
        return is_sound and self._producer.attempts.work and self.attempts.work

    def store(self, service: Service[DocumentT]) -> Store[DocumentT]:
        """The service's collection in its own database."""
        if service.label not in self._stores:
            database = self.mongo.database(service.name)
            self._stores[service.label] = MongoStore(database, service, self.clock, omit=service.omit_defaults)
        store: Store[DocumentT] = self._stores[service.label]
        return store

    async def reader(self, group: str, topics: Sequence[str], *, keeps: bool = True) -> KafkaReader:
        """A static member of ``<namespace>.<group>``."""
        marks = MongoPositionMarks(self.database(group.partition(".")[0]), group) if keeps else None
        reader = KafkaReader(self.bus, group, topics, self.settings.replica, self.log, marks)
        await reader.start()
        self._readers.append(reader)
        return reader

    def follower(self, topic: str) -> KafkaFollower:
        """A reader of a whole topic; stopped with the platform."""
        follower = KafkaFollower(self.bus, topic)
        self._followers.append(follower)
        return follower

    def tail(self, topic: str) -> KafkaTail:
        """A reader of a topic at any place; stopped with the platform."""
        tail = KafkaTail(self.bus, topic)
        self._followers.append(tail)
        return tail

    def progress(self, group: str, topics: Sequence[str]) -> KafkaProgress:
        """How far a group has come."""
        return KafkaProgress(self.bus, group, topics)

    def database(self, name: str) -> Any:
        return self.mongo.database(name)

    async def start(self) -> None:
        """Refuse a database that would lose writes and a log that is not ours, and connect the producer."""
        await self.mongo.refuse_unsafe()
        await self.log.look()
        await self._producer.start()

    async def stop(self) -> None:
        """Leave the groups, flush nothing that was not promised, close; side by side, for each may be frozen."""
        reading = [reader.stop() for reader in self._readers] + [follower.stop() for follower in self._followers]
        await asyncio.gather(
            *reading, self._producer.stop(), self._finder.stop(), self._kafka_room.stop(), self.mongo.close()
        )


def _admit_all() -> None:
    """Loops go on as long as they can."""


class InMemoryPlatform(MadeOnce):
    """One log and the stores of all services in this process."""

    def __init__(self, settings: Settings, clock: Clock, log: InMemoryLog | None = None) -> None:
        super().__init__()
        self.settings, self.clock = settings, clock
        self.log = log or InMemoryLog()
        self.writer: Writer = InMemoryWriter(self.log)
        self.attempts = Attempts()
        self.skew = Skew(clock.wall, self._own_time)
        self._stores: dict[str, Any] = {}
        self.readers: dict[str, Reader] = {}

    async def _own_time(self) -> datetime:
        return self.clock.wall()

    def store(self, service: Service[DocumentT]) -> InMemoryStore[DocumentT]:
        """The service's records, shared by its API and its loop."""
        if service.label not in self._stores:
            self._stores[service.label] = InMemoryStore(service.wake_at, self.clock.now)
        store: InMemoryStore[DocumentT] = self._stores[service.label]
        return store

    async def reader(self, group: str, topics: Sequence[str], *, keeps: bool = True) -> InMemoryReader:
        """The only member of the group."""
        return InMemoryReader(self.log, group, topics)

    def follower(self, topic: str) -> InMemoryFollower:
        """A reader of a whole topic."""
        return InMemoryFollower(self.log, topic)

    def tail(self, topic: str) -> InMemoryTail:
        """A reader of a topic at any place."""
        return InMemoryTail(self.log, topic)

    def progress(self, group: str, topics: Sequence[str]) -> InMemoryProgress:
        """How far a group has come."""
        return InMemoryProgress(self.log, group, topics)

    def database(self, name: str) -> None:
        """None: wiring takes the in-memory adapters."""

    async def start(self) -> None:
        """In memory there is nothing to connect."""

    async def stop(self) -> None:
        """In memory there is nothing to close."""


def vault_of(platform: Platform, view: str) -> VaultStore:
    """The vault as a service may see it; in memory, one for all services of the process."""
    database = platform.database("vault")
    if database is not None:
        return MongoVault(database, view)
    return platform.once(_vault_in_memory)


def tried_codes_of(platform: Platform) -> TriedCodes:
    """The codes that were tried at all services; one for all of this process."""
    return platform.once(_tried_codes)


def _tried_codes(platform: Platform) -> TriedCodes:
    database, in_memory = platform.database(tried_codes.DATABASE), InMemoryTriedCodes(platform.clock.stopwatch)
    return in_memory if database is None else MongoTriedCodes(database, in_memory)


def _vault_in_memory(_platform: Platform) -> InMemoryVault:
    return InMemoryVault()
