"""The live board: however many ask or watch, one of them looks at the documents."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Outgoing, Record
from runtime.http.problems import Refusal
from runtime.memory.log import InMemoryLog, InMemoryProgress
from runtime.memory.store import InMemoryStore
from services.portal.reading.adapters.memory import InMemoryTickets, NoRates
from services.portal.reading.board.board import Rate
from services.portal.reading.board.selection import BoardSelection
from services.portal.reading.live import boards as several
from services.portal.reading.live import open_streams, stream_of_board
from services.portal.reading.live.boards import Boards
from services.portal.reading.live.freshness import FreshnessUnknown, LoopFreshness
from services.portal.reading.live.open_streams import OpenStreams
from services.portal.reading.live.stream_of_board import LiveBoard, Sources
from services.portal.reading.search.filters import TicketScope
from services.portal.reading.ticket.document import Ticket
from services.portal.site import Site
from tests.unit.portal.tickets import NOON, a_ticket


class CountingTickets(InMemoryTickets):
    """Counts how often it is counted; ``away``: the database does not answer."""

    def __init__(self) -> None:
        self.store: InMemoryStore[Ticket] = InMemoryStore()
        super().__init__(self.store)
        self.looks, self.away = 0, False

    async def look(self, scope: TicketScope, now: datetime) -> BoardSelection:
        self.looks += 1
        if self.away:
            raise Unavailable("away")
        await asyncio.sleep(0)
        return await super().look(scope, now)

    def put(self, number: str, **changed: Any) -> None:
        document = a_ticket(id=number, number=number, **changed)
        self.store.records[number] = Record(key=number, partition=0, document=document, version=1)


class TwoCounties(NoRates):
    """A county inside and one outside of the province."""

    def latest(self) -> tuple[Rate, ...]:
        return tuple(
            Rate(county=each, registered=1, moved=0, struck_off=0, series=(1,)) for each in ("431226", "520100")
        )


@pytest.fixture
def tickets() -> CountingTickets:
    return CountingTickets()


@pytest.fixture
def boards(tickets: CountingTickets) -> Boards:
    site = Site(place_zh="湖南省", place_en="Hunan", division="43")
    return Boards(Sources(tickets, TwoCounties(), Clock(wall=lambda: NOON), FreshnessUnknown()), site)


@pytest.fixture
async def board(boards: Boards) -> LiveBoard:
    return (await boards.of()).board


async def update(events: AsyncIterator[Any], kind: str = "board") -> Any:
    """The next board that a watcher is sent."""
    async for event in events:
        if event.event == kind:
            return orjson.loads(event.raw_data)
    raise AssertionError("the stream ended")


async def test_however_many_ask_at_once_the_documents_are_counted_once(
    tickets: CountingTickets, board: LiveBoard
) -> None:
    found = await asyncio.gather(*(board.latest() for _ in range(50)))
    assert (tickets.looks, {each.now for each in found}) == (1, {NOON})


async def test_a_look_is_good_for_a_second_and_no_longer(
    tickets: CountingTickets, board: LiveBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    await board.latest()
    tickets.put("A")
    assert (await board.latest()).counters.valid == 0
    monkeypatch.setattr(stream_of_board, "FRESH", 0.0)
    monkeypatch.setattr(stream_of_board, "REST", 0)
    board._good_until = 0.0
    assert (await board.latest()).counters.valid == 1
    assert ((await board.latest()).counters.valid, tickets.looks) == (1, 3)


async def test_watchers_get_the_last_board_and_then_only_what_changed(
    tickets: CountingTickets, board: LiveBoard
) -> None:
    tickets.put("A")
    first, second = board.watch(), board.watch()
    whole = [await update(first), await update(second)]
    assert tickets.looks == 1
    assert [(each["whole"], [card["number"] for card in each["cards"]]) for each in whole] == [(True, ["A"])] * 2
    tickets.put("B")
    board._good_until = 0.0
    await board.latest()
    changes = [await update(first), await update(second)]
    assert [(each["whole"], [card["number"] for card in each["cards"]]) for each in changes] == [(False, ["B"])] * 2
    assert tickets.looks == 2


async def test_without_a_database_whoever_asks_is_told_and_the_next_one_tries_again(
    tickets: CountingTickets, board: LiveBoard
) -> None:
    tickets.away = True
    for _ in range(2):
        with pytest.raises(Unavailable):
            await board.latest()
    tickets.away = False
    assert (await board.latest()).counters.valid == 0


async def test_a_board_shows_its_division_and_nothing_outside(tickets: CountingTickets, boards: Boards) -> None:
    for number, division in (("A", "431226100"), ("B", "430102"), ("C", "520100")):
        tickets.put(number, division=division, division_zh=f"湖南省某市{number}县")
    counted = {each: (await (await boards.of(each)).board.latest()).counters.valid for each in ("", "431226", "430102")}
    assert counted == {"": 2, "431226": 1, "430102": 1}
    named = [(await boards.of(each)).site.place_zh for each in ("", "431226", "430104", "4301")]
    assert named == ["湖南省", "麻阳苗族自治县", "岳麓区", "长沙市"]
    with pytest.raises(Refusal):
        await boards.of("520100")


@pytest.mark.parametrize("code", ["430199", "4399", "431226999", "439999999999"])
async def test_a_division_that_does_not_exist_gets_no_board(boards: Boards, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        await boards.of(code)
    assert (refused.value.status, boards._places) == (404, {})


async def test_a_division_that_has_ended_has_a_board_while_a_matter_carries_it(
    tickets: CountingTickets, boards: Boards
) -> None:
    tickets.put("B", division="430122", division_zh="湖南省长沙市望城县")
    assert (await boards.of("430122")).site.place_zh == "望城县"


async def test_a_board_shows_the_rates_of_its_own_counties(board: LiveBoard) -> None:
    assert [rate["county"] for rate in await update(board.watch(), "rates")] == ["431226"]


COUNTIES = ("430102", "430103", "430104", "430105", "430111")


async def test_boards_that_nobody_watches_are_forgotten_and_a_watched_one_stays(
    boards: Boards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "ASKED", 2)
    watched = await boards.of("430112")
    events = boards.watch(watched)
    await update(events)
    for code in COUNTIES:
        await boards.of(code)
    assert list(boards._places) == ["430112", *COUNTIES[-2:]]
    assert (await boards.of("430112")).board is watched.board


async def test_where_no_board_is_left_the_least_watched_goes_and_its_stream_says_when_to_come_back(
    boards: Boards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "WATCHED", 2)
    twice, once = await boards.of("430102"), await boards.of("430103")
    kept, also, gone = boards.watch(twice), boards.watch(twice), boards.watch(once)
    for events in (kept, also, gone, home := boards.watch(await boards.of())):
        await update(events)
    await update(newest := boards.watch(await boards.of("430104")))
    told = [event async for event in gone][-1:]
    assert [(each.retry, each.event) for each in told] == [(stream_of_board.BACK_AFTER, None)]
    assert {code for code, place in boards._places.items() if place.board.watchers} == {"43", "430102", "430104"}
    for events in (kept, also, home, newest):
        await events.aclose()
    assert [place.board.watchers for place in boards._places.values()] == [0] * len(boards._places)


async def test_one_host_on_as_many_boards_as_there_are_takes_no_page_from_anybody(
    boards: Boards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "WATCHED", 3)
    streams = [boards.watch(await boards.of(code)) for code in COUNTIES]
    for events in streams:
        await update(events)
    assert (await (await boards.of("431226")).board.latest()).counters.valid == 0
    assert sum(place.board.watchers > 0 for place in boards._places.values()) == 3


async def test_a_stream_counts_before_its_first_look(tickets: CountingTickets, boards: Boards) -> None:
    place = await boards.of("430102")
    await place.board._one_look.acquire()
    waiting = asyncio.ensure_future(anext(boards.watch(place)))
    await asyncio.sleep(0)
    assert place.board.watchers == 1
    place.board._one_look.release()
    assert (await waiting).event == "board"


def test_a_network_has_so_many_seats_and_gets_each_back(monkeypatch: pytest.MonkeyPatch) -> None:
    streams = OpenStreams(per_network=2)
    with ExitStack() as held:
        for network in ("a", "a", "b"):
            held.enter_context(streams.held(network))
        assert [refused_as(streams, each) for each in ("a", "b")] == [429, None]
        monkeypatch.setattr(open_streams, "STREAMS", 3)
        assert [refused_as(streams, each) for each in ("a", "c")] == [429, 503]
    assert refused_as(streams, "a") is None
    assert streams._open == {}


def refused_as(streams: OpenStreams, network: str) -> int | None:
    """The status with which somebody is not let in."""
    try:
        with streams.held(network):
            return None
    except Refusal as why:
        return why.status


async def test_what_the_loop_has_not_folded_makes_the_board_older_and_older() -> None:
    wall, kafka = [NOON], InMemoryLog()
    fresh = LoopFreshness(InMemoryProgress(kafka, "portal.loop", ("tickets",)), Clock(wall=lambda: wall[0]))
    assert fresh.behind() is None
    await fresh.look()
    kafka.append(Outgoing("tickets", 0, "T", (), b"{}"))
    for seconds in (10, 20, 30):
        wall[0] = NOON + timedelta(seconds=seconds)
        await fresh.look()
    assert fresh.behind() == 30
    (place,) = kafka.records
    kafka.positions["portal.loop"][place] = 1
    await fresh.look()
    assert fresh.behind() == 0
