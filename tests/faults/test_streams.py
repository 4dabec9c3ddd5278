"""One host against everybody: it asks for 2,000 streams of the live page; everybody else's pages go on."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pytest

from contracts import divisions
from services.portal.reading.live.open_streams import PER_NETWORK, STREAMS
from tests.faults import waiting
from tests.faults.crew import Crew

pytestmark = [pytest.mark.stack, pytest.mark.alone]
HOST, SOMEBODY = "203.0.113.9", "198.51.100.7"
PROXY = "127.0.0.1"
LOOKS = 300  # pages that somebody else asks for
AS_SLOW = 2  # times the p99 without the host
NOISE = 0.05  # seconds below which a machine that others use, too, tells nothing
AT_ONCE = 100  # connections that are being opened
COUNTIES = [code for code in divisions.names_within("4312") if len(code) == divisions.COUNTY_DIGITS]


@asynccontextmanager
async def stream(port: int, address: str, division: str) -> AsyncIterator[int]:
    """A stream that stays open; the status of its answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = f"GET /v1/live?division={division} HTTP/1.1\r\nHost: portal\r\nX-Forwarded-For: {address}\r\n\r\n"
    writer.write(asked.encode())
    try:
        yield int((await asyncio.wait_for(reader.readline(), 60)).split()[1])
    finally:
        writer.close()


async def flood(port: int, held: AsyncExitStack) -> Counter[int]:
    """Streams of one host over all counties; how many were answered with which status."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(nth: int) -> int:
        async with turns:
            return await held.enter_async_context(stream(port, HOST, COUNTIES[nth % len(COUNTIES)]))

    return Counter(await asyncio.gather(*map(one, range(STREAMS))))


async def p99(url: str) -> float:
    """Of pages that somebody else looks at, in seconds."""
    took = []
    async with httpx2.AsyncClient(timeout=60, trust_env=False, headers={"X-Forwarded-For": SOMEBODY}) as client:
        for nth in range(LOOKS):
            began = time.monotonic()
            answer = await client.get(url, params={"division": COUNTIES[nth % len(COUNTIES)]})
            took.append(time.monotonic() - began)
            assert answer.status_code == 200, answer.text
    return sorted(took)[LOOKS * 99 // 100]


@pytest.mark.parametrize("guarded", [True, False])
async def test_one_host_leaves_pages_and_streams_to_everybody_else(team: Crew, guarded: bool) -> None:
    """Without the guard it has all streams of the process."""
    at_most = PER_NETWORK if guarded else STREAMS
    given = {"DUBAN_TRUSTED_PROXIES": PROXY, "DUBAN_STREAMS_PER_NETWORK": str(at_most), "DUBAN_PORTAL_DIVISION": "4312"}
    team.start("portal-api", "-m", "cli", "serve", "portal", "api", **given)
    await team.until_ready("portal-api")
    port, board = team.port("portal-api"), team.url("portal", "/v1/board")
    alone = await p99(board)
    async with AsyncExitStack() as held:
        answered = await flood(port, held)
        assert answered == {200: at_most, 429: STREAMS - at_most} if guarded else answered == {200: STREAMS}
        async with stream(port, SOMEBODY, "") as status:
            assert status == (200 if guarded else 503)
        if guarded:
            assert await p99(board) <= max(AS_SLOW * alone, NOISE)
    await waiting.until(lambda: _is_let_in(port), "its streams did not come back")


async def _is_let_in(port: int) -> bool:
    async with stream(port, HOST, "") as status:
        return status == 200
