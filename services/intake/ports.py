"""What intake needs from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.intake.domain.ledger import Entry, Head
from services.intake.domain.screening import Signals


@dataclass(frozen=True, slots=True)
class Opened:
    """A submission that ``prepare`` opened. ``words`` and ``identity`` are sealed again, under the ticket's keys."""

    words: str
    identity: str
    code_digests: tuple[str, ...]
    division: str
    hint: str
    on_behalf: bool
    signals: Signals


@dataclass(frozen=True, slots=True)
class Erased:
    """The ticket's keys are destroyed: nothing can be made of the submission any more."""


@dataclass(frozen=True, slots=True)
class Added:
    """A supplement that ``prepare`` opened: only what the screening rules look at."""

    signals: Signals


class DayKeys(Protocol):
    """Private halves of day keys, as intake's loop keeps them."""

    async def private(self, key: str) -> bytes | None:
        """The private half, None when it was destroyed or never was. Raises Unavailable."""

    async def ensure(self, key: str, private: bytes) -> bytes:
        """Keep ``private`` under ``key`` unless there is one already; the one that stands."""


class Ledger(Protocol):
    """The append-only mirror of both logs."""

    async def append(self, entries: Sequence[Entry]) -> list[Entry]:
        """Insert in order. Entries that were there already and differ are returned: a fork. Raises Unavailable."""

    async def at(self, places: Sequence[tuple[str, int, int]]) -> list[Entry]:
        """The entries at (log, partition, offset), as far as they exist."""

    async def last(self, log: str, partition: int) -> Entry | None:
        """The last entry of a chain."""

    async def chain(self, log: str, partition: int) -> list[Entry]:
        """A whole chain in order, for an export."""

    async def places(self) -> list[tuple[str, int]]:
        """The chains that there are."""

    async def sign(self, head: Head, signature: str) -> bool:
        """Store a head under its number; False when that number is taken."""

    async def heads(self, at_most: int) -> list[tuple[Head, str]]:
        """The last heads with their signatures, oldest first."""
