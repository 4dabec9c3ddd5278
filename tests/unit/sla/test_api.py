"""sla over HTTP, in memory: clocks, explanations, catalogue, calendar; who may see what."""

from datetime import datetime
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.identifiers import number_of
from contracts.messages import routing
from contracts.messages.standards import StandardPublished
from contracts.vocabulary import OF_A_UNIT
from runtime.identity import tokens
from runtime.identity.tokens import Gate, Principal
from services.sla.adapters import packaged
from services.sla.adapters.memory import InMemorySheets
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.api.app import build_app
from services.sla.api.requests import ClockRequests
from services.sla.api.tickets import ClockLookUps
from services.sla.ports import OUR_CHECKS, Checks
from tests.facts.feedback import completed, plan_lapsed, plan_reviewed, struck_off
from tests.facts.routing import accepted, assigned, returned, unit_published
from tests.facts.values import DAY, HOUR, NUMBER, OTHER, UNIT
from tests.harness import MONDAY, TICKET
from tests.unit.sla.scene import Scene

PRIVATE, PUBLIC = tokens.new_key_pair()
SUPERVISOR = Principal("s", "", "431226", "supervisor")
PATHS = ("/v1/tickets/{}/clocks", "/v1/tickets/{}/explain")


class PackagedWithThreeUnits:
    """The packaged standards, and two units."""

    def standards(self) -> tuple[StandardPublished, ...]:
        """With a longer version of one that has not begun, and an older one of another."""
        (water,) = [each for each in packaged.standards() if each.standard.code == "WTR-01"]
        (general,) = [each for each in packaged.standards() if each.standard.code == "GEN-01"]
        next_year = {"version": 9, "limit": water.standard.limit * 2, "valid_from": MONDAY + 365 * DAY}
        longer = water.model_copy(update={"standard": water.standard.model_copy(update=next_year)})
        before = {"version": 0, "limit": 1}
        older = general.model_copy(update={"standard": general.standard.model_copy(update=before)})
        return (longer, *packaged.standards(), older)

    def units(self) -> tuple[routing.UnitPublished, ...]:
        return (
            unit_published(duties=("URB.06", "URB.01")),
            unit_published(code="431225-X", division="431225", duties=("ELC.01",), standards=("GEN-01",)),
            unit_published(code="431226-OLD", duties=("ELC.01",), standards=(), valid_to=MONDAY),
        )


class Unsealed:
    """Seals nothing: no test here looks at words."""

    async def seal(self, owner: str, field: str, text: str) -> str | None:
        return text


class ServedScene(Scene):
    """The service with its API. ``informed``: it has read what is published; ``lists``: what orders may demand."""

    informed = True
    lists: Checks = OUR_CHECKS

    async def ask(self, path: str, who: Principal | None = SUPERVISOR) -> httpx2.Response:
        looked_up = self.store, PackagedCalendars(), PackagedWithThreeUnits()
        desk = ClockLookUps(*looked_up, self.clock.now, lambda: self.informed, checks=self.lists)
        window, gate = ClockRequests(desk, self.request_desk(), Unsealed()), Gate(PUBLIC, self.clock.wall)
        app = build_app(window, InMemorySheets(self.store, self.clock.now), gate, _ready)
        headers = {"Authorization": f"Bearer {tokens.issue(PRIVATE, who, self.clock.wall())}"} if who else {}
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://sla") as client:
            return await client.get(path, headers=headers)


async def _ready() -> bool:
    return True


@pytest.fixture
async def office() -> ServedScene:
    office = ServedScene()
    office.tell(assigned())
    await office.run()
    return office


@pytest.mark.parametrize("asked", [TICKET, NUMBER, NUMBER.lower()])
async def test_clocks_are_found_by_id_and_by_number_with_the_light_of_now(office: ServedScene, asked: str) -> None:
    await office.hear(accepted())
    office.pass_time(2 * DAY + 5 * HOUR)  # no timer has run: the light is right all the same
    found: Any = (await office.ask(f"/v1/tickets/{asked}/clocks")).json()
    assert [(clock["kind"], clock["state"], clock["light"]) for clock in found["clocks"]] == [
        ("accept_by", "met", "green"),
        ("complete_by", "running", "yellow"),
    ]


