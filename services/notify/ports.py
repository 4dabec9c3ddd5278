"""What notify needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.notify.domain import Delivery, Office


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed to a provider. ``reference`` makes it once."""

    reference: str
    address: str
    subject: str
    text: str


class Messenger(Protocol):
    """A provider. Both calls always return: a time-out is UNKNOWN."""

    channel: str

    async def send(self, letter: Letter) -> Outcome:
        """SENT, FAILED (for good) or UNKNOWN."""

    async def look_up(self, reference: str) -> Outcome:
        """SENT, NOT_SENT or UNKNOWN."""


class Offices(Protocol):
    """When staff may be told."""

    def office(self) -> Office:
        """The calendar as it was published last."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket's deliveries that may go now."""

    ticket: str
    number: str
    deliveries: tuple[Delivery, ...]


class Outbox(Protocol):
    """Planned deliveries, and the journal of attempts. An attempt is written down before it is made."""

    async def waiting(self, now: datetime, partitions: Collection[int], at_most: int) -> list[Waiting]:
        """Tickets with deliveries that may go. Raises Unavailable."""

    async def attempt(self, references: Sequence[str], at: datetime) -> set[str]:
        """Write attempts down; the references that had one before."""

    async def outcomes(self, references: Collection[str]) -> Mapping[str, tuple[datetime, str]]:
        """When each was attempted, and the outcome as far as it was written down."""

    async def record(self, outcomes: Mapping[str, str]) -> None:
        """Write outcomes into the journal."""

    async def unknown(self, at_most: int) -> list[dict[str, object]]:
        """Deliveries of which nobody knows: for a person to look at."""
