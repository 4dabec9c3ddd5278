"""A stream of the public feed: what follows a place, page by page, then as it comes in."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from services.notify.api.events.fed_event import FedEvent
from services.notify.api.events.pages import EventPages
from services.notify.api.events.window import FeedWindow
from services.notify.domain.feed_cursor import FeedCursor
from services.notify.domain.feed_filter import FeedFilter

STREAMS = 500  # one process serves; more are refused
PAGE = 500  # events


@dataclass(frozen=True, slots=True)
class StreamedEvent:
    """``cursor``: where whoever got it goes on."""

    event: FedEvent
    cursor: FeedCursor


class FeedStreams:
    """All that one process serves. ``open``: how many there are now."""

    def __init__(self, pages: EventPages, window: FeedWindow) -> None:
        self._pages, self._window = pages, window
        self.open = 0

    @property
    def is_full(self) -> bool:
        """Whether this process serves as many as it can."""
        return self.open >= STREAMS

    async def follow(self, wanted: FeedFilter, start: FeedCursor) -> AsyncGenerator[StreamedEvent, None]:
        """What passes, from ``start`` on and for ever. Raises Unavailable."""
        self.open += 1
        try:
            reading = Following(self._pages, self._window, wanted, start)
            while True:
                for each in await reading.next():
                    yield each
        finally:
            self.open -= 1


class Following:
    """One stream's place: by offsets while it is behind, by the window's serial once it is near the tip."""

    def __init__(self, pages: EventPages, window: FeedWindow, wanted: FeedFilter, start: FeedCursor) -> None:
        self._pages, self._window, self._wanted = pages, window, wanted
        self._epoch, self._offsets = start.epoch, list(start.offsets)
        self._serial: int | None = None

    async def next(self) -> list[StreamedEvent]:
        """What follows; waits where there is nothing yet. Raises Unavailable."""
        if self._serial is None and not self._window.covers(self._offsets):
            return await self._from_pages()
        return self._taken(self._from_window()) or await self._rest()

    async def _rest(self) -> list[StreamedEvent]:
        if self._serial == self._window.serial:
            await self._window.changed()
        return []

    async def _from_pages(self) -> list[StreamedEvent]:
        page = await self._pages.page(self._wanted, FeedCursor(self._epoch, tuple(self._offsets)), PAGE)
        sent = [self._sent(each) for each in page.events]
        if tuple(self._offsets) == page.following.offsets and not self._window.covers(self._offsets):
            await self._window.changed()  # it has not begun
        self._offsets = list(page.following.offsets)
        return sent

    def _from_window(self) -> list[FedEvent]:
        """What is new there; nothing once the window went on without this stream, which then reads pages again."""
        if self._serial is None:
            events: list[FedEvent] | None = self._window.after(self._offsets)
        else:
            events = self._window.since(self._serial)
        self._serial = None if events is None else self._window.serial
        return events or []

    def _taken(self, events: list[FedEvent]) -> list[StreamedEvent]:
        return [self._sent(each) for each in events if self._noted(each)]

    def _noted(self, event: FedEvent) -> bool:
        self._offsets[event.partition] = event.offset + 1
        return self._wanted.passes(event.kind, event.labels)

    def _sent(self, event: FedEvent) -> StreamedEvent:
        self._offsets[event.partition] = event.offset + 1
        return StreamedEvent(event, FeedCursor(self._epoch, tuple(self._offsets)))
