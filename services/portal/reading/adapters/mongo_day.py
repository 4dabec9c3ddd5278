"""One day of the past in MongoDB: what rests since is counted there, what moved is read and told by its story."""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from datetime import datetime
from inspect import isawaitable
from typing import Any

from services.portal.reading.board import day
from services.portal.reading.board.day import MOVED_AT_MOST, DayFlow, DaySelection, DaySpan, PastCensus
from services.portal.reading.search import day_queries as queries
from services.portal.reading.search.filters import TicketScope
from services.portal.reading.search.terms import Query
from services.portal.reading.ticket.document import Step, Ticket

STORY = {f"doc.history.{each.name}": 1 for each in fields(Step) if each.name != "said"}
BY_STORY = {f"doc.{each.name}": 1 for each in fields(Ticket) if each.default is MISSING} | {
    f"doc.{name}": 1 for name in ("unit_zh", "unit_en", "accept_by", "complete_by")
}
"""What it takes to tell how a matter stood: not a word of anybody."""
Read = Callable[[Iterable[Any]], tuple[Ticket, ...]]


class OfOneDay:
    """Looks in a session of one snapshot. ``read``: stored documents as tickets."""

    def __init__(self, tickets: Any, session: Any, read: Read) -> None:
        self._tickets, self._session, self._read = tickets, session, read

    async def look(self, scope: TicketScope, span: DaySpan, digits: int) -> DaySelection:
        cursor = self._tickets.find(queries.moved(scope, span), BY_STORY | STORY, session=self._session)
        plain = await cursor.limit(MOVED_AT_MOST + 1).to_list(MOVED_AT_MOST + 1)
        moved = None if len(plain) > MOVED_AT_MOST else self._read(plain)
        return DaySelection(
            ended=await self._stood(scope, span, span.end, moved),
            begun=await self._stood(scope, span, span.begin, moved),
            flow=await self._flow(scope, span),
            flow_before=await self._flow(scope, span.before),
            kinds=queries.spots_of(await self._rows(queries.kinds(scope, span))),
            places=queries.spots_of(await self._rows(queries.places(scope, span, digits))),
        )

    async def _stood(
        self, scope: TicketScope, span: DaySpan, at: datetime, moved: tuple[Ticket, ...] | None
    ) -> PastCensus | None:
        if moved is None:
            return None
        rested = queries.census_of(await self._rows(queries.rested(scope, span, at)))
        return rested + day.stood(moved, at)

    async def _flow(self, scope: TicketScope, span: DaySpan) -> DayFlow:
        return DayFlow(
            registered=await self._count(queries.registered(scope, span)),
            struck_off=await self._count(queries.struck_off(scope, span)),
        )

    async def _rows(self, pipeline: list[Query]) -> list[Any]:
        cursor = self._tickets.aggregate(pipeline, session=self._session)
        rows: list[Any] = await (await cursor if isawaitable(cursor) else cursor).to_list(None)
        return rows

    async def _count(self, wanted: Query) -> int:
        return int(await self._tickets.count_documents(wanted, session=self._session))
