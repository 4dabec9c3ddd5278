"""Each guard on the real stack, with and without it: without, what it prevents is seen to happen."""

import asyncio
import signal
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from contracts.envelope import type_of
from deploy.local.state import free_port
from tests.faults.crew import Crew
from tests.faults.test_stores_fail import again, kill
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
FEW = 120
UNCLEAR = {"title": "反映", "content": "请处理。"}  # intake itself decides what becomes of it


@pytest.mark.timeout(200)
async def test_commit_first_loses_what_a_crash_interrupts(team: Crew, tmp_path: Path) -> None:
    """The guarded loop dies at the same point in test_killed_loops.py, and loses nothing."""
    team.start_toothless("commit_first", "intake", CRASH_AT="loaded:2")
    numbers = await team.submit(FEW, tmp_path / "acknowledged")
    assert await asyncio.to_thread(team.children["intake"].wait, 60) == -signal.SIGKILL
    team.start_loop("intake")
    await team.until_routed()
    assert any("V1" in finding.invariant for finding in await team.verify(numbers))


@pytest.mark.timeout(200)
@pytest.mark.parametrize("guarded", [True, False])
async def test_acknowledged_means_written(team: Crew, breakable: OwnStack, tmp_path: Path, guarded: bool) -> None:
    """The broker stands still, takes messages into its sockets, and dies: only acks=all knows that they are lost."""
    assert breakable.broker.process is not None
    if not guarded:
        team.kill("intake-api")
        team.start_toothless("no_acknowledgement", "intake", "api")
    team.start_loop("intake")
    first = await team.submit(FEW, tmp_path / "acknowledged")
    breakable.broker.process.send_signal(signal.SIGSTOP)
    second = asyncio.create_task(team.submit(FEW, tmp_path / "acknowledged"))
    await asyncio.wait([second], timeout=4.0)
    assert second.done() is not guarded
    kill(breakable.broker)
    await again(breakable.broker)
    numbers = [*first, *await second]
    await team.until_routed()
    found = await team.verify(numbers)
    assert found == [] if guarded else any("V1" in finding.invariant for finding in found)


@pytest.mark.timeout(200)
@pytest.mark.parametrize("guarded", [True, False])
async def test_a_zombie_cannot_write(team: Crew, tmp_path: Path, guarded: bool) -> None:
    """intake's loop freezes with a matter in its hands; another takes its place and its work; it wakes up."""
    if guarded:
        team.start_loop("intake", CRASH_AT="loaded:1:freeze")
    else:
        team.start_toothless("no_version_guard", "intake", CRASH_AT="loaded:1:freeze")
    number, code = await _register(team)
    await team.until_frozen("intake")
    team.children["zombie"] = team.children.pop("intake")
    team.start_loop("intake", DUBAN_LOOP_PORTS_FROM=str(free_port()))
    await team.until(lambda log: any(type_of(record.headers) == "TicketScreenedOut" for record in log))
    await _insist(team, f"/v1/tickets/{number}/withdrawal", 200, headers={"Query-Code": code})
    team.thaw("zombie")
    await team.until_routed()
    team.kill("zombie")
    found = await team.verify([number])
    assert found == [] if guarded else any("behind" in finding.wrong for finding in found)


async def _register(team: Crew) -> tuple[str, str]:
    receipt = await _insist(team, "/v1/submissions", 201, json=UNCLEAR)
    return receipt["number"], receipt["query_code"]


async def _insist(team: Crew, path: str, wanted: int, headers: Mapping[str, str] = {}, **more: Any) -> Any:
    """The same call until it is answered as wanted."""
    headers = {"Idempotency-Key": str(uuid.uuid4())} | dict(headers)
    async with httpx2.AsyncClient(timeout=20, trust_env=False) as client:
        for _ in range(100):
            answer = await client.post(team.url("intake", path), headers=headers, **more)
            if answer.status_code == wanted:
                return answer.json()
            await asyncio.sleep(0.5)
    raise AssertionError(answer.text)