async def test_a_clock_that_rests_is_not_shown_as_met(office: ServedScene) -> None:
    await office.hear(accepted())
    until = office.clock.now() + DAY
    await office.hear(plan_reviewed(approved=True, grounds=(), mode="held_by_policy", until=until))
    assert await states(office) == ["met", "resting", "running"]
    await office.later(DAY)
    await office.hear(plan_lapsed())
    assert await states(office) == ["met", "went_on", "met", "running"]


async def states(office: ServedScene) -> list[str]:
    found: Any = (await office.ask(f"/v1/tickets/{TICKET}/clocks")).json()
    return [clock["state"] for clock in found["clocks"]]


async def test_the_holdings_of_a_matter_add_up_to_its_age(office: ServedScene) -> None:
    for body in (returned(), assigned(unit=OTHER, hop=2), accepted(), completed()):
        await office.later(3 * HOUR)
        await office.hear(body)
    await office.later(DAY)
    held: Any = (await office.ask(f"/v1/tickets/{TICKET}/clocks")).json()["held_seconds"]
    assert sum(held.values()) == (office.wall - MONDAY).total_seconds()
    assert held["reporters"] == DAY.total_seconds()


async def test_every_deadline_is_explained_and_recomputed_to_the_same_instant(office: ServedScene) -> None:
    await office.hear(accepted())
    found: Any = (await office.ask(f"/v1/tickets/{NUMBER}/explain")).json()
    assert [(each["equal"], each["recomputed"]) for each in found["deadlines"]] == [
        (True, each["due"]) for each in found["deadlines"]
    ]
    lines = found["deadlines"][1]["lines"]
    assert lines[0]["zh"] == "办理标准：URB-03@1《路灯排水修复》，时限 3 个工作日"
    assert lines[-1]["en"] == "Due (red): 2026-03-05 17:00 (China time)"


@pytest.mark.parametrize(
    ("clock", "status", "kinds"), [("c2", 200, ["complete_by"]), ("c9", 404, []), ("the first", 422, [])]
)
async def test_one_clock_is_explained_where_it_is_named(
    office: ServedScene, clock: str, status: int, kinds: list[str]
) -> None:
    await office.hear(accepted())
    answer = await office.ask(f"/v1/tickets/{NUMBER}/explain?clock={clock}")
    assert answer.status_code == status
    assert [each["kind"] for each in answer.json().get("deadlines", [])] == kinds


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("asked", "who", "status"),
    [
        (TICKET, None, 401),
        (TICKET, Principal("u", OTHER, "431226", "unit"), 404),
        (TICKET, Principal("s", "", "431225", "supervisor"), 404),
        (TICKET, Principal("u", UNIT, "431226", "unit"), 200),
        ("Z" * 26, SUPERVISOR, 404),
        ("not-a-number", SUPERVISOR, 422),
        (number_of(TICKET, "431225"), SUPERVISOR, 404),
    ],
)
async def test_only_who_may_see_a_matter_sees_its_clocks(
    office: ServedScene, path: str, asked: str, who: Principal | None, status: int
) -> None:
    assert (await office.ask(path.format(asked), who)).status_code == status


async def test_scope_follows_the_matter_and_a_unit_that_gave_it_back_no_longer_reads_it(office: ServedScene) -> None:
    unit, other = Principal("u", UNIT, "431226", "unit"), Principal("o", OTHER, "431228", "unit")
    neighbour = Principal("n", "", "431228", "supervisor")
    path, seen = PATHS[0].format(TICKET), list[list[int]]()
    for body in (None, returned(), assigned(unit=OTHER, hop=2, division="431228"), completed(), struck_off()):
        if body is not None:
            await office.hear(body)
        seen.append([(await office.ask(path, who)).status_code for who in (unit, SUPERVISOR, other, neighbour)])
    moved = [404, 404, 200, 200]
    assert seen == [[200, 200, 404, 404], [404, 200, 404, 404], moved, moved, moved]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    role=st.sampled_from([*sorted(tokens.READING_ROLES)]),
    unit=st.sampled_from([UNIT, OTHER, ""]),
    division=st.sampled_from(["43", "4312", "431226", "431225", "44", "43122"]),
    path=st.sampled_from(PATHS),
)
async def test_no_scope_reads_across(office: ServedScene, role: str, unit: str, division: str, path: str) -> None:
    may = "431226".startswith(division) and (role not in OF_A_UNIT or unit == UNIT)
    answer = await office.ask(path.format(TICKET), Principal("p", unit, division, role))
    assert answer.status_code == (200 if may else 404)


