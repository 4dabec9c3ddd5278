"""Clocks run out while a store is away: each colour is said once, in order, not early, and of nobody who acted.

What knocks without its guard do is shown in test_clock_wrong.py and test_sla_down.py.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.envelope import Message
from contracts.messages import feedback, routing, sla
from runtime.clock import Clock, DomainTime, Segment, WallTime, system_wall
from runtime.delivery.records import Incoming
from simulation.clock_checks import timers_fire_once_in_order_and_never_early
from simulation.history import History
from tests.faults.crew import LOOPS, Crew, crew
from tests.faults.jump import goes_on_at
from tests.faults.office import UnitOffice
from tests.faults.results import IS_LONG, measured
from tests.faults.test_stores_fail import again, kill
from tests.faults.waiting import eventually, is_frozen
from tests.harness import MONDAY
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
MATTERS, IGNORED = (2_000, 500) if IS_LONG else (40, 20)
RATE = 60.0  # a second of wall time is a minute of domain time
BEFORE = timedelta(minutes=90)  # before they run out all loops are there again
AROUND = timedelta(minutes=10)  # the store is away from before to after the instant
Fault = Callable[[OwnStack], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def mongod_is_dead(stack: OwnStack) -> AsyncIterator[None]:
    kill(stack.mongod)
    yield
    await again(stack.mongod)


@asynccontextmanager
async def kafka_is_frozen(stack: OwnStack) -> AsyncIterator[None]:
    assert stack.broker.process is not None
    stack.broker.process.send_signal(signal.SIGSTOP)
    try:
        await eventually(lambda: is_frozen(stack.broker.process.pid if stack.broker.process else 0), "it runs")
        yield
    finally:
        stack.broker.process.send_signal(signal.SIGCONT)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("fault", [mongod_is_dead, *([kafka_is_frozen] if IS_LONG else [])])
async def test_what_falls_due_meanwhile_is_said_once_and_in_time(
    breakable: OwnStack, tmp_path: Path, fault: Fault
) -> None:
    begins = Segment(WallTime(system_wall()), DomainTime(MONDAY), RATE)
    with measured(f"due_while_{fault.__name__}") as row:
        async with crew(breakable, tmp_path, str(begins)) as team:
            await team.start_all_loops()
            for name in ("routing", "feedback"):
                team.start_api(name)
            numbers = await team.submit(MATTERS, tmp_path / "acknowledged")
            late = await _ignored(team, _of(await team.until_routed(numbers), routing.TicketAssigned))
            ends = {each.body.red for each in await _accept_clocks(team, late)}
            clock = Clock(goes_on_at(team, min(ends) - BEFORE, RATE))
            for name in LOOPS:
                await team.until_ready(name)
            await _until(clock, min(ends) - AROUND)
            async with fault(breakable):
                await _until(clock, max(ends) + AROUND)
            row.ends()
            await row.is_back(team)
            log = await team.until(lambda log: late <= {each.key for each in _red(log)})
            timers_fire_once_in_order_and_never_early(History(log))
            turned = _red(log)
            assert {each.key for each in turned} == late, "it turned red for somebody who had accepted"
            assert min(each.at for each in turned) >= min(ends)
            await row.verified(team, numbers, due=late)


async def _ignored(team: Crew, assigned: Sequence[Message[routing.TicketAssigned]]) -> set[str]:
    """All but some are accepted, and their reporters spoken with, in time; the keys of those."""
    for name in ("routing-api", "feedback-api"):
        await team.until_alive(name)
    office = UnitOffice(team)
    await asyncio.gather(*(office.accepts(each) for each in assigned[IGNORED:]))
    await asyncio.gather(*(office.contacts(each) for each in assigned[IGNORED:]))
    await team.until(lambda log: len(_of(log, feedback.ReporterContacted)) == len(assigned) - IGNORED)
    return {each.key for each in assigned[:IGNORED]}


async def _accept_clocks(team: Crew, keys: set[str]) -> list[Message[sla.DeadlineSet]]:
    """The clocks by which they are to be accepted."""
    log = await team.until(lambda log: keys <= {each.key for each in _of(log, sla.DeadlineSet)})
    return [each for each in _of(log, sla.DeadlineSet) if each.key in keys]


async def _until(clock: Clock, instant: datetime) -> None:
    wall = (instant - clock.now()) / RATE
    assert wall > timedelta(), "too late: it fell due before the fault"
    await asyncio.sleep(wall.total_seconds())


def _red(log: Sequence[Incoming]) -> list[Message[sla.LightChanged]]:
    return [each for each in History(log).of(sla.LightChanged) if each.body.new == "red"]


def _of(log: Sequence[Incoming], body: type[Any]) -> list[Message[Any]]:
    """Facts of a type, each ticket's last one."""
    return list({each.key: each for each in History(log).of(body)}.values())
