"""What a service keeps under one key, apart from its own document: the bookkeeping of the delivery contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from contracts.envelope import Headers

DocumentT = TypeVar("DocumentT")

OUTCOMES_KEPT = 32  # a request repeated after this many others is decided by the state like any other
KEPT_AT_MOST = 32  # requests waiting for the baton; one more is refused


@dataclass(slots=True, unsafe_hash=True)  # not frozen: one is made per record read, and freezing triples the cost
class Incoming:
    """A record as it was read. ``log`` = topic and its epoch, so that a recreated topic starts from zero again."""

    log: str
    partition: int
    offset: int
    key: str
    headers: Headers
    value: bytes


def next_offsets(records: Sequence[Incoming]) -> dict[tuple[str, int], int]:
    """What is committed once these are handled: by log and partition, the offset that follows the last."""
    return {(record.log, record.partition): record.offset + 1 for record in records}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be written."""

    topic: str
    partition: int
    key: str
    headers: Headers
    value: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """A fact, finished, stored with the document before it is published.

    ``log``, ``offset``: the message that caused it; "" when a replay of parked messages did, which alone may drop it.
    """

    seq: int
    log: str
    offset: int
    headers: Headers
    value: bytes


@dataclass(frozen=True, slots=True)
class Decided:
    """The one outcome of a request."""

    request: str
    accepted: bool
    code: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that could not be handled, or that queues behind one. ``root``: the one that could not.

    ``reason`` is a code and a field path, never the text of an exception: that could hold people's words. ``nth``: 0
    for a message of the log; 1, 2, … for the requests that were kept, and taken up with the message at that place.
    """

    message: Incoming
    reason: str
    root: bool
    at: datetime
    nth: int = 0

    @property
    def place(self) -> "ParkedAt":
        """Tells it from every other one, and sorts in the order in which they are to be handled."""
        return self.message.log, self.message.partition, self.message.offset, self.nth


ParkedAt = tuple[str, int, int, int]
"""Log, partition, offset, and which of the kept requests."""


@dataclass(slots=True)
class Record(Generic[DocumentT]):
    """A service's document under one key with what it has seen and what it has said.

    ``version`` guards the write; ``position`` is the last offset taken per log; ``seen`` the highest sequence taken
    from each producer; ``out`` the facts whose causes may not be committed yet; ``kept`` the requests that wait for
    the baton; ``parked``: messages of this key wait in the dead letters, later ones queue behind them.
    """

    key: str
    partition: int
    document: DocumentT | None = None
    version: int = 0
    position: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    outcomes: tuple[Decided, ...] = ()
    seq: int = 0
    out: tuple[Said, ...] = ()
    kept: tuple[Incoming, ...] = ()
    parked: bool = False

    def copy(self) -> "Record[DocumentT]":
        """Another one, which may be folded without changing this one."""
        return replace(self, position=dict(self.position), seen=dict(self.seen))

    def outcome_of(self, request: str) -> Decided | None:
        """The outcome of ``request``, if it is among the last decided ones."""
        return next((decided for decided in self.outcomes if decided.request == request), None)

    def to_say(self, topic: str) -> list[Outgoing]:
        """Its facts as records of a topic, in their order."""
        return [Outgoing(topic, self.partition, self.key, said.headers, said.value) for said in self.out]
