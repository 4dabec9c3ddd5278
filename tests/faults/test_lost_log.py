"""A log that is not the one the documents know: everything halts and says so, and there is a way on.

``make faults`` takes thousands of submissions; without it a row has few, so that it can run at each change.
"""

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from contracts.identifiers import prefix_of
from deploy.local.state import ROOT
from tests.adapters.test_log_identity import made_anew
from tests.environment import environment
from tests.faults.crew import LOOPS, Crew
from tests.faults.results import IS_LONG, Measuring, measured
from tests.faults.test_stores_fail import knock_at, knocks_at
from tests.faults.waiting import until

pytestmark = pytest.mark.stack
MANY = 2_000 if IS_LONG else 120
REFUSED = 12  # submissions that must be refused: fewer than the door always lets in at once
NEW_EPOCH = "duban topics --new-epoch 2"


def topics(*options: str) -> tuple[int, str]:
    """``duban topics`` as somebody types it: exit code, and what it said."""
    command = (sys.executable, "-m", "cli", "topics", *options)
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    return ended.returncode, ended.stdout + ended.stderr


async def halted(team: Crew, name: str) -> bool:
    """Whether a process is alive, not ready, and says on its gauge that its log is lost."""
    service = name.partition("-")[0]
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
        address = f"http://127.0.0.1:{team.port(name)}"
        ready, gauges = await client.get(f"{address}/ready"), await client.get(f"{address}/metrics")
    return ready.status_code == 503 and f'duban_log_lost{{service="{service}"}} 1.0' in gauges.text


async def has_lost_its_log(team: Crew, name: str) -> None:
    async def says() -> bool:
        return await halted(team, name)

    await until(says, f"{name} did not halt")
    assert NEW_EPOCH in (team.logs / f"{name}.log").read_text()


@pytest.mark.timeout(900)
async def test_topics_made_anew_halt_everything_and_a_new_epoch_brings_all_back(team: Crew, tmp_path: Path) -> None:
    await team.start_all_loops()
    numbers = await team.submit(MANY, tmp_path / "acknowledged")
    await team.until_routed(numbers)
    await made_anew(team.bus)
    answers = await knocks_at(team, REFUSED)
    assert answers == [503] * REFUSED, "into a log that nobody knows nothing is acknowledged"
    for name in (*LOOPS, "intake-api"):
        await has_lost_its_log(team, name)
    code, said = await asyncio.to_thread(topics)
    assert code == 1
    assert "has others in place of" in said
    assert NEW_EPOCH in said
    for name in (*LOOPS, "intake-api"):
        team.kill(name)
    with measured("topics_made_anew") as row:
        await _goes_on(team, row, numbers, tmp_path)


async def _goes_on(team: Crew, row: Measuring, numbers: list[str], folder: Path) -> None:
    async def begun() -> bool:
        code, said = await asyncio.to_thread(topics, "--new-epoch", "2")
        assert code == 0 or "has members" in said, said
        return code == 0

    await until(begun, "the members that were killed are not forgotten", 120)
    row.ends()
    team.bus = replace(team.bus, epoch=2)
    team.environment["DUBAN_LOG_EPOCH"] = "2"
    with environment({"DUBAN_LOG_EPOCH": "2"}):
        team.start_api("intake")
        await team.start_all_loops()
        await row.is_back(team)
        more = await team.submit(MANY // 10, folder / "acknowledged later")
        await team.until_routed([*numbers, *more])
        await row.verified(team, [*numbers, *more])


@pytest.mark.timeout(900)
async def test_without_an_identity_submissions_are_acknowledged_and_no_loop_reads_them(
    team: Crew, tmp_path: Path
) -> None:
    team.kill("intake-api")
    team.start_toothless("no_identity", "intake", "api")
    team.start_toothless("no_identity", "intake")
    await team.submit(REFUSED, tmp_path / "acknowledged")
    await made_anew(team.bus)
    answers = [await knock_at(team) for _ in range(REFUSED)]
    taken = [answer.json()["number"] for answer in answers if answer.status_code == 201]
    assert taken, "without the guard the door takes what goes into the wrong log"
    lost = await team.lost(taken)
    assert lost, "positions of the old log pass over the offsets of the new one"
    assert {prefix_of(number) for number in lost} <= {prefix_of(number) for number in taken}
