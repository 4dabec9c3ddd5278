"""Morning briefs, looked up for everybody who asks: a day that is over changes only by what comes late."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from contracts import divisions
from contracts.vocabulary import COUNTY_DIGITS
from runtime.clock import Clock
from services.portal.reading.board import brief
from services.portal.reading.board.board import own_name
from services.portal.reading.board.brief import Brief
from services.portal.reading.board.day import DaySpan, HotSpot
from services.portal.reading.ports import Tickets
from services.portal.reading.search.filters import TicketScope

FRESH = timedelta(minutes=1)  # wall time for which a look is good for whoever asks
KEPT = 64  # briefs; the oldest look goes first
TOWNSHIP_DIGITS = 12  # at most: inside a county, places are told as far as their code goes

Asked = tuple[str, date]


class Briefs:
    """The briefs of one process. One look at a time: a public question must not keep the database busy."""

    def __init__(self, tickets: Tickets, clock: Clock) -> None:
        self._tickets, self._clock = tickets, clock
        self._looked: dict[Asked, tuple[timedelta, Brief]] = {}
        self._one_look = asyncio.Lock()

    async def of(self, division: str, day: date) -> Brief:
        """The brief of a day that is over. Raises Unavailable."""
        async with self._one_look:
            if (found := self._fresh((division, day))) is None:
                found = await self._look(division, DaySpan(day))
                self._keep((division, day), found)
            return found

    def _fresh(self, asked: Asked) -> Brief | None:
        at, found = self._looked.get(asked, (None, None))
        return found if at is not None and self._clock.stopwatch() - at < FRESH else None

    def _keep(self, asked: Asked, found: Brief) -> None:
        self._looked.pop(asked, None)
        self._looked[asked] = self._clock.stopwatch(), found  # the newest last
        if len(self._looked) > KEPT:
            del self._looked[next(iter(self._looked))]

    async def _look(self, division: str, span: DaySpan) -> Brief:
        digits = COUNTY_DIGITS if len(division) < COUNTY_DIGITS else TOWNSHIP_DIGITS
        found = await self._tickets.day(TicketScope(division=division), span, digits=digits)
        told = brief.made(span, found)
        return replace(told, places=tuple([await self._named(each) for each in told.places]))

    async def _named(self, place: HotSpot) -> HotSpot:
        name = divisions.names_within("").get(divisions.trim(place.code))
        return replace(place, zh=name or own_name(await self._tickets.name_of(place.code)))
