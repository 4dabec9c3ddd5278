"""The public pages over HTTP, in memory: filters as a browser sends them, a page where something is wrong, caching."""

from datetime import datetime

import httpx2
import pytest

from contracts.lifecycle import TicketState
from runtime.delivery.ports import Unavailable
from services.portal.pages.frame.render import VERSION
from services.portal.reading.adapters.memory import InMemoryTickets
from services.portal.reading.board.selection import BoardSelection
from services.portal.reading.search.filters import TicketScope
from tests.unit.portal import shown
from tests.unit.portal.test_api import OTHER, SUPERVISOR, ServedPortal
from tests.unit.portal.tickets import TICKET, a_ticket

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def browse(house: ServedPortal, path: str) -> httpx2.Response:
    return await house.client.get(path, headers=BROWSER)


@pytest.mark.parametrize("query", ["counter=&light=", "counter=&light=none", "counter=accepting&light=&urgent="])
async def test_a_form_that_chooses_nothing_asks_for_everything(house: ServedPortal, query: str) -> None:
    answer = await browse(house, f"/tickets?lang=zh&{query}")
    assert (answer.status_code, "共 1 件" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/tickets?light=blue", 422, "筛选条件有误"),
        ("/tickets?light=blue&lang=en", 422, "choose again"),
        ("/?division=43.*", 422, "筛选条件有误"),
        ("/?division=520100", 404, "没有这个页面"),
        ("/nowhere", 404, "没有这个页面"),
        ("/static/nothing.js", 404, ""),
    ],
)
async def test_a_browser_is_told_with_a_page(house: ServedPortal, path: str, status: int, says: str) -> None:
    answer = await browse(house, path)
    assert (answer.status_code, says in answer.text) == (status, True)
    assert ("text/html" in answer.headers["Content-Type"]) == bool(says)


async def test_a_program_is_told_with_a_problem(house: ServedPortal) -> None:
    for path in ("/nowhere", "/v1/tickets?light=blue", "/v1/counters?division=52"):
        answer = await house.get(path, SUPERVISOR)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["zh"]
    assert (await browse(house, "/v1/nowhere")).json()["zh"]


async def test_without_a_database_a_browser_gets_a_page(
    house: ServedPortal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(self: InMemoryTickets, scope: TicketScope, now: datetime) -> BoardSelection:
        raise Unavailable("away")

    monkeypatch.setattr(InMemoryTickets, "look", away)
    answer = await browse(house, "/")
    assert (answer.status_code, "暂时读不到数据" in answer.text) == (503, True)
    assert answer.headers["Retry-After"]


async def test_files_of_this_build_are_kept_for_ever_and_others_are_asked_for_again(house: ServedPortal) -> None:
    page = (await browse(house, "/")).text
    assert f'src="/static/{VERSION}/live.js"' in page
    kept = {
        path: (await house.get(path)).headers["Cache-Control"]
        for path in (f"/static/{VERSION}/live.js", "/static/live.js", "/static/0123456789/live.js")
    }
    assert list(kept.values()) == ["public, max-age=31536000, immutable", "no-cache", "no-cache"]


async def test_what_was_withdrawn_is_shown_apart_and_not_in_the_list(house: ServedPortal) -> None:
    house.put(a_ticket(id=OTHER, number="4312260000000000001", state=TicketState.WITHDRAWN))
    listed, told = await browse(house, "/tickets?lang=en"), (await house.get("/v1/counters")).json()
    assert "1 matter<" in listed.text
    assert listed.text.count('class="row card') == 1
    assert (told["valid"], told["withdrawn"], told["invalid"]) == (1, 1, 0)
    assert "另有已撤回 1 件，不予受理 0 件" in (await browse(house, "/")).text


async def test_the_list_and_the_figures_follow_the_division(house: ServedPortal) -> None:
    house.put(a_ticket(division="431226100", division_zh="湖南省怀化市麻阳苗族自治县高村镇"))
    for division, total in (("", 1), ("431226100", 1), ("430102", 0)):
        page = (await browse(house, f"/tickets?division={division}")).text
        assert f"共 {total} 件" in page
        assert (await house.get(f"/v1/counters?division={division}")).json()["valid"] == total
    narrowed = (await browse(house, "/?division=431226100")).text
    assert "<strong>高村镇 · 督办</strong>" in narrowed
    assert "division=431226100" in narrowed.split("data-stream=")[1].split(">")[0]
    house.put(a_ticket(id=TICKET, division="520100"))
    assert "共 0 件" in (await browse(house, "/tickets")).text


def test_a_list_that_was_not_counted_to_its_end_says_so() -> None:
    assert "至少 10000 件" in shown.listed("zh", total=10_000, at_least=True)
