"""Timers knock, seldom again, and not for a service that reads nothing."""

from datetime import timedelta

import pytest

from contracts.envelope import type_of
from runtime.delivery.timers import AGAIN_AFTER, DOUBLED_AT_MOST, Timers
from runtime.memory.log import InMemoryReader, InMemoryWriter
from tests.harness import Stage, fact
from tests.unit.runtime.counting import Opened, counting


@pytest.fixture
async def stage() -> Stage:
    """A document that wants a knock in an hour, and a loop that reads no further."""
    made = Stage(counting())
    made.say(fact(Opened(), seq=1))
    await made.run()
    return made


def timers(stage: Stage) -> Timers:
    reader = InMemoryReader(stage.log, "sum.loop", ("tickets",))
    return Timers(stage.service, stage.store, reader, InMemoryWriter(stage.log), stage.clock)


def knocks(stage: Stage) -> int:
    return sum(type_of(record.headers) == "WakeUp" for record in stage.log.of_topic("tickets"))


async def swept(stage: Stage, timers: Timers, minutes: int) -> int:
    """Knocks put into the log in so many minutes of sweeps."""
    before = knocks(stage)
    for _ in range(minutes * 6):
        await timers.sweep()
        stage.pass_time(timedelta(seconds=10))
    return knocks(stage) - before


async def test_what_nobody_hears_is_knocked_for_ever_more_seldom(stage: Stage) -> None:
    sweeping = timers(stage)
    assert await swept(stage, sweeping, 59) == 0, "never early"
    assert await swept(stage, sweeping, 10) == 5, "at once, after 30 s, 1, 2 and 4 minutes more"
    assert await swept(stage, sweeping, 24 * 60) <= 24 + DOUBLED_AT_MOST


async def test_while_its_service_holds_nobody_knocks(stage: Stage) -> None:
    sweeping = timers(stage)
    sweeping.resting = True
    assert await swept(stage, sweeping, 120) == 0
    sweeping.resting = False
    assert await swept(stage, sweeping, 1) == 2


async def test_what_is_settled_is_forgotten(stage: Stage) -> None:
    sweeping = timers(stage)
    stage.pass_time(timedelta(hours=1))
    await sweeping.sweep()
    assert len(sweeping._knocked) == 1
    await stage.run()
    stage.pass_time(timedelta(seconds=2 * AGAIN_AFTER + 1))
    await sweeping.sweep()
    assert len(sweeping._knocked) == 0
