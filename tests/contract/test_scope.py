"""No route of any API that names a ticket, or lists some, tells or does anything across the scope of a token."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.accounts import SEES_NO_MATTER
from contracts.identifiers import number_of
from contracts.lifecycle import TicketState
from contracts.topics import SERVICES
from contracts.vocabulary import OF_A_UNIT
from runtime.identity import tokens
from runtime.identity.tokens import Principal, Scope
from services.feedback.api import tickets as feedback
from services.feedback.domain.case import CaseCheck
from services.notify.api import app as notify
from services.notify.api.events import routes as events
from services.notify.domain.feed_filter import OWN, READERS
from services.notify.workers.feed import event_of
from services.portal.reading.api import staff as portal
from services.portal.reading.ticket import work
from services.portal.reading.ticket.document import DueWork
from services.routing.api import tickets as routing
from services.routing.domain.assignment.assignment import AssignmentState
from services.sla.api import tickets as sla
from services.sla.domain.conference import Referral
from tests.contract.guarded import BY_CODE, ENDLESS, GUARDED, OF_ACCOUNTS, OF_NO_TICKET, OF_SESSIONS, STREAMED, Guarded
from tests.contract.matter import COUNTY, OTHER, SENT, SUPERVISOR, UNIT, MatterInHand, matter
from tests.contract.pages import FORMS, OF_ONES_OWN, PUBLIC_PAGES
from tests.contract.queries import QUERIES
from tests.contract.routes import CHANNELS, ROUTES, SUBSCRIPTIONS
from tests.facts.examples import SCHEMAS
from tests.harness import MONDAY

TOWNSHIP = "431226104"  # where the matter is
ROLES = tuple(sorted(tokens.ROLES))
PUBLIC_API = (
    *("/v1/board", "/v1/board.json", "/v1/board.csv", "/v1/brief", "/v1/counters", "/v1/live"),
    *("/v1/public/tickets", "/v1/public/tickets/{number}"),
)
PUBLIC = PUBLIC_PAGES | {("portal", "GET", path) for path in PUBLIC_API}
WRONG_CODE = {
    "type": "wrong_code",
    "title": "Number or query code is wrong. Check both and try again.",
    "status": 404,
    "detail": "登记号或查询码不正确，请核对后再试。",
    "zh": "登记号或查询码不正确，请核对后再试。",
    "en": "Number or query code is wrong. Check both and try again.",
}
NUMBER_UNKNOWN = {
    "type": "number_unknown",
    "title": "No such number here. Check it; if it was registered just now, try again in a few minutes.",
    "status": 404,
    "detail": "没有查到这个登记号，请核对；刚登记的请几分钟后再查。",
    "zh": "没有查到这个登记号，请核对；刚登记的请几分钟后再查。",
    "en": "No such number here. Check it; if it was registered just now, try again in a few minutes.",
}
DIVISIONS = ("43", "4312", COUNTY, "431226104", "431226100", "431225", "4313", "44", "110105", "99")
UNITS = (UNIT, OTHER, "431226", "")
PRINCIPALS = st.builds(
    Principal,
    sub=st.just("somebody"),
    unit=st.sampled_from(UNITS),
    division=st.sampled_from(DIVISIONS),
    role=st.sampled_from(ROLES),
)


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[MatterInHand]:
    """The matter on every list: it waits for its unit, for somebody to ask, and for the outcome of a message."""
    with pytest.MonkeyPatch.context() as patch:
        async with matter(patch) as made:
            made.change("routing", state=AssignmentState.ASSIGNED)
            open_check = (CaseCheck(draw="hand/1", due=MONDAY),)
            waits: dict[str, Any] = {"reminders": 2, "checks": open_check, "open_to": ("staff:somebody",)}
            made.change("feedback", state=TicketState.AWAITING_EVALUATION, **waits)
            unknown = [replace(item, state="unknown") for item in made.document("notify").items]
            now, told = made.platform.clock.now(), {item.ref for item in unknown if item.to == UNIT}
            made.change("notify", items=replace(made.document("notify"), items=tuple(unknown)).told(told, now).items)
            *others, runs = made.document("sla").clocks
            late = (*others, replace(runs, yellow=runs.start, orange=runs.start, due=runs.start))
            made.change("sla", clocks=late, referred=Referral(MONDAY, "hard_case", "lead"))
            turn = DueWork(kind="any", rank=0, at=made.document("portal").changed_at)
            made.change("portal", **{work.field_of(office): turn for office in work.OFFICES})
            for record in made.platform.log.of_topic("tickets"):
                if event := event_of(record, SCHEMAS):
                    made.platform.log.append(event)
            yield made


@pytest.fixture(autouse=True)
def nobody_has_to_wait(here: MatterInHand) -> None:
    """Wrong codes are counted over all services; each test begins anew."""
    here.forget_guesses()


ITS_OWN = {**dict.fromkeys(OF_A_UNIT, (UNIT,)), "partner": (UNIT, "")}
"""A token for a unit is for its matters; a system's may be for all of a division."""


