"""The clock of sla's machine is ahead: nothing is announced early, and when it is far ahead the process says so."""

from collections.abc import Iterable
from pathlib import Path

import httpx2
import pytest

from contracts.envelope import Message
from contracts.messages import sla
from runtime.clock import DomainTime, Segment, WallTime, system_wall
from runtime.delivery.records import Incoming
from simulation.village import read
from tests.faults.crew import Crew, crew
from tests.faults.toothless import UNNOTICED
from tests.faults.waiting import until
from tests.harness import MONDAY
from tests.stack import OwnStack

pytestmark = pytest.mark.stack
MATTERS = 5
RATE = 3600.0  # a second of wall time is an hour of domain time: the working day to accept is over after 32
GAUGE = "duban_clock_skew_seconds"


@pytest.mark.timeout(500)
@pytest.mark.parametrize("guard", ["clock_ahead", "knocks_by_own_clock"])
async def test_a_clock_that_is_ahead_orders_nobody_early(breakable: OwnStack, tmp_path: Path, guard: str) -> None:
    """No order is said at the knock that turns the clock yellow; a knock by the process's clock says both."""
    begins = Segment(WallTime(system_wall()), DomainTime(MONDAY), RATE)
    async with crew(breakable, tmp_path, str(begins)) as team:
        for name in ("intake", "routing"):
            team.start_loop(name)
        team.start_toothless(guard, "sla")
        await team.submit(MATTERS, tmp_path / "acknowledged")
        log = await team.until(lambda log: len(_orders(log)) >= MATTERS)
        assert abs(await skew_told_by(team, "sla") - UNNOTICED.total_seconds()) < 5, "the fault did not bite"
        together = {order.cause for order in _orders(log)} & {turned.cause for turned in _yellow(log)}
        assert bool(together) is (guard == "knocks_by_own_clock")


@pytest.mark.timeout(500)
async def test_a_clock_that_is_far_ahead_is_noticed(breakable: OwnStack, tmp_path: Path) -> None:
    async with crew(breakable, tmp_path, "") as team:
        team.start_toothless("clock_far_ahead", "sla", "api")
        async with httpx2.AsyncClient(trust_env=False) as client:

            async def refuses() -> bool:
                answer = await client.get(team.url("sla", "/v1/standards"))
                return answer.status_code == 503 and answer.json()["type"] == "clock_wrong"

            await team.until_alive("sla-api")
            await until(refuses, "it answers by a clock that is an hour ahead")
            assert (await client.get(team.url("sla", "/ready"))).status_code == 503
        assert abs(await skew_told_by(team, "sla-api") - 3600) < 5


async def skew_told_by(team: Crew, name: str) -> float:
    """By how many seconds a process says that its clock is ahead."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        metrics = (await client.get(f"http://127.0.0.1:{team.port(name)}/metrics")).text
    return next(float(line.split()[1]) for line in metrics.splitlines() if line.startswith(GAUGE))


def _orders(log: Iterable[Incoming]) -> list[Message[sla.SupervisionOrdered]]:
    return [message for message in map(read, log) if isinstance(message.body, sla.SupervisionOrdered)]


def _yellow(log: Iterable[Incoming]) -> list[Message[sla.LightChanged]]:
    turned = [message for message in map(read, log) if isinstance(message.body, sla.LightChanged)]
    return [message for message in turned if message.body.new == "yellow"]
