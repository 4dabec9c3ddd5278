"""Kafka behind the ports: the only importer of aiokafka in a running service. Its unsafe defaults are undone here."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError

from runtime import metrics
from runtime.ports import Place, PositionLost, Unavailable, still_open
from runtime.positions import heed_group_errors
from runtime.records import Incoming, Outgoing

heed_group_errors()
log = structlog.get_logger()

DEADLINE = 5.0  # seconds until a send is *unknown*: cancelling does not stop it, so it may still arrive
REBUILD_AFTER = 2  # unknown sends in a row after which the producer is thrown away (it may be stuck for ever)
FETCH_WAIT_MS = 200  # how long an empty fetch waits
CALL_WAIT = 10.0  # seconds for commit, seek and stop: aiokafka retries some of them for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Bus:
    """Where Kafka is and what the topics of this installation are called: ``<namespace>.tickets``, …"""

    servers: str
    namespace: str = "duban"
    epoch: int = 1
    username: str = ""
    password: str = ""
    tls: ssl.SSLContext | None = None

    def topic(self, name: str) -> str:
        """The full name of a topic of the catalogue."""
        return f"{self.namespace}.{name}"

    def client_options(self) -> dict[str, Any]:
        """What every client of this bus needs to connect."""
        options: dict[str, Any] = {"bootstrap_servers": self.servers}
        if self.username:
            protocol = "SASL_SSL" if self.tls else "SASL_PLAINTEXT"
            options |= {
                "security_protocol": protocol,
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
                "ssl_context": self.tls,
            }
        return options


class KafkaWriter:
    """A producer with acks=all, a deadline, and a new producer when the old one seems stuck.

    Not idempotent on purpose: such a producer hangs for ever on a frozen broker and poisons a partition after one
    refused batch. A late copy is harmless here: readers know what they have seen.
    """

    def __init__(self, bus: Bus, service: str = "", acks: int | str = "all") -> None:
        self._bus, self._acks = bus, acks
        self._producer: AIOKafkaProducer | None = None
        self._unknown = 0
        self._starting = asyncio.Lock()
        self._seconds = metrics.PUBLISH_SECONDS.labels(service)

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Return when all are acknowledged. Raises Unavailable when that is not known within the deadline."""
        if not batch:
            return
        try:
            with self._seconds.time():
                async with asyncio.timeout(DEADLINE):
                    await self._send(batch)
            self._unknown = 0
        except (TimeoutError, KafkaError, OSError) as why:
            await self._failed()
            raise Unavailable(f"kafka: {type(why).__name__}") from None

    async def _send(self, batch: Sequence[Outgoing]) -> None:
        """A partition's next record batch goes when its last is acknowledged: whole or not at all, so without a gap."""
        producer = await self._started()
        grouped = _grouped(producer, self._bus, batch)
        for wave in range(max(map(len, grouped.values()))):
            sent = [(place, batches[wave]) for place, batches in grouped.items() if wave < len(batches)]
            await asyncio.gather(*[await producer.send_batch(each, topic, partition=n) for (topic, n), each in sent])

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **self._bus.client_options(),
                    acks=self._acks,
                    enable_idempotence=False,
                    request_timeout_ms=5000,
                    linger_ms=0,  # batches are built by hand
                    max_batch_size=131_072,
                    max_request_size=900_000,
                )
                await producer.start()
                self._producer = producer
        return self._producer

    async def _failed(self) -> None:
        self._unknown += 1
        if self._unknown >= REBUILD_AFTER:
            self._unknown = 0
            await self.stop()

    async def start(self) -> None:
        """Connect now rather than at the first message. Raises Unavailable."""
        try:
            async with asyncio.timeout(DEADLINE):
                await self._started()
        except (TimeoutError, KafkaError, OSError) as why:
            raise Unavailable(f"kafka: {type(why).__name__}") from None

    async def stop(self) -> None:
        """Close; gives up waiting for a frozen broker after a second."""
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                await asyncio.wait_for(producer.stop(), 1.0)
            except (TimeoutError, KafkaError, OSError):
                log.warning("producer_abandoned")


def _grouped(producer: AIOKafkaProducer, bus: Bus, batch: Iterable[Outgoing]) -> Mapping[tuple[str, int], list[Any]]:
    """Batches per topic and partition, built by hand: one future a batch instead of one a message."""
    builders: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for out in batch:
        places = builders[bus.topic(out.topic), out.partition]
        if not places or not _append(places[-1], out):
            places.append(producer.create_batch())
            if not _append(places[-1], out):
                raise Unavailable(f"a message of {len(out.value)} bytes is more than a batch may hold")
    return builders


def _append(builder: Any, out: Outgoing) -> bool:
    added = builder.append(
        key=out.key.encode(), value=out.value, timestamp=None, headers=[(name, value) for name, value in out.headers]
    )
    return added is not None


