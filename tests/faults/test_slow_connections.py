"""A thousand connections that send a head for ever, and one with 100 MB of it: the door does not notice."""

import asyncio
import contextlib
import time
from pathlib import Path
from statistics import median

import httpx2
import pytest

from tests.faults.crew import Crew

pytestmark = [pytest.mark.stack, pytest.mark.alone]
SLOW = 1_000
EVERY = 1.0  # seconds between two bytes
ENDED_WITHIN = 15.0  # seconds (issue 13)
GIVEN_UP = 25.0  # seconds
GROWN = 20 * 1024  # kilobytes (issue 13)
LIVE_WITHIN = 0.1  # seconds for half of the answers (issue 13)
BEGUN = b"POST /v1/submissions HTTP/1.1\r\nHost: door\r\nX-Slow: "
HUGE = 100 * 1024 * 1024  # bytes


async def drips(port: int) -> float:
    """One connection; how many seconds it lived."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.monotonic()
    writer.write(BEGUN)
    with contextlib.suppress(ConnectionError):
        while not reader.at_eof() and time.monotonic() - began < GIVEN_UP:
            writer.write(b"a")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(), EVERY)
    writer.close()
    return time.monotonic() - began


async def pours(port: int) -> int:
    """One head without an end; how many bytes of it were taken."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(BEGUN)
    sent = 0
    with contextlib.suppress(ConnectionError):
        while sent < HUGE:
            writer.write(b"a" * 65_536)
            await writer.drain()
            sent += 65_536
    writer.close()
    return sent


async def looks(url: str, until: "asyncio.Future[list[float]]") -> list[float]:
    """How long the process takes to say that it lives."""
    took = []
    async with httpx2.AsyncClient(timeout=30, trust_env=False, headers={"Connection": "close"}) as client:
        while not until.done():
            began = time.monotonic()
            assert (await client.get(url)).status_code == 200
            took.append(time.monotonic() - began)
            await asyncio.sleep(EVERY / 4)
    return took


def memory(team: Crew) -> int:
    """The most kilobytes that the door ever had."""
    status = Path(f"/proc/{team.children['intake-api'].pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


@pytest.mark.parametrize("guarded", [True, False])
async def test_slow_connections_end_and_cost_next_to_nothing(team: Crew, guarded: bool) -> None:
    """Without the guard they live for as long as they like."""
    if not guarded:
        team.kill("intake-api")
        team.start_toothless("unbounded_connections", "intake", "api")
        await team.until_alive("intake-api")
    port, before = team.port("intake-api"), memory(team)
    slow = asyncio.gather(*(drips(port) for _ in range(SLOW)))
    live = asyncio.create_task(looks(team.url("intake", "/live"), slow)) if guarded else None
    poured, lived = await pours(port), max(await slow)
    grown = memory(team) - before
    print(f"lived {lived:.1f} s, grown {grown} kB, of the head {poured} bytes")
    if live is None:
        assert lived >= GIVEN_UP
        assert poured >= HUGE
        return
    assert lived <= ENDED_WITHIN
    assert poured < HUGE
    assert grown <= GROWN
    assert median(await live) <= LIVE_WITHIN
