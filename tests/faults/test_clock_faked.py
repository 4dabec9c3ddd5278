"""The machine of one service has a clock of its own (libfaketime): its processes say so and announce nothing by it."""

from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest

from tests.faults.crew import LOOPS, Crew
from tests.faults.results import IS_LONG, measured
from tests.faults.test_clock_wrong import skew_told_by
from tests.faults.waiting import until

pytestmark = pytest.mark.stack
MATTERS = 2_000 if IS_LONG else 100
NEAR = 5.0  # seconds
COMPARED_WITHIN = (
    150.0  # seconds; a process compares its clock at its start, once the database answers, and each minute
)
SERVED = ("sla", "sla-api")


@pytest.fixture(scope="module")
def library() -> Path:
    """Puts another clock in front of a process; the monotonic one stays."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if found is None:
        pytest.skip("no libfaketime: apt-get install libfaketime")
    return found


def faked(library: Path, ahead: int) -> Mapping[str, str]:
    """The environment of a process whose wall clock is so many hours ahead."""
    return {"LD_PRELOAD": str(library), "FAKETIME": f"{ahead:+d}h", "DONT_FAKE_MONOTONIC": "1"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("ahead", [2, *([-1] if IS_LONG else [])])
async def test_processes_with_a_wrong_clock_say_so_and_do_no_harm(
    team: Crew, tmp_path: Path, library: Path, ahead: int
) -> None:
    """Matters come meanwhile; once the clock is right, each has its time and nobody was reminded falsely."""
    with measured("clock_of_one_service") as row:
        for name in LOOPS:
            if name != "sla":
                team.start_loop(name)
        for name, part in zip(SERVED, ("loop", "api"), strict=True):  # Kafka takes no record of an hour ahead
            team.start(name, "-m", "cli", "serve", "sla", part, **faked(library, ahead))
        for name in SERVED:
            await team.until_alive(name)
        await until(lambda: _refuses(team), "it answers by a clock that is hours wrong")
        await until(lambda: _all_say(team, ahead), "the fault did not bite", COMPARED_WITHIN)
        numbers = await team.submit(MATTERS, tmp_path / "acknowledged")
        await team.until_routed(numbers)
        for name in SERVED:
            team.kill(name)
        row.ends()
        for name in SERVED:
            team.start_again(name)
        await team.until_ready("sla-api")
        await row.is_back(team)
        await team.until_told(numbers)
        await row.verified(team, numbers)


async def _all_say(team: Crew, ahead: int) -> bool:
    """Whether each of its processes knows by how many hours its clock is ahead."""
    skews = [await skew_told_by(team, name) for name in SERVED]
    return all(abs(skew - ahead * 3600) < NEAR for skew in skews)


async def _refuses(team: Crew) -> bool:
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = await client.get(team.url("sla", "/v1/standards"))
    return answer.status_code == 503 and answer.json()["type"] == "clock_wrong"