class KafkaReader:
    """A static member of a consumer group that commits by hand and never resets a position by itself."""

    def __init__(self, bus: Bus, group: str, topics: Sequence[str], member: str = "") -> None:
        self._bus, self._topics = bus, {bus.topic(name): f"{name}/{bus.epoch}" for name in topics}
        self._full = {log_name: topic for topic, log_name in self._topics.items()}
        self._committed: dict[Place, int] = {}
        self._next: dict[Place, int] = {}
        self._open: dict[Place, range] = {}  # what was fetched and is not committed
        self._in_doubt = False  # whether the consumer may stand behind records that nobody was given
        self._group, self._member = f"{bus.namespace}.{group}", member
        self._consumer = self._made()

    def _made(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            *self._topics,
            **self._bus.client_options(),
            group_id=self._group,
            group_instance_id=f"{self._group}.{self._member}" if self._member else None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            partition_assignment_strategy=(RangePartitionAssignor,),  # a ticket's partitions of all topics go together
            session_timeout_ms=30_000,
            rebalance_timeout_ms=60_000,
            max_poll_interval_ms=3_600_000,  # the watchdog looks after a stuck loop, not the group
            fetch_max_bytes=8 * 1024 * 1024,
            max_partition_fetch_bytes=1024 * 1024,
        )

    async def start(self) -> None:
        """Join the group. Raises Unavailable."""
        try:
            await asyncio.wait_for(self._consumer.start(), 30)
        except (TimeoutError, KafkaError, OSError) as why:
            raise Unavailable(f"kafka: {type(why).__name__}") from None

    async def stop(self) -> None:
        """Leave without waiting for a frozen broker."""
        try:
            await asyncio.wait_for(self._consumer.stop(), 3)
        except (TimeoutError, KafkaError, OSError):
            log.warning("consumer_abandoned")

    async def fetch(self, at_most: int) -> Sequence[Incoming]:
        """What follows the last commit. Raises PositionLost when the group has no position; Unavailable."""
        await self._begin_again_if_in_doubt()
        self._go_back()
        self._in_doubt = True
        try:
            fetched = await self._consumer.getmany(timeout_ms=FETCH_WAIT_MS, max_records=at_most)
        except (NoOffsetForPartitionError, OffsetOutOfRangeError) as lost:
            raise PositionLost(f"no position: {lost}; `duban topics` lays it anew") from None
        except (KafkaError, OSError) as why:
            raise Unavailable(f"kafka: {type(why).__name__}") from None
        self._in_doubt = False
        for place, records in ((place, records) for place, records in fetched.items() if records):
            self._open[self._topics[place.topic], place.partition] = range(records[0].offset, records[-1].offset + 1)
        self._next.update({place: fetched.stop for place, fetched in self._open.items()})
        return [incoming_of(self._topics[each.topic], each) for records in fetched.values() for each in records]

    async def _begin_again_if_in_doubt(self) -> None:
        """A fetch that failed may have passed over records of other partitions; a new consumer has not."""
        if self._in_doubt:
            log.warning("consumer_made_anew", group=self._group)
            await self.stop()
            self._open.clear()
            self._consumer = self._made()
            await self.start()
            self._in_doubt = False

    async def commit(self, next_offsets: Mapping[Place, int]) -> None:
        """Commit explicit offsets. Raises Unavailable (also when the partitions are another member's now)."""
        offsets = {TopicPartition(self._full[name], part): offset for (name, part), offset in next_offsets.items()}
        await self._call(self._consumer.commit(offsets))
        self._committed.update(next_offsets)
        self._open = still_open(self._open, next_offsets)

    def _go_back(self) -> None:
        """To the first record that is not committed, without asking Kafka: this cannot fail half-way.

        Not ``seek_to_committed``: aiokafka asks for each partition by itself, and passes over a committed 0.
        """
        held = self._consumer.assignment()
        for (name, partition), fetched in self._open.items():
            place = TopicPartition(self._full[name], partition)
            if place in held:
                self._consumer.seek(place, fetched.start)
        self._open.clear()

    def committed(self, place: Place) -> int:
        """What this member has committed itself; 0 until then."""
        return self._committed.get(place, 0)

    def partitions(self) -> Collection[int]:
        """The partitions assigned now, of any one topic: all topics of a ticket are split alike."""
        return {place.partition for place in self._consumer.assignment()}

    async def lag(self) -> int:
        """Records behind the end of the log, as the last fetches told it."""
        behind = 0
        for place in self._consumer.assignment():
            end = self._consumer.highwater(place)
            if end is not None:
                behind += max(0, end - self._next.get((self._topics[place.topic], place.partition), end))
        return behind

    async def _call(self, call: Any) -> None:
        try:
            await asyncio.wait_for(call, CALL_WAIT)
        except (TimeoutError, KafkaError, OSError) as why:
            raise Unavailable(f"kafka: {type(why).__name__}") from None


def incoming_of(log_name: str, record: Any) -> Incoming:
    """What Kafka lets be absent (key, value, the value of a header) is empty here."""
    key, headers = record.key.decode("utf-8", "replace") if record.key else "", record.headers
    for _, value in headers:  # a loop, not any(): this is done to every record that any loop reads
        if value is None:
            headers = [(name, value or b"") for name, value in headers]
            break
    return Incoming(log_name, record.partition, record.offset, key, headers, record.value or b"")
