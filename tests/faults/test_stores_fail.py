"""The broker and the database die, freeze and come back under load: the door keeps its word."""

import asyncio
import signal
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from deploy.local.kafka import Broker
from deploy.local.mongod import Mongod
from tests.faults.crew import MATTER, Crew
from tests.faults.results import IS_LONG, Measuring, measured
from tests.faults.waiting import eventually, is_frozen
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
UNDER_LOAD = 2_000 if IS_LONG else 1_500
FROZEN = 20.0  # seconds
DOWN = 6.0  # seconds
ANSWERS_WITHIN = 8.0  # seconds until a 503 (reliability.md)
BACK_WITHIN = 10.0  # seconds after Kafka is back until a 201 (reliability.md)
Fault = Callable[[Crew, OwnStack, Measuring], Awaitable[None]]


def kill(store: Broker | Mongod) -> None:
    """kill -9, and see that it is dead of it."""
    assert store.process is not None
    store.process.send_signal(signal.SIGKILL)
    assert store.process.wait(10) == -signal.SIGKILL, "it did not die of the signal"


async def again(store: Broker | Mongod) -> None:
    """Start it again in its folder."""
    await asyncio.to_thread(store.start, store.folder / "again.log")


async def knock_at(team: Crew) -> httpx2.Response:
    """One submission with a key of its own, tried once."""
    async with httpx2.AsyncClient(timeout=60, trust_env=False) as client:
        url = team.url("intake", "/v1/submissions")
        return await client.post(url, json=MATTER, headers={"Idempotency-Key": str(uuid.uuid4())})


async def knocks_at(team: Crew, times: int) -> list[int]:
    """What so many are answered who come at once, each with a key of its own."""
    return [answer.status_code for answer in await asyncio.gather(*(knock_at(team) for _ in range(times)))]


async def broker_restarts(_team: Crew, stack: OwnStack, row: Measuring) -> None:
    """Once gently and once not."""
    await asyncio.to_thread(stack.broker.stop)
    await again(stack.broker)
    await asyncio.sleep(DOWN)
    kill(stack.broker)
    await again(stack.broker)
    row.ends()


async def broker_freezes(team: Crew, stack: OwnStack, row: Measuring) -> None:
    """Longer than every deadline. The door says so in time, and is open again in time."""
    assert stack.broker.process is not None
    began, pid = time.monotonic(), stack.broker.process.pid
    stack.broker.process.send_signal(signal.SIGSTOP)
    try:
        answers = [await _timed(team) for _ in range(3)]
        assert is_frozen(pid)
        await asyncio.sleep(max(0.0, began + FROZEN - time.monotonic()))
    finally:
        stack.broker.process.send_signal(signal.SIGCONT)
        row.ends()
    for seconds, answer in answers:
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["Retry-After"]) > 0
        assert seconds < ANSWERS_WITHIN
    await _open_again(team)


async def _timed(team: Crew) -> tuple[float, httpx2.Response]:
    began = time.monotonic()
    answer = await knock_at(team)
    return time.monotonic() - began, answer


async def _open_again(team: Crew) -> None:
    until, answer = time.monotonic() + BACK_WITHIN, await knock_at(team)
    while answer.status_code != 201:
        assert time.monotonic() < until, f"{answer.status_code} {BACK_WITHIN:.0f} s after Kafka was back"
        answer = await knock_at(team)


async def mongod_dies(team: Crew, stack: OwnStack, row: Measuring) -> None:
    """The door does not need it, neither while it is away nor when the door itself starts."""
    kill(stack.mongod)
    team.kill("intake-api")
    team.start_api("intake")
    await team.until_ready("intake-api")  # it has read the day key
    until, answers = time.monotonic() + DOWN, list[int]()
    while time.monotonic() < until or not answers:
        answers.append((await knock_at(team)).status_code)
    assert set(answers) == {201}
    await again(stack.mongod)
    row.ends()


@pytest.mark.timeout(700)
@pytest.mark.parametrize("fault", [broker_restarts, broker_freezes, mongod_dies])
async def test_under_load_nothing_is_lost_or_doubled(
    team: Crew, breakable: OwnStack, tmp_path: Path, fault: Fault
) -> None:
    await team.start_all_loops()
    acknowledged = tmp_path / "acknowledged"
    load = asyncio.create_task(team.submit(UNDER_LOAD, acknowledged))
    await eventually(lambda: acknowledged.exists() and acknowledged.stat().st_size > 0, "no load")
    with measured(fault.__name__) as row:
        await fault(team, breakable, row)
        await row.is_back(team)
        numbers = await load
        await team.until_routed(numbers)
        await row.verified(team, numbers)
