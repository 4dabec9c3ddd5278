"""Three times as many come as the door can answer, with every loop behind it: what was acknowledged is told, and soon.

Without the bound on who is let in everybody waits: test_overload.py shows it.
"""

import asyncio
import time
from pathlib import Path

import pytest

from tests.faults.burst import BurstAnswers, burst, own_lag, unhurried
from tests.faults.crew import Crew
from tests.faults.results import IS_LONG, measured
from tests.faults.test_overload import GROWN, memory

pytestmark = pytest.mark.stack
ALONE = 16  # clients that wait for each answer, as many as are always let in: the rate without overload
CLIENTS = 300  # of the burst
MEASURED = 20.0 if IS_LONG else 5.0  # seconds
BURST = 300.0 if IS_LONG else 10.0  # seconds
TIMES = 3  # the rate without overload
ANSWER_WITHIN, ON_THE_WAY = 7.0, 1.0  # seconds for a 201 from its arrival, and in the kernel before that
GOODPUT = 0.3  # of the rate without overload: whoever asks has the same processors; on its own it is to be 0.9
TOLD_WITHIN = max(240.0, 2 * BURST)  # seconds after the burst until everybody was told and nothing is unread


@pytest.mark.timeout(2400)
async def test_who_is_acknowledged_in_an_overload_is_answered_in_time_and_told(team: Crew, tmp_path: Path) -> None:
    with measured("overload") as row:
        await team.start_all_loops()
        alone = await unhurried(team.port("intake-api"), ALONE, MEASURED)
        await team.until_told(alone.numbers)
        before, late = memory(team.children["intake-api"]), asyncio.create_task(own_lag())
        began = time.monotonic()
        told = await burst(team.port("intake-api"), TIMES * alone.count(201) / MEASURED, BURST, CLIENTS)
        row.ends()
        late.cancel()
        goodput = told.count(201) / (told.last - began) / (alone.count(201) / MEASURED)
        print(
            f"{_counts(told)}, goodput {goodput:.2f} of {alone.count(201) / MEASURED:.0f}/s, p99 {told.p99(201):.1f} s"
        )
        assert set(told.took) <= {201, 429, 503}
        assert told.count(503) > 0, "it was no overload"
        assert told.p99(201) <= ON_THE_WAY + ANSWER_WITHIN + await late
        assert goodput >= GOODPUT
        assert memory(team.children["intake-api"]) - before <= GROWN
        await row.is_back(team)
        await team.until_told(told.numbers, TOLD_WITHIN)
        print(f"told and read {time.monotonic() - row.ended:.0f} s after {BURST:.0f} s of overload")
        await row.verified(team, [*alone.numbers, *told.numbers])


def _counts(told: BurstAnswers) -> dict[int, int]:
    return {status: told.count(status) for status in told.took}
