"""``duban topics --new-epoch N``: the way on after a lost log.

A new log begins, and what MongoDB still knows of the old one is put into it: the ledger's mirror, then the facts that
are stored beside documents of every kind. Documents drop what they have seen. What nothing knows any more is listed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from cli.kinds import speaking
from cli.restoring import PutBack, Restoring, RestoringParts, StoredKind
from contracts.topics import GROUPS, SERVICES
from runtime.delivery.log_identity import LogIdentity
from runtime.kafka.bus import Bus
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.identity import KafkaIdentity
from runtime.kafka.topics import create_topics, lay_back
from runtime.kafka.writer import KafkaWriter
from runtime.mongo.bookkeeping import MongoBookkeeping
from runtime.mongo.known_log import MongoKnownLog
from runtime.process.laying import DatabaseOf
from runtime.process.platform import RealPlatform
from services.intake.adapters.mongo import MongoLedger

Tell = Callable[[PutBack], None]


class EpochRefused(Exception):
    """Nothing was begun; the text says why."""


class FreshLog(Protocol):
    """The log in which the epoch begins."""

    async def found(self) -> LogIdentity:
        """As it is now; a topic that is not there is left out. Raises Unavailable."""

    async def make(self) -> None:
        """Topics that are missing, and every group at the beginning. Safe to repeat. Raises GroupInUse, Unavailable."""


class EpochMemory(Protocol):
    """Beside the documents of a service: the log that they know."""

    async def known(self) -> LogIdentity | None:
        """What is remembered. Raises Unavailable."""

    async def begin(self, found: LogIdentity) -> None:
        """From now on this is the log. Raises Unavailable."""


async def begin(platform: RealPlatform, epoch: int, tell: Tell, replication: int = 1) -> None:
    """Begin a new epoch. Raises EpochRefused; GroupInUse while a loop runs; Unavailable."""
    bus = replace(platform.bus, epoch=epoch)
    log, writer = KafkaFreshLog(bus, replication), KafkaWriter(bus)
    memories = {service: MongoKnownLog(platform.database(service)) for service in SERVICES}
    ledger = MongoLedger(platform.database("intake"))
    parts = RestoringParts(ledger, lambda topic: KafkaFollower(bus, topic), writer, stored_kinds(platform.database))
    try:
        await begin_epoch(log, memories, parts, epoch, tell)
    finally:
        await writer.stop()
        await log.stop()


async def begin_epoch(
    log: FreshLog, memories: Mapping[str, EpochMemory], parts: RestoringParts, epoch: int, tell: Tell
) -> None:
    """The same on any log. Safe to repeat after it broke off, wherever that was: what could not be put back is told
    before the first service knows the epoch, and a run that finds some of them at it goes on.
    """
    known = [await each.known() for each in memories.values()]
    _refuse_begun(known, await log.found(), epoch)
    await log.make()
    tell(await Restoring(parts).restore())
    found = await log.found()
    for each in memories.values():
        await each.begin(found)


def _refuse_begun(known: Sequence[LogIdentity | None], found: LogIdentity, epoch: int) -> None:
    """An epoch that some services know is one that broke off, as long as Kafka still has the topics that it made."""
    there = [each for each in known if each is not None]
    last = max((each.epoch for each in there), default=0)
    begun = [each for each in there if each.epoch == epoch]
    if last > epoch or any(_is_other(each, found) for each in begun):
        raise EpochRefused(f"the documents are at epoch {last}: --new-epoch {last + 1}")
    if begun and len(begun) == len(known):
        raise EpochRefused(
            f"epoch {epoch} has begun: start every process with DUBAN_LOG_EPOCH={epoch}; "
            f"if that log is lost, too: --new-epoch {epoch + 1}"
        )


def _is_other(known: LogIdentity, found: LogIdentity) -> bool:
    return any(found.topics.get(name) != each for name, each in known.topics.items())


def stored_kinds(database: DatabaseOf) -> list[StoredKind]:
    """Every kind of document that says anything, with its own topic and collection."""
    services = [each.build() for each in speaking()]
    return [
        StoredKind(each.name, each.says, each.logs, MongoBookkeeping(database(each.name), each.collection))
        for each in services
    ]


class KafkaFreshLog:
    """The topics of an epoch on a Kafka."""

    def __init__(self, bus: Bus, replication: int) -> None:
        self._bus, self._replication = bus, replication
        self._finder = KafkaIdentity(bus)
        self.found, self.stop = self._finder.found, self._finder.stop

    async def make(self) -> None:
        await create_topics(self._bus, replication=self._replication)
        for group in GROUPS:
            await lay_back(self._bus, group)
