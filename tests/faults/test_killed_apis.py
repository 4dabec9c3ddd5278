"""kill -9 of the APIs of staff while units accept, plan and complete: each command is carried out once.

What makes it once is the request that stands in the log before anybody is answered (test_toothless.py shows a door
that answers before Kafka has it).
"""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.envelope import Message
from contracts.identifiers import prefix_of
from contracts.messages import feedback, routing
from runtime.delivery.records import Incoming
from simulation.village import read
from tests.faults.crew import Crew
from tests.faults.office import UnitOffice
from tests.faults.results import IS_LONG, measured
from tests.faults.waiting import eventually

pytestmark = pytest.mark.stack
MATTERS = 2_000 if IS_LONG else 150
COMMANDS = 4  # of a matter: the standards, 受理, plan, completion
MORTALS = ("routing", "sla", "notify", "feedback", "portal")  # their APIs
TIMES = 2 if IS_LONG else 1  # each dies
EVERY = MATTERS * COMMANDS // (2 * TIMES * len(MORTALS))  # decided commands between two kills, in the first half
ONCE = (routing.TicketAccepted, feedback.PlanMade, feedback.TicketCompleted)


@pytest.mark.timeout(1800)
async def test_what_units_want_is_done_once_while_the_apis_are_killed_at_random(team: Crew, tmp_path: Path) -> None:
    chance = random.Random(7)
    doomed = [name for _ in range(TIMES) for name in chance.sample(MORTALS, len(MORTALS))]
    with measured("killed_apis") as row:
        await team.start_all_loops()
        team.start_loop("portal")
        for name in MORTALS:
            team.start_api(name)
        numbers = await team.submit(MATTERS, tmp_path / "acknowledged")
        assigned = _assigned(await team.until_routed(numbers))
        office = UnitOffice(team)
        working = asyncio.gather(*(office.deals_with(each, lambda: datetime.now(UTC)) for each in assigned))
        for name in doomed:
            await _more_decided(office, working)
            await team.until_alive(f"{name}-api")
            team.kill(f"{name}-api")
            team.start_again(f"{name}-api")
        row.ends()
        for name in MORTALS:
            await team.until_ready(f"{name}-api")
        await row.is_back(team)
        await working
        assert office.unanswered > 0, "the fault did not bite"
        await team.until_shown(numbers)
        done = _done(await team.until_told(numbers))
        assert done == {prefix_of(each.body.number): len(ONCE) for each in assigned}
        await row.verified(team, numbers)


async def _more_decided(office: UnitOffice, working: "asyncio.Future[list[None]]") -> None:
    wanted = office.decided + EVERY
    await eventually(lambda: office.decided >= wanted or working.done(), "no command is decided", 120)
    if working.done():
        await working
        pytest.fail("the next kill would hit an idle system")


def _assigned(log: list[Incoming]) -> list[Message[routing.TicketAssigned]]:
    """The assignment of each matter, once."""
    found = {each.key: each for each in map(read, log) if isinstance(each.body, routing.TicketAssigned)}
    return list(found.values())


def _done(log: list[Incoming]) -> Counter[str]:
    """How many acceptances, plans and completions each matter has; a fact that stands there twice is one."""
    facts = {each.id: each for each in map(read, log) if isinstance(each.body, ONCE)}
    return Counter(each.key[:12] for each in facts.values())
