"""Kafka's reader: what is absent is empty, a fetch that failed passes over nothing, a mute consumer is replaced."""

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CorruptRecordException

from runtime.delivery.ports import Unavailable
from runtime.kafka.bus import Bus, incoming_of
from runtime.kafka.reader import KafkaReader

BUS = Bus(servers="127.0.0.1:1")
LEFT, RIGHT = TopicPartition("duban.tickets", 0), TopicPartition("duban.tickets", 1)


def record(place: TopicPartition, offset: int, **more: Any) -> Any:
    known = {"key": b"T", "value": b"x", "headers": (("ce_type", b"X"), ("ce_to", b""))} | more
    return SimpleNamespace(topic=place.topic, partition=place.partition, offset=offset, **known)


def test_what_is_absent_is_empty() -> None:
    bare = record(LEFT, 3, key=None, value=None, headers=(("ce_type", b"X"), ("ce_to", None)))
    incoming = incoming_of("tickets/1", bare)
    assert (incoming.key, incoming.value) == ("", b"")
    assert list(incoming.headers) == [("ce_type", b"X"), ("ce_to", b"")]


@dataclass
class Consumer:
    """Drains the left partition and then breaks at the right one, as aiokafka does when a record is corrupt."""

    committed: dict[TopicPartition, int]
    breaks: bool = False
    mute: bool = False  # whether its commits are never answered
    how: type[Exception] = CorruptRecordException

    def __post_init__(self) -> None:
        self.at = dict.fromkeys((LEFT, RIGHT), 0) | self.committed

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def assignment(self) -> set[TopicPartition]:
        return {LEFT, RIGHT}

    def seek(self, place: TopicPartition, offset: int) -> None:
        self.at[place] = offset

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        found = {place: [record(place, at)] for place, at in self.at.items() if at == 0}
        self.at[LEFT] = 1
        if self.breaks:
            raise self.how
        return found

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.mute:
            await asyncio.Event().wait()
        self.committed.update(offsets)


def reader(monkeypatch: pytest.MonkeyPatch, how: type[Exception] = CorruptRecordException) -> KafkaReader:
    """The first consumer breaks once; the next is sound."""
    committed: dict[TopicPartition, int] = {}
    made = iter([Consumer(committed, breaks=True, how=how), Consumer(committed)])
    monkeypatch.setattr(KafkaReader, "_made", lambda self: next(made))
    return KafkaReader(BUS, "one.loop", ["tickets"])


@pytest.mark.parametrize("how", [CorruptRecordException, RuntimeError])
async def test_a_fetch_that_broke_half_way_passes_over_nothing(
    monkeypatch: pytest.MonkeyPatch, how: type[Exception]
) -> None:
    """RuntimeError: aiokafka's coordinator broke at an answer of a broker whose disk was full."""
    reading = reader(monkeypatch, how)
    with pytest.raises(Unavailable):
        await reading.fetch(10)
    assert {(each.partition, each.offset) for each in await reading.fetch(10)} == {(0, 0), (1, 0)}


async def test_without_a_new_consumer_records_would_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def trust(self: KafkaReader) -> None: ...

    reading = reader(monkeypatch)
    monkeypatch.setattr(KafkaReader, "_begin_again_if_in_doubt", trust)
    with pytest.raises(Unavailable):
        await reading.fetch(10)
    reading._consumer.breaks = False
    assert {(each.partition, each.offset) for each in await reading.fetch(10)} == {(1, 0)}


DONE = {("tickets/1", 0): 1}


def mute_reader(monkeypatch: pytest.MonkeyPatch) -> tuple[KafkaReader, dict[TopicPartition, int]]:
    """The first consumer fetches and can never commit, as aiokafka's whose coordinator is lost; the next is sound."""
    committed: dict[TopicPartition, int] = {}
    made = iter([Consumer(committed, mute=True), Consumer(committed)])
    monkeypatch.setattr(KafkaReader, "_made", lambda self: next(made))
    monkeypatch.setattr("runtime.kafka.reader.CALL_WAIT", 0.01)
    return KafkaReader(BUS, "one.loop", ["tickets"]), committed


async def test_a_consumer_that_cannot_commit_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, committed = mute_reader(monkeypatch)
    await reading.fetch(10)
    with pytest.raises(Unavailable):
        await reading.commit(DONE)
    assert {(each.partition, each.offset) for each in await reading.fetch(10)} == {(0, 0), (1, 0)}
    await reading.commit(DONE)
    assert committed == {LEFT: 1}


async def test_without_a_new_consumer_nothing_is_ever_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def trust(self: KafkaReader) -> None: ...

    reading, committed = mute_reader(monkeypatch)
    monkeypatch.setattr(KafkaReader, "_begin_again_if_in_doubt", trust)
    for _ in range(2):
        await reading.fetch(10)
        with pytest.raises(Unavailable):
            await reading.commit(DONE)
    assert committed == {}