def body_of(here: MatterInHand, route: Guarded | tuple[str, str, str]) -> dict[str, Any]:
    service, _, path = route if isinstance(route, tuple) else (route.service, route.method, route.path)
    good = next((each.good for each in (*ROUTES, *QUERIES) if (each.service, each.path) == (service, path)), None)
    if good is None:
        return {}
    own: dict[str, Any] = {"number": here.number, "numbers": [here.number]}
    return {"json": good | {name: value for name, value in own.items() if name in good}}


async def crossed(here: MatterInHand, route: Guarded, who: Principal) -> str:
    """What somebody got that is not theirs, or did not get that is; "" when all is well."""
    before = here.written()
    answer = await here.call(route.service, route.method, route.path, who, **body_of(here, route))
    place = COUNTY if route.of_counties else TOWNSHIP
    is_seeing = who.role not in SEES_NO_MATTER
    is_inside = (
        is_seeing and place.startswith(who.division) and (who.role not in ITS_OWN or who.unit in ITS_OWN[who.role])
    )
    told = {word for word in (here.ticket, SENT["title"], here.reference, UNIT) if word and word in answer.text}
    is_named = here.number in str(_beside_not_found(answer.json()))
    if who.role in route.roles and is_inside:
        return "" if answer.status_code in (200, 202, 409) and _shows(here, route, answer) else "kept from its own"
    wanted = 403 if who.role not in route.roles else 202 if route.lists and route.method == "POST" else 200
    wanted = wanted if route.lists or wanted == 403 else 404
    is_well = answer.status_code == wanted and not told and not is_named and here.written() == before
    return "" if is_well else f"{answer.status_code} {answer.text} {here.written() - before} written"


def _beside_not_found(said: Any) -> Any:
    """All but the numbers that were asked for and not found."""
    return {name: each for name, each in said.items() if name != "not_found"} if isinstance(said, dict) else said


def _shows(here: MatterInHand, route: Guarded, answer: Any) -> bool:
    return not route.lists or (UNIT if route.counts else here.number) in answer.text


def test_no_route_is_forgotten(here: MatterInHand) -> None:
    there = {
        (service, method.upper(), path)
        for service in SERVICES
        for path, operations in here.apps[service].openapi()["paths"].items()
        for method in operations
    }
    guarded = {(each.service, each.method, each.path) for each in GUARDED}
    of_others = OF_NO_TICKET | OF_ACCOUNTS | OF_SESSIONS | SUBSCRIPTIONS | CHANNELS
    of_pages = PUBLIC | OF_ONES_OWN | FORMS
    assert there == guarded | {ENDLESS, STREAMED} | set(BY_CODE) | of_others | of_pages


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(who=PRINCIPALS, route=st.sampled_from(GUARDED))
async def test_nobody_reads_or_does_what_is_not_theirs(here: MatterInHand, who: Principal, route: Guarded) -> None:
    assert await crossed(here, route, who) == ""


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.service} {route.method} {route.path}")
async def test_each_route_lets_in_its_own_and_nobody_else(here: MatterInHand, route: Guarded) -> None:
    people = [
        Principal("somebody", unit, division, role)
        for role in ROLES
        for unit in (UNIT, OTHER)
        for division in (COUNTY, "431225", "44")
    ]
    assert [(who, wrong) for who in people if (wrong := await crossed(here, route, who))] == []


