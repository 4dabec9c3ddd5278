"""What a writer leaves in the log when a part of its batch fails."""

import asyncio
from typing import Any

import pytest
from aiokafka.errors import RequestTimedOutError

from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Outgoing
from runtime.kafka.bus import Bus
from runtime.kafka.writer import KafkaWriter

TWO = 2  # records that a record batch holds


class BatchOfValues:
    def __init__(self) -> None:
        self.values: list[bytes | None] = []

    def append(self, *, value: bytes | None, **_more: Any) -> object | None:
        """None when it is full."""
        if len(self.values) == TWO:
            return None
        self.values.append(value)
        return self


class Producer:
    """Acknowledges, but for the record batch that holds ``refused``. ``got``: what arrived, by partition."""

    def __init__(self, refused: bytes) -> None:
        self._refused = refused
        self.got: dict[int, list[bytes | None]] = {}

    def create_batch(self) -> BatchOfValues:
        return BatchOfValues()

    async def send_batch(self, batch: BatchOfValues, topic: str, *, partition: int) -> "asyncio.Future[None]":
        answer = asyncio.get_running_loop().create_future()
        if self._refused in batch.values:
            answer.set_exception(RequestTimedOutError())
        else:
            self.got.setdefault(partition, []).extend(batch.values)
            answer.set_result(None)
        return answer


async def test_nothing_of_a_partition_arrives_without_what_is_before_it() -> None:
    writer, producer = KafkaWriter(Bus(servers="nowhere:1")), Producer(refused=b"3")
    writer._producer = producer
    batch = [Outgoing("tickets", nth % 2, "T", [], b"%d" % nth) for nth in range(12)]
    with pytest.raises(Unavailable):
        await writer.publish(batch)
    whole = {partition: [b"%d" % nth for nth in range(12) if nth % 2 == partition] for partition in (0, 1)}
    assert 1 not in producer.got
    assert producer.got[0] == whole[0][: len(producer.got[0])]


async def test_what_says_nothing_is_a_tombstone() -> None:
    """Compaction drops a key whose last value is null; an empty one would stay for ever."""
    writer, producer = KafkaWriter(Bus(servers="nowhere:1")), Producer(refused=b"3")
    writer._producer = producer
    await writer.publish([Outgoing("configuration", 0, "subscription/1", [], b"")])
    assert producer.got == {0: [None]}
