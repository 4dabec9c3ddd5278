"""The ticket documents in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from runtime.memory.store import InMemoryStore
from services.portal.reading.board import day, selection
from services.portal.reading.board.board import Rate
from services.portal.reading.board.day import DaySelection, DaySpan
from services.portal.reading.board.selection import BoardSelection
from services.portal.reading.ports import Found
from services.portal.reading.search import cursors, filters
from services.portal.reading.search.cursors import Cursor
from services.portal.reading.search.filters import Filters, TicketScope
from services.portal.reading.ticket import work
from services.portal.reading.ticket.document import Ticket, brief
from services.portal.reading.ticket.fold.sealed import Sealed


class ClearWords:
    """For tests of the fold: what is sealed is the words themselves."""

    async def open_many(self, sealed: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Sequence[str]]:
        return {ticket: [each.text for each in words] for ticket, words in sealed.items()}


class NoRates:
    """Nobody computes rates: the strip stays empty, nothing else changes."""

    def latest(self) -> tuple[Rate, ...]:
        return ()


def _is_beyond(ticket: Ticket, after: Cursor | None, before: Cursor | None) -> bool:
    is_behind = after is None or cursors.is_older(ticket, after)
    return is_behind and (before is None or cursors.is_newer(ticket, before))


class InMemoryTickets:
    """The documents of an in-memory store, read with the pure predicates."""

    def __init__(self, store: InMemoryStore[Ticket]) -> None:
        self._store = store

    async def find(
        self,
        asked: Filters,
        scope: TicketScope,
        now: datetime,
        *,
        limit: int,
        skip: int = 0,
        after: Cursor | None = None,
        before: Cursor | None = None,
    ) -> Found:
        """The matching tickets, newest change first."""
        found = [ticket for ticket in self._newest() if filters.matches(ticket, asked, scope, now)]
        beyond = [ticket for ticket in found if _is_beyond(ticket, after, before)]
        nearest = beyond[::-1] if before else beyond
        page = nearest[skip : skip + limit]
        shown = tuple(brief(ticket) for ticket in (page[::-1] if before else page))
        return Found(shown, len(found), more=len(nearest) > skip + limit)

    async def look(self, scope: TicketScope, now: datetime) -> BoardSelection:
        """What the pure rule finds."""
        return selection.seen([brief(ticket) for ticket in self._newest() if filters.in_scope(ticket, scope)], now)

    async def day(self, scope: TicketScope, span: DaySpan, *, digits: int) -> DaySelection:
        """What the pure rule finds."""
        return day.seen([ticket for ticket in self._newest() if filters.in_scope(ticket, scope)], span, digits)

    async def inbox(self, office: str, scope: TicketScope, *, unit: str, limit: int, skip: int = 0) -> Found:
        """In the order of ``work.order``, which is pure."""
        field = work.field_of(office)
        todo = [each for each in self._newest() if (turn := getattr(each, field)) and turn.unit in ("", unit)]
        seen = [each for each in todo if filters.in_scope(each, scope)]
        found = sorted(seen, key=lambda each: (*work.order(getattr(each, field)), each.id))[skip : skip + limit + 1]
        return Found(tuple(brief(each) for each in found[:limit]), skip + len(found), more=len(found) > limit)

    async def name_of(self, division: str) -> str:
        """As one of the tickets has it."""
        names = (each.division_zh for each in self._newest() if each.division == division)
        return next(filter(None, names), "")

    async def by_number(self, number: str) -> Ticket | None:
        """The one with the number."""
        return next((ticket for ticket in self._newest() if ticket.number == number), None)

    async def of_partition(self, partition: int, after: str, limit: int) -> Sequence[Ticket]:
        """Whole ones: in memory nothing is saved by leaving something out."""
        found = sorted((each.key, each) for each in self._store.records.values() if each.partition == partition)
        return [each.document for key, each in found if key > after and each.document is not None][:limit]

    async def create_indexes(self) -> None:
        """There is nothing to look up by."""

    async def ready(self) -> bool:
        return True

    def _newest(self) -> Sequence[Ticket]:
        held = [(record.key, record.document) for record in self._store.records.values()]
        kept = sorted(((id_, ticket) for id_, ticket in held if ticket is not None), key=lambda pair: pair[0])
        return [ticket for _, ticket in sorted(kept, key=lambda pair: pair[1].changed_at, reverse=True)]
