"""The ledger's loop: mirrors the logs in order and halts at a fork; the signer signs where all chains stand."""

import asyncio
from collections.abc import Sequence

import structlog

from runtime.delivery.ports import LogPartition, Reader, Unavailable
from runtime.delivery.records import Incoming, next_offsets
from runtime.workers import repeated
from services.intake import metrics
from services.intake.domain.ledger import End, LedgerEntry, end_of, next_entry, record_bytes
from services.intake.ports import Ledger

log = structlog.get_logger()
BATCH = 2000  # records
GROUP = "intake.ledger"


class LedgerForked(Exception):
    """The log says something else than the ledger has: an operator must look; runbook ledger-forked."""


class LedgerLoop:
    """Writes an entry per record. ``_ends``: where the chains of the partitions stand that this process reads."""

    def __init__(self, reader: Reader, ledger: Ledger) -> None:
        self._reader, self._ledger = reader, ledger
        self._ends: dict[LogPartition, End] = {}

    async def step(self) -> int:
        """Mirror one batch. Raises Unavailable, LedgerForked."""
        records = await self._reader.fetch(BATCH)
        await self._know_ends(records)
        known = [record for record in records if record.offset <= self._end(record).offset]
        fresh = [self._next(record) for record in records if record.offset > self._end(record).offset]
        await self._halt_at_fork(known, fresh)
        if records:
            await self._reader.commit(next_offsets(records))
        metrics.LEDGER_ENTRIES.inc(len(fresh))
        return len(records)

    async def _know_ends(self, records: Sequence[Incoming]) -> None:
        """Ask the ledger where a chain stands that is new here, or went on elsewhere meanwhile."""
        firsts = {(record.log, record.partition): record.offset for record in reversed(records)}
        for place, offset in firsts.items():
            if place not in self._ends or offset > self._ends[place].offset + 1:
                self._ends[place] = await self._ledger.end(*place)

    def _end(self, record: Incoming) -> End:
        return self._ends[record.log, record.partition]

    def _next(self, record: Incoming) -> LedgerEntry:
        end = self._end(record)
        if record.offset != end.offset + 1:
            raise _forked(f"{record.log}/{record.partition}: {end.offset} is followed by {record.offset}")
        entry = next_entry(end, record.log, record.partition, _bytes(record))
        self._ends[record.log, record.partition] = end_of(entry)
        return entry

    async def _halt_at_fork(self, known: Sequence[Incoming], fresh: Sequence[LedgerEntry]) -> None:
        different = await self._differing(known) + await self._ledger.append(fresh)
        if different:
            raise _forked(f"{different[0].log}/{different[0].partition}/{different[0].offset} differs")

    async def _differing(self, known: Sequence[Incoming]) -> list[LedgerEntry]:
        """Entries of records that come again and are not what they were."""
        wanted = {(record.log, record.partition, record.offset): _bytes(record) for record in known}
        stored = await self._ledger.at(list(wanted)) if wanted else []
        return [entry for entry in stored if entry.record != wanted[entry.log, entry.partition, entry.offset]]

    async def run(self, stop: asyncio.Event) -> None:
        """Mirror until stopped. At a fork it halts, with an alarm; nothing else of the process does."""
        try:
            await repeated("ledger", self._step_from_the_ends, every=0)(stop)
        except LedgerForked as fork:
            log.error("ledger_halted", why=str(fork), runbook="ledger-forked")
            await stop.wait()

    async def _step_from_the_ends(self) -> None:
        """Nobody knows how far a step came that was in vain: the next one asks anew where the chains stand."""
        try:
            await self.step()
        except Unavailable:
            self._ends.clear()
            raise


def _forked(where: str) -> LedgerForked:
    metrics.LEDGER_FORKS.inc()
    return LedgerForked(where)


def _bytes(record: Incoming) -> bytes:
    return record_bytes(record.key, record.headers, record.value)