@pytest.mark.parametrize("guard", [routing, sla, notify, feedback, portal], ids=lambda each: each.__name__)
async def test_without_the_guard_of_one_service_this_would_be_seen(
    here: MatterInHand, guard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything: Any = portal.TicketScope() if guard is portal else Scope("43")
    monkeypatch.setattr(guard, "scope_of", lambda _principal: everything)
    stranger = Principal("somebody", OTHER, COUNTY, "unit")
    named = [route for route in GUARDED if route.service == guard.__name__.split(".")[1] and "unit" in route.roles]
    own = [route for route in named if not route.of_counties]
    assert [await crossed(here, route, stranger) != "" for route in own] == [True] * len(own)


@pytest.mark.parametrize("role", OWN)
async def test_without_the_guard_of_the_feed_this_would_be_seen(
    here: MatterInHand, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "within", lambda _principal, asked: asked)
    route = next(each for each in GUARDED if each.of_counties)
    assert await crossed(here, route, Principal("somebody", OTHER, COUNTY, role)) != ""


@pytest.mark.parametrize("role", [*ROLES, ""])
async def test_a_stream_is_refused_to_whom_the_feed_is(here: MatterInHand, role: str) -> None:
    """Who may have it asks for another county: a refusal ends, a stream does not."""
    who = Principal("somebody", "", COUNTY, role) if role else None
    answer = await here.call(*ENDLESS, who, params={"division": "431225"})
    wanted = "outside_your_scope" if role in READERS else "role_refused" if role else "token_missing"
    assert (answer.json()["type"], answer.status_code) == (wanted, 403 if role else 401)


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.service} {route.method} {route.path}")
async def test_without_a_token_nothing_is_told_or_done(here: MatterInHand, route: Guarded) -> None:
    before = here.written()
    answer = await here.call(route.service, route.method, route.path, None, **body_of(here, route))
    opens_by_code = (route.service, route.method, route.path) in BY_CODE
    assert (answer.status_code, here.written()) == (404 if opens_by_code else 401, before)


@pytest.mark.parametrize("route", BY_CODE, ids=lambda route: " ".join(route))
async def test_what_opens_to_a_code_opens_to_nothing_else(here: MatterInHand, route: tuple[str, str, str]) -> None:
    """A wrong code and a number that is nobody's look alike; staff have no way around the code.

    Only the portal, whose public page tells as much, names a number that it has not read yet.
    """
    service, method, path = route
    answers, before = [], here.written()
    nobodys = here.path(path).replace(here.number, number_of(f"{BY_CODE.index(route)}{'Z' * 25}", COUNTY))
    for nth, (asked, code) in enumerate([(path, "WRONG12345"), (nobodys, here.code), (nobodys, "WRONG12345")]):
        headers = {"Query-Code": code}
        answer = await here.call(service, method, asked, None, headers=headers, **body_of(here, route))
        assert answer.status_code == 404, (nth, answer.text)
        answers.append(answer.json())
    unknown = NUMBER_UNKNOWN if service == "portal" else WRONG_CODE
    assert answers == [WRONG_CODE, unknown, unknown]
    assert here.written() == before


async def test_the_right_code_opens_to_it(here: MatterInHand) -> None:
    for service, method, path in BY_CODE:
        answer = await here.call(
            service, method, path, None, headers={"Query-Code": here.code}, **body_of(here, (service, method, path))
        )
        assert answer.status_code in (200, 202), answer.text


async def test_the_public_pages_tell_no_words_of_the_matter(here: MatterInHand) -> None:
    for _, _, path in sorted(PUBLIC - {("portal", "GET", "/v1/live")}):
        answer = await here.call("portal", "GET", path, None)
        assert (answer.status_code, SENT["content"] in answer.text, here.ticket in answer.text) == (200, False, False)
    assert (await here.call("portal", "GET", "/v1/tickets", SUPERVISOR)).json()["total"] == 1
