"""The public feed page by page, from a cursor that whoever reads keeps: no state is held for anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.envelope import type_of
from contracts.labels import labels_in
from contracts.topics import TICKET_FEED
from runtime.delivery.ports import LogSpan, Tail
from runtime.delivery.records import Incoming
from services.notify.api.events.fed_event import FedEvent, fed
from services.notify.domain.feed_cursor import FeedCursor, parse_cursor
from services.notify.domain.feed_filter import FeedFilter

READ_AT_LEAST = 200  # records at once, however few are wanted
LOOKED_AT = 20_000  # records for one page: a narrow filter gets what was found until there, and a cursor to go on


class CursorOfAnotherLog(Exception):
    """The feed was made anew since: offsets of then mean nothing now."""


class CursorExpired(Exception):
    """Some of what follows the cursor is no longer kept."""


class CursorAhead(Exception):
    """The cursor stands behind the end of the feed: it is of another installation, or of a newer log."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """``following``: where the next page begins."""

    events: Sequence[FedEvent]
    following: FeedCursor


class EventPages:
    """Reads the feed for whoever asks."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail

    async def first(self) -> FeedCursor:
        """The oldest event that is kept. Raises Unavailable."""
        return self._at((await self._tail.span()).firsts)

    async def last(self) -> FeedCursor:
        """Behind the newest event. Raises Unavailable."""
        return self._at((await self._tail.span()).ends)

    async def since(self, instant: datetime) -> FeedCursor:
        """The first event that was put onto the feed then or later. Raises Unavailable."""
        return self._at(await self._tail.at(instant))

    async def after(self, text: str) -> FeedCursor:
        """The place of a cursor.

        Raises FeedCursorMalformed, CursorOfAnotherLog, CursorExpired, CursorAhead; Unavailable.
        """
        cursor = parse_cursor(text, TICKET_FEED.partitions)
        if cursor.epoch != self._tail.epoch:
            raise CursorOfAnotherLog
        _refuse_outside(cursor, await self._tail.span())
        return cursor

    async def page(self, wanted: FeedFilter, start: FeedCursor, limit: int) -> EventPage:
        """At most ``limit`` events that pass; fewer do not mean that there are no more. Raises Unavailable."""
        offsets, found, looked = list(start.offsets), list[FedEvent](), 0
        while len(found) < limit and looked < LOOKED_AT:
            records = await self._tail.read(offsets, max(READ_AT_LEAST, limit - len(found)))
            if not records:
                break
            looked += len(records)
            _take(records, wanted, offsets, found, limit)
        return EventPage(found, self._at(offsets))

    def _at(self, offsets: Sequence[int]) -> FeedCursor:
        return FeedCursor(self._tail.epoch, tuple(offsets))


def _take(
    records: Sequence[Incoming], wanted: FeedFilter, offsets: list[int], found: list[FedEvent], limit: int
) -> None:
    """As far as there is room: what is left is read again by the next page."""
    for record in records:
        if len(found) == limit:
            return
        offsets[record.partition] = record.offset + 1
        if wanted.passes(type_of(record.headers), labels_in(record.headers)):
            found.append(fed(record))


def _refuse_outside(cursor: FeedCursor, span: LogSpan) -> None:
    if any(offset > end for offset, end in zip(cursor.offsets, span.ends, strict=True)):
        raise CursorAhead
    if any(offset < first for offset, first in zip(cursor.offsets, span.firsts, strict=True)):
        raise CursorExpired
