"""What the portal needs from outside: the ticket documents, as lists and counts, and the live rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.portal.reading.board.board import Rate
from services.portal.reading.board.day import DaySelection, DaySpan
from services.portal.reading.board.selection import BoardSelection
from services.portal.reading.search.cursors import Cursor
from services.portal.reading.search.filters import Filters, TicketScope
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.fold.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, newest change first and brief, and how many there are in all (``at_least``: or more).

    ``more``: the list goes on behind the page, or, for a page before a cursor, before it.
    """

    tickets: tuple[Ticket, ...]
    total: int
    at_least: bool = False
    more: bool = False


class Tickets(Protocol):
    """The ticket documents. Every method may raise runtime.delivery.ports.Unavailable."""

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
        """The tickets that the filters ask for, within the scope: from the newest on, from the first one behind
        ``after`` on, or the ``limit`` nearest to ``before``. ``skip`` more are passed over."""

    async def look(self, scope: TicketScope, now: datetime) -> BoardSelection:
        """What the live page needs of the tickets in the scope, all of one instant of the store."""

    async def day(self, scope: TicketScope, span: DaySpan, *, digits: int) -> DaySelection:
        """What ``day.seen`` finds of the tickets in the scope, all of one instant of the store."""

    async def inbox(self, office: str, scope: TicketScope, *, unit: str, limit: int, skip: int = 0) -> Found:
        """What an office (work.OFFICES) of a unit has to do within the scope, in the order of its desk; ``total`` is
        what was looked at."""

    async def name_of(self, division: str) -> str:
        """The Chinese name that tickets of exactly this division carry, "" when none is known."""

    async def by_number(self, number: str) -> Ticket | None:
        """The whole ticket with this registration number, spelt as ``parse_number`` does."""

    async def of_partition(self, partition: int, after: str, limit: int) -> Sequence[Ticket]:
        """The first tickets of a partition of the log whose id is behind ``after``, in the order of their ids: what is
        public of them alone."""

    async def create_indexes(self) -> None:
        """What lists and counters lean on. Safe to repeat."""

    async def ready(self) -> bool:
        """Whether the documents can be read now. Never raises."""


class OpenedWords(Protocol):
    """Opens people's words with the words keys of the vault."""

    async def open_many(self, sealed: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Sequence[str]]:
        """Ticket → clear words in the same order, "" where the key is destroyed or the seal broken.

        Raises runtime.delivery.ports.Unavailable.
        """


class Rates(Protocol):
    """The live rates as last heard."""

    def latest(self) -> tuple[Rate, ...]:
        """One per county, busiest first."""
