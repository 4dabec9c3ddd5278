"""C9 over HTTP: who may ask, what is streamed, which input is refused and where."""

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from runtime.identity import tokens
from runtime.identity.tokens import Gate, Principal
from services.sla import wiring
from services.sla.api.app import build_app
from services.sla.api.requests import ClockRequests
from services.sla.api.what_if import add_what_if
from services.sla.ports import WhatIfCandidate
from tests.facts.values import COUNTY, DAY, NUMBER, STANDARD, UNIT
from tests.unit.sla.scene import Scene
from tests.unit.sla.test_api import PRIVATE, PUBLIC, SUPERVISOR, Unsealed
from tests.unit.sla.test_what_if import MONTH, SHORTER, completed_on_wednesday, platform_of

ROW = {
    **{name: getattr(SHORTER, name) for name in ("code", "version", "name_zh", "name_en", "limit", "limit_unit")},
    "procedure": SHORTER.procedure,
    "legal_basis": SHORTER.legal_basis,
    "duties": ["URB.06"],
}


@pytest.fixture
async def done() -> Scene:
    return await completed_on_wednesday()


class WhatIfOffice:
    """The API over the log of a scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene, platform = scene, platform_of(scene)
        desk = replace(wiring.look_ups_of(platform), is_informed=lambda: True)
        window = ClockRequests(desk, scene.request_desk(), Unsealed())
        self.app = build_app(window, wiring.sheets_of(platform), Gate(PUBLIC, scene.clock.wall), _ready)
        self.runs = wiring.what_ifs_of(platform)
        add_what_if(self.app, desk, self.runs)

    async def ask(self, who: Principal = SUPERVISOR, **sent: Any) -> httpx2.Response:
        given = {"since": MONTH.since.isoformat(), "to": MONTH.to.isoformat()} | sent
        headers = {"Authorization": f"Bearer {tokens.issue(PRIVATE, who, self.scene.clock.wall())}"}
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url="http://sla") as client:
            return await client.post("/v1/what-if", json=given, headers=headers)


async def _ready() -> bool:
    return True


async def test_the_api_streams_how_far_it_is_and_then_the_result(done: Scene) -> None:
    answer = await WhatIfOffice(done).ask(standards=[ROW])
    lines: list[Any] = [httpx2.Response(200, content=line).json() for line in answer.content.splitlines()]
    assert ["progress"] * (len(lines) - 1) == [next(iter(line)) for line in lines[:-1]]
    [row] = [each for each in lines[-1]["result"]["rows"] if each["standard"] == STANDARD.code]
    assert (row["today"]["late"], row["candidate"]["late"]) == (
        {"count": 0, "numbers": []},
        {"count": 1, "numbers": [NUMBER]},
    )


async def test_a_configurer_hears_how_many_and_not_which(done: Scene) -> None:
    answer = await WhatIfOffice(done).ask(Principal("c", "", COUNTY, "configurer"), standards=[ROW])
    assert NUMBER not in answer.text
    assert '"late":{"count":1' in answer.text


async def test_one_runs_at_a_time(done: Scene) -> None:
    office = WhatIfOffice(done)
    running = office.runs.run(WhatIfCandidate(), MONTH, "")
    await anext(running)
    answer = await office.ask()
    assert (answer.status_code, answer.json()["type"]) == (409, "what_if_running")
    await running.aclose()
    assert (await office.ask()).status_code == 200


@pytest.mark.parametrize(
    ("sent", "code", "pointers"),
    [
        ({"to": (MONTH.since + 32 * DAY).isoformat()}, "period_too_long", ["/to"]),
        ({"to": MONTH.since.isoformat()}, "period_empty", ["/to"]),
        (
            {
                "standards": [ROW | {"yellow_at": 0.9}],
                "ladder": [{"division": COUNTY, "version": 1, "steps": [{"when": "pink", "tell": ["unit"]}]}],
                "calendar": [{"year": 2026, "version": 1, "days_off": {"2025-01-01": "元旦"}, "division": COUNTY}],
            },
            "candidate_refused",
            ["/calendar/0/days_off/2025-01-01", "/ladder/0/steps", "/standards/0/orange_at"],
        ),
        ({"standards": [ROW | {"code": "x"}]}, "invalid", ["/standards/0/code"]),
    ],
)
async def test_bad_input_is_named_with_its_place(
    done: Scene, sent: dict[str, Any], code: str, pointers: list[str]
) -> None:
    answer = await WhatIfOffice(done).ask(**sent)
    told = answer.json()
    assert (answer.status_code, told["type"], [each["pointer"] for each in told["errors"]]) == (422, code, pointers)
    assert all(each["zh"] and each["en"] for each in told["errors"])


async def test_another_division_is_refused(done: Scene) -> None:
    assert (await WhatIfOffice(done).ask(division="110101")).status_code == 403


@pytest.mark.parametrize("role", ["supervisor", "configurer"])
async def test_whoever_asks_hears_of_the_own_division_alone(done: Scene, role: str) -> None:
    office = WhatIfOffice(done)
    assert UNIT in (await office.ask(Principal("s", "", COUNTY, role))).text
    assert UNIT not in (await office.ask(Principal("s", "", "431225", role))).text


@pytest.mark.parametrize("role", sorted(tokens.STAFF_ROLES - {"supervisor", "configurer"}))
async def test_no_other_role_may_ask(done: Scene, role: str) -> None:
    assert (await WhatIfOffice(done).ask(Principal("s", UNIT, COUNTY, role))).status_code == 403
