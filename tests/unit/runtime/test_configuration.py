"""Configuration: the last one said stands, and a loop that decides by it waits until it was read."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from contracts.messages.sla import CalendarPublished
from runtime import pauses
from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Incoming
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process import configuration
from runtime.process.configuration import Configuration, informed, publication
from runtime.workers import Worker
from tests.facts.sla import calendar_published
from tests.harness import MONDAY

YEAR = calendar_published(version="1")
CLOCK = Clock(wall=lambda: MONDAY)


class Away(InMemoryFollower):
    """Kafka is away for the first few looks."""

    def __init__(self, log: InMemoryLog, looks: int) -> None:
        super().__init__(log, "configuration")
        self.looks = looks

    async def fetch(self) -> Sequence[Incoming]:
        self.looks -= 1
        if self.looks >= 0:
            raise Unavailable("away")
        return await super().fetch()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> InMemoryLog:
    monkeypatch.setattr(configuration, "LOOK_EVERY", 0.001)
    made = InMemoryLog()
    made.append(publication("calendar/cn-2026@1", YEAR, "sla", CLOCK))
    return made


async def test_a_loop_begins_once_the_configuration_was_read_however_long_kafka_is_away(log: InMemoryLog) -> None:
    known, stop, seen = Configuration(Away(log, looks=20), [CalendarPublished]), asyncio.Event(), list[int]()

    async def loop(_stop: asyncio.Event) -> None:
        seen.append(len(known.all(CalendarPublished)))
        stop.set()

    (worker,) = informed("test", known, [Worker("loop", loop)])
    await asyncio.wait_for(asyncio.gather(worker.work(stop), known.run(stop)), 5)
    assert seen == [1]


async def test_a_loop_that_is_stopped_before_never_begins(log: InMemoryLog) -> None:
    known, stop = Configuration(Away(log, looks=10_000), [CalendarPublished]), asyncio.Event()

    async def loop(_stop: asyncio.Event) -> None:
        raise AssertionError("it began")

    (worker,) = informed("test", known, [Worker("loop", loop)])
    waiting = asyncio.ensure_future(worker.work(stop))
    await pauses.pause(0.01, stop)
    stop.set()
    await asyncio.wait_for(waiting, 5)
    assert not known.is_caught_up


async def test_only_the_loop_waits(log: InMemoryLog) -> None:
    async def timers(stop: asyncio.Event) -> None:
        stop.set()

    given = Worker("timers", timers)
    assert informed("test", Configuration(Away(log, 1), [CalendarPublished]), [given]) == [given]


async def test_the_value_said_last_comes_last(log: InMemoryLog) -> None:
    other = YEAR.model_copy(update={"version": "2"})
    log.append(publication("calendar/cn-2026@2", other, "sla", CLOCK))
    log.append(publication("calendar/cn-2026@1", YEAR, "sla", CLOCK))
    known = Configuration(Away(log, 0), [CalendarPublished])
    await known.catch_up()
    assert [each.version for each in known.all(CalendarPublished).values()] == ["2", "1"]


async def test_a_key_that_was_withdrawn_is_gone(log: InMemoryLog) -> None:
    said = publication("calendar/cn-2026@1", YEAR, "sla", CLOCK)
    log.append(replace(said, value=b""))
    log.append(replace(said, key="never/there", value=b""))
    known = Configuration(InMemoryFollower(log, "configuration"), [CalendarPublished])
    await known.catch_up()
    assert known.all(CalendarPublished) == {}
    assert known.version == 2, "said, and withdrawn"
