"""Intake's own collections in memory."""

from collections.abc import AsyncIterator, Sequence

from services.intake.domain.ledger import End, LedgerEntry, Signed, Span, end_of
from services.intake.ports import ERASURES_AT_ONCE


class InMemoryDayKeys:
    """Private halves in a dict."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}

    async def private(self, key: str) -> bytes | None:
        return self._keys.get(key) or None

    async def ensure(self, key: str, private: bytes) -> bytes:
        return self._keys.setdefault(key, private)

    async def kept(self) -> list[str]:
        """Those with a private half."""
        return sorted(key for key, private in self._keys.items() if private)

    async def destroy(self, key: str) -> None:
        """Nothing is left but the name."""
        self._keys[key] = b""


class InMemoryErasures:
    def __init__(self) -> None:
        self.tickets: list[str] = []

    async def add(self, tickets: Sequence[str]) -> None:
        self.tickets += tickets

    async def pages(self) -> AsyncIterator[Sequence[str]]:
        for first in range(0, len(self.tickets), ERASURES_AT_ONCE):
            yield self.tickets[first : first + ERASURES_AT_ONCE]


class InMemoryLedger:
    def __init__(self) -> None:
        self._chains: dict[tuple[str, int], list[LedgerEntry]] = {}
        self._heads: list[Signed] = []

    async def append(self, entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
        """Insert those that are new, compare those that are not."""
        different = []
        for entry in entries:
            chain = self._chains.setdefault((entry.log, entry.partition), [])
            if entry.offset < len(chain):
                different += [entry] if chain[entry.offset] != entry else []
            else:
                chain.append(entry)
        return different

    async def at(self, places: Sequence[tuple[str, int, int]]) -> list[LedgerEntry]:
        """The entries at these places."""
        chains = [(self._chains.get((log, partition), []), offset) for log, partition, offset in places]
        return [chain[offset] for chain, offset in chains if offset < len(chain)]

    async def end(self, log: str, partition: int) -> End:
        chain = self._chains.get((log, partition))
        return end_of(chain[-1]) if chain else End()

    async def entries(self, spans: Sequence[Span]) -> AsyncIterator[LedgerEntry]:
        for log, partition, first, last in spans:
            for entry in self._chains.get((log, partition), ())[first : last + 1]:
                yield entry

    async def places(self) -> list[tuple[str, int]]:
        """The chains that there are."""
        return sorted(self._chains)

    async def sign(self, signed: Signed) -> bool:
        if signed.head.number != len(self._heads):
            return False
        self._heads.append(signed)
        return True

    async def last_heads(self, at_most: int) -> list[Signed]:
        return self._heads[-at_most:]

    async def head(self, number: int) -> Signed | None:
        return self._heads[number] if 0 <= number < len(self._heads) else None

    async def heads(self) -> AsyncIterator[Signed]:
        for head in self._heads:
            yield head
