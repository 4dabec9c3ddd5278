"""Timers knock, seldom again, and not for a service that reads nothing."""

from datetime import timedelta

import pytest

from contracts.envelope import WakeUp, type_of
from runtime.clock import Clock
from runtime.delivery.timers import AGAIN_AFTER, DOUBLED_AT_MOST, Timers
from runtime.memory.log import InMemoryReader, InMemoryWriter
from tests.harness import Stage, decoded, fact
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


AHEAD = timedelta(days=30)


@pytest.mark.parametrize("ahead", [AHEAD, -AHEAD])
async def test_a_knock_is_of_the_instant_of_the_store_whatever_the_process_thinks(
    stage: Stage, ahead: timedelta
) -> None:
    stage.pass_time(timedelta(hours=1))
    reader = InMemoryReader(stage.log, "sum.loop", ("tickets",))
    wrong = Clock(wall=lambda: stage.wall + ahead)
    await Timers(stage.service, stage.store, reader, InMemoryWriter(stage.log), wrong).sweep()
    (knock,) = [each for each in stage.log.of_topic("tickets") if type_of(each.headers) == "WakeUp"]
    assert decoded(knock, WakeUp).at == stage.wall


async def test_timers_rest_while_the_clock_of_their_process_is_wrong(stage: Stage) -> None:
    wrong = [True]
    reader = InMemoryReader(stage.log, "sum.loop", ("tickets",))
    sweeping = Timers(stage.service, stage.store, reader, InMemoryWriter(stage.log), stage.clock, lambda: wrong[0])
    assert await swept(stage, sweeping, 120) == 0
    wrong[0] = False
    assert await swept(stage, sweeping, 1) == 2
