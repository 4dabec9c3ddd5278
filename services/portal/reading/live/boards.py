"""One live board for each division that somebody looks at, within the division that the portal is for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from fastapi.sse import ServerSentEvent

from runtime.http.problems import Refusal, not_found
from runtime.workers import Worker, repeated
from services.portal import metrics
from services.portal.reading.board.board import own_name
from services.portal.reading.live.stream_of_board import LiveBoard, Sources
from services.portal.site import Site

LOOK_EVERY = 0.7  # wall seconds between looks at the documents while somebody watches
REST = 4  # times as long as all looks took together
WATCHERS = 2_000  # streams one process serves; more are refused
BOARDS = 64  # divisions one process keeps a board of; the one asked for longest ago goes first


@dataclass(frozen=True, slots=True)
class BoardPlace:
    """A division that has a board, and what it is called."""

    site: Site
    board: LiveBoard


class Boards:
    """The boards of a site: its own, and those of the divisions inside it."""

    def __init__(self, sources: Sources, home: Site) -> None:
        self._sources, self._home = sources, home
        self._names = {home.division: home.place_zh}
        self._places: dict[str, BoardPlace] = {}
        self._took = 0.0  # seconds for all looks of the last time

    @property
    def home(self) -> Site:
        """Whose board it is when nobody asks for another."""
        return self._home

    async def of(self, division: str = "") -> BoardPlace:
        """The board of a division; "" is the site's own. Raises a 404 outside of the site, Unavailable."""
        code = division or self._home.division
        if not code.startswith(self._home.division):
            raise not_found()
        place = self._places.pop(code, None) or await self._new(code)
        self._places[code] = place  # the newest last
        return place

    async def _new(self, code: str) -> BoardPlace:
        site = self._home
        if code != site.division:
            name = own_name(await self._sources.tickets.name_of(code)) or code
            site = Site(place_zh=name, place_en=name, division=code)
        self._make_room()
        return BoardPlace(site, LiveBoard(self._sources, code, self._names))

    def _make_room(self) -> None:
        idle = [code for code, place in self._places.items() if not place.board.watchers]
        if len(self._places) >= BOARDS:
            if not idle:
                raise _too_many()
            del self._places[idle[0]]

    def admit(self) -> None:
        """Raises a 503 when this process serves as many streams as it can."""
        if self._watchers() >= WATCHERS:
            raise _too_many()

    async def watch(self, board: LiveBoard) -> AsyncGenerator[ServerSentEvent, None]:
        """The stream of one board, counted."""
        try:
            async with aclosing(board.watch()) as events:
                async for event in events:
                    metrics.WATCHERS.set(self._watchers())
                    yield event
        finally:
            metrics.WATCHERS.set(self._watchers())

    def worker(self) -> Worker:
        """Looks for whoever watches while the pages are served."""
        return Worker("boards", repeated("boards", self._look_again, lambda: max(LOOK_EVERY, REST * self._took)))

    async def _look_again(self) -> None:
        clock = asyncio.get_running_loop().time
        begin = clock()
        for place in tuple(self._places.values()):
            if place.board.watchers:
                await place.board.look_again()
        self._took = clock() - begin

    def _watchers(self) -> int:
        return sum(place.board.watchers for place in self._places.values())


def _too_many() -> Refusal:
    zh, en = "观看人数过多，请稍后再试，或查看事项清单。", "Too many watchers: try later, or look at the list."
    return Refusal(503, "too_many_watchers", zh, en, headers={"Retry-After": "60"})
