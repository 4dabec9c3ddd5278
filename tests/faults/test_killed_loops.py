"""kill -9 of each process under load, and at every point of the loop: nothing is lost, nothing happens twice.

Together more than ten thousand acknowledged submissions. What each guard is for is shown in test_toothless.py.
"""

import asyncio
import random
import signal
from pathlib import Path

import pytest

from tests.faults.crew import LOOPS, Crew

pytestmark = pytest.mark.stack
UNDER_LOAD = 7_000
AT_A_POINT = 600
MORTALS = (*LOOPS, "portal", "intake-api")  # each dies twice
POINTS = ("fetched", "prepared", "loaded", "saved", "published", "committed")


@pytest.mark.timeout(500)
async def test_processes_killed_at_random_under_load_lose_and_double_nothing(team: Crew, tmp_path: Path) -> None:
    doomed = random.Random(7).sample(2 * MORTALS, 2 * len(MORTALS))
    await team.start_all_loops()
    team.start_loop("portal")
    load = asyncio.create_task(team.submit(UNDER_LOAD, tmp_path / "acknowledged"))
    for name in doomed:
        await asyncio.sleep(2.5)
        team.kill(name)
        team.start_again(name)
    numbers = await load
    assert len(set(numbers)) == UNDER_LOAD
    await team.until_routed(numbers)
    assert await team.verify(numbers) == []
    await team.until_shown(numbers)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("point", POINTS)
async def test_a_loop_that_dies_at_a_point_goes_on_where_it_was(team: Crew, tmp_path: Path, point: str) -> None:
    """Routing and intake each die once, exactly there (CRASH_AT), and are started again."""
    dying = ("intake", "routing")
    for name in LOOPS:
        team.start_loop(name, **({"CRASH_AT": f"{point}:3"} if name in dying else {}))
    load = asyncio.create_task(team.submit(AT_A_POINT, tmp_path / "acknowledged"))
    more = list[str]()
    for name in dying:
        more += await _until_it_dies(team, name, tmp_path / f"until {name} died")
        team.start_loop(name)
    numbers = [*await load, *more]
    await team.until_routed(numbers)
    assert await team.verify(numbers) == []


async def _until_it_dies(team: Crew, name: str, acknowledged: Path) -> list[str]:
    """A few more matters at a time, for a loop that had read all others in one batch; their numbers."""
    child, numbers = team.children[name], list[str]()
    async with asyncio.timeout(120):
        while child.poll() is None:
            numbers += await team.submit(5, acknowledged)
            await asyncio.sleep(0.5)
    assert child.returncode == -signal.SIGKILL, f"{name} ended otherwise"
    return numbers
