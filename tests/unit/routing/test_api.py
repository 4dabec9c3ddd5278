"""Routing over HTTP, in memory: who may see and do what, bad input, the work list."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.messages.routing import AcceptTicket, AssignTicket, ReturnTicket
from runtime.clock import Clock
from runtime.delivery.loop import Loop
from runtime.delivery.records import Outgoing, Record
from runtime.http.requests import RequestDesk
from runtime.identity import tokens
from runtime.identity.tokens import Gate, Principal
from runtime.memory.log import InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.memory.store import InMemoryStore
from services.routing.adapters import packaged
from services.routing.adapters.memory import InMemoryAssignments
from services.routing.api.app import build_app
from services.routing.api.look_ups import LookUps
from services.routing.api.tickets import AssignmentRequests
from services.routing.domain.assignment.assignment import Assignment, AssignmentState
from tests.facts.values import COUNTY, NUMBER
from tests.harness import MONDAY, TICKET
from tests.unit.routing.matters import ROADS, WATER, ThreeStandards, an_assignment, routing_service

PRIVATE, PUBLIC = tokens.new_key_pair()
MATTER = f"/v1/tickets/{NUMBER}"
OPERATIONS: dict[str, tuple[str, dict[str, Any], tuple[str, ...], type[Any]]] = {
    "assign": (f"{MATTER}/assignment", {"unit": ROADS}, ("lead", "supervisor"), AssignTicket),
    "accept": (f"{MATTER}/acceptance", {"standard": "WTR-01"}, ("unit",), AcceptTicket),
    "return": (f"{MATTER}/return", {"ground": "not_our_duty", "explanation": "不属于"}, ("unit",), ReturnTicket),
}
PRINCIPALS = st.builds(
    Principal,
    sub=st.just("somebody"),
    unit=st.sampled_from(["", WATER, ROADS]),
    division=st.sampled_from(["43", "4312", COUNTY, "431222", "110105", "431226100"]),
    role=st.sampled_from(sorted(tokens.READING_ROLES)),
)


class PlainWords:
    """Seals by wrapping: enough for tests that look at who may do what."""

    async def seal(self, ticket: str, field: str, text: str) -> str | None:
        return f"<{field}>"


class Prompt(InMemoryWriter):
    """A log that routing's loop reads the moment something is written."""

    def __init__(self, log: InMemoryLog) -> None:
        super().__init__(log)
        self.loop: Loop[Assignment] | None = None

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        await super().publish(batch)
        loop, self.loop = self.loop, None
        if loop is not None:
            await loop.step()
            self.loop = loop


@dataclass
class ServedRouting:
    """The API, its documents, its log. ``informed``: it has read what is published."""

    client: httpx2.AsyncClient
    store: InMemoryStore[Assignment]
    log: InMemoryLog
    informed: bool = True

    def put(self, assignment: Assignment) -> None:
        """The one matter, as it is now."""
        self.store.records[TICKET] = Record(TICKET, 0, assignment, 1)

    def written(self) -> int:
        """How many records are in the log."""
        return len(self.log.of_topic("tickets"))

    async def call(
        self, method: str, path: str, who: Principal | None, key: str = "a-key-of-a-test", **more: Any
    ) -> httpx2.Response:
        headers = {"Idempotency-Key": key}
        if who is not None:
            headers["Authorization"] = f"Bearer {tokens.issue(PRIVATE, who, MONDAY)}"
        return await self.client.request(method, path, headers=headers, **more)


@pytest.fixture
async def house() -> AsyncIterator[ServedRouting]:
    log, store, clock = InMemoryLog(), InMemoryStore[Assignment](), Clock(wall=lambda: MONDAY)
    writer, service = Prompt(log), routing_service()
    writer.loop = Loop(service, InMemoryReader(log, "routing.loop", service.logs), writer, store, clock.wall)
    window = AssignmentRequests(RequestDesk(service, store, writer, clock), InMemoryAssignments(store), PlainWords())
    looked_up = packaged.directory(), packaged.places(), packaged.kinds(), ThreeStandards()
    shelf = LookUps(*looked_up, clock.now, lambda: served.informed)

    async def ready() -> bool:
        return True

    app = build_app(window, shelf, Gate(PUBLIC, clock.wall), ready)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://routing") as client:
        served = ServedRouting(client, store, log)
        yield served


def person(role: str, unit: str = "", division: str = COUNTY) -> Principal:
    return Principal("somebody", unit, division, role)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(who=PRINCIPALS, operation=st.sampled_from(sorted(OPERATIONS)), state=st.sampled_from(AssignmentState))
