"""What the portal needs from outside: the ticket documents, as lists and counts, and the live rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from runtime.memory.store import InMemoryStore
from services.portal.domain import filters, looks
from services.portal.domain.board import Rate
from services.portal.domain.filters import Filters, Scope
from services.portal.domain.looks import Seen
from services.portal.domain.ticket import Ticket, brief


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, newest change first and brief, and how many there are in all (``at_least``: or more)."""

    tickets: tuple[Ticket, ...]
    total: int
    at_least: bool = False


class Tickets(Protocol):
    """The ticket documents. Every method may raise runtime.delivery.ports.Unavailable."""

    async def find(self, asked: Filters, scope: Scope, now: datetime, *, skip: int, limit: int) -> Found:
        """The tickets that the filters ask for, within the scope."""

    async def look(self, scope: Scope, now: datetime) -> Seen:
        """What the live page needs of the tickets in the scope, all of one instant of the store."""

    async def name_of(self, division: str) -> str:
        """The Chinese name that tickets of exactly this division carry, "" when none is known."""

    async def by_number(self, number: str) -> Ticket | None:
        """The whole ticket with this registration number, spelt as ``parse_number`` does."""

    async def create_indexes(self) -> None:
        """What lists and counters lean on. Safe to repeat."""

    async def ready(self) -> bool:
        """Whether the documents can be read now. Never raises."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertext and the field it was sealed for."""

    field: str
    text: str


class Words(Protocol):
    """Opens people's words with the words keys of the vault."""

    async def open_many(self, sealed: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Sequence[str]]:
        """Ticket → clear words in the same order, "" where the key is destroyed or the seal broken.

        Raises runtime.delivery.ports.Unavailable.
        """


class ClearWords:
    """For tests of the fold: what is sealed is the words themselves."""

    async def open_many(self, sealed: Mapping[str, Sequence[Sealed]]) -> Mapping[str, Sequence[str]]:
        """The same."""
        return {ticket: [each.text for each in words] for ticket, words in sealed.items()}


class Rates(Protocol):
    """The live rates as last heard."""

    def latest(self) -> tuple[Rate, ...]:
        """One per county, busiest first."""


class NoRates:
    """Nobody computes rates: the strip stays empty, nothing else changes."""

    def latest(self) -> tuple[Rate, ...]:
        """None."""
        return ()


class InMemoryTickets:
    """The documents of an in-memory store, read with the pure predicates."""

    def __init__(self, store: InMemoryStore[Ticket]) -> None:
        self._store = store

    async def find(self, asked: Filters, scope: Scope, now: datetime, *, skip: int, limit: int) -> Found:
        """The matching tickets, newest change first."""
        found = [ticket for ticket in self._newest() if filters.matches(ticket, asked, scope, now)]
        return Found(tuple(brief(ticket) for ticket in found[skip : skip + limit]), len(found))

    async def look(self, scope: Scope, now: datetime) -> Seen:
        """What the pure rule finds."""
        return looks.seen([brief(ticket) for ticket in self._newest() if filters.in_scope(ticket, scope)], now)

    async def name_of(self, division: str) -> str:
        """As one of the tickets has it."""
        names = (each.division_zh for each in self._newest() if each.division == division)
        return next(filter(None, names), "")

    async def by_number(self, number: str) -> Ticket | None:
        """The one with the number."""
        return next((ticket for ticket in self._newest() if ticket.number == number), None)

    async def create_indexes(self) -> None:
        """There is nothing to look up by."""

    async def ready(self) -> bool:
        """Always."""
        return True

    def _newest(self) -> Sequence[Ticket]:
        held = [(record.ticket, record.document) for record in self._store.records.values()]
        kept = sorted(((id_, ticket) for id_, ticket in held if ticket is not None), key=lambda pair: pair[0])
        return [ticket for _, ticket in sorted(kept, key=lambda pair: pair[1].changed_at, reverse=True)]
