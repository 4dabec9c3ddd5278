"""The newest events of the public feed in memory, for whoever streams near its tip: read once for all of them."""

import asyncio
from collections.abc import Sequence

from runtime.delivery.ports import Tail
from runtime.delivery.records import Incoming
from services.notify.api.events.fed_event import FedEvent, fed

KEPT = 50_000  # events
SLACK = 1.1  # times as many before the oldest are dropped together
LOOK_EVERY = 0.25  # seconds
READ_AT_ONCE = 2_000  # records


class FeedWindow:
    """``serial``: how many events ever came in; a stream remembers at which it stands."""

    def __init__(self, tail: Tail, kept: int = KEPT) -> None:
        self._tail, self._kept = tail, kept
        self._events: list[FedEvent] = []
        self._firsts: list[int] = []
        self._ends: list[int] = []
        self._changed = asyncio.Event()
        self.serial = 0

    async def look(self) -> None:
        """Take in what is new; the first time only where the feed ends. Raises Unavailable."""
        if not self._ends:
            self._ends = list((await self._tail.span()).ends)
            self._firsts = list(self._ends)
            self._tell()
        while records := await self._tail.read(self._ends, READ_AT_ONCE):
            self._take(records)

    def _take(self, records: Sequence[Incoming]) -> None:
        for record in records:
            self._ends[record.partition] = record.offset + 1
            self._events.append(fed(record))
        self.serial += len(records)
        if len(self._events) > SLACK * self._kept:
            self._drop(len(self._events) - self._kept)
        self._tell()

    def _drop(self, count: int) -> None:
        for event in self._events[:count]:
            self._firsts[event.partition] = event.offset + 1
        del self._events[:count]

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def covers(self, offsets: Sequence[int]) -> bool:
        """Whether all that follows these offsets is here."""
        return bool(self._firsts) and all(at >= first for at, first in zip(offsets, self._firsts, strict=True))

    def after(self, offsets: Sequence[int]) -> list[FedEvent]:
        """All that is held from these offsets on: whole where it covers them."""
        return [each for each in self._events if each.offset >= offsets[each.partition]]

    def since(self, serial: int) -> list[FedEvent] | None:
        """What came in after so many events; None when some of it is gone already."""
        held_from = self.serial - len(self._events)
        return self._events[serial - held_from :] if serial >= held_from else None

    async def changed(self) -> None:
        """Wait until something comes in."""
        await self._changed.wait()
