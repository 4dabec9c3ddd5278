"""Where a reader begins: at the group's position in Kafka, or earlier when the documents do not know all before it.

An older backup of the database has not seen what Kafka's positions pass over; a log that ends before what the documents
have read is an older log.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from typing import Protocol

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from runtime.delivery.log_identity import refuse_older
from runtime.delivery.ports import LogPartition, Unavailable

log = structlog.get_logger()
KEEP_EVERY = 5.0  # seconds between marks: so much is read again after a restart


class PositionMarks(Protocol):
    """How far documents have come, as they themselves say."""

    async def known(self) -> Mapping[LogPartition, int]:
        """The offset that follows what is certainly done. Raises Unavailable."""

    async def keep(self, marks: Mapping[LogPartition, int]) -> None:
        """Write them beside those that stand. Raises Unavailable."""


class Beginning:
    """Puts a consumer to where the documents are, once for each partition that it is given."""

    def __init__(self, marks: PositionMarks, logs: Mapping[str, str]) -> None:
        self._marks, self._logs = marks, logs
        self._begun: set[TopicPartition] = set()
        self._unmarked: dict[LogPartition, int] = {}
        self._kept = 0.0

    def forget(self) -> None:
        """The consumer is another one."""
        self._begun.clear()

    async def begin(self, consumer: AIOKafkaConsumer) -> None:
        """For partitions that are new here. Raises LogLost, Unavailable, and what aiokafka raises."""
        await self._keep_if_due()  # what was done last, when nothing follows it
        held = consumer.assignment()
        self._begun &= held
        if fresh := held - self._begun:
            known = await self._marks.known()
            await self._refuse_older(consumer, fresh, known)
            await self._go_back(consumer, fresh, known)
            self._begun |= fresh

    async def _refuse_older(
        self, consumer: AIOKafkaConsumer, fresh: Collection[TopicPartition], known: Mapping[LogPartition, int]
    ) -> None:
        ends = await consumer.end_offsets(list(fresh))
        refuse_older(known, {self._name(place): end for place, end in ends.items()})

    async def _go_back(
        self, consumer: AIOKafkaConsumer, fresh: Collection[TopicPartition], known: Mapping[LogPartition, int]
    ) -> None:
        firsts, behind = await consumer.beginning_offsets(list(fresh)), 0
        for place, committed in zip(fresh, await asyncio.gather(*map(consumer.committed, fresh)), strict=True):
            start = max(known.get(self._name(place), 0), firsts[place])
            if committed is not None and committed > start:
                consumer.seek(place, start)
                behind += committed - start
        if behind:
            log.warning("documents_read_again", records=behind)

    def _name(self, place: TopicPartition) -> LogPartition:
        return self._logs[place.topic], place.partition

    async def committed(self, offsets: Mapping[LogPartition, int]) -> None:
        """Note what is done, every few seconds; a mark that cannot be written stays where it was."""
        self._unmarked.update(offsets)
        await self._keep_if_due()

    async def _keep_if_due(self) -> None:
        if not self._unmarked or time.monotonic() - self._kept < KEEP_EVERY:
            return
        self._kept = time.monotonic()
        try:
            await self._marks.keep(self._unmarked)
        except Unavailable:
            return
        self._unmarked = {}
