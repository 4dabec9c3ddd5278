"""``duban topics --new-epoch N``: the way on after a lost log.

A new log begins, and what MongoDB still knows of the old one is put into it: the ledger's mirror, then the facts that
are stored beside documents. Documents drop what they have seen. What nothing knows any more is listed by matter.
"""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.envelope import Headers
from contracts.topics import GROUPS, LEDGER, SERVICES
from deploy.local.accounts import DOCUMENTS
from runtime.delivery.log_identity import LogIdentity
from runtime.delivery.records import Outgoing
from runtime.kafka.bus import Bus
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.identity import KafkaIdentity
from runtime.kafka.topics import create_topics, lay_back
from runtime.kafka.writer import KafkaWriter
from runtime.mongo.client import available
from runtime.mongo.documents import unpack
from runtime.mongo.known_log import MongoKnownLog
from runtime.process.platform import RealPlatform
from services.intake.adapters.mongo import MongoLedger
from services.intake.domain.ledger import LedgerEntry, record_bytes, record_of

TOPICS = LEDGER
CHUNK = 500  # entries of the ledger at once
ALL = 10**18  # an offset that no log reaches


class EpochRefused(Exception):
    """Nothing was begun; the text says why."""


@dataclass(frozen=True, slots=True)
class LostFacts:
    """Facts of one matter that a service has said and that nothing knows any more, by their sequence."""

    service: str
    ticket: str
    first: int
    last: int


@dataclass
class PutBack:
    """What was put back, by topic, and what could not be."""

    put: Counter[str] = field(default_factory=Counter)
    lost: list[LostFacts] = field(default_factory=list)


async def begin(platform: RealPlatform, epoch: int, replication: int = 1) -> PutBack:
    """Begin a new epoch. Safe to repeat. Raises EpochRefused; GroupInUse while a loop runs; Unavailable."""
    bus = replace(platform.bus, epoch=epoch)
    known = [await MongoKnownLog(platform.database(service)).known() for service in SERVICES]
    if late := [each.epoch for each in known if each is not None and each.epoch >= epoch]:
        raise EpochRefused(f"the documents are at epoch {max(late)}: --new-epoch {max(late) + 1}")
    await create_topics(bus, replication=replication)
    for group in GROUPS:
        await lay_back(bus, group)
    told = await _Restoring(platform, bus).restore()
    finder = KafkaIdentity(bus)
    try:
        await _remember(platform, await finder.found())
    finally:
        await finder.stop()
    return told


async def _remember(platform: RealPlatform, found: LogIdentity) -> None:
    for service in SERVICES:
        await MongoKnownLog(platform.database(service)).begin(found)


