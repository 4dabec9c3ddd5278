"""Two processes under one name: the one that came later finds out, says which setting, and ends by itself."""

import pytest

from cli.serve import REFUSED
from contracts.topics import PARTS, SERVICES
from deploy.local.state import row_of_ports
from tests.faults.crew import Crew
from tests.faults.waiting import answers, eventually

pytestmark = pytest.mark.stack
FOUND_WITHIN = 30.0  # seconds (issue 13)
BEGINS_WITHIN = 30.0  # seconds on a busy machine
KINDS = ("LOOP", "PART")


@pytest.mark.parametrize(("service", "part"), [("sla", "loop"), ("feedback", "affairs"), ("notify", "hooks")])
async def test_of_two_processes_under_one_name_the_second_ends(team: Crew, service: str, part: str) -> None:
    nth = SERVICES.index(service) if part == "loop" else PARTS.index(f"{service}.{part}")

    async def begin(name: str) -> None:
        first = row_of_ports(len(SERVICES))
        ports = {f"DUBAN_{kind}_PORTS_FROM": str(first) for kind in KINDS}
        team.start(name, "-m", "cli", "serve", service, part, DUBAN_MEMBER="same", **ports)
        await answers(first + nth, "/live", name)

    await begin("first")
    await begin("second")
    second = team.children["second"]
    await eventually(lambda: second.poll() is not None, "it did not end", BEGINS_WITHIN + FOUND_WITHIN)
    assert (second.returncode, team.children["first"].poll()) == (REFUSED, None)
    assert "DUBAN_MEMBER" in (team.logs / "second.log").read_text()
