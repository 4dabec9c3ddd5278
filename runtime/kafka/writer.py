"""The producer: acknowledged by all replicas or unknown, never silently lost."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from runtime.delivery.attempts import Attempts
from runtime.delivery.log_identity import LogWatch
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Outgoing
from runtime.kafka.bus import DEADLINE, REBUILD_AFTER, Bus
from runtime.kafka.closing import closes
from runtime.kafka.fence import fence_of
from runtime.kafka.reader import log
from runtime.telemetry import metrics


class KafkaWriter:
    """A producer with acks=all, a deadline, and a new producer when the old one seems stuck.

    ``watch``: the log that it may write into. ``admit``: raises Unavailable when nothing new is taken.

    Not idempotent on purpose: such a producer hangs for ever on a frozen broker and poisons a partition after one
    refused batch. A late copy is harmless here: readers know what they have seen.
    """

    def __init__(
        self,
        bus: Bus,
        service: str = "",
        acks: int | str = "all",
        watch: LogWatch | None = None,
        admit: Callable[[], None] = lambda: None,
    ) -> None:
        self._bus, self._acks = bus, acks
        self._fence = fence_of(bus, watch)
        self.attempts, self._admit = Attempts(), admit
        self._producer: AIOKafkaProducer | None = None
        self._unknown = 0
        self._starting = asyncio.Lock()
        self._seconds = metrics.PUBLISH_SECONDS.labels(service)

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Return when all are acknowledged. Raises Unavailable when that is not known within the deadline."""
        if not batch:
            return
        self._admit()
        try:
            with self._seconds.time():
                async with asyncio.timeout(DEADLINE):
                    await self._send(batch)
        except (TimeoutError, KafkaError, OSError) as why:
            await self._failed()
            raise Unavailable(f"kafka: {type(why).__name__}") from None
        self._unknown = 0
        self.attempts.worked()

    async def _send(self, batch: Sequence[Outgoing]) -> None:
        """A partition's next record batch goes when its last is acknowledged: whole or not at all, so without a gap."""
        if self._fence is not None:
            await self._fence.watch.seen()
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
                if self._fence is not None:
                    self._fence.around(producer.client)
                await producer.start()
                self._producer = producer
        return self._producer

    async def _failed(self) -> None:
        """Raises LogLost when the log is another one."""
        self.attempts.failed()
        if self._fence is not None:
            await self._fence.look_if_refused()
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
        if producer is not None and not await closes(producer.stop()):
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
        key=out.key.encode(),
        value=out.value or None,
        timestamp=None,
        headers=[(name, value) for name, value in out.headers],
    )
    return added is not None
