"""The loop: the only writer of a service's documents, and it writes only because a message told it to.

fetch → group by key → prepare → load in one query → fold → one guarded bulk write → publish → commit.
The promises (each held by tests/simulation): what is acknowledged is never lost, applies once, in order; what is to be
said is stored before it is said and said in order; a process that lost its partition cannot write. Architecture §2.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar

import structlog

from contracts.envelope import Message
from runtime.delivery.attempts import Attempts
from runtime.delivery.fold import Fold
from runtime.delivery.holding import FailureWatch, Held
from runtime.delivery.ports import Reader, Store, Unavailable, Unstorable, Writer
from runtime.delivery.records import Incoming, Parked, Record, Said, next_offsets
from runtime.delivery.service import Service, nothing
from runtime.delivery.turn import Folded, Read
from runtime.telemetry import metrics, traces
from runtime.workers import repeated

DocumentT = TypeVar("DocumentT")
log = structlog.get_logger()

BATCH = 2000  # records a fetch
PER_KEY = 16  # messages of one key in one write: bounds a document's ``out``
UNSTORABLE = "document_unstorable"
REFOLDS = 20  # times a key may lose its write in one batch before the batch is read again


def pass_by(_point: str) -> None:
    """No crash is wanted at this point."""


class Loop(Generic[DocumentT]):
    """Runs one service over the log. ``passing`` is called between each pair of steps: tests crash there."""

    def __init__(
        self,
        service: Service[DocumentT],
        reader: Reader,
        writer: Writer,
        store: Store[DocumentT],
        wall: Callable[[], datetime],
        passing: Callable[[str], None] = pass_by,
        attempts: Attempts | None = None,
    ) -> None:
        self._service, self._reader, self._writer, self._store = service, reader, writer, store
        self._fold = Fold(service, wall)
        self._holding = FailureWatch()
        self._passing, self._wall = passing, wall
        self._metrics = metrics.of_loop(service.label)
        self.attempts = attempts or Attempts()

    async def step(self) -> int:
        """Handle one batch to its end. The number of records read. Raises Unavailable, Held: then nothing is lost."""
        records = await self._reader.fetch(BATCH)
        began = time.perf_counter()
        self._passing("fetched")
        mine = [self._fold.read(record) for record in records if self._fold.concerns(record.headers)]
        for reads in _rounds(mine):
            await self._round(reads)
        if records:
            await self._reader.commit(next_offsets(records))
            self._passing("committed")
            self._metrics.read(len(records), len(mine), time.perf_counter() - began)
        return len(records)

    async def _round(self, reads: Sequence[Read]) -> None:
        given = await self._prepare(reads)
        self._passing("prepared")
        folded = await self._fold_and_save(_by_key(reads), given)
        await self._publish([each.record for each in folded])
        self._passing("published")
        self._hint([each.record for each in folded if each.changed])
        self._say_handled(folded)
        self._metrics.ended(folded)
        self._metrics.aged([read.message.time for read in reads if isinstance(read.message, Message)], self._wall())

    async def _prepare(self, reads: Sequence[Read]) -> Mapping[str, object]:
        messages = [read.message for read in reads if isinstance(read.message, Message)]
        if not messages or self._service.prepare is nothing:
            return {}
        return await self._service.prepare(messages)

    async def _fold_and_save(
        self, shares: dict[str, list[Read]], given: Mapping[str, object]
    ) -> list[Folded[DocumentT]]:
        done: list[Folded[DocumentT]] = []
        for _ in range(REFOLDS):
            folded, lost = await self._try_to_save(shares, given)
            done += [each for each in folded if each.record.key not in lost]
            if not lost:
                return done
            shares = {key: shares[key] for key in lost}
            self._metrics.lost(len(lost))
        raise Unavailable("another writer keeps winning: the batch is read again")

    async def _try_to_save(
        self, shares: Mapping[str, list[Read]], given: Mapping[str, object]
    ) -> tuple[list[Folded[DocumentT]], set[str]]:
        records = await self._store.load(shares.keys())
        self._passing("loaded")
        given = {**given, **await self._prepare([read for each in records.values() for read in self._fold.kept(each)])}
        folded = [self._fold.fold(self._record(records, key, share), share, given) for key, share in shares.items()]
        try:
            return folded, await self._save(folded)
        except Unstorable as those:
            folded = await self._set_aside(folded, shares, those.keys)
            return folded, await self._save(folded)

    async def _set_aside(
        self, folded: list[Folded[DocumentT]], shares: Mapping[str, list[Read]], keys: Collection[str]
    ) -> list[Folded[DocumentT]]:
        """What came of these keys cannot be stored: their messages are parked, the others go on."""
        fresh = await self._store.load(keys)
        aside = [self._fold.set_aside(self._record(fresh, key, shares[key]), shares[key], UNSTORABLE) for key in keys]
        return [each for each in folded if each.record.key not in keys] + aside

    async def _save(self, folded: Sequence[Folded[DocumentT]]) -> set[str]:
        """The keys whose write was lost to another process."""
        self._hold_if_most_fail(folded)
        if letters := [letter for each in folded for letter in each.parked]:
            await self._store.park(letters)
            self._tell(letters)
            self._passing("parked")
        lost = await self._store.save([each.record for each in folded if each.changed])
        self._passing("saved")
        return lost

    def _record(self, records: Mapping[str, Record[DocumentT]], key: str, share: Sequence[Read]) -> Record[DocumentT]:
        """The stored record without the facts whose causes are committed, or a new one."""
        first = share[0].incoming
        record = records.get(key) or Record(key, first.partition)
        record.out = tuple(
            said
            for said in (_of_this_epoch(said, first) for said in record.out)
            if not said.log or said.offset >= self._reader.committed((said.log, record.partition))
        )
        return record

    def _hold_if_most_fail(self, folded: Sequence[Folded[DocumentT]]) -> None:
        for each in folded:
            failed = next((letter.reason for letter in each.parked if letter.root), "")
            for _ in range(sum(each.ends.values())):
                self._holding.saw(each.record.key, failed)
        if self._holding.says_hold():
            raise Held(self._holding.reason())

    def _tell(self, letters: Sequence[Parked]) -> None:
        """A root has a line of its own in the log; what queues behind it has none."""
        for letter in letters:
            if letter.root:
                where = f"{letter.message.log}/{letter.message.partition}/{letter.message.offset}"
                known = {"service": self._service.label, self._service.about: letter.message.key, "where": where}
                log.error("message_parked", reason=letter.reason, runbook="dead-letters-parked", **known)

    def _say_handled(self, folded: Sequence[Folded[DocumentT]]) -> None:
        """One line a message, when all that came of it is stored and said."""
        for each in folded:
            about = {self._service.about: each.record.key}
            said = log.bind(service=self._service.label, **about) if each.handled else log
            for message, kind, end in each.handled:
                said.info("message_handled", message=message, type=kind, end=end)

    async def _publish(self, records: Sequence[Record[DocumentT]]) -> None:
        """All at once: the writer leaves no gap among the facts of a key."""
        await self._writer.publish([each for record in records for each in record.to_say(self._service.says)])

    def _hint(self, records: Sequence[Record[DocumentT]]) -> None:
        """Whoever acts on fresh documents at once is told; a bug there is theirs, and costs the log nothing."""
        try:
            self._service.stored(records)
        except Exception as bug:
            log.error("hint_failed", service=self._service.label, trace=traces.trace_of(bug))

    def forget_failures(self) -> None:
        """Begin to count anew after a hold was released."""
        self._holding = FailureWatch()

    async def _attempt(self) -> None:
        try:
            await self.step()
        except Unavailable:
            self.attempts.failed()
            raise
        self.attempts.worked()

    async def run(self, stop: asyncio.Event) -> None:
        """Step until stopped. Waits out an unavailable Kafka or database; holds when most messages fail."""
        await repeated(f"{self._service.label}-loop", self._attempt, every=0, beat=self._metrics.beat)(stop)


def _of_this_epoch(said: Said, first: Incoming) -> Said:
    """What a message of an older log caused is said once more, as if by the first that is read now."""
    if not said.log or _epoch(said.log) == _epoch(first.log):
        return said
    return replace(said, log=first.log, offset=first.offset)


def _epoch(log_name: str) -> str:
    return log_name.rpartition("/")[2]


def _rounds(reads: Iterable[Read]) -> Iterator[list[Read]]:
    """At most 16 messages of one key at a time, everything else in the order of the log."""
    rounds: list[list[Read]] = []
    taken: dict[str, int] = {}
    for read in reads:
        nth = taken.get(read.incoming.key, 0)
        taken[read.incoming.key] = nth + 1
        if nth // PER_KEY >= len(rounds):
            rounds.append([])
        rounds[nth // PER_KEY].append(read)
    yield from rounds


def _by_key(reads: Iterable[Read]) -> dict[str, list[Read]]:
    shares: dict[str, list[Read]] = {}
    for read in reads:
        shares.setdefault(read.incoming.key, []).append(read)
    return shares
