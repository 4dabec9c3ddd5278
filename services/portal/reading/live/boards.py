"""A live board for each division that somebody watches, within the division that the portal is for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from fastapi.sse import ServerSentEvent

from contracts import divisions
from runtime.http.problems import not_found
from runtime.workers import Worker, repeated
from services.portal import metrics
from services.portal.reading.board.board import own_name
from services.portal.reading.live.stream_of_board import LiveBoard, Sources
from services.portal.site import Site

LOOK_EVERY = 0.7  # wall seconds between looks at the documents while somebody watches
REST = 4  # times as long as all looks took together
WATCHED = 64  # boards that one process keeps for whoever watches, beside the site's own
ASKED = 64  # boards kept that nobody watches; the one asked for longest ago goes first


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
        """The board of a division; "" is the site's own.

        Raises a 404 outside of the site and where there is no such division, Unavailable.
        """
        code = division or self._home.division
        site = self._home if code == self._home.division else await self._site_of(code)
        place = self._places.pop(code, None) or BoardPlace(site, LiveBoard(self._sources, code, self._names))
        self._places[code] = place  # the newest last
        self._forget_asked()
        return place

    async def _site_of(self, code: str) -> Site:
        """A division of today, or one that a matter still carries."""
        if (kept := self._places.get(code)) is not None:
            return kept.site
        if not code.startswith(self._home.division):
            raise not_found()
        known = divisions.names_within(self._home.division).get(code)
        name = known or own_name(await self._sources.tickets.name_of(code))
        if not name:
            raise not_found()
        return Site(place_zh=name, place_en=name, division=code)

    def _forget_asked(self) -> None:
        idle = [code for code, place in self._places.items() if not place.board.watchers]
        if len(idle) > ASKED:
            del self._places[idle[0]]

    async def watch(self, place: BoardPlace) -> AsyncGenerator[ServerSentEvent, None]:
        """The stream of a board. Where there is no room, the board that the fewest watch goes and its streams end."""
        code = place.site.division
        board = self._places.setdefault(code, place).board
        if code != self._home.division and not board.watchers:
            self._make_room()
        async with aclosing(board.watch()) as events:
            async for event in events:
                yield event

    def _make_room(self) -> None:
        others = {code: each.board for code, each in self._places.items() if code != self._home.division}
        watched = {code: board for code, board in others.items() if board.watchers}
        if len(watched) >= WATCHED:
            fewest = min(watched, key=lambda code: watched[code].watchers)
            self._places.pop(fewest).board.drop()
            metrics.BOARDS_DROPPED.inc()

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
