"""The ledger's loop: mirrors both logs in order, signs a head each minute, halts at a fork."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Sequence

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from runtime.ports import Place, Reader, Unavailable
from runtime.records import Incoming
from services.intake import metrics
from services.intake.domain.ledger import GENESIS, Entry, Head, digest_of, next_entry
from services.intake.ports import Ledger

log = structlog.get_logger()
BATCH = 2000  # records
HEAD_EVERY = 60.0  # seconds of wall time
GROUP = "intake.ledger"
TOPICS = ("submissions", "tickets")


class LedgerForked(Exception):
    """The log says something else than the ledger has: an operator must look; runbook ledger-forked."""


class LedgerLoop:
    """Writes an entry per record; ``previous`` hashes are kept per chain."""

    def __init__(self, reader: Reader, ledger: Ledger, key: str) -> None:
        self._reader, self._ledger = reader, ledger
        self._key = Ed25519PrivateKey.from_private_bytes(b64decode(key))
        self._ends: dict[Place, Entry | None] = {}

    async def step(self) -> int:
        """Mirror one batch. Raises Unavailable, LedgerForked."""
        records = await self._reader.fetch(BATCH)
        for record in records:
            await self._know_end_of(record)
        known = [record for record in records if self._has(record)]
        fresh = [self._next(record) for record in records if not self._has(record)]
        self._halt_at_fork(await self._differing(known) + await self._ledger.append(fresh))
        if records:
            await self._reader.commit({(each.log, each.partition): each.offset + 1 for each in records})
        metrics.LEDGER_ENTRIES.inc(len(fresh))
        return len(records)

    async def _know_end_of(self, record: Incoming) -> None:
        place = (record.log, record.partition)
        if place not in self._ends:
            self._ends[place] = await self._ledger.last(*place)

    def _has(self, record: Incoming) -> bool:
        end = self._ends[record.log, record.partition]
        return end is not None and record.offset <= end.offset

    def _next(self, record: Incoming) -> Entry:
        end = self._ends[record.log, record.partition]
        digest = _digest(record)
        entry = next_entry(end.chain if end else GENESIS, record.log, record.partition, record.offset, digest)
        self._ends[record.log, record.partition] = entry
        return entry

    async def _differing(self, known: Sequence[Incoming]) -> list[Entry]:
        """Entries of records that come again and are not what they were."""
        wanted = {(record.log, record.partition, record.offset): _digest(record) for record in known}
        stored = await self._ledger.at(list(wanted)) if wanted else []
        return [entry for entry in stored if entry.digest != wanted[entry.log, entry.partition, entry.offset]]

    def _halt_at_fork(self, different: Sequence[Entry]) -> None:
        if different:
            metrics.LEDGER_FORKS.inc(len(different))
            raise LedgerForked(f"{different[0].log}/{different[0].partition}/{different[0].offset}")

    async def sign_head(self) -> Head:
        """Store and sign where all chains stand."""
        heads = await self._ledger.heads(1)
        previous = heads[0][0] if heads else None
        ends = [await self._ledger.last(*place) for place in await self._ledger.places()]
        chains = tuple((end.log, end.partition, end.offset, end.chain) for end in ends if end is not None)
        head = Head(previous.number + 1 if previous else 0, chains, previous.hash if previous else GENESIS)
        if await self._ledger.sign(head, b64encode(self._key.sign(head.hash.encode())).decode()):
            metrics.LEDGER_HEAD.set(head.number)
        return head

    async def run(self, stop: asyncio.Event) -> None:
        """Mirror until stopped."""
        while not stop.is_set():
            try:
                await self.step()
            except Unavailable as why:
                log.warning("ledger_waits", why=str(why))
                self._ends.clear()
                await _wait(1.0, stop)
                await _rewind(self._reader)

    async def run_heads(self, stop: asyncio.Event) -> None:
        """Sign a head each minute and a last one at the end."""
        while not stop.is_set():
            await _wait(HEAD_EVERY, stop)
            try:
                await self.sign_head()
            except Unavailable as why:
                log.warning("ledger_head_waits", why=str(why))


async def _rewind(reader: Reader) -> None:
    try:
        await reader.rewind()
    except Unavailable:
        log.warning("ledger_waits_to_rewind")


async def _wait(seconds: float, stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _digest(record: Incoming) -> str:
    return digest_of(record.ticket, record.headers, record.value)


def public_key(key: str) -> bytes:
    """The public half that verifies heads."""
    return Ed25519PrivateKey.from_private_bytes(b64decode(key)).public_key().public_bytes_raw()


def heads_of(records: Sequence[tuple[Head, str]]) -> list[dict[str, object]]:
    """Heads as they are published."""
    return [
        {"number": head.number, "hash": head.hash, "previous": head.previous, "signature": signature}
        for head, signature in records
    ]
