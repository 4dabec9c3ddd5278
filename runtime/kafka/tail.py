"""Reads a topic at any place that it is asked for, in no group and without a state of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.topics import BY_NAME
from runtime.delivery.ports import LogSpan, Unavailable
from runtime.delivery.records import Incoming
from runtime.kafka.bus import CALL_WAIT, Bus, incoming_of
from runtime.kafka.closing import leaves

READERS = 4  # connections at once; who comes next waits for one
FETCHED: dict[str, Any] = {"fetch_max_bytes": 4 * 1024 * 1024, "max_partition_fetch_bytes": 256 * 1024}
BY_HAND: dict[str, Any] = {"enable_auto_commit": False, "auto_offset_reset": "none", "fetch_max_wait_ms": 100}
WAIT_MS = 200  # for records that are known to be there


class KafkaTail:
    """Assigns itself the partitions that have something to read, and seeks. Connects when it is asked first."""

    def __init__(self, bus: Bus, topic: str) -> None:
        self._bus, self._log, self.epoch = bus, f"{topic}/{bus.epoch}", bus.epoch
        self._places = [TopicPartition(bus.topic(topic), n) for n in range(BY_NAME[topic].partitions)]
        self._idle: list[AIOKafkaConsumer] = []
        self._room = asyncio.Semaphore(READERS)

    async def span(self) -> LogSpan:
        """What is there now. Raises Unavailable."""
        async with self._reader() as consumer:
            firsts = await consumer.beginning_offsets(self._places)
            ends = await consumer.end_offsets(self._places)
        return LogSpan(tuple(firsts[each] for each in self._places), tuple(ends[each] for each in self._places))

    async def at(self, instant: datetime) -> Sequence[int]:
        """The first offset of each partition whose record was written then or later. Raises Unavailable."""
        asked = int(instant.timestamp() * 1000)
        async with self._reader() as consumer:
            found = await consumer.offsets_for_times(dict.fromkeys(self._places, asked))
            ends = await consumer.end_offsets(self._places)
        return [found[each].offset if found.get(each) else ends[each] for each in self._places]

    async def read(self, starts: Sequence[int], at_most: int) -> Sequence[Incoming]:
        """What stands from these offsets on, in order within a partition; less only where there is no more.

        Raises Unavailable, also where an offset is of what is no longer kept.
        """
        async with self._reader() as consumer:
            ends = await consumer.end_offsets(self._places)
            left = {at: ends[at] for at, start in zip(self._places, starts, strict=True) if start < ends[at]}
            return await self._taken(consumer, left, starts, at_most) if left else []

    async def _taken(
        self, consumer: AIOKafkaConsumer, left: dict[TopicPartition, int], starts: Sequence[int], at_most: int
    ) -> list[Incoming]:
        consumer.assign(list(left))
        for place in left:
            consumer.seek(place, starts[place.partition])
        found: list[Incoming] = []
        while left and len(found) < at_most:
            got = await consumer.getmany(*left, timeout_ms=WAIT_MS, max_records=at_most - len(found))
            for place, records in got.items():
                found += [incoming_of(self._log, each) for each in records]
                if records[-1].offset + 1 >= left[place]:
                    del left[place]
        return found

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[AIOKafkaConsumer]:
        """A consumer for one question; one that failed, or whose caller went away, is not asked again."""
        async with self._room:
            consumer = (
                self._idle.pop() if self._idle else AIOKafkaConsumer(**self._bus.client_options(), **BY_HAND, **FETCHED)
            )
            try:
                async with asyncio.timeout(CALL_WAIT):
                    if not consumer._client.cluster.brokers():
                        await consumer.start()
                    yield consumer
            except (TimeoutError, KafkaError, OSError) as why:
                await leaves(consumer)
                raise Unavailable(f"kafka: {type(why).__name__}") from None
            except BaseException:
                await leaves(consumer)
                raise
            self._idle.append(consumer)

    async def stop(self) -> None:
        """Close, without waiting for a frozen broker."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(leaves, idle))
