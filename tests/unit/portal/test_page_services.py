"""Pages are a client of the API: they pass on what the reader brings, and what the API says."""

import re

import httpx2
import pytest

from runtime.http.problems import Refusal
from runtime.identity.code_attempts import TRIES
from services.portal.pages.services import ServiceRefused, Services
from services.portal.reading.api.code_desk import CODE_HEADER
from services.portal.reading.ticket.document import SaidWords, Step
from tests.unit.portal.test_api import CODE, NUMBER, VOTERS, ServedPortal
from tests.unit.portal.tickets import NOON, TICKET, a_ticket

WORDS = "我家门口路灯不亮"


async def typed(house: ServedPortal, number: str, code: str, address: str = "203.0.113.9") -> httpx2.Response:
    """What the form answers to what somebody typed."""
    headers = {"X-Forwarded-For": address, "Accept": "text/html"}
    return await house.client.post("/mine", data={"number": number, "code": code}, headers=headers)


async def test_whoever_guesses_on_the_form_is_counted_by_the_own_address(house: ServedPortal) -> None:
    house.put(a_ticket(voters=VOTERS))
    guesses = [(await typed(house, NUMBER, "WRONG12345")).status_code for _ in range(TRIES + 1)]
    assert guesses == [404] * TRIES + [429]
    assert (await typed(house, NUMBER, CODE)).status_code == 429
    assert (await typed(house, NUMBER, CODE, "198.51.100.1")).status_code == 303
    by_program = {CODE_HEADER: CODE, "X-Forwarded-For": "203.0.113.9"}
    assert (await house.client.get(f"/v1/tickets/{NUMBER}", headers=by_program)).status_code == 429


@pytest.mark.parametrize(
    "number", ["", ".", "..", "../counters", "a/b?c=d#e", "%2e%2e", "４３１２２６", NUMBER + "/.."]
)
async def test_no_number_leads_to_another_address_of_the_api(house: ServedPortal, number: str) -> None:
    answer = await typed(house, number, CODE)
    assert (answer.status_code, "没有查到这个登记号" in answer.text) == (404, True)


@pytest.mark.parametrize("code", ["", " ", "a\r\nAuthorization: Bearer x", "查询码", "\x00", "x" * 500])
async def test_whatever_is_typed_as_a_code_is_a_code_and_no_header(house: ServedPortal, code: str) -> None:
    house.put(a_ticket(voters=VOTERS))
    answer = await typed(house, NUMBER, code)
    assert (answer.status_code, "登记号或查询码不正确" in answer.text) == (404, True)


async def test_a_code_may_be_typed_in_full_width_on_the_form_too(house: ServedPortal) -> None:
    house.put(a_ticket(voters=VOTERS))
    wide = "".join(chr(ord(each) + 0xFEE0) for each in CODE)
    assert (await typed(house, NUMBER, wide)).status_code == 303


async def test_a_link_that_carries_names_of_its_own_shows_the_list(house: ServedPortal) -> None:
    answer = await house.client.get("/tickets?from=timeline&isappinstalled=0&overdue=&lang=en")
    assert (answer.status_code, "1 matter<" in answer.text) == (200, True)


async def test_the_links_to_other_pages_of_a_list_keep_what_was_asked_for(house: ServedPortal) -> None:
    for nth in range(61):
        house.put(a_ticket(id=f"{nth:026}", number=f"{nth:019}"))
    page = (await house.client.get("/tickets?light=none&counter=accepting&overdue=false&page=2")).text
    asked = "counter=accepting&amp;light=none&amp;overdue=false"
    for way, nth in (("before", 1), ("after", 3)):
        assert re.search(rf"/tickets\?{asked}&amp;{way}=[\w-]{{26}}&amp;page={nth}&amp;", page)
    assert "<h1>事项清单 · 待受理</h1>" in page


async def test_what_the_page_of_a_matter_shows_a_program_reads_too(house: ServedPortal) -> None:
    story = (Step(at=NOON, kind="light", note="red", said=SaidWords(words=WORDS)),)
    house.put(a_ticket(title=WORDS, content=WORDS, category_zh="路灯", category_en="Lights", history=story))
    told = await house.get(f"/v1/public/tickets/{NUMBER}")
    assert (WORDS in told.text, TICKET in told.text) == (False, False)
    assert told.json()["title_zh"] == "路灯"
    assert [(each["colour"], each["en"]) for each in told.json()["story"]] == [
        ("red", "The light turned: Red, overdue.")
    ]


async def test_a_program_reads_the_board_and_the_list_that_the_pages_show(house: ServedPortal) -> None:
    house.put(a_ticket(title=WORDS, division="431226"))
    board = (await house.get("/v1/board?division=431226")).json()
    assert (board["site"]["division"], board["counters"]["valid"]) == ("431226", 1)
    assert board["says"]["en"][0]["kind"] == "today"
    listed = (await house.get("/v1/public/tickets?division=431226&urgent=false")).json()
    assert [card["number"] for card in listed["tickets"]] == [card["number"] for card in board["cards"]] == [NUMBER]
    assert [each["name"] for each in listed["filters"] if each["chosen"]] == ["urgent"]
    assert WORDS not in str([board, listed])


@pytest.mark.parametrize("query", ["counter=none", "overdue=perhaps", "division=43.*", "page=first"])
async def test_a_wrong_filter_of_the_public_list_is_named(house: ServedPortal, query: str) -> None:
    answer = await house.get(f"/v1/public/tickets?{query}")
    assert (answer.status_code, query.partition("=")[0] in answer.text) == (422, True)


@pytest.mark.parametrize(
    "path", ["render.py", "frame/render.py", "page.html", "x/page.html", "x/../app.py", "..%2fapp.py"]
)
async def test_nothing_of_the_pages_but_their_files_is_served(house: ServedPortal, path: str) -> None:
    assert (await house.client.get(f"/static/{path}")).status_code == 404


async def test_a_problem_of_the_api_is_passed_on_with_its_words() -> None:
    problem = {"type": "unavailable", "zh": "系统繁忙", "en": "Busy"}
    api = Services(httpx2.MockTransport(lambda _: httpx2.Response(503, json=problem, headers={"Retry-After": "5"})))
    with pytest.raises(ServiceRefused) as refused:
        await api.get("/v1/board")
    assert (refused.value.status, refused.value.code, refused.value.headers) == (
        503,
        "unavailable",
        {"Retry-After": "5"},
    )


@pytest.mark.parametrize("body", [b"<h1>Bad gateway</h1>", b"[]", b"null", b""])
async def test_an_answer_that_is_no_problem_of_ours_keeps_its_status(body: bytes) -> None:
    api = Services(httpx2.MockTransport(lambda _: httpx2.Response(502, content=body)))
    with pytest.raises(ServiceRefused) as refused:
        await api.get("/v1/board")
    assert (refused.value.status, refused.value.code) == (502, "")


async def test_an_api_that_does_not_answer_is_a_503() -> None:
    def away(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("nobody there")

    with pytest.raises(Refusal) as refused:
        await Services(httpx2.MockTransport(away)).get("/v1/board")
    assert refused.value.status == 503
