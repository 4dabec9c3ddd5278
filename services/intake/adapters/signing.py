"""Heads of the ledger: signed, verified, shown; the ledger as an export."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from runtime.delivery.ports import Unavailable
from runtime.identity.seals import from_text
from runtime.pauses import pause
from runtime.workers import repeated
from services.intake import metrics
from services.intake.domain.export import entry_line, first_line, head_line, last_line
from services.intake.domain.ledger import (
    Head,
    Signed,
    next_head,
    spans_between,
)
from services.intake.ports import Ledger

HEAD_EVERY = 60.0  # seconds of wall time
log = structlog.get_logger()


class Signer:
    """Signs heads with Ed25519. A head counts only once it is stored under its number."""

    def __init__(self, ledger: Ledger, key: str) -> None:
        self._ledger, self._key = ledger, Ed25519PrivateKey.from_private_bytes(from_text(key))

    @property
    def public_key(self) -> str:
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
        await pause(HEAD_EVERY, stop)
        await repeated("ledger-heads", self.sign, HEAD_EVERY, again=HEAD_EVERY)(stop)
        try:
            await self.sign()
        except Unavailable as why:
            log.warning("last_head_unsigned", why=str(why))


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