class _Restoring:
    """One run. ``_there``: digests of what the topics hold; ``_said``: the last sequence of a service and ticket."""

    def __init__(self, platform: RealPlatform, bus: Bus) -> None:
        self._platform, self._bus = platform, bus
        self._ledger, self._writer = MongoLedger(platform.database("intake")), KafkaWriter(bus)
        self._there: set[bytes] = set()
        self._said: dict[tuple[str, str], int] = {}
        self._told = PutBack()

    async def restore(self) -> PutBack:
        try:
            for topic in TOPICS:
                await self._look(topic)
            async for chunk in self._mirrored():
                await self._publish([each for each in chunk if await self._is_wanted(each)])
            for service in SERVICES:
                await self._say_stored(service)
        finally:
            await self._writer.stop()
        return self._told

    async def _look(self, topic: str) -> None:
        """What the topic holds already: a run that broke off, or a log of which only the end is lost."""
        follower = KafkaFollower(self._bus, topic)
        try:
            while True:
                for each in await follower.fetch():
                    self._note(Outgoing(topic, each.partition, each.key, each.headers, each.value))
                if not await follower.is_behind():
                    return
        finally:
            await follower.stop()

    def _note(self, out: Outgoing) -> bool:
        """Whether it is new; it is there from now on."""
        digest = _digest(out)
        named = dict(out.headers)
        producer = named.get("ce_source", b"").decode().removeprefix("/duban/")
        said = named.get("ce_sequence", b"")
        sequence = int(said) if said.isdigit() else 0
        self._said[producer, out.key] = max(self._said.get((producer, out.key), 0), sequence)
        is_new = digest not in self._there
        self._there.add(digest)
        return is_new

    async def _mirrored(self) -> AsyncIterator[list[tuple[LedgerEntry, Outgoing]]]:
        """The ledger, epoch by epoch, each partition in its order."""
        chunk: list[tuple[LedgerEntry, Outgoing]] = []
        for log, partition in sorted(await self._ledger.places(), key=_by_epoch):
            async for entry in self._ledger.entries([(log, partition, 0, ALL)]):
                chunk.append((entry, _outgoing(entry)))
                if len(chunk) >= CHUNK:
                    yield chunk
                    chunk = []
        yield chunk

    async def _publish(self, wanted: Sequence[tuple[LedgerEntry, Outgoing]]) -> None:
        await self._put([out for _, out in wanted if self._note(out)])

    async def _put(self, fresh: Sequence[Outgoing]) -> None:
        await self._writer.publish(fresh)
        self._told.put.update(out.topic for out in fresh)

    async def _is_wanted(self, each: tuple[LedgerEntry, Outgoing]) -> bool:
        """Facts always: who has seen one drops it. A submission or a request only if somebody has not taken it yet; a
        knock never: the timers knock again."""
        entry, out = each
        named = dict(out.headers)
        match named.get("ce_kind", b""):
            case b"knock":
                return False
            case b"request":
                to = named.get("ce_to", b"").decode().split(",")
                return not all([await self._has_taken(service, entry, out.key) for service in to if service])
            case _:
                return out.topic != "submissions" or not await self._has_taken("intake", entry, out.key)

    async def _has_taken(self, service: str, entry: LedgerEntry, ticket: str) -> bool:
        plain = await self._document(service, ticket)
        return plain is not None and plain.get("pos", {}).get(entry.log, -1) >= entry.offset

    async def _document(self, service: str, ticket: str) -> Mapping[str, Any] | None:
        async with available():
            found: Mapping[str, Any] | None = await self._platform.database(service)[DOCUMENTS[service]].find_one(
                {"_id": ticket}, {"pos": 1}
            )
        return found

    async def _say_stored(self, service: str) -> None:
        """The facts that a service has stored; then what it has said and nobody has."""
        documents = self._platform.database(service)[DOCUMENTS[service]]
        async with available():
            async for plain in documents.find({"seq": {"$gt": 0}}, {"seq": 1, "p": 1, "out": 1}):
                stored = [_stored(plain, *each) for each in plain.get("out", ())]
                await self._put([out for out in stored if self._note(out)])
                self._miss(service, plain)

    def _miss(self, service: str, plain: Mapping[str, Any]) -> None:
        last, known = plain["seq"], self._said.get((service, plain["_id"]), 0)
        if last > known:
            self._told.lost.append(LostFacts(service, plain["_id"], known + 1, last))


def _by_epoch(place: tuple[str, int]) -> tuple[int, str, int]:
    topic, _, epoch = place[0].rpartition("/")
    return int(epoch), topic, place[1]


def _outgoing(entry: LedgerEntry) -> Outgoing:
    key, headers, value = record_of(entry.record)
    return Outgoing(entry.log.rpartition("/")[0], entry.partition, key, headers, value)


def _stored(plain: Mapping[str, Any], _seq: int, _log: str, _at: int, headers: bytes, value: bytes) -> Outgoing:
    said: Headers = unpack(headers)
    return Outgoing("tickets", plain["p"], plain["_id"], said, bytes(value))


def _digest(out: Outgoing) -> bytes:
    record = record_bytes(out.key, out.headers, out.value)
    return hashlib.blake2b(record, digest_size=16, key=out.topic.encode()).digest()
