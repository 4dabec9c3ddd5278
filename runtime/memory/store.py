"""A service's records in memory."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar

from runtime.delivery.ports import Due
from runtime.delivery.records import Parked, Record
from runtime.delivery.service import WakeAt, never

DocumentT = TypeVar("DocumentT")


class InMemoryStore(Generic[DocumentT]):
    """Records by key, guarded by their version."""

    def __init__(
        self,
        wake_at: WakeAt[DocumentT] = never,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.records: dict[str, Record[DocumentT]] = {}
        self.letters: dict[tuple[str, int, int, int], Parked] = {}
        self._wake_at, self._now, self._held = wake_at, now, ""

    async def create_indexes(self) -> None:
        """A dictionary needs no index to be laid."""

    async def load(self, keys: Collection[str]) -> dict[str, Record[DocumentT]]:
        """Copies of the records that exist."""
        return {key: self.records[key].copy() for key in keys if key in self.records}

    async def find(self, prefix: str) -> Record[DocumentT] | None:
        """The first record whose key begins so."""
        found = (key for key in self.records if key.startswith(prefix))
        key = next(found, None)
        return self.records[key].copy() if key and prefix else None

    async def save(self, records: Sequence[Record[DocumentT]]) -> set[str]:
        """Write those whose version still stands; the keys that lost."""
        lost: set[str] = set()
        for record in records:
            stored = self.records.get(record.key)
            if (stored.version if stored else 0) != record.version:
                lost.add(record.key)
            else:
                self.records[record.key] = replace(record.copy(), version=record.version + 1)
        return lost

    async def park(self, parked: Sequence[Parked]) -> None:
        """Put letters at their place in the log."""
        for letter in parked:
            before = self.letters.get(letter.place, letter)
            self.letters[letter.place] = replace(letter, at=before.at)

    async def parked(self, key: str = "", at_most: int = 1000) -> list[Parked]:
        """Letters in the order of the log."""
        letters = [letter for _, letter in sorted(self.letters.items(), key=lambda item: item[0])]
        return [letter for letter in letters if not key or letter.message.key == key][:at_most]

    async def count_parked(self) -> int:
        """How many letters there are."""
        return len(self.letters)

    async def unpark(self, letters: Sequence[Parked]) -> None:
        for letter in letters:
            self.letters.pop(letter.place, None)

    async def due(self, partitions: Collection[int], at_most: int) -> list[Due]:
        """Documents whose wake instant has come."""
        assert self._now is not None, "a store that is asked for what is due needs a clock"
        now = self._now()
        wanted = ((record, self._wake(record)) for record in self.records.values() if record.partition in partitions)
        due = [Due(record.key, record.partition, at, now) for record, at in wanted if at is not None and at <= now]
        return sorted(due, key=lambda each: each.at)[:at_most]

    def _wake(self, record: Record[DocumentT]) -> datetime | None:
        """A parked key is not knocked for: it goes on when its letters do."""
        return self._wake_at(record.document) if record.document is not None and not record.parked else None

    async def held(self) -> str:
        """The build that holds the service, or ""."""
        return self._held

    async def hold(self, build: str) -> None:
        self._held = build


class InMemoryBookkeeping(Generic[DocumentT]):
    """What the records of a store know of their log."""

    def __init__(self, store: InMemoryStore[DocumentT]) -> None:
        self._store = store

    async def position(self, key: str) -> Mapping[str, int]:
        return dict(self._store.records[key].position) if key in self._store.records else {}

    async def spoken(self) -> AsyncIterator[Record[object]]:
        """Those that have said something, in no order."""
        for record in list(self._store.records.values()):
            if record.seq:
                yield Record(record.key, record.partition, seq=record.seq, out=record.out)
