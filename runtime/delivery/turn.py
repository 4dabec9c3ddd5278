"""What goes into the fold of one key's messages, and what comes out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from contracts.envelope import MalformedMessage, Message, type_of
from runtime.delivery.records import Incoming, Parked, Record

DocumentT = TypeVar("DocumentT")


@dataclass(slots=True)
class Folded(Generic[DocumentT]):
    """What became of one key's share of a batch.

    ``given``: what was prepared, by message id. ``handled``: what the handlers did, as (message id, type, end).
    """

    record: Record[DocumentT]
    given: Mapping[str, object] = field(default_factory=dict)
    changed: bool = False
    parked: list[Parked] = field(default_factory=list)
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    handled: list[tuple[str, str, str]] = field(default_factory=list)

    def is_new(self, incoming: Incoming) -> bool:
        """Whether it lies behind the document's position: a document knows what it has seen."""
        return incoming.offset > self.record.position.get(incoming.log, -1)

    def move_to(self, incoming: Incoming) -> None:
        """The document's position is from now on where this record is."""
        self.record.position[incoming.log] = incoming.offset
        self.changed = True

    def pass_over(self, incoming: Incoming) -> None:
        """Count what was read before."""
        self.ends[type_of(incoming.headers), "redelivered"] += 1


@dataclass(frozen=True, slots=True)
class Read:
    """A record with what it says: a message, or why it is none."""

    incoming: Incoming
    message: Message[Any] | MalformedMessage


@dataclass(frozen=True, slots=True)
class Turn(Generic[DocumentT]):
    """One message being dealt with, at the domain instant ``now``."""

    folded: Folded[DocumentT]
    incoming: Incoming
    message: Message[Any]
    now: datetime
    nth: int = 0  # of the kept requests that are taken up; 0: the message itself

    @property
    def record(self) -> Record[DocumentT]:
        """The record that the message is folded into."""
        return self.folded.record

    def count(self, end: str) -> None:
        """Note how the message ended."""
        self.folded.ends[self.message.type, end] += 1
        self.folded.handled.append((self.message.id, self.message.type, end))
