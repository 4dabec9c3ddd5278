"""The live page: one look at the documents for everybody who asks or watches; watchers are sent only what changed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

import orjson
import structlog
from fastapi.sse import ServerSentEvent

from runtime.clock import Clock
from runtime.ports import Unavailable
from runtime.problems import Refusal
from services.portal import metrics
from services.portal.domain import board, counters
from services.portal.domain.board import Board, Card
from services.portal.domain.filters import PUBLIC
from services.portal.domain.ticket import Ticket
from services.portal.ports import Rates, Tickets

log = structlog.get_logger()

LOOK_EVERY = 0.7  # wall seconds between looks at the documents while somebody watches
FRESH = 1.0  # wall seconds for which a look is good for whoever asks
REST = 4  # times as long as a look took: counting millions must not keep the database busy
CARDS = 160  # newest changes looked at; the page lays out five a lane
BEHIND_AT = 12  # updates a slow watcher may owe before it gets the whole board instead
WATCHERS = 2_000  # streams one process serves; more are refused

NO_NAMES: Mapping[str, str] = MappingProxyType({})
COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Heard:
    """What a watcher is sent: an event's name and its data."""

    event: str
    data: bytes


class LiveBoard:
    """Looks at the documents for everybody who watches."""

    def __init__(self, tickets: Tickets, rates: Rates, clock: Clock, names: Mapping[str, str] = NO_NAMES) -> None:
        self._tickets, self._rates, self._clock = tickets, rates, clock
        self._board: Board | None = None
        self._good_until, self._one_look = 0.0, asyncio.Lock()
        self._names = dict(names)
        self._watchers: set[asyncio.Queue[Heard]] = set()

    async def run(self) -> None:
        """Look until cancelled; a database that is away only makes the picture old."""
        clock = asyncio.get_running_loop().time
        while True:
            begin = clock()
            if self._watchers:
                await self._look_again()
            await asyncio.sleep(max(LOOK_EVERY, REST * (clock() - begin)))

    async def watch(self) -> AsyncIterator[ServerSentEvent]:
        """The whole board, then its changes."""
        queue: asyncio.Queue[Heard] = asyncio.Queue()
        try:
            whole = _update(await self.latest(), None)
        except Unavailable:
            return  # the browser comes back by itself
        self._watchers.add(queue)
        metrics.WATCHERS.set(len(self._watchers))
        try:
            yield _event(Heard("board", whole))
            yield _event(self._heard_rates())
            while True:
                yield _event(await queue.get())
        finally:
            self._watchers.discard(queue)
            metrics.WATCHERS.set(len(self._watchers))

    def admit(self) -> None:
        """Raises a 503 when this process serves as many streams as it can."""
        if len(self._watchers) >= WATCHERS:
            zh, en = "观看人数过多，请稍后再试，或查看事项清单。", "Too many watchers: try later, or look at the list."
            raise Refusal(503, "too_many_watchers", zh, en, headers={"Retry-After": "60"})

    async def latest(self) -> Board:
        """The board of at most a second ago (longer where a look takes long): one asks for all. Raises Unavailable."""
        async with self._one_look:
            if self._board is None or asyncio.get_running_loop().time() >= self._good_until:
                await self._look_and_tell()
            assert self._board is not None, "a look makes a board, or raises"
            return self._board

    async def look(self) -> Board:
        """The board now. Raises Unavailable."""
        now = self._clock.now()
        standings, recent = await asyncio.gather(self._tickets.census(PUBLIC, now), self._tickets.recent(CARDS))
        self._names = {each.division: each.division_zh for each in recent if _is_county(each)} | self._names
        cards = tuple(card for ticket in recent if (card := board.card(ticket, now)))
        return Board(now=now, counters=counters.counted(standings), lanes=board.lane_totals(standings), cards=cards)

    async def _look_again(self) -> None:
        try:
            async with self._one_look:
                await self._look_and_tell()
        except Unavailable:
            log.warning("live_board_old")

    async def _look_and_tell(self) -> None:
        """Whoever watches has the last board: what is told next is counted from it."""
        time = asyncio.get_running_loop().time
        begin = time()
        seen = await self.look()
        self._good_until = time() + max(FRESH, REST * (time() - begin))
        changes = Heard("board", _update(seen, self._board))
        self._board = seen
        for queue in tuple(self._watchers):
            self._tell(queue, changes, seen)

    def _tell(self, queue: asyncio.Queue[Heard], changes: Heard, seen: Board) -> None:
        if queue.qsize() >= BEHIND_AT:
            while not queue.empty():
                queue.get_nowait()
            changes = Heard("board", _update(seen, None))
        queue.put_nowait(changes)
        queue.put_nowait(self._heard_rates())

    def _heard_rates(self) -> Heard:
        shown = [asdict(rate) | {"name": self._names.get(rate.county, "")} for rate in self._rates.latest()]
        return Heard("rates", orjson.dumps(shown))


def _is_county(ticket: Ticket) -> bool:
    return len(ticket.division) == COUNTY_DIGITS and bool(ticket.division_zh)


def _event(heard: Heard) -> ServerSentEvent:
    return ServerSentEvent(event=heard.event, raw_data=heard.data.decode())


def _update(seen: Board, before: Board | None) -> bytes:
    """What a page that shows ``before`` needs in order to show ``seen``."""
    known: dict[str, Card] = {card.number: card for card in before.cards} if before else {}
    changed = [card for card in seen.cards if known.get(card.number) != card]
    gone = set(known) - {card.number for card in seen.cards} if before else set()
    figures = asdict(seen.counters) | {"valid": seen.counters.valid}
    update = {"now": seen.now, "whole": before is None, "counters": figures, "lanes": seen.lanes, "cards": changed}
    return orjson.dumps(update | {"gone": sorted(gone)}, option=orjson.OPT_NON_STR_KEYS)