async def test_nobody_sees_or_does_what_is_not_theirs(
    house: ServedRouting, who: Principal, operation: str, state: AssignmentState
) -> None:
    path, body, roles, _ = OPERATIONS[operation]
    matter = an_assignment(state=state)
    house.put(matter)
    before = house.written()
    is_visible = tokens.scope_of(who).allows(matter.division, matter.unit)
    answer = await house.call("POST", path, who, json=body)
    listed = await house.call("GET", "/v1/work-list", who)
    if who.role not in roles:
        assert answer.status_code == 403
    elif not is_visible:
        assert answer.status_code == 404
    else:
        assert answer.status_code in (200, 409)
    assert is_visible or (NUMBER not in listed.text and house.written() == before)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
async def test_without_a_token_nothing_is_done(house: ServedRouting, operation: str) -> None:
    house.put(an_assignment())
    path, body, _, _ = OPERATIONS[operation]
    assert (await house.call("POST", path, None, json=body)).status_code == 401
    assert (await house.call("GET", "/v1/work-list", None)).status_code == 401


async def test_the_unit_accepts_and_asks_for_the_outcome_again(house: ServedRouting) -> None:
    house.put(an_assignment())
    who = person("unit", WATER)
    answer = await house.call("POST", f"{MATTER}/acceptance", who, json={"standard": "WTR-01"})
    assert (answer.status_code, answer.json()["standard"]) == (200, "WTR-01")
    again = await house.call("GET", f"{MATTER}/requests/{answer.json()['request']}", who)
    assert (again.status_code, again.json()["status"]) == (200, "accepted")
    unknown = await house.call("GET", f"{MATTER}/requests/nothing", who)
    assert (unknown.status_code, unknown.json()["type"]) == (404, "request_unknown")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{MATTER}/acceptance", {}),
        (f"{MATTER}/acceptance", {"standard": ""}),
        (f"{MATTER}/acceptance", {"standard": "WTR-01", "more": 1}),
        (f"{MATTER}/return", {"ground": "not_our_duty", "explanation": ""}),
        (f"{MATTER}/return", {"ground": "not_our_duty", "explanation": "长" * 2001}),
        ("/v1/tickets/4312260000000000000/acceptance", {"standard": "WTR-01"}),
    ],
)
async def test_bad_input_is_named_and_nothing_is_written(house: ServedRouting, path: str, body: dict[str, Any]) -> None:
    house.put(an_assignment())
    answer = await house.call("POST", path, person("unit", WATER), json=body)
    assert answer.status_code == 422
    assert house.written() == 0


@pytest.mark.parametrize(
    ("category", "nearest"),
    [
        ("WTR.1", "WTR.01"),
        ("wtr.01", "WTR.01"),
        ("供水问题", "WTR.01"),
        ("street light", "URB.06"),
        ("张三13912345678", ""),
    ],
)
async def test_a_category_that_the_taxonomy_does_not_know_is_refused_with_the_nearest(
    house: ServedRouting, category: str, nearest: str
) -> None:
    house.put(an_assignment(state=AssignmentState.QUEUED))
    bodies = {f"{MATTER}/assignment": {}, "/v1/assignments": {"numbers": [NUMBER]}}
    for path, body in bodies.items():
        sent = body | {"unit": ROADS, "category": category}
        answer = await house.call("POST", path, person("supervisor"), json=sent)
        (named,) = answer.json()["errors"]
        assert (answer.status_code, answer.json()["type"], named["pointer"]) == (422, "category_unknown", "/category")
        assert all(nearest in named[language] for language in ("zh", "en"))
        assert named["en"].isascii()
        assert category not in answer.text
    assert house.written() == 0


@pytest.mark.parametrize("category", ["", "WTR.01", "WTR"])
async def test_a_category_of_the_taxonomy_is_taken(house: ServedRouting, category: str) -> None:
    house.put(an_assignment(state=AssignmentState.QUEUED))
    sent = {"unit": ROADS, "category": category}
    assert (await house.call("POST", f"{MATTER}/assignment", person("lead"), json=sent)).status_code == 200


async def test_a_number_in_bulk_that_is_none_is_named_by_its_place(house: ServedRouting) -> None:
    house.put(an_assignment(state=AssignmentState.QUEUED))
    sent = {"unit": ROADS, "numbers": [NUMBER, "4312260000000000000"]}
    answer = await house.call("POST", "/v1/assignments", person("lead"), json=sent)
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/numbers/1"]
    assert house.written() == 0


