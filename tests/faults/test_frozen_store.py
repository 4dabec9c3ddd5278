"""A database that is frozen, not dead: every API says so in time, and the door takes a resend as it always does."""

import asyncio
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from tests.faults.crew import MATTER, Crew
from tests.faults.waiting import is_frozen
from tests.stack import OwnStack

pytestmark = [pytest.mark.stack, pytest.mark.alone]
ANSWERS_WITHIN = 8.0  # seconds (reliability.md)
CODE = {"Query-Code": "WRONG12345"}


@contextmanager
def frozen(stack: OwnStack) -> Iterator[None]:
    assert stack.mongod.process is not None
    pid = stack.mongod.process.pid
    stack.mongod.process.send_signal(signal.SIGSTOP)
    try:
        yield
        assert is_frozen(pid)
    finally:
        stack.mongod.process.send_signal(signal.SIGCONT)


async def timed(client: httpx2.AsyncClient, method: str, url: str, **more: Any) -> tuple[int, float]:
    """The status of an answer, and how many seconds it took."""
    began = time.monotonic()
    answer = await client.request(method, url, **more)
    if answer.status_code == 503:
        assert int(answer.headers["Retry-After"]) > 0
    return answer.status_code, time.monotonic() - began


@pytest.mark.timeout(600)
@pytest.mark.parametrize("guarded", [True, False])
async def test_whoever_asks_is_answered_in_time(team: Crew, breakable: OwnStack, guarded: bool) -> None:
    """Without the guard they wait for as long as the database's driver does, and longer."""
    within: dict[str, str] = {} if guarded else {"DUBAN_ANSWER_WITHIN": "60"}
    team.start_loop("intake")
    for service in ("portal", "feedback"):
        team.start(f"{service}-api", "-m", "cli", "serve", service, "api", **within)
    for name in ("intake-api", "portal-api", "feedback-api"):
        await team.until_ready(name)
    keyed, key = {"Idempotency-Key": str(uuid.uuid4())}, {"Idempotency-Key": str(uuid.uuid4())}
    async with httpx2.AsyncClient(timeout=60, trust_env=False) as client:
        door = team.url("intake", "/v1/submissions")
        first = await client.post(door, json=MATTER, headers=key)
        path = f"/v1/tickets/{first.json()['number']}"
        grade: Any = {"json": {"grade": 5, "solved": True}, "headers": CODE | keyed}
        with frozen(breakable):
            resent, *asked = await asyncio.gather(
                timed(client, "POST", door, json=MATTER, headers=key),
                timed(client, "GET", team.url("portal", "/v1/board")),
                timed(client, "GET", team.url("portal", path), headers=CODE),
                timed(client, "POST", team.url("feedback", f"{path}/evaluation"), **grade),
            )
    assert [status for status, _ in asked] == [503] * 3
    assert (resent[0], resent[1] < ANSWERS_WITHIN) == (201, True)
    assert (max(seconds for _, seconds in asked) < ANSWERS_WITHIN) is guarded
