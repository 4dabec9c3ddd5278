"""The portal over HTTP, in memory: who sees what, codes and guesses, bad input, headers."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.identifiers import code_digest, number_of
from contracts.lifecycle import TicketState
from contracts.vocabulary import OF_A_UNIT
from runtime.clock import Clock
from runtime.delivery.records import Record
from runtime.http.addresses import networks
from runtime.http.audit import AuditTrail
from runtime.identity import tokens
from runtime.identity.code_attempts import TRIES, WITHIN
from runtime.identity.tokens import Gate, Principal
from runtime.memory.log import InMemoryLog, InMemoryWriter
from runtime.memory.store import InMemoryStore
from runtime.memory.tried_codes import InMemoryTriedCodes
from services.portal.pages.app import add_pages
from services.portal.pages.services import within
from services.portal.reading.adapters.memory import ClearWords, InMemoryTickets, NoRates
from services.portal.reading.api.app import build_api
from services.portal.reading.api.code_desk import CODE_HEADER, CodeDesk
from services.portal.reading.api.public import public_routes
from services.portal.reading.api.staff import staff_routes
from services.portal.reading.live.boards import Boards
from services.portal.reading.live.freshness import FreshnessUnknown
from services.portal.reading.live.stream_of_board import Sources
from services.portal.reading.ticket.document import CUT, WORDS_LISTED, SaidWords, Step, Ticket, VoterCode
from services.portal.site import Site
from tests.facts.values import UNIT
from tests.pages import edge
from tests.unit.portal.tickets import DIVISIONS, NOON, TICKET, UNITS, a_ticket

SECRET = b"a secret of the tests, long enough"
CODE = "ABCDE12345"
PRIVATE, PUBLIC = tokens.new_key_pair()
VOTERS = (VoterCode(index=0, digest=code_digest(SECRET, TICKET, CODE)),)
NUMBER = number_of(TICKET, "431226")
OTHER = "ZZZZZZZZ1234ABCDEFGH1234AB"


@dataclass
class ServedPortal:
    """An API in memory, its documents, its clock."""

    client: httpx2.AsyncClient
    store: InMemoryStore[Ticket]
    now: list[datetime]

    def put(self, ticket: Ticket) -> None:
        self.store.records[ticket.id] = Record(key=ticket.id, partition=0, document=ticket, version=1)

    async def get(
        self, path: str, principal: Principal | None = None, code: str = "", **params: str
    ) -> httpx2.Response:
        headers = {CODE_HEADER: code} if code else {}
        if principal is not None:
            headers["Authorization"] = f"Bearer {tokens.issue(PRIVATE, principal, NOON)}"
        return await self.client.get(path, headers=headers, params=params or None)


@pytest.fixture
async def house() -> AsyncIterator[ServedPortal]:
    store: InMemoryStore[Ticket] = InMemoryStore()
    wall = [NOON]
    clock = Clock(wall=lambda: wall[0])
    tickets = InMemoryTickets(store)
    site = Site(place_zh="麻阳", place_en="Mayang", division="43")
    boards = Boards(Sources(tickets, NoRates(), clock, FreshnessUnknown()), site)
    desk = CodeDesk(tickets, SECRET, InMemoryTriedCodes(clock.stopwatch))
    trail = AuditTrail(InMemoryWriter(InMemoryLog()), clock, "portal", secrets.token_hex)
    staff = staff_routes(tickets, desk, clock, ClearWords(), trail)
    app = build_api((public_routes(tickets, boards, clock), staff), boards, tickets.ready)
    add_pages(app, site, within(app), edge(clock.wall))
    app.state.trusted_proxies = networks("127.0.0.1")
    app.state.gate = Gate(PUBLIC, clock.wall)
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://portal") as client:
        house = ServedPortal(client, store, wall)
        house.put(a_ticket(voters=VOTERS, title="路灯不亮，联系13912345678", unit=UNIT))
        yield house


SUPERVISOR = Principal("s", "", "431226", "supervisor")


async def test_the_reporter_sees_the_own_matter_with_the_code(house: ServedPortal) -> None:
    answer = await house.get(f"/v1/tickets/{NUMBER.lower()}", code=" abcde-12345 ")
    assert answer.status_code == 200
    assert answer.json()["title"] == "路灯不亮，联系13912345678"
    assert "digest" not in answer.text


async def test_the_code_of_a_conflicting_submission_opens_only_its_own_part(house: ServedPortal) -> None:
    part = VoterCode(index=1, digest=code_digest(SECRET, TICKET, "PART012345"), part=True, words="另一份内容")
    story = (Step(at=NOON, kind="progress", said=SaidWords(words="已联系第一位")),)
    house.put(a_ticket(voters=(*VOTERS, part), title="第一份", content="第一份内容", history=story))
    answer = await house.get(f"/v1/tickets/{NUMBER}", code="PART012345")
    assert (answer.json()["content"], answer.json()["state"]) == ("另一份内容", "registered")
    assert "第一" not in answer.text


async def test_a_wrong_code_is_a_guess_and_a_number_that_is_not_known_yet_is_none(house: ServedPortal) -> None:
    young = number_of(OTHER, "431226")
    for _ in range(TRIES + 1):
        answer = await house.get(f"/v1/tickets/{young}", code=CODE)
        assert (answer.status_code, answer.json()["type"]) == (404, "number_unknown")
    assert "几分钟后再查" in answer.json()["zh"]
    voters = (VoterCode(index=0, digest=code_digest(SECRET, OTHER, CODE)),)
    house.put(a_ticket(id=OTHER, number=young, voters=voters))
    assert (await house.get(f"/v1/tickets/{young}", code=CODE)).status_code == 200
    wrong = await house.get(f"/v1/tickets/{NUMBER}", code="WRONG12345")
    assert (wrong.status_code, wrong.json()["type"]) == (404, "wrong_code")


async def test_a_number_that_was_read_wrong_is_named_so(house: ServedPortal) -> None:
    for who in (None, SUPERVISOR):
        answer = await house.get("/v1/tickets/x", who, code=CODE)
        assert (answer.status_code, answer.json()["type"]) == (422, "number_malformed")


async def test_without_code_or_token_nothing_is_told(house: ServedPortal) -> None:
    assert (await house.get(f"/v1/tickets/{NUMBER}")).status_code == 404
    assert (await house.get("/v1/tickets")).status_code == 401


async def test_guessing_is_stopped_and_opens_again_after_a_while(house: ServedPortal) -> None:
    for _ in range(TRIES):
        assert (await house.get(f"/v1/tickets/{NUMBER}", code="WRONG")).status_code == 404
    stopped = await house.get(f"/v1/tickets/{NUMBER}", code=CODE)
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, str(WITHIN.seconds))
    house.now[0] = NOON + WITHIN + timedelta(seconds=1)
    assert (await house.get(f"/v1/tickets/{NUMBER}", code=CODE)).status_code == 200


async def test_a_stranger_cannot_lock_the_reporter_out(house: ServedPortal) -> None:
    async def ask(code: str, address: str) -> int:
        headers = {CODE_HEADER: code, "X-Forwarded-For": address}
        return (await house.client.get(f"/v1/tickets/{NUMBER}", headers=headers)).status_code

    assert [await ask("WRONG", "203.0.113.9") for _ in range(TRIES + 1)] == [404] * TRIES + [429]
    assert await ask(CODE, "203.0.113.9") == 429
    assert await ask(CODE, "198.51.100.1") == 200


async def test_the_form_opens_the_own_page_and_says_what_is_wrong(house: ServedPortal) -> None:
    house.put(a_ticket(voters=VOTERS, content="门前"))
    right = await house.client.post("/mine", content=f"number={NUMBER}&code={CODE}")
    assert (right.status_code, right.headers["Location"]) == (303, "/mine/matter?lang=zh")
    assert "门前" in (await house.client.get("/mine/matter")).text
    wrong = await house.client.post("/mine?lang=en", content="number=1&code=<script>")
    assert (wrong.status_code, "Please check" in wrong.text, "<script>alert" in wrong.text) == (404, True, False)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"number=", b"a=1&" * 50, b"number=" + b"9" * 5000])
async def test_a_broken_form_opens_nothing(house: ServedPortal, body: bytes) -> None:
    assert (await house.client.post("/mine", content=body)).status_code == 404


async def test_staff_see_masked_words_and_no_reporter(house: ServedPortal) -> None:
    answer = (await house.get("/v1/tickets", SUPERVISOR)).json()
    (ticket,) = answer["tickets"]
    assert (answer["total"], ticket["title"], ticket["counter"]) == (1, "路灯不亮，联系139******78", "accepting")


@pytest.mark.parametrize(("text", "total"), [("路灯", 1), ("139*", 1), ("13912", 0), ("345678", 0), ("断水", 0)])
async def test_a_search_finds_only_what_staff_are_shown(house: ServedPortal, text: str, total: int) -> None:
    answer = await house.get("/v1/tickets", SUPERVISOR, text=text)
    assert answer.json()["total"] == total


async def test_the_unit_at_work_reads_the_house_number_and_others_do_not(house: ServedPortal) -> None:
    house.put(a_ticket(unit=UNIT, place="锦江路12号", content="我家在锦江路12号，13912345678"))
    unit = (await house.get(f"/v1/tickets/{NUMBER}", Principal("u", UNIT, "431226", "unit"))).json()
    office = (await house.get(f"/v1/tickets/{NUMBER}", SUPERVISOR)).json()
    assert (unit["place"], unit["content"]) == ("锦江路12号", "我家在锦江路12号，139******78")
    assert (office["place"], office["content"]) == ("锦江路**号", "我家在锦江路**号，139******78")


async def test_a_list_has_the_beginning_of_long_words_and_the_single_view_all_of_them(house: ServedPortal) -> None:
    house.put(a_ticket(content="水" * 20_000, unit=UNIT))
    listed = (await house.get("/v1/tickets", SUPERVISOR)).json()["tickets"][0]
    single = (await house.get(f"/v1/tickets/{NUMBER}", SUPERVISOR)).json()
    assert (listed["content"], single["content"]) == ("水" * WORDS_LISTED + CUT, "水" * 20_000)


async def test_staff_read_the_story_of_one_ticket_masked(house: ServedPortal) -> None:
    house.put(a_ticket(history=(Step(at=NOON, kind="progress", said=SaidWords(words="已联系13912345678")),)))
    story = (await house.get(f"/v1/tickets/{NUMBER}", SUPERVISOR)).json()["story"]
    assert [(line["kind"], line["words"]) for line in story] == [("progress", "已联系139******78")]


PRINCIPALS = st.builds(
    Principal,
    sub=st.just("s"),
    unit=st.sampled_from(UNITS),
    division=st.sampled_from(DIVISIONS),
    role=st.sampled_from(sorted(tokens.READING_ROLES)),
)
PLACED = st.tuples(st.sampled_from(DIVISIONS), st.sampled_from(UNITS), st.sampled_from(TicketState))
QUERIES = st.sampled_from(("", "?division=43", "?unit=U01", "?text=", "?state=assigned&state=queued", "?overdue=false"))


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(who=PRINCIPALS, where=PLACED, query=QUERIES)
async def test_no_role_reads_across_its_scope(
    house: ServedPortal, who: Principal, where: tuple[str, str, TicketState], query: str
) -> None:
    division, unit, state = where
    house.put(a_ticket(division=division, unit=unit, state=state))
    allowed = division.startswith(who.division) and (who.role not in OF_A_UNIT or (bool(who.unit) and unit == who.unit))
    listed = (await house.get(f"/v1/tickets{query}", who)).json()["total"]
    single = (await house.get(f"/v1/tickets/{NUMBER}", who)).status_code
    assert listed <= allowed
    assert single == (200 if allowed else 404)


@pytest.mark.parametrize(
    "query",
    [
        "state=nowhere",
        "light=blue",
        "limit=100000",
        "skip=-1",
        "registered_from=now",
        "division=43.*",
        "$where=1",
    ],
)
async def test_bad_filters_are_named_and_refused(house: ServedPortal, query: str) -> None:
    answer = await house.get(f"/v1/tickets?{query}", SUPERVISOR)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_a_text_with_signs_is_searched_literally(house: ServedPortal) -> None:
    found = await house.get("/v1/tickets", SUPERVISOR, text=".*")
    assert found.json()["total"] == 0


async def test_the_public_sees_no_invalid_matter_and_no_text_filter(house: ServedPortal) -> None:
    house.put(
        a_ticket(state=TicketState.INVALID, title="秘密", history=(Step(at=NOON, kind="screened_out", note="x|y"),))
    )
    assert "秘密" not in (await house.get("/tickets?text=139")).text
    assert (await house.get(f"/tickets/{NUMBER}")).status_code == 404


async def test_a_number_may_be_typed_in_any_way(house: ServedPortal) -> None:
    spaced = f"{NUMBER[:6]} {NUMBER[6:]}".lower()
    assert (await house.get(f"/tickets/{spaced}")).status_code == 200
    assert (await house.get("/tickets/431226")).status_code == 404


async def test_a_list_asked_for_by_number_reads_it_as_every_door_does(house: ServedPortal) -> None:
    spaced = f"{NUMBER[:6]} {NUMBER[6:10]}\u200b {NUMBER[10:14]}\u00a0{NUMBER[14:]}".lower()
    assert (await house.get("/v1/tickets", SUPERVISOR, number=spaced)).json()["total"] == 1
    wrong = await house.get("/v1/tickets", SUPERVISOR, number="431226")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "number_malformed")
    assert wrong.json()["errors"][0]["pointer"] == "/query/number"


async def test_a_division_is_read_in_full_width_too(house: ServedPortal) -> None:
    assert (await house.get("/v1/tickets", SUPERVISOR, division="４３１２２６\u200b")).json()["total"] == 1
    assert (await house.get("/v1/counters", division="４３１２２６")).json()["valid"] == 1


@pytest.mark.parametrize("path", ["/", "/tickets", "/mine", "/v1/counters", "/static/live.js", "/nowhere"])
async def test_every_answer_keeps_the_page_to_itself(house: ServedPortal, path: str) -> None:
    answer = await house.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]


async def test_the_six_counters_are_public_and_sum(house: ServedPortal) -> None:
    told = (await house.get("/v1/counters")).json()
    assert (told["accepting"], told["valid"]) == (1, 1)
