"""A place in a list that stays where it is while matters come: the instant of the last change, and the matter.

A cursor names where a page ended, not how many rows were before it: what comes or changes meanwhile goes to the front,
and no row is met twice by whoever reads on.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.identifiers import ID_IN_NUMBER, prefix_of
from services.portal.reading.search import terms
from services.portal.reading.search.terms import Query
from services.portal.reading.ticket.document import Ticket

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
INSTANT_BYTES = 7  # microseconds since 1970 until the year 4253
CURSOR = re.compile(r"[A-Za-z0-9_-]{26}")
PREFIX = re.compile(rb"[0-9A-Z]{%d}" % ID_IN_NUMBER)
BEHIND = "~"  # sorts after every character of an id


class CursorMalformed(ValueError):
    """No cursor that was given out here: take it from the former answer, or leave it out to begin at the newest."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended. ``prefix``: the part of the matter's id that its number shows to everybody."""

    changed_at: datetime
    prefix: str

    def __str__(self) -> str:
        instant = ((self.changed_at - EPOCH) // MICROSECOND).to_bytes(INSTANT_BYTES, "big")
        return urlsafe_b64encode(instant + self.prefix.encode()).rstrip(b"=").decode()


def at(ticket: Ticket) -> Cursor:
    """The place of a ticket in every list."""
    return Cursor(ticket.changed_at, prefix_of(ticket.number))


def parse(text: str) -> Cursor:
    """The cursor as it was given out. Raises CursorMalformed."""
    if not CURSOR.fullmatch(text):
        raise CursorMalformed
    read = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    instant, prefix = int.from_bytes(read[:INSTANT_BYTES], "big"), read[INSTANT_BYTES:]
    if not PREFIX.fullmatch(prefix):
        raise CursorMalformed
    return Cursor(EPOCH + instant * MICROSECOND, prefix.decode())


def is_older(ticket: Ticket, than: Cursor) -> bool:
    """Whether a list shows the ticket behind the place."""
    if ticket.changed_at != than.changed_at:
        return ticket.changed_at < than.changed_at
    return ticket.id > than.prefix + BEHIND


def is_newer(ticket: Ticket, than: Cursor) -> bool:
    """Whether a list shows the ticket before the place."""
    if ticket.changed_at != than.changed_at:
        return ticket.changed_at > than.changed_at
    return ticket.id < than.prefix


def older(than: Cursor) -> Query:
    """The same as ``is_older``, for MongoDB."""
    same = terms.is_("changed_at", than.changed_at) | {"_id": {"$gt": than.prefix + BEHIND}}
    return {"$or": [terms.is_("changed_at", {"$lt": than.changed_at}), same]}


def newer(than: Cursor) -> Query:
    """The same as ``is_newer``, for MongoDB."""
    same = terms.is_("changed_at", than.changed_at) | {"_id": {"$lt": than.prefix}}
    return {"$or": [terms.is_("changed_at", {"$gt": than.changed_at}), same]}
