"""What the loop needs from outside: in runtime.memory, runtime.kafka and runtime.mongo."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from runtime.delivery.records import Incoming, Outgoing, Parked, Record

DocumentT = TypeVar("DocumentT")
LogPartition = tuple[str, int]
"""A log (topic and epoch) and a partition of it."""


class Unavailable(Exception):
    """Kafka or the database does not answer, or nobody knows what became of a write: try the whole batch again."""


class NoRoom(Unavailable):
    """A store has too little room: nothing new is taken, so that what was taken can be worked off."""


class ClockWrong(Unavailable):
    """This process's clock is far from the database's: what it would say of time is false. Set the machine's clock."""


class Unstorable(Exception):
    """Documents that the store cannot hold; of their batch some may be written. ``keys``: whose they are."""

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__(f"{len(keys)} documents cannot be stored")
        self.keys = frozenset(keys)


class PositionLost(Unavailable):
    """The committed position is gone. ``duban topics`` lays it anew at 0: a replay is safe, a silent skip is not."""


class ShareRefused(Exception):
    """The group gives a member partitions of other topics than it asks for: it would never read some."""


class LogLost(Unavailable):
    """The log is not the one that the documents know. Its text says what was lost, the runbook, and the way on."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the fullest disk of a store."""

    free: int
    size: int


class Reader(Protocol):
    """A member of a consumer group."""

    async def fetch(self, at_most: int) -> Sequence[Incoming]:
        """What follows the last commit, in order within a partition; empty when there is none for a short while.

        What was fetched and not committed comes again: whoever fails in between skips nothing. Raises Unavailable.
        """

    async def commit(self, next_offsets: Mapping[LogPartition, int]) -> None:
        """Remember that all before these offsets is done. Raises Unavailable."""

    def committed(self, place: LogPartition) -> int:
        """The committed offset as this reader knows it: may be old, is never ahead."""

    def partitions(self) -> Collection[int]:
        """The partitions of its log that this reader holds now."""

    async def lag(self) -> int:
        """Records that are in the log and were not read yet."""


class Writer(Protocol):
    """A producer with acks=all and a deadline."""

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Return when all are acknowledged. Raises Unavailable: then the first few of a partition may be in the log.

        The records of a partition are in the log in the order of the batch, and none without those before it.
        """


@dataclass(frozen=True, slots=True)
class Due:
    """A document that wanted a knock at the domain instant ``at``; ``now``: the store's own when it was found."""

    key: str
    partition: int
    at: datetime
    now: datetime


class Store(Protocol[DocumentT]):
    """The documents of one service."""

    async def create_indexes(self) -> None:
        """What the sweep and the dead letters need. Safe to repeat. Raises Unavailable."""

    async def load(self, keys: Collection[str]) -> dict[str, Record[DocumentT]]:
        """The records that exist, in one round trip. Raises Unavailable."""

    async def find(self, prefix: str) -> Record[DocumentT] | None:
        """The record whose key begins with ``prefix``; of several, any one."""

    async def save(self, records: Sequence[Record[DocumentT]]) -> set[str]:
        """Write those whose stored version is still ``record.version``, as version + 1; the keys that lost.

        Raises Unavailable; Unstorable, which names those that no write would take.
        """

    async def park(self, parked: Sequence[Parked]) -> None:
        """Put messages into the dead letters; the same one twice is one, as it was put last. Raises Unavailable."""

    async def parked(self, key: str = "", at_most: int = 1000) -> list[Parked]:
        """Dead letters, of one key or of all, in the order of the log."""

    async def count_parked(self) -> int:
        """How many dead letters there are. Raises Unavailable."""

    async def unpark(self, letters: Sequence[Parked]) -> None:
        """Forget dead letters that have been handled."""

    async def due(self, partitions: Collection[int], at_most: int) -> list[Due]:
        """Documents whose wake instant has come by the store's own clock, earliest first."""

    async def held(self) -> str:
        """The build that holds this service, or ""."""

    async def hold(self, build: str) -> None:
        """Hold the service (a build) or release it ("")."""


class Follower(Protocol):
    """Reads a whole topic from its beginning, alone, and follows it: nothing is committed."""

    async def fetch(self) -> Sequence[Incoming]:
        """The next records; empty when there are none for a short while. Raises Unavailable."""

    async def is_behind(self) -> bool:
        """Whether there is more to read than was fetched. Raises Unavailable."""

    async def stop(self) -> None:
        """Close within a bounded time, whatever the broker does."""


@dataclass(frozen=True, slots=True)
class LogSpan:
    """What a topic holds: of each partition the first offset that is kept, and the one that the next record gets."""

    firsts: tuple[int, ...]
    ends: tuple[int, ...]


class Tail(Protocol):
    """Reads a topic at any place, in no group: whoever asks keeps the place. ``epoch``: of the log."""

    epoch: int

    async def span(self) -> LogSpan:
        """What is there now. Raises Unavailable."""

    async def at(self, instant: datetime) -> Sequence[int]:
        """The first offset of each partition whose record was written then or later. Raises Unavailable."""

    async def read(self, starts: Sequence[int], at_most: int) -> Sequence[Incoming]:
        """What stands from these offsets on, in order within a partition; less only where there is no more.

        Raises Unavailable, also where an offset is of what is no longer kept.
        """


class GroupProgress(Protocol):
    """How far a consumer group has come, all its members together."""

    async def ends(self) -> Mapping[LogPartition, int]:
        """The offset that the next record of each partition will have. Raises Unavailable."""

    async def committed(self) -> Mapping[LogPartition, int]:
        """The group's positions; a partition without one is left out. Raises Unavailable."""


def still_open(
    fetched: Mapping[LogPartition, range], committed: Mapping[LogPartition, int]
) -> dict[LogPartition, range]:
    """What was fetched, without what is committed."""
    left = {place: range(max(each.start, committed.get(place, 0)), each.stop) for place, each in fetched.items()}
    return {place: each for place, each in left.items() if each}
