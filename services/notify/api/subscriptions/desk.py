"""What comes of an owner's wish: checked, wrapped, published, and waited for until this process has read it back."""

import asyncio
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from contracts.envelope import stamp, type_of
from contracts.labels import labels_in
from contracts.messages.notify import SubscriptionPublished
from contracts.topics import partition_of
from runtime.clock import Clock
from runtime.delivery.ports import Tail
from runtime.delivery.records import Incoming
from runtime.identity.tokens import Principal
from runtime.ids import id_of
from services.notify.adapters.channel_book import ChannelBook
from services.notify.adapters.hook_signatures import LIVE, HookSecrets
from services.notify.adapters.subscription_book import SubscriptionBook, filter_of
from services.notify.api.events.fed_event import structured
from services.notify.api.events.pages import EventPages
from services.notify.api.subscriptions.bodies import SubscriptionWish
from services.notify.domain.feed_cursor import FeedCursor
from services.notify.domain.feed_filter import FeedFilter
from services.notify.domain.hooks import PING, HookRow
from services.notify.ports.hooks import HookQueue

READ_BACK = 3.0  # seconds until a wish that was said is given out as done all the same
LOOK_EVERY = 0.02
AGAIN_AT_ONCE = 1000  # events that are looked for together
AGAIN_AT_MOST = 10_000  # events of one redelivery; then it says where to go on
OF_AN_OWNER, OF_ALL = 20, 500  # subscriptions


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desk works with."""

    book: SubscriptionBook
    channels: ChannelBook
    queue: HookQueue
    secrets: HookSecrets
    tail: Tail
    pages: EventPages
    clock: Clock


@dataclass(frozen=True, slots=True)
class Requeued:
    """How many events are sent again; ``left``: where to go on, None when that was all."""

    count: int
    left: FeedCursor | None


class SubscriptionDesk:
    """For owners, within what their token is for."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    @property
    def parts(self) -> DeskParts:
        return self._parts

    def name_of(self, owner: Principal, key: str) -> str:
        """The same key of the same owner is the same subscription."""
        return id_of("subscription", owner.sub, key)[:20]

    def has_room(self, owner: Principal) -> bool:
        """False once an owner, or the installation, has as many subscriptions as it may."""
        every = self._parts.book.all()
        return len(every) < OF_ALL and sum(each.owner == owner.sub for each in every) < OF_AN_OWNER

    async def open(self, name: str, owner: Principal, wish: SubscriptionWish, wanted: FeedFilter, secret: str) -> None:
        """Publish a new one and queue its first ping. Raises Unavailable."""
        secrets = (self._parts.secrets.wrapped(name, secret),)
        created = self._parts.clock.wall()
        await self.say(_published(name, owner.sub, wish, wanted, secrets, created, version=1))
        await self.ping(name)

    async def change(self, known: SubscriptionPublished, wish: SubscriptionWish, wanted: FeedFilter) -> None:
        """Publish it changed; another address has to answer a ping first. Raises Unavailable."""
        version = known.version + (wish.url != known.url)
        await self.say(_published(known.id, known.owner, wish, wanted, known.secrets, known.created, version=version))
        if version != known.version:
            await self.ping(known.id)

    async def turn_secret(self, known: SubscriptionPublished, secret: str) -> None:
        """From now on two are live: this one and the one before. Raises Unavailable."""
        fresh = self._parts.secrets.wrapped(known.id, secret)
        await self.say(known.model_copy(update={"secrets": (fresh, *known.secrets)[:LIVE]}))

    async def say(self, subscription: SubscriptionPublished) -> None:
        """Publish, and wait until it is read back. Raises Unavailable."""
        await self._parts.book.publish(subscription)
        await self._until(lambda: self._parts.book.find(subscription.id) == subscription)

    async def end(self, name: str) -> None:
        """It is no more, nor is what waits for it. Raises Unavailable."""
        await self._parts.book.withdraw(name)
        await self._parts.queue.forget(name)
        await self._until(lambda: self._parts.book.find(name) is None)

    async def _until(self, holds: object) -> None:
        assert callable(holds)
        for _ in range(int(READ_BACK / LOOK_EVERY)):
            if holds():
                return
            await asyncio.sleep(LOOK_EVERY)

    async def ping(self, name: str) -> str:
        """Queue a ping; the event's id. Raises Unavailable."""
        now = self._parts.clock.wall()
        event = id_of("ping", name, stamp(now))
        said = {
            "specversion": "1.0",
            "id": event,
            "source": "/duban",
            "type": PING,
            "subject": name,
            "time": stamp(now),
        }
        text, place = orjson.dumps(said | {"data": {}}), partition_of(name)
        before = -int(now.timestamp() * 1000) * 1000 - zlib.crc32(event.encode()) % 1000  # ahead of every event
        await self._parts.queue.put([HookRow(name, "ping", place, before, event, PING, text, now, now, now)])
        return event

    async def again(self, known: SubscriptionPublished, start: FeedCursor, until: datetime | None) -> Requeued:
        """Queue what it wants from there on, as far as it goes at once. Raises Unavailable."""
        offsets, count = list(start.offsets), 0
        while count < AGAIN_AT_MOST:
            records = await self._parts.tail.read(offsets, AGAIN_AT_ONCE)
            if not records:
                return Requeued(count, None)
            rows = [row for row in map(self._row(known), records) if row is not None]
            kept = [row for row in rows if until is None or row.told < until]
            await self._parts.queue.again(kept)
            count += len(kept)
            for each in records:
                offsets[each.partition] = each.offset + 1
        return Requeued(count, replace(start, offsets=tuple(offsets)))

    async def again_by_id(self, known: SubscriptionPublished, event: str) -> bool:
        """Queue one event that was sent before; False when nobody knows it any more. Raises Unavailable."""
        place = await self._parts.queue.find(known.id, event)
        if place is None or place[1] < 0:
            return False
        starts = list((await self._parts.tail.span()).ends)
        starts[place[0]] = place[1]
        records = await self._parts.tail.read(starts, 1)
        rows = [row for row in map(self._row(known), records) if row is not None and row.event == event]
        await self._parts.queue.again(rows)
        return bool(rows)

    def _row(self, known: SubscriptionPublished) -> "RowMaker":
        return RowMaker(known.id, filter_of(known), self._parts.clock.wall())


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Makes the row of a record, where the subscription wants it."""

    name: str
    wanted: FeedFilter
    now: datetime

    def __call__(self, record: Incoming) -> HookRow | None:
        kind, said = type_of(record.headers), dict(record.headers)
        if not self.wanted.passes(kind, labels_in(record.headers)):
            return None
        place, told = (record.key, record.partition, record.offset), datetime.fromisoformat(said["ce_time"].decode())
        what = *place, said["ce_id"].decode(), kind, structured(record), told
        return HookRow(self.name, *what, self.now, self.now)


def _published(
    name: str,
    owner: str,
    wish: SubscriptionWish,
    wanted: FeedFilter,
    secrets: Sequence[str],
    created: datetime,
    *,
    version: int,
) -> SubscriptionPublished:
    return SubscriptionPublished(
        id=name,
        version=version,
        owner=owner,
        url=wish.url,
        division=wanted.division,
        units=wanted.units,
        types=wanted.types,
        categories=wanted.categories,
        origins=wanted.origins,
        secrets=tuple(secrets),
        created=created,
        expires=wish.expires,
        channel=wish.channel,
    )
