"""What the stores still know of a lost log, put into the one that follows it; what nothing knows any more, listed."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from contracts.topics import LEDGER
from runtime.delivery.bookkeeping import Bookkeeping
from runtime.delivery.ports import Follower, Writer
from runtime.delivery.records import Outgoing, Record
from services.intake.domain.ledger import LedgerEntry, record_bytes, record_of
from services.intake.ports import Ledger

CHUNK = 500  # entries of the ledger at once
ALL = 10**18  # an offset that no log reaches
Run = tuple[int, int]
"""Sequences that follow each other: the first and the last."""
Speaker = tuple[str, str, str]
"""A topic, a service and a key: who counts its facts from 1."""


@dataclass(frozen=True, slots=True)
class StoredKind:
    """One kind of document: whose it is, where its facts go, which logs it reads, and its bookkeeping."""

    service: str
    says: str
    logs: tuple[str, ...]
    documents: Bookkeeping


@dataclass(frozen=True, slots=True)
class RestoringParts:
    """What restoring works with: the ledger's mirror, the new log, and every kind of document."""

    ledger: Ledger
    follower: Callable[[str], Follower]
    writer: Writer
    kinds: Sequence[StoredKind]


@dataclass(frozen=True, slots=True)
class LostFacts:
    """Facts under one key that a service has said and that nothing knows any more, by their sequence."""

    service: str
    key: str
    first: int
    last: int


@dataclass
class PutBack:
    """What was put back, by topic, and what could not be. ``is_bare``: nothing stands in the configuration."""

    put: Counter[str] = field(default_factory=Counter)
    lost: list[LostFacts] = field(default_factory=list)
    is_bare: bool = False


class Restoring:
    """One run. ``_there``: digests of what the topics hold; ``_said``: the sequences of each speaker among it."""

    def __init__(self, parts: RestoringParts) -> None:
        self._parts = parts
        self._there: set[bytes] = set()
        self._said: dict[Speaker, list[Run]] = {}
        self._told = PutBack()

    async def restore(self) -> PutBack:
        """Put back what is known. Safe to repeat: what the topics hold already is not put again. Raises Unavailable."""
        for topic in LEDGER:
            async for each in _held(self._parts.follower(topic), topic):
                self._note(each)
        async for chunk in self._mirrored():
            await self._put([out for entry, out in chunk if await self._is_wanted(entry, out)])
        for kind in self._parts.kinds:
            await self._say_stored(kind)
        self._told.is_bare = await _is_bare(self._parts.follower("configuration"))
        return self._told

    def _note(self, out: Outgoing) -> bool:
        """Whether it is new; it is there from now on."""
        digest, named = _digest(out), dict(out.headers)
        said, producer = named.get("ce_sequence", b""), named.get("ce_source", b"").decode().removeprefix("/duban/")
        if said.isdigit() and int(said):
            _count(self._said.setdefault((out.topic, producer, out.key), []), int(said))
        is_new = digest not in self._there
        self._there.add(digest)
        return is_new

    async def _mirrored(self) -> AsyncIterator[list[tuple[LedgerEntry, Outgoing]]]:
        """The ledger, epoch by epoch, each partition in its order."""
        chunk: list[tuple[LedgerEntry, Outgoing]] = []
        for log, partition in sorted(await self._parts.ledger.places(), key=_by_epoch):
            async for entry in self._parts.ledger.entries([(log, partition, 0, ALL)]):
                chunk.append((entry, _outgoing(entry)))
                if len(chunk) >= CHUNK:
                    yield chunk
                    chunk = []
        yield chunk

    async def _put(self, wanted: Sequence[Outgoing]) -> None:
        fresh = [out for out in wanted if self._note(out)]
        await self._parts.writer.publish(fresh)
        self._told.put.update(out.topic for out in fresh)

    async def _is_wanted(self, entry: LedgerEntry, out: Outgoing) -> bool:
        """Facts always: who has seen one drops it. A submission or a request only if somebody has not taken it yet; a
        knock never: the timers knock again."""
        named = dict(out.headers)
        match named.get("ce_kind", b""):
            case b"knock":
                return False
            case b"request":
                to = [service for service in named.get("ce_to", b"").decode().split(",") if service]
                return not to or not all([await self._has_taken(service, entry, out) for service in to])
            case _:
                return out.topic != "submissions" or not await self._has_taken("intake", entry, out)

    async def _has_taken(self, service: str, entry: LedgerEntry, out: Outgoing) -> bool:
        """By the documents of that service that read the topic: one of feedback's kinds reads each of two."""
        readers = [kind for kind in self._parts.kinds if kind.service == service and out.topic in kind.logs]
        positions = [await kind.documents.position(out.key) for kind in readers]
        return any(position.get(entry.log, -1) >= entry.offset for position in positions)

    async def _say_stored(self, kind: StoredKind) -> None:
        """The facts that documents have stored; then what they have said and nobody has."""
        async for record in kind.documents.spoken():
            await self._put(record.to_say(kind.says))
            self._told.lost += self._missed(kind, record)

    def _missed(self, kind: StoredKind, record: Record[object]) -> list[LostFacts]:
        runs = self._said.get((kind.says, kind.service, record.key), [])
        return [LostFacts(kind.service, record.key, *run) for run in _missing(runs, record.seq)]


async def _held(follower: Follower, topic: str) -> AsyncIterator[Outgoing]:
    """What the topic holds already: a run that broke off, or a log of which only the end is lost."""
    try:
        while True:
            for each in await follower.fetch():
                yield Outgoing(topic, each.partition, each.key, each.headers, each.value)
            if not await follower.is_behind():
                return
    finally:
        await follower.stop()


async def _is_bare(follower: Follower) -> bool:
    """Whether a topic holds nothing at all."""
    try:
        while not await follower.fetch():
            if not await follower.is_behind():
                return True
        return False
    finally:
        await follower.stop()


def _count(runs: list[Run], sequence: int) -> None:
    """Facts of a key come in their order, but for what is said twice: there are few runs."""
    if runs and runs[-1][0] <= sequence <= runs[-1][1] + 1:
        runs[-1] = runs[-1][0], max(sequence, runs[-1][1])
    else:
        runs.append((sequence, sequence))


def _missing(runs: Sequence[Run], last: int) -> Iterator[Run]:
    """What is in none of the runs, from 1 to ``last``."""
    reached = 0
    for first, until in sorted(run for run in runs if run[0] <= last):
        if first > reached + 1:
            yield reached + 1, first - 1
        reached = max(reached, until)
    if reached < last:
        yield reached + 1, last


def _by_epoch(place: tuple[str, int]) -> tuple[int, str, int]:
    topic, _, epoch = place[0].rpartition("/")
    return int(epoch), topic, place[1]


def _outgoing(entry: LedgerEntry) -> Outgoing:
    key, headers, value = record_of(entry.record)
    return Outgoing(entry.log.rpartition("/")[0], entry.partition, key, headers, value)


def _digest(out: Outgoing) -> bytes:
    record = record_bytes(out.key, out.headers, out.value)
    return hashlib.blake2b(record, digest_size=16, key=out.topic.encode()).digest()