async def test_the_catalogue_is_public_and_says_what_it_rests_on(office: ServedScene) -> None:
    found: Any = (await office.ask("/v1/standards", None)).json()
    assert len(found) >= 20
    assert all(each["legal_basis"] and each["procedure"] and each["name_zh"] and each["name_en"] for each in found)


async def test_a_standard_is_previewed_by_the_rule_that_makes_its_deadline(office: ServedScene) -> None:
    shown: Any = (await office.ask(f"/v1/standards/WTR-01/preview?ticket={TICKET}")).json()
    assert (shown["code"], shown["version"], shown["runs"]) == ("WTR-01", 2, False)
    office.tell(
        accepted(standard=next(each.standard for each in packaged.standards() if each.standard.code == "WTR-01"))
    )
    await office.run()
    clocks: Any = (await office.ask(f"/v1/tickets/{TICKET}/clocks")).json()
    (work,) = [each for each in clocks["clocks"] if each["kind"] == "complete_by"]
    assert datetime.fromisoformat(shown["due"]) == datetime.fromisoformat(work["due"])


async def test_a_clock_of_the_work_that_runs_keeps_its_day_whatever_is_chosen() -> None:
    office = ServedScene()
    office.tell(assigned(urgent=True))
    await office.run()
    dues: set[str] = set()
    for code, version in (("WTR-01", 2), ("GEN-01", 1)):
        shown: Any = (await office.ask(f"/v1/standards/{code}/preview?ticket={TICKET}")).json()
        assert (shown["version"], shown["runs"]) == (version, True)
        dues.add(shown["due"])
    assert len(dues) == 1


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("/v1/standards/GEN-01/preview", SUPERVISOR, 200),
        ("/v1/standards/GEN-01/preview?division=431226", SUPERVISOR, 200),
        ("/v1/standards/GEN-01/preview", None, 401),
        ("/v1/standards/NO-99/preview", SUPERVISOR, 404),
        ("/v1/standards/GEN-01/preview?division=Mayang", SUPERVISOR, 422),
        ("/v1/standards/GEN-01/preview?ticket=nothing", SUPERVISOR, 422),
        (f"/v1/standards/GEN-01/preview?ticket={TICKET}", Principal("p", OTHER, "431226", "unit"), 404),
    ],
)
async def test_what_cannot_be_previewed_is_said(
    office: ServedScene, path: str, who: Principal | None, status: int
) -> None:
    assert (await office.ask(path, who)).status_code == status


async def test_gaps_are_listed_within_the_scope(office: ServedScene) -> None:
    office.pass_time(DAY)
    county: Any = (await office.ask("/v1/standards/gaps")).json()
    assert county == [{"unit": UNIT, "duty": "URB.01", "general": False}]
    province: Any = (await office.ask("/v1/standards/gaps", Principal("p", "", "43", "supervisor"))).json()
    assert {"unit": "431225-X", "duty": "ELC.01", "general": True} in province


@pytest.mark.parametrize(("year", "provisional"), [(2026, False), (2027, True), (2099, True)])
async def test_a_year_of_the_calendar(office: ServedScene, year: int, provisional: bool) -> None:
    found: Any = (await office.ask(f"/v1/calendars/{year}", None)).json()
    assert found["provisional"] is provisional
    assert f"{year}-10-01" in found["days_off"]


@pytest.mark.parametrize("year", ["1999", "2101", "now"])
async def test_a_year_out_of_range_is_refused(office: ServedScene, year: str) -> None:
    assert (await office.ask(f"/v1/calendars/{year}", None)).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/tickets/{TICKET}/explain",
        "/v1/standards",
        "/v1/standards/gaps",
        "/v1/standards/URB-01/preview",
        "/v1/calendars/2026",
        "/v1/calendars/2026.ics",
    ],
)
async def test_before_the_configuration_is_read_nothing_is_told_that_it_may_change(
    office: ServedScene, path: str
) -> None:
    """A process that has just begun: an empty catalogue or the packaged calendar would be a false answer."""
    office.informed = False
    early = await office.ask(path)
    assert (early.status_code, early.json()["type"]) == (503, "unavailable")
    office.informed = True
    assert (await office.ask(path)).status_code == 200
