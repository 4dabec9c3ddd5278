"""The ledger's loop: mirrors both logs in order and halts at a fork; the signer signs where all chains stand."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from runtime.delivery.ports import Place, Reader, Unavailable
from runtime.delivery.records import Incoming
from runtime.identity.seals import from_text
from runtime.pauses import AGAIN, pause
from services.intake import metrics
from services.intake.domain.export import entry_line, first_line, head_line, last_line
from services.intake.domain.ledger import (
    End,
    Entry,
    Head,
    Signed,
    end_of,
    next_entry,
    next_head,
    record_bytes,
    spans_between,
)
from services.intake.ports import Ledger

log = structlog.get_logger()
BATCH = 2000  # records
HEAD_EVERY = 60.0  # seconds of wall time
GROUP = "intake.ledger"
TOPICS = ("submissions", "tickets")


class LedgerForked(Exception):
    """The log says something else than the ledger has: an operator must look; runbook ledger-forked."""


class LedgerLoop:
    """Writes an entry per record. ``_ends``: where the chains of the partitions stand that this process reads."""

    def __init__(self, reader: Reader, ledger: Ledger) -> None:
        self._reader, self._ledger = reader, ledger
        self._ends: dict[Place, End] = {}

    async def step(self) -> int:
        """Mirror one batch. Raises Unavailable, LedgerForked."""
        records = await self._reader.fetch(BATCH)
        await self._know_ends(records)
        known = [record for record in records if record.offset <= self._end(record).offset]
        fresh = [self._next(record) for record in records if record.offset > self._end(record).offset]
        await self._halt_at_fork(known, fresh)
        if records:
            await self._reader.commit({(each.log, each.partition): each.offset + 1 for each in records})
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

    def _next(self, record: Incoming) -> Entry:
        end = self._end(record)
        if record.offset != end.offset + 1:
            raise _forked(f"{record.log}/{record.partition}: {end.offset} is followed by {record.offset}")
        entry = next_entry(end, record.log, record.partition, _bytes(record))
        self._ends[record.log, record.partition] = end_of(entry)
        return entry

    async def _halt_at_fork(self, known: Sequence[Incoming], fresh: Sequence[Entry]) -> None:
        different = await self._differing(known) + await self._ledger.append(fresh)
        if different:
            raise _forked(f"{different[0].log}/{different[0].partition}/{different[0].offset} differs")

    async def _differing(self, known: Sequence[Incoming]) -> list[Entry]:
        """Entries of records that come again and are not what they were."""
        wanted = {(record.log, record.partition, record.offset): _bytes(record) for record in known}
        stored = await self._ledger.at(list(wanted)) if wanted else []
        return [entry for entry in stored if entry.record != wanted[entry.log, entry.partition, entry.offset]]

    async def run(self, stop: asyncio.Event) -> None:
        """Mirror until stopped. At a fork it halts, with an alarm; nothing else of the process does."""
        while not stop.is_set():
            try:
                await self.step()
            except Unavailable as why:
                log.warning("ledger_waits", why=str(why))
                self._ends.clear()
                await pause(AGAIN, stop)
            except LedgerForked as fork:
                log.error("ledger_halted", why=str(fork), runbook="ledger-forked")
                await stop.wait()


class Signer:
    """Signs heads with Ed25519. A head counts only once it is stored under its number."""

    def __init__(self, ledger: Ledger, key: str) -> None:
        self._ledger, self._key = ledger, Ed25519PrivateKey.from_private_bytes(from_text(key))

    @property
    def public_key(self) -> str:
        """Who signs, in hex."""
        return self._key.public_key().public_bytes_raw().hex()

    async def sign(self) -> Head | None:
        """Sign where all chains stand; None when nothing has moved, or another signer was first. Raises Unavailable."""
        last = await self._ledger.last_heads(1)
        ends = [(place, await self._ledger.end(*place)) for place in await self._ledger.places()]
        head = next_head(last[0].head if last else None, ends)
        if head is None or not await self._ledger.sign(self._signed(head)):
            return None
        metrics.LEDGER_HEAD.set(head.number)
        return head

    def _signed(self, head: Head) -> Signed:
        return Signed(head, self._key.sign(head.hash.encode()).hex(), self.public_key)

    async def run(self, stop: asyncio.Event) -> None:
        """Sign a head each minute and a last one at the end."""
        while not stop.is_set():
            await pause(HEAD_EVERY, stop)
            try:
                await self.sign()
            except Unavailable as why:
                log.warning("ledger_head_waits", why=str(why))


def verified(public_key: str, hashed: str, signature: str) -> bool:
    """Whether the holder of ``public_key`` signed this head; all in hex."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), hashed.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


async def export_lines(ledger: Ledger, signer: Signer) -> AsyncIterator[bytes]:
    """An export up to a head that is signed now, a line at a time. Raises Unavailable."""
    await signer.sign()
    yield first_line()
    heads, entries, before = 0, 0, None
    async for signed in ledger.heads():
        async for entry in ledger.entries(spans_between(before, signed.head)):
            yield entry_line(entry)
            entries += 1
        yield head_line(signed)
        heads, before = heads + 1, signed.head
    yield last_line(heads, entries)


def heads_of(heads: Sequence[Signed]) -> list[dict[str, object]]:
    """Heads as they are published, each with the key of whoever signed it."""
    return [
        {
            "number": each.head.number,
            "hash": each.head.hash,
            "previous": each.head.previous,
            "signature": each.signature,
            "public_key": each.key,
        }
        for each in heads
    ]


def _forked(where: str) -> LedgerForked:
    metrics.LEDGER_FORKS.inc()
    return LedgerForked(where)


def _bytes(record: Incoming) -> bytes:
    return record_bytes(record.ticket, record.headers, record.value)
