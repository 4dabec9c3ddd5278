"""Fan-out: an event of the feed becomes one row for each subscription that wants it. It waits for no subscriber."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.envelope import type_of
from contracts.labels import labels_in
from contracts.messages.notify import SubscriptionPublished
from runtime.delivery.ports import Reader
from runtime.delivery.records import Incoming, next_offsets
from runtime.telemetry.metrics import beat_of
from runtime.workers import repeated
from services.notify.adapters.channel_book import ChannelBook
from services.notify.adapters.subscription_book import SubscriptionBook, filter_of
from services.notify.api.events.fed_event import structured
from services.notify.domain.feed_filter import FeedFilter
from services.notify.domain.hooks import QUEUE_AT_MOST, HookRow, ReceiverState
from services.notify.ports.hooks import HookQueue

GROUP = "notify.hooks"  # and the label of its heart
BATCH = 1000  # records
COUNT_EVERY = 10.0  # seconds; so late it is seen that a queue is full, or is no more
Woken = Callable[[Collection[str]], None]
StateOf = Callable[[SubscriptionPublished], ReceiverState]
Operates = Callable[[SubscriptionPublished, datetime], bool]


@dataclass(frozen=True, slots=True)
class LiveSubscription:
    """One for which events are queued, with what it wants and since when it is there."""

    name: str
    wanted: FeedFilter
    created: datetime


class HookFanOut:
    """``woken`` hears for whom something was queued. ``state``: as senders know it, before it is read back."""

    def __init__(
        self,
        reader: Reader,
        book: SubscriptionBook,
        queue: HookQueue,
        wall: Callable[[], datetime],
        woken: Woken,
        operates: Operates,
        state: StateOf,
    ) -> None:
        self._reader, self._book, self._queue, self._wall, self._woken = reader, book, queue, wall, woken
        self._operates, self._state = operates, state
        self._full: set[str] = set()
        self._counted: float | None = None

    async def step(self) -> int:
        """Queue one batch, and only then commit it: what comes again is there already. Raises Unavailable."""
        records = await self._reader.fetch(BATCH)
        live = self._live()
        await self._count(live)
        rows = [row for record in records for row in self._rows(record, live)]
        await self._cut(rows)
        kept = [row for row in rows if row.subscription not in self._full]
        await self._queue.put(kept)
        if records:
            await self._reader.commit(next_offsets(records))
        self._woken({row.subscription for row in kept})
        return len(records)

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("fan-out", self.step, every=0, beat=beat_of(GROUP))(stop)

    def _live(self) -> Sequence[LiveSubscription]:
        now = self._wall()
        return [
            LiveSubscription(each.id, filter_of(each), each.created)
            for each in self._book.all()
            if self._state(each).takes and self._operates(each, now)
        ]

    def _rows(self, record: Incoming, live: Sequence[LiveSubscription]) -> Iterator[HookRow]:
        kind, labels = type_of(record.headers), labels_in(record.headers)
        wanting = [each for each in live if each.wanted.passes(kind, labels)]
        if not wanting:
            return
        said, now, text = dict(record.headers), self._wall(), structured(record)
        told, event = datetime.fromisoformat(said["ce_time"].decode()), said["ce_id"].decode()
        place = record.key, record.partition, record.offset
        what = *place, event, kind, text, told
        yield from (HookRow(each.name, *what, now, now) for each in wanting if told >= each.created)

    async def _count(self, live: Sequence[LiveSubscription]) -> None:
        seconds = asyncio.get_running_loop().time()
        if self._counted is None or seconds - self._counted >= COUNT_EVERY:
            self._counted = seconds
            self._full = {each.name for each in live if await self._queue.waiting(each.name) >= QUEUE_AT_MOST}

    async def _cut(self, rows: Sequence[HookRow]) -> None:
        """Say from when on nothing was queued for whom it was cut: from there it is redelivered out of the feed."""
        for name in {row.subscription for row in rows} & self._full:
            if self._book.cut(name) is None:
                await self._book.publish_state(name, self._book.state(name), self._wall())


def under(channels: ChannelBook) -> Operates:
    """Whether a subscription operates: neither it nor its channel has expired, and the channel is registered (D7)."""

    def operates(subscription: SubscriptionPublished, now: datetime) -> bool:
        is_valid = subscription.expires is None or now < subscription.expires
        return is_valid and channels.operates(subscription.channel, subscription.owner, now)

    return operates
