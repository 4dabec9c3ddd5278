"""An installation in memory of which the log is lost: real kinds of documents, a ledger, and the log that follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cli.kinds import DocumentKind, kind_of, speaking
from cli.restoring import PutBack, Restoring, RestoringParts, StoredKind
from contracts.envelope import Body, Message
from contracts.topics import LEDGER
from runtime.clock import Clock
from runtime.delivery.log_identity import LogIdentity
from runtime.delivery.loop import Loop
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Incoming, Outgoing, Record
from runtime.http.requests import outgoing
from runtime.memory.log import InMemoryFollower, InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.memory.store import InMemoryBookkeeping, InMemoryStore
from services.intake.adapters.memory import InMemoryLedger
from services.intake.domain.ledger import end_of, next_entry, record_bytes
from tests.harness import MONDAY

CLOCK = Clock(wall=lambda: MONDAY)


@dataclass
class LostLog:
    """``log``: the one that is there now. ``stores``: the documents of each kind, by its label."""

    log: InMemoryLog = field(default_factory=InMemoryLog)
    ledger: InMemoryLedger = field(default_factory=InMemoryLedger)
    stores: dict[str, InMemoryStore[object]] = field(
        default_factory=lambda: {each.label: InMemoryStore() for each in speaking()}
    )

    def say(self, message: Message[Body], topic: str) -> Incoming:
        return self.log.append(outgoing(message, topic))

    async def run(self, label: str) -> None:
        """The loop of this kind, over all that is in the log."""
        service = kind_of(label).build()
        reader = InMemoryReader(self.log, service.group, service.logs)
        loop = Loop(service, reader, InMemoryWriter(self.log), self.stores[label], CLOCK.wall)
        while await loop.step():
            pass

    async def mirror(self, records: Iterable[Incoming] | None = None) -> None:
        """Into the ledger: these records in their order, or all."""
        for each in records if records is not None else self.all():
            before = await self.ledger.end(each.log, each.partition)
            record = record_bytes(each.key, each.headers, each.value)
            await self.ledger.append([next_entry(before, each.log, each.partition, record)])
            assert end_of((await self.ledger.at([(each.log, each.partition, each.offset)]))[0]).offset == each.offset

    def all(self) -> list[Incoming]:
        return [each for topic in LEDGER for each in self.log.of_topic(topic)]

    def lose(self) -> list[Incoming]:
        """An empty log of the next epoch is there instead; what the old one held."""
        held = self.all()
        self.log = InMemoryLog(self.log.epoch + 1)
        return held

    async def restore(self) -> PutBack:
        return await Restoring(self.parts()).restore()

    def parts(self) -> RestoringParts:
        return RestoringParts(
            self.ledger, lambda topic: InMemoryFollower(self.log, topic), InMemoryWriter(self.log), self._kinds()
        )

    def _kinds(self) -> Sequence[StoredKind]:
        return [self._stored(each) for each in speaking()]

    def _stored(self, kind: DocumentKind) -> StoredKind:
        built = kind.build()
        return StoredKind(built.name, built.says, built.logs, InMemoryBookkeeping(self.stores[kind.label]))

    async def has(self, label: str, record: Record[object]) -> None:
        assert await self.stores[label].save([record]) == set()

    def values(self, topic: str) -> list[tuple[str, bytes, bytes]]:
        """Key, id and value of each record of a topic, in its order."""
        return [(each.key, dict(each.headers)["ce_id"], each.value) for each in self.log.of_topic(topic)]


def told_apart(records: Iterable[Incoming | Outgoing]) -> list[tuple[str, bytes, bytes]]:
    """The same of records, to compare."""
    return [(each.key, dict(each.headers)["ce_id"], each.value) for each in records]


class FreshLogInMemory:
    """A log of which the topics have ids; made, they are all there."""

    def __init__(self, epoch: int) -> None:
        self.identity, self.made = LogIdentity(epoch, "c", {}), 0

    async def found(self) -> LogIdentity:
        return self.identity

    async def make(self) -> None:
        self.made += 1
        ids = {name: f"{name}-{self.identity.epoch}" for name in LEDGER}
        self.identity = LogIdentity(self.identity.epoch, "c", ids | dict(self.identity.topics))


@dataclass
class EpochKept:
    """What one service remembers; ``fails``: so many writes are refused before one is taken."""

    kept: LogIdentity | None = None
    fails: int = 0

    async def known(self) -> LogIdentity | None:
        return self.kept

    async def begin(self, found: LogIdentity) -> None:
        if self.fails:
            self.fails -= 1
            raise Unavailable("mongodb: away")
        self.kept = found
