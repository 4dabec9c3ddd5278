"""A list that grows while it is read repeats no row, whichever door it is read through."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identifiers import number_of
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from services.portal.reading.adapters.memory import InMemoryTickets
from services.portal.reading.api.paging import PAGE_SIZE, ListedPage, PagePlace, PublicList
from services.portal.reading.search import cursors, queries
from services.portal.reading.search.cursors import CursorMalformed
from services.portal.reading.search.filters import EVERYTHING, Filters, TicketScope
from services.portal.reading.ticket.document import Ticket
from tests.unit.portal.mongo_filter import accepts
from tests.unit.portal.test_api import SUPERVISOR, ServedPortal
from tests.unit.portal.tickets import NOON, a_ticket, instants, tickets

NUMBERS = re.compile(r'href="/tickets/([0-9A-Z]{19})')
OLDER, NEWER = re.compile(r'href="([^"]*)">[^<]*下一页'), re.compile(r'href="([^"]*)">[^<]*上一页')
MINUTE = timedelta(minutes=1)


def a_matter(nth: int, changed_at: datetime | None = None) -> Ticket:
    """The nth matter; each changed a minute after the one before."""
    id_ = f"{nth:08d}1234ABCDEFGH1234AB"
    at = changed_at or NOON + nth * MINUTE
    return a_ticket(id=id_, number=number_of(id_, "431226"), changed_at=at)


def fill(house: ServedPortal, numbers: Sequence[int]) -> None:
    house.store.records.clear()
    come(house, numbers)


def come(house: ServedPortal, numbers: Sequence[int]) -> None:
    for nth in numbers:
        house.put(a_matter(nth))


async def test_three_new_matters_between_two_pages_repeat_no_row_for_staff(house: ServedPortal) -> None:
    fill(house, range(10))
    first = (await house.get("/v1/tickets?limit=5", SUPERVISOR)).json()
    come(house, range(10, 13))
    second = (await house.get("/v1/tickets?limit=5", SUPERVISOR, after=first["next"])).json()
    seen = [each["number"] for answer in (first, second) for each in answer["tickets"]]
    assert seen == [a_matter(nth).number for nth in range(9, -1, -1)]
    assert (second["total"], second["next"]) == (13, None)
    skipped = (await house.get("/v1/tickets?limit=5&skip=5", SUPERVISOR)).json()
    assert skipped["tickets"][0]["number"] in seen[:5], "as before: skip counts rows"


async def test_three_new_matters_between_two_pages_repeat_no_row_for_the_public(house: ServedPortal) -> None:
    fill(house, range(70))
    first = (await house.client.get("/tickets?lang=zh")).text
    come(house, range(70, 73))
    older = (await house.client.get(link(OLDER, first))).text
    last = (await house.client.get(link(OLDER, older))).text
    seen = [number for page in (first, older, last) for number in NUMBERS.findall(page)]
    assert seen == [a_matter(nth).number for nth in range(69, -1, -1)]
    assert ("2 / 3" in older, "3 / 3" in last, OLDER.findall(last)) == (True, True, [])
    back = (await house.client.get(link(NEWER, last))).text
    assert NUMBERS.findall(back) == NUMBERS.findall(older)


def link(direction: re.Pattern[str], page: str) -> str:
    return str(direction.findall(page)[0]).replace("&amp;", "&")


@pytest.mark.parametrize(
    ("page", "shown"), [(3, "3 / 3"), (4, "3 / 3"), (200, "3 / 3"), (10**9, "3 / 3"), (-1, "1 / 3")]
)
async def test_a_page_beyond_the_last_is_the_last(house: ServedPortal, page: int, shown: str) -> None:
    fill(house, range(70))
    answer = (await house.client.get(f"/tickets?lang=zh&page={page}")).text
    assert (shown in answer, len(NUMBERS.findall(answer))) == (True, 10 if page > 0 else PAGE_SIZE)


async def test_what_was_behind_a_cursor_and_is_gone_leaves_the_last_page(house: ServedPortal) -> None:
    fill(house, range(40))
    first = (await house.client.get("/tickets?lang=zh")).text
    for nth in range(10):
        house.put(a_matter(nth, NOON + (100 + nth) * MINUTE))
    answer = (await house.client.get(link(OLDER, first))).text
    assert ("2 / 2" in answer, len(NUMBERS.findall(answer))) == (True, 10)


@pytest.mark.parametrize("cursor", ["x", "1' or 1", "A" * 25, "A" * 26, "页" * 26, "\0" * 26, "_" * 26])
async def test_what_is_no_cursor_is_named(house: ServedPortal, cursor: str) -> None:
    answer = await house.get("/v1/tickets", SUPERVISOR, after=cursor)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "cursor_malformed")
    assert answer.json()["errors"][0]["pointer"].endswith("after")
    assert (await house.get("/tickets", after=cursor)).status_code == 422
    with pytest.raises(CursorMalformed):
        cursors.parse(cursor)


@given(st.lists(st.tuples(instants(), st.sampled_from(range(40))), unique_by=lambda pair: pair[1]), st.integers(1, 4))
async def test_reading_on_meets_every_row_once_in_both_directions(made: list[tuple[datetime, int]], limit: int) -> None:
    store: InMemoryStore[Ticket] = InMemoryStore()
    shelf = InMemoryTickets(store)
    kept = sorted((a_matter(nth, at) for at, nth in made), key=lambda each: each.id)
    await put(store, kept)
    wanted = [each.id for each in sorted(kept, key=lambda each: each.changed_at, reverse=True)]
    there = [each.id for page in await read_on(shelf, limit) for each in page]
    assert there == wanted


async def put(store: InMemoryStore[Ticket], kept: Sequence[Ticket]) -> None:
    assert await store.save([Record(each.id, 0, each, 0) for each in kept]) == set()


async def read_on(shelf: InMemoryTickets, limit: int) -> list[tuple[Ticket, ...]]:
    """The pages of the whole list, each behind the one before; each is found again from the one behind it."""
    pages: list[tuple[Ticket, ...]] = []
    found = await shelf.find(Filters(), EVERYTHING, NOON, limit=limit)
    while found.tickets:
        if pages:
            back = await shelf.find(Filters(), EVERYTHING, NOON, limit=limit, before=cursors.at(found.tickets[0]))
            assert (back.tickets, back.more) == (pages[-1], len(pages) > 1)
        pages.append(found.tickets)
        found = await shelf.find(Filters(), EVERYTHING, NOON, limit=limit, after=cursors.at(found.tickets[-1]))
    return pages


@given(tickets(), st.tuples(instants(), st.integers(0, 3)))
def test_the_query_and_the_predicate_agree_on_what_lies_beyond(ticket: Ticket, place: tuple[datetime, int]) -> None:
    kept, end = replace(ticket, id=a_matter(2).id), cursors.at(a_matter(place[1], place[0]))
    stored = {"_id": kept.id, "doc": {"changed_at": kept.changed_at}}
    assert accepts(queries.beyond({}, end, None), stored) == cursors.is_older(kept, end)
    assert accepts(queries.beyond({}, None, end), stored) == cursors.is_newer(kept, end)


@given(st.integers(0, 2**55))
def test_a_cursor_is_read_as_it_was_given_out(microseconds: int) -> None:
    end = cursors.at(a_matter(7, cursors.EPOCH + microseconds * cursors.MICROSECOND))
    assert (cursors.parse(str(end)), len(str(end))) == (end, 26)


async def test_an_empty_list_has_one_page_without_neighbours() -> None:
    nobody = PublicList(InMemoryTickets(InMemoryStore()), Filters(), TicketScope(), NOON)
    for place in (PagePlace(), PagePlace(page=9), PagePlace(after=cursors.at(a_matter(1)))):
        shown = await nobody.at(place)
        assert shown == ListedPage(found=shown.found, page=1, pages=1)
