"""Reads a whole topic from its beginning, in no group: configuration, live rates, whoever looks into the log."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Incoming
from runtime.kafka.bus import CALL_WAIT, FETCH_WAIT_MS, Bus, incoming_of
from runtime.kafka.closing import answered, leaves

log = structlog.get_logger()
FROM_THE_BEGINNING: dict[str, Any] = {"enable_auto_commit": False, "auto_offset_reset": "earliest"}


class KafkaFollower:
    """Reads every partition of a topic from the beginning, in no group. Connects at the first fetch."""

    def __init__(self, bus: Bus, topic: str) -> None:
        self._bus, self._name, self._log = bus, bus.topic(topic), f"{topic}/{bus.epoch}"
        self._started: AIOKafkaConsumer | None = None
        self._starting = asyncio.Lock()

    async def _consumer(self) -> AIOKafkaConsumer:
        async with self._starting:
            if self._started is None:
                self._started = AIOKafkaConsumer(self._name, **self._bus.client_options(), **FROM_THE_BEGINNING)
                await answered(self._started.start(), CALL_WAIT)
        return self._started

    async def fetch(self) -> Sequence[Incoming]:
        """The next records. Raises Unavailable."""
        try:
            consumer = await self._consumer()
            fetched = await consumer.getmany(timeout_ms=FETCH_WAIT_MS, max_records=2000)
        except (TimeoutError, KafkaError, OSError) as why:
            await self._begin_again()
            raise Unavailable(f"kafka: {type(why).__name__}") from None
        return [incoming_of(self._log, record) for records in fetched.values() for record in records]

    async def _begin_again(self) -> None:
        """A consumer that could not start is thrown away; one that runs finds the broker again by itself."""
        if self._started is not None and not self._started.assignment():
            await self.stop()

    async def is_behind(self) -> bool:
        """Compares positions with the ends of the partitions. Raises Unavailable."""
        try:
            consumer = await self._consumer()
            async with asyncio.timeout(CALL_WAIT):
                ends = await consumer.end_offsets(consumer.assignment())
                behind = [await consumer.position(place) < end for place, end in ends.items()]
        except (TimeoutError, KafkaError, OSError) as why:
            raise Unavailable(f"kafka: {type(why).__name__}") from None
        return any(behind)

    async def stop(self) -> None:
        """Close, without waiting for a frozen broker."""
        consumer, self._started = self._started, None
        if consumer is not None and not await leaves(consumer):
            log.warning("follower_abandoned")