async def test_the_work_list_shows_urgent_matters_first_and_nothing_of_the_reporter(house: ServedRouting) -> None:
    house.put(an_assignment(state=AssignmentState.QUEUED, unit=""))
    other = "Z" * 26
    house.store.records[other] = Record(other, 0, an_assignment(state=AssignmentState.QUEUED, urgent=True), 1)
    listed = await house.call("GET", "/v1/work-list", person("lead"), params={"state": "queued"})
    assert [each["ticket"] for each in listed.json()] == [other, TICKET]
    assert "voters" not in listed.text
    assert (await house.call("GET", "/v1/work-list", person("lead"), params={"state": "closed"})).status_code == 422


async def test_what_a_staff_member_may_look_up(house: ServedRouting) -> None:
    who = person("clerk")
    units = await house.call("GET", "/v1/units", who, params={"county": COUNTY})
    categories = await house.call("GET", "/v1/categories", None)
    resolved = await house.call("POST", "/v1/divisions/resolve", who, json={"text": "麻阳县高村镇停水"})
    unsettled = await house.call("POST", "/v1/divisions/resolve", who, json={"text": "停水", "place": "朝阳区"})
    assert {"code", "level", "duties", "standards", "lead_unit"} <= set(units.json()[0])
    assert len(categories.json()) >= 40
    assert resolved.json()["names"] == {"431226100": "湖南省怀化市麻阳苗族自治县高村镇"}
    assert unsettled.json()["names"]["110105"] == "北京市朝阳区"
    assert (await house.call("GET", "/v1/units", who, params={"county": "x"})).status_code == 422


async def test_an_ended_division_is_answered_with_what_became_of_it(house: ServedRouting) -> None:
    path, who = "/v1/divisions/resolve", person("clerk")
    answered = (await house.call("POST", path, who, json={"text": "停水", "code": "430521000000"})).json()
    (ended,) = answered["history"]
    assert (answered["code"], ended["places"], ended["steps"][0]["year"]) == ("430582", ["430582"], 2019)
    assert answered["names"]["430582"] == "湖南省邵阳市邵东市"


async def test_the_units_of_an_ended_county_are_those_of_the_place_it_became(house: ServedRouting) -> None:
    who = person("clerk")
    ended, today = [await house.call("GET", "/v1/units", who, params={"county": each}) for each in ("433025", COUNTY)]
    assert ended.json() == today.json() != []


@pytest.mark.parametrize(
    ("matter", "codes"),
    [
        (an_assignment(), ["WTR-01"]),
        (an_assignment(category="ENV.01"), ["GEN-01"]),
        (an_assignment(state=AssignmentState.QUEUED, unit=""), []),
    ],
)
async def test_the_standards_that_may_be_chosen_are_listed_to_whoever_sees_the_matter(
    house: ServedRouting, matter: Assignment, codes: list[str]
) -> None:
    house.put(matter)
    listed = await house.call("GET", f"{MATTER}/standards", person("supervisor"))
    assert [each["code"] for each in listed.json()] == codes
    assert (await house.call("GET", f"{MATTER}/standards", person("unit", ROADS))).status_code == 404


async def test_before_the_catalogue_is_read_nobody_is_told_that_no_standard_fits(house: ServedRouting) -> None:
    """A process that has just begun: an empty list would send a clerk away."""
    house.put(an_assignment())
    house.informed = False
    early = await house.call("GET", f"{MATTER}/standards", person("supervisor"))
    assert (early.status_code, early.json()["type"]) == (503, "unavailable")
    house.informed = True
    assert (await house.call("GET", f"{MATTER}/standards", person("supervisor"))).json() != []


async def test_a_decision_carries_its_reason_sealed_and_one_without_is_refused(house: ServedRouting) -> None:
    house.put(an_assignment(state=AssignmentState.DISPUTED, unit="", returned_by=(WATER, ROADS), returns=2))
    who = person("supervisor")
    refused = await house.call("POST", f"{MATTER}/assignment", who, json={"unit": ROADS}, key="a-key-without-a-reason")
    answer = await house.call("POST", f"{MATTER}/assignment", who, json={"unit": ROADS, "reason": "管网归它"})
    assert (refused.status_code, refused.json()["type"], answer.status_code) == (409, "reason_needed", 200)
    said = b"".join(record.value for record in house.log.of_topic("tickets"))
    assert b"<reason>" in said
    assert "管网归它".encode() not in said


async def test_the_work_list_names_the_places_that_a_matter_may_be_about(house: ServedRouting) -> None:
    house.put(an_assignment(state=AssignmentState.QUEUED, unit="", places=("110105", "220104")))
    (entry,) = (await house.call("GET", "/v1/work-list", person("lead"))).json()
    assert entry["names"] == {"110105": "北京市朝阳区", "220104": "吉林省长春市朝阳区"}
