"""sla is down for a domain day: what was done meanwhile is read before any knock, so that no order is false."""

import asyncio
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from contracts.envelope import Message
from contracts.messages import routing, sla
from runtime.clock import Clock, DomainTime, Segment, WallTime, system_wall
from runtime.identity.tokens import Principal, issue
from simulation.village import read
from tests.acceptance.town import PRIVATE
from tests.faults.crew import LOOPS, Crew, crew
from tests.harness import MONDAY
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
MATTERS, IGNORED = 40, 6
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
        await asyncio.gather(*(_accept(team, message) for message in assigned[IGNORED:]))
        await team.until(lambda log: len(_of(log, routing.TicketAccepted)) == MATTERS - IGNORED)
        _two_days_pass(team, begins)
        team.start_loop("sla") if guarded else team.start_toothless("knock_first", "sla")
        log = await team.until(lambda log: len(_of(log, sla.SupervisionOrdered)) >= IGNORED)
        late = {message.key for message in assigned[:IGNORED]}
        ordered = {message.key for message in _of(log, sla.SupervisionOrdered)}
        assert (ordered == late) is guarded, f"{len(ordered - late)} false orders"
        if guarded:
            assert _of(log, sla.OrderWithdrawn) == []
            assert await team.verify(numbers) == []


def _two_days_pass(team: Crew, begins: Segment) -> None:
    """The other loops go on two days later; sla was not there meanwhile."""
    now = Clock(begins).now()
    team.environment["DUBAN_CLOCK"] = str(Segment(WallTime(system_wall()), DomainTime(now + OUTAGE), RATE))
    for name in (each for each in LOOPS if each != "sla"):
        team.kill(name)
        team.start_loop(name)


def _of(log: Any, body: type[Any]) -> list[Message[Any]]:
    """Facts of a type, each ticket's last one."""
    found = {message.key: message for message in map(read, log) if isinstance(message.body, body)}
    return list(found.values())


async def _accept(team: Crew, assigned: Message[Any]) -> None:
    """受理 by the unit, in time."""
    unit: str = assigned.body.unit
    who = Principal(f"clerk-of-{unit}", unit, unit.partition("-")[0].removesuffix("00"), "unit")
    headers = {"Authorization": f"Bearer {issue(PRIVATE, who, system_wall())}", "Idempotency-Key": str(uuid.uuid4())}
    path = f"/v1/tickets/{assigned.body.number}/acceptance"
    async with httpx2.AsyncClient(timeout=30, trust_env=False) as client:
        choices = await client.get(team.url("routing", path.replace("acceptance", "standards")), headers=headers)
        standard = {"standard": choices.json()[0]["code"]}
        answer = await client.post(team.url("routing", path), json=standard, headers=headers)
    assert answer.status_code in (200, 202), answer.text  # 202: the loop takes its time
