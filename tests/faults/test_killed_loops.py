"""kill -9 of each process under load, and at every point of the loop: nothing is lost, nothing happens twice.

Together more than ten thousand acknowledged submissions. What each guard is for is shown in test_toothless.py.
"""

import asyncio
import random
from pathlib import Path

import pytest

from cli.load import Load
from tests.faults.crew import LOOPS, Crew
from tests.faults.results import IS_LONG, measured
from tests.faults.waiting import eventually

pytestmark = pytest.mark.stack
UNDER_LOAD = 7_000  # at the least: the load goes on until the last process is killed
AT_A_POINT = 2_000 if IS_LONG else 600
MORTALS = (*LOOPS, "portal", "intake-api")  # each dies twice
EVERY = UNDER_LOAD // (2 * len(MORTALS) + 1)  # acknowledged submissions between two kills
PORTION = 500
POINTS = ("fetched", "prepared", "loaded", "saved", "published", "committed")


@pytest.mark.timeout(1200)
async def test_processes_killed_at_random_under_load_lose_and_double_nothing(team: Crew, tmp_path: Path) -> None:
    chance = random.Random(7)
    doomed = [*chance.sample(MORTALS, len(MORTALS)), *chance.sample(MORTALS, len(MORTALS))]
    await team.start_all_loops()
    team.start_loop("portal")
    load, all_killed = team.load(tmp_path / "acknowledged"), asyncio.Event()
    loading = asyncio.create_task(_load_until(load, all_killed))
    for name in doomed:
        await _more_acknowledged(load, loading)
        await team.until_alive(name)
        assert not loading.done(), "this kill would hit an idle system"
        team.kill(name)
        team.start_again(name)
    with measured("killed_at_random") as row:
        row.ends()
        all_killed.set()
        await row.is_back(team)
        await loading
        assert load.unknown == []
        assert len(set(load.numbers)) == len(load.numbers) >= UNDER_LOAD
        await team.until_routed(load.numbers)
        await team.until_told(load.numbers)
        await row.verified(team, load.numbers)
    told = await team.gateway()
    assert told["messages"] >= len(load.numbers)
    assert told["sent_twice"] == 0
    await team.until_shown(load.numbers)


async def _load_until(load: Load, end: asyncio.Event) -> None:
    while not end.is_set() or len(load.numbers) < UNDER_LOAD:
        await load.run(PORTION)


async def _more_acknowledged(load: Load, loading: "asyncio.Task[None]") -> None:
    """Until the next so many are on the disk, or the load has failed."""
    wanted = len(load.numbers) + EVERY
    await eventually(lambda: len(load.numbers) >= wanted or loading.done(), "no load", 120)


@pytest.mark.timeout(700)
@pytest.mark.parametrize("point", POINTS)
async def test_a_loop_that_dies_at_a_point_goes_on_where_it_was(team: Crew, tmp_path: Path, point: str) -> None:
    """Routing and intake each die once, exactly there (CRASH_AT), and are started again."""
    dying = ("intake", "routing")
    for name in LOOPS:
        team.start_loop(name, **({"CRASH_AT": f"{point}:3"} if name in dying else {}))
    load = asyncio.create_task(team.submit(AT_A_POINT, tmp_path / "acknowledged"))
    more = list[str]()
    for name in dying:
        more += await team.submit_until_dead(name, tmp_path / f"until {name} died")
        team.start_loop(name)
    with measured("killed_at_a_point") as row:
        row.ends()
        await row.is_back(team)
        numbers = [*await load, *more]
        await team.until_routed(numbers)
        await row.verified(team, numbers)
