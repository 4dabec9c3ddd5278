"""sla is down for a domain day: what was done meanwhile is read before any knock, so that no order is false."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.envelope import Message
from contracts.messages import routing, sla
from runtime.clock import Clock, DomainTime, Segment, WallTime, system_wall
from simulation.village import read
from tests.faults.crew import crew
from tests.faults.jump import goes_on_at
from tests.faults.office import UnitOffice
from tests.faults.results import IS_LONG, measured
from tests.harness import MONDAY
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
MATTERS, IGNORED = (2_000, 60) if IS_LONG else (40, 6)
RATE = 60.0  # a second of wall time is a minute of domain time
OUTAGE = timedelta(days=2)  # from Monday on: the working day to accept and the hold are over


@pytest.mark.timeout(900)
@pytest.mark.parametrize("guarded", [True, False])
async def test_after_a_domain_day_without_sla_only_who_was_late_is_ordered(
    breakable: OwnStack, tmp_path: Path, guarded: bool
) -> None:
    begins = Segment(WallTime(system_wall()), DomainTime(MONDAY), RATE)
    async with crew(breakable, tmp_path, str(begins)) as team:
        await team.start_all_loops()
        team.start_api("routing")
        numbers = await team.submit(MATTERS, tmp_path / "acknowledged")
        log = await team.until_routed(numbers)
        assert len(_of(log, sla.DeadlineSet)) == MATTERS
        assigned = _of(log, routing.TicketAssigned)
        team.kill("sla")
        await team.until_alive("routing-api")
        office = UnitOffice(team)
        await asyncio.gather(*(office.accepts(message) for message in assigned[IGNORED:]))
        await team.until(lambda log: len(_of(log, routing.TicketAccepted)) == MATTERS - IGNORED)
        goes_on_at(team, Clock(begins).now() + OUTAGE, RATE, but=("sla",))
        team.start_loop("sla") if guarded else team.start_toothless("knock_first", "sla")
        log = await team.until(lambda log: len(_of(log, sla.SupervisionOrdered)) >= IGNORED)
        late = {message.key for message in assigned[:IGNORED]}
        ordered = {message.key for message in _of(log, sla.SupervisionOrdered)}
        assert (ordered == late) is guarded, f"{len(ordered - late)} false orders"
        if guarded:
            assert _of(log, sla.OrderWithdrawn) == []
            with measured("sla_away") as row:
                await row.is_back(team)
                await row.verified(team, numbers, due={message.key for message in assigned})


def _of(log: Any, body: type[Any]) -> list[Message[Any]]:
    """Facts of a type, each ticket's last one."""
    found = {message.key: message for message in map(read, log) if isinstance(message.body, body)}
    return list(found.values())
