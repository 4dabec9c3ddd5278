"""The live page: one look at the documents for everybody who asks or watches; watchers are sent only what changed."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass

import orjson
import structlog
from fastapi.sse import ServerSentEvent

from contracts.vocabulary import COUNTY_DIGITS
from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from services.portal.reading.board import selection, summary
from services.portal.reading.board.board import Board, Card, own_name
from services.portal.reading.live.freshness import Freshness
from services.portal.reading.ports import Rates, Tickets
from services.portal.reading.search.filters import TicketScope
from services.portal.reading.ticket.document import Ticket

log = structlog.get_logger()

FRESH = 1.0  # wall seconds for which a look is good for whoever asks
REST = 4  # times as long as a look took: counting millions must not keep the database busy
BEHIND_AT = 12  # updates a slow watcher may owe before it gets the whole board instead
BACK_AFTER = 60_000  # milliseconds until whoever watched a board that was dropped comes back


@dataclass(frozen=True, slots=True)
class Heard:
    """What a watcher is sent: an event's name and its data."""

    event: str
    data: bytes


Owed = asyncio.Queue[Heard | None]
"""What a watcher is still to be sent; None: nothing more."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What boards are made from."""

    tickets: Tickets
    rates: Rates
    clock: Clock
    freshness: Freshness


class LiveBoard:
    """The board of one division; looks at the documents for everybody who watches it."""

    def __init__(self, sources: Sources, division: str, names: dict[str, str]) -> None:
        self._sources, self._division, self._names = sources, division, names
        self._board: Board | None = None
        self._good_until, self._one_look = 0.0, asyncio.Lock()
        self._watchers: set[Owed] = set()
        self._is_dropped = False

    @property
    def watchers(self) -> int:
        """How many streams are open, or wait for the first look."""
        return len(self._watchers)

    def drop(self) -> None:
        """End the streams: nobody looks for them any more."""
        self._is_dropped = True
        for queue in self._watchers:
            _empty(queue)
            queue.put_nowait(None)

    async def watch(self) -> AsyncGenerator[ServerSentEvent, None]:
        """The whole board, then its changes; of a dropped board only when to come back."""
        queue: Owed = asyncio.Queue()
        self._watchers.add(queue)
        try:
            if (whole := await self._whole(queue)) is not None:
                yield _event(whole)
                yield _event(self._heard_rates())
                while (heard := await queue.get()) is not None:
                    yield _event(heard)
            yield ServerSentEvent(retry=BACK_AFTER)
        except Unavailable:
            return  # the browser comes back by itself
        finally:
            self._watchers.discard(queue)

    async def _whole(self, queue: Owed) -> Heard | None:
        """What a watcher begins with; None when the board was dropped meanwhile. Raises Unavailable."""
        whole = self._update(await self.latest(), None)
        _empty(queue)  # all of it is in the whole board
        return None if self._is_dropped else Heard("board", whole)

    async def latest(self) -> Board:
        """The board of at most a second ago (longer where a look takes long): one asks for all. Raises Unavailable."""
        async with self._one_look:
            if self._board is None or asyncio.get_running_loop().time() >= self._good_until:
                await self._look_and_tell()
            assert self._board is not None, "a look makes a board, or raises"
            return self._board

    async def look(self) -> Board:
        """The board now. Raises Unavailable."""
        now = self._sources.clock.now()
        seen = await self._sources.tickets.look(TicketScope(division=self._division), now)
        self._names |= {each.division: own_name(each.division_zh) for each in seen.tickets if _is_county(each)}
        return selection.lay(seen, now, self._division)

    async def look_again(self) -> None:
        """A database that is away only makes the picture old; whoever watches sees how old."""
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
        changes = Heard("board", self._update(seen, self._board))
        self._board = seen
        for queue in tuple(self._watchers):
            self._tell(queue, changes, seen)

    def _tell(self, queue: Owed, changes: Heard, seen: Board) -> None:
        if queue.qsize() >= BEHIND_AT:
            _empty(queue)
            changes = Heard("board", self._update(seen, None))
        queue.put_nowait(changes)
        queue.put_nowait(self._heard_rates())

    def _heard_rates(self) -> Heard:
        within = self._division[:COUNTY_DIGITS]
        rates = [rate for rate in self._sources.rates.latest() if rate.county.startswith(within)]
        shown = [asdict(rate) | {"name": self._names.get(rate.county, "")} for rate in rates]
        return Heard("rates", orjson.dumps(shown))

    def _update(self, seen: Board, before: Board | None) -> bytes:
        """What a page that shows ``before`` needs in order to show ``seen``."""
        known: dict[str, Card] = {card.number: card for card in before.cards} if before else {}
        cards = [card for card in seen.cards if known.get(card.number) != card]
        gone = sorted(set(known) - {card.number for card in seen.cards})
        update = {"whole": before is None, "cards": cards, "gone": gone, "behind": self._sources.freshness.behind()}
        return orjson.dumps(figures(seen) | update, option=orjson.OPT_NON_STR_KEYS)


def figures(seen: Board) -> dict[str, object]:
    """All of a board but its cards: what is small, and sent to whoever watches each time."""
    return {
        "now": seen.now,
        "counters": asdict(seen.counters) | {"valid": seen.counters.valid},
        "overdue": seen.overdue,
        "says": {language: summary.clauses(seen, language) for language in ("zh", "en")},
        "apart": {language: summary.apart(seen, language) for language in ("zh", "en")},
        "totals": seen.totals,
        "lanes": seen.lanes,
        "attention": seen.attention,
        "news": seen.news,
    }


def _is_county(ticket: Ticket) -> bool:
    return len(ticket.division) == COUNTY_DIGITS and bool(ticket.division_zh)


def _empty(queue: Owed) -> None:
    while not queue.empty():
        queue.get_nowait()


def _event(heard: Heard) -> ServerSentEvent:
    return ServerSentEvent(event=heard.event, raw_data=heard.data.decode())
