"""What intake needs from outside."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.intake.domain.ledger import End, LedgerEntry, Signed, Span
from services.intake.domain.screening import Signals


@dataclass(frozen=True, slots=True)
class OpenedSubmission:
    """A submission that ``prepare`` opened. ``words`` and ``identity`` are sealed again, under the ticket's keys.

    ``hide``: what its people gave of themselves, under the words key; ``contact``: how to reach its filer, should it be
    another body under a key that came before; ``to_confirm``: whether its co-reporters have to confirm their seats.
    """

    words: str
    identity: str
    code_digests: tuple[str, ...]
    division: str
    on_behalf: bool
    signals: Signals
    hide: str = ""
    contact: str = ""
    to_confirm: bool = False


@dataclass(frozen=True, slots=True)
class ErasedSubmission:
    """The ticket's keys are destroyed: nothing can be made of the submission any more."""


@dataclass(frozen=True, slots=True)
class Added:
    """A supplement that ``prepare`` opened: what the screening rules look at, and ``words`` sealed again."""

    words: str
    signals: Signals


class DayKeys(Protocol):
    """Private halves of day keys, as intake's loop keeps them."""

    async def private(self, key: str) -> bytes | None:
        """The private half, None when it was destroyed or never was. Raises Unavailable."""

    async def ensure(self, key: str, private: bytes) -> bytes:
        """Keep ``private`` under ``key`` unless there is one already; the one that stands."""

    async def kept(self) -> list[str]:
        """The keys whose private half is there, oldest day first. Raises Unavailable."""

    async def destroy(self, key: str) -> None:
        """Forget the private half for ever; what is sealed to it stays closed. Raises Unavailable."""


ERASURES_AT_ONCE = 1000  # tickets of a page


class Erasures(Protocol):
    """The list of all erasures, kept where no backup of the databases reaches."""

    async def add(self, tickets: Sequence[str]) -> None:
        """Keep them for ever; the same one twice is harmless. Raises Unavailable."""

    def pages(self) -> AsyncIterator[Sequence[str]]:
        """All that were ever added, at most ``ERASURES_AT_ONCE`` in a page."""


class Oplog(Protocol):
    """What the database writes down for its other members, as far back as it keeps it."""

    async def oldest(self) -> datetime | None:
        """When its oldest entry was written; None where this account may not look. Raises Unavailable."""


class Ledger(Protocol):
    """The append-only mirror of the three logs. Every method raises Unavailable."""

    async def append(self, entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
        """Insert in order, so that no chain ever has a hole. Entries that were there and differ come back: a fork."""

    async def at(self, places: Sequence[tuple[str, int, int]]) -> list[LedgerEntry]:
        """The entries at (log, partition, offset), as far as they exist."""

    async def end(self, log: str, partition: int) -> End:
        """The last entry of a partition's chain; the root of a chain that has none."""

    def entries(self, spans: Sequence[Span]) -> AsyncIterator[LedgerEntry]:
        """All entries of these spans, which are sorted, in their order: for an export."""

    async def places(self) -> list[tuple[str, int]]:
        """The chains that there are."""

    async def sign(self, signed: Signed) -> bool:
        """Store a head under its number; False when that number is taken."""

    async def last_heads(self, at_most: int) -> list[Signed]:
        """The last heads, oldest first."""

    async def head(self, number: int) -> Signed | None:
        """The head of that number; they are numbered from 0 without a gap."""

    def heads(self) -> AsyncIterator[Signed]:
        """All heads, oldest first, for an export."""
