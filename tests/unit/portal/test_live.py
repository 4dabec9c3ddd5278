"""The live board: however many ask or watch, one of them looks at the documents."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import orjson
import pytest

from runtime.clock import Clock
from runtime.memory import InMemoryStore
from runtime.ports import Unavailable
from runtime.records import Record
from services.portal.api import live
from services.portal.api.live import LiveBoard
from services.portal.domain import counters
from services.portal.domain.filters import Scope
from services.portal.domain.ticket import Ticket
from services.portal.ports import InMemoryTickets, NoRates
from tests.unit.portal.tickets import NOON, a_ticket


class Counted(InMemoryTickets):
    """Counts how often it is counted; ``away``: the database does not answer."""

    def __init__(self) -> None:
        self.store: InMemoryStore[Ticket] = InMemoryStore()
        super().__init__(self.store)
        self.looks, self.away = 0, False

    async def census(self, scope: Scope, now: datetime) -> counters.Census:
        self.looks += 1
        if self.away:
            raise Unavailable("away")
        await asyncio.sleep(0)
        return await super().census(scope, now)

    def put(self, number: str) -> None:
        document = a_ticket(id=number, number=number)
        self.store.records[number] = Record(ticket=number, partition=0, document=document, version=1)


@pytest.fixture
def tickets() -> Counted:
    return Counted()


@pytest.fixture
def board(tickets: Counted) -> LiveBoard:
    return LiveBoard(tickets, NoRates(), Clock(wall=lambda: NOON))


async def update(events: AsyncIterator[Any]) -> Any:
    """The next board that a watcher is sent."""
    async for event in events:
        if event.event == "board":
            return orjson.loads(event.raw_data)
    raise AssertionError("the stream ended")


async def test_however_many_ask_at_once_the_documents_are_counted_once(tickets: Counted, board: LiveBoard) -> None:
    found = await asyncio.gather(*(board.latest() for _ in range(50)))
    assert (tickets.looks, {each.now for each in found}) == (1, {NOON})


async def test_a_look_is_good_for_a_second_and_no_longer(
    tickets: Counted, board: LiveBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    await board.latest()
    tickets.put("A")
    assert (await board.latest()).counters.valid == 0
    monkeypatch.setattr(live, "FRESH", 0.0)
    monkeypatch.setattr(live, "REST", 0)
    board._good_until = 0.0
    assert (await board.latest()).counters.valid == 1
    assert ((await board.latest()).counters.valid, tickets.looks) == (1, 3)


async def test_watchers_get_the_last_board_and_then_only_what_changed(tickets: Counted, board: LiveBoard) -> None:
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
    tickets: Counted, board: LiveBoard
) -> None:
    tickets.away = True
    for _ in range(2):
        with pytest.raises(Unavailable):
            await board.latest()
    tickets.away = False
    assert (await board.latest()).counters.valid == 0
