"""Nobody comes for a long time, and then everybody at once: whoever is acknowledged is answered in time and told."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.burst import burst, own_lag
from tests.faults.crew import Crew
from tests.faults.results import IS_LONG, measured

pytestmark = [pytest.mark.stack, pytest.mark.alone]
IDLE = 1_200.0 if IS_LONG else 20.0  # seconds; longer than Kafka and its clients keep a connection that idles
PACE, SPAN = (1_000.0, 10.0) if IS_LONG else (500.0, 5.0)  # submissions a second, for so many seconds
BEFORE = 2_000 if IS_LONG else 1  # acknowledged before the calm
FEWEST = 100  # acknowledged of the surge: the processors are shared with whoever asks
ANSWER_WITHIN = 7.0  # seconds for a 201, from its arrival at the door (issue 13)
ON_THE_WAY = 1.0  # seconds that it waits in the kernel before that


@pytest.mark.timeout(2400)
async def test_a_surge_after_a_calm_is_answered_in_time_and_nobody_who_was_acknowledged_is_lost(
    team: Crew, tmp_path: Path
) -> None:
    """Without the bound on who is let in everybody waits: test_overload.py shows it."""
    with measured("surge_after_calm") as row:
        await team.start_all_loops()
        before = await team.submit(BEFORE, tmp_path / "before")
        await team.until_told(before)
        await asyncio.sleep(IDLE)
        late = asyncio.create_task(own_lag())
        told = await burst(team.port("intake-api"), PACE, SPAN)
        row.ends()
        late.cancel()
        p99, lag = told.p99(201), await late
        print(f"{ {status: told.count(status) for status in told.took} }, p99 {p99:.1f} s, late {lag:.2f} s")
        assert set(told.took) <= {201, 429, 503}
        assert len(told.numbers) >= FEWEST
        assert p99 <= ON_THE_WAY + ANSWER_WITHIN + lag
        await row.is_back(team)
        await team.until_told(told.numbers)
        await row.verified(team, [*before, *told.numbers])
