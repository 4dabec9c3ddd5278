"""Three times as many come as the door can answer: whoever is let in is answered in time, the rest at once.

The door is intake's API over a log in memory, on a processor that is made slow: neither Kafka nor the client is
measured.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median

import pytest

from deploy.local.state import ROOT, free_port
from tests.acceptance.town import SECRETS
from tests.faults import waiting
from tests.faults.burst import burst, own_lag, unhurried
from tests.faults.results import IS_LONG
from tests.faults.waiting import most_memory

pytestmark = pytest.mark.alone
ALONE = 24  # clients that wait for each answer: the rate without overload
MEASURED = 5.0  # seconds
BURST = 300.0 if IS_LONG else 12.0  # seconds
TIMES = 3  # the rate without overload
ANSWER_WITHIN = 7.0  # seconds for a 201 (reliability.md, issue 13)
AT_ONCE = 2.0  # seconds for half of the refusals: client and door share the processors of a test
GOODPUT = 0.3  # of the rate without overload, for the same reason; alone on a machine it is to be 0.9
GROWN = 200 * 1024  # kilobytes of memory that the door may take more


@asynccontextmanager
async def door(guard: str) -> AsyncIterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Its port and its process."""
    port = free_port()
    command = [sys.executable, "-m", "tests.faults.door_in_memory", guard, str(port)]
    environment = os.environ | SECRETS | {"PYTHONPATH": str(ROOT)}
    process = await asyncio.to_thread(subprocess.Popen, command, env=environment, cwd=ROOT)
    try:
        await waiting.answers(port, "/ready", "the door")
        yield port, process
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("guarded", [True, False])
async def test_whoever_is_let_in_is_answered_in_time_and_the_rest_at_once(guarded: bool) -> None:
    """Without the guard everybody waits, and those who are refused are refused after they have waited."""
    async with door("slow_processor" if guarded else "no_admission") as (port, process):
        alone = (await unhurried(port, ALONE, MEASURED)).count(201) / MEASURED
        before = most_memory(process.pid)
        began, late = time.monotonic(), asyncio.create_task(own_lag())
        told = await burst(port, TIMES * alone, BURST)
        late.cancel()
        lag, grown = await late, most_memory(process.pid) - before
    assert told.count(503) > 0, "it was no overload"
    assert set(told.took) <= {201, 503}
    goodput = told.count(201) / (told.last - began) / alone
    p99, refused = told.p99(201), median(told.took[503])
    print(f"alone {alone:.0f}/s, goodput {goodput:.2f}, p99 of a 201 {p99:.1f} s, median of a 503 {refused:.2f} s")
    print(f"503: {told.count(503)}, grown {grown} kB, the client itself was late by {lag:.2f} s")
    assert len(set(told.numbers)) == told.count(201)
    if guarded:
        assert p99 <= ANSWER_WITHIN + lag
        assert refused <= AT_ONCE + lag
        assert goodput >= GOODPUT
        assert grown <= GROWN
    else:
        assert refused > AT_ONCE + lag
