"""A day key is destroyed when nobody needs it any more: retention over, intake past it, nothing parked sealed to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from runtime.clock import Clock
from runtime.delivery.records import Incoming, Outgoing, Parked
from runtime.memory.log import InMemoryLog, InMemoryProgress
from runtime.memory.store import InMemoryStore
from services.intake.adapters.memory import InMemoryDayKeys
from services.intake.workers import day_keys
from services.intake.workers.day_keys import LEARNT_AFTER, DayKeyDestroyer

OLD, KEPT = "2026-02-01", "2026-02-20"
NOW = datetime(2026, 3, 5, 4, tzinfo=UTC)
RETENTION = timedelta(days=30)
GROUP, LOGS = "intake.loop", ("submissions", "tickets")


class Archive:
    """Intake's keys, log, positions and dead letters; a clock that the test moves."""

    def __init__(self) -> None:
        self.keys, self.log, self.wall = InMemoryDayKeys(), InMemoryLog(), NOW
        self.store: InMemoryStore[Any] = InMemoryStore()
        self.destroyer = self.restarted()

    def restarted(self) -> DayKeyDestroyer:
        """A process that remembers nothing."""
        progress = InMemoryProgress(self.log, GROUP, LOGS)
        clock = Clock(wall=lambda: self.wall)
        self.destroyer = DayKeyDestroyer(
            self.keys, progress, lambda at_most: self.store.parked("", at_most), clock, RETENTION
        )
        return self.destroyer

    def submitted(self, key: str, topic: str = "submissions") -> Incoming:
        """One more record that is sealed to a day key."""
        return self.log.append(Outgoing(topic, 3, "T", [], orjson.dumps({"day_key": key, "sealed": "…"})))

    def read(self) -> None:
        """The loop comes to the end of all it has."""
        for place, records in self.log.records.items():
            self.log.positions[GROUP][place] = len(records)

    async def looks(self, times: int = 3) -> list[str]:
        """What is destroyed while the time passes."""
        found: list[str] = []
        for _ in range(times):
            self.wall += LEARNT_AFTER
            found += await self.destroyer.look()
        return found


@pytest.fixture
async def archive() -> Archive:
    """One key past its retention, one not."""
    made = Archive()
    for key in (OLD, KEPT):
        await made.keys.ensure(key, key.encode())
    return made


async def test_an_old_key_is_destroyed_and_a_younger_one_stays(archive: Archive) -> None:
    archive.submitted(OLD)
    archive.read()
    assert await archive.looks() == [OLD]
    assert await archive.keys.private(OLD) is None
    assert await archive.keys.kept() == [KEPT]
    assert await archive.looks() == []


@pytest.mark.parametrize("topic", LOGS)
async def test_it_stays_while_the_loop_has_not_read_all_that_may_be_sealed_to_it(archive: Archive, topic: str) -> None:
    archive.read()
    archive.submitted(OLD, topic)
    assert await archive.looks() == []
    archive.read()
    assert await archive.looks() == [OLD]


async def test_it_stays_while_a_door_may_not_have_learnt_a_newer_one(archive: Archive) -> None:
    assert await archive.destroyer.look() == []
    archive.wall += LEARNT_AFTER - timedelta(seconds=1)
    assert await archive.destroyer.look() == []
    archive.submitted(OLD)  # a door that sealed to it until now
    archive.wall += timedelta(seconds=1)
    assert await archive.looks() == []
    archive.read()
    assert await archive.looks() == [OLD]


async def test_a_restart_begins_to_wait_anew(archive: Archive) -> None:
    archive.wall += LEARNT_AFTER
    await archive.destroyer.look()
    archive.restarted()
    assert await archive.destroyer.look() == []
    assert await archive.looks() == [OLD]


async def test_it_stays_while_a_dead_letter_is_sealed_to_it(archive: Archive) -> None:
    letter = Parked(archive.submitted(OLD), "bug", True, NOW)
    archive.read()
    await archive.store.park([letter])
    assert await archive.looks() == []
    await archive.store.unpark([letter])
    assert await archive.looks() == [OLD]


@pytest.mark.parametrize("value", [b"", b"[]", b"{}", b"\xff"])
async def test_a_dead_letter_that_nobody_can_read_needs_no_key(archive: Archive, value: bytes) -> None:
    await archive.store.park([Parked(Incoming("tickets/1", 0, 0, "T", [], value), "not_json", True, NOW)])
    assert await archive.looks() == [OLD]


async def test_with_more_dead_letters_than_are_looked_through_nothing_is_destroyed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_keys, "LETTERS_AT_MOST", 1)
    await archive.store.park([Parked(Incoming("tickets/1", 0, 0, "T", [], b"{}"), "bug", True, NOW)])
    assert await archive.looks() == []


async def test_a_destroyed_key_is_not_made_again(archive: Archive) -> None:
    archive.read()
    await archive.looks()
    await archive.keys.ensure(OLD, b"another")
    assert await archive.keys.private(OLD) is None
