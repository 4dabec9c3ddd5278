"""Fan-out and senders in memory, over a feed that a test fills, with a clock that it winds."""

import asyncio
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import orjson

from contracts.messages.notify import SubscriptionPublished
from contracts.topics import TICKET_FEED, partition_of
from runtime.clock import Clock
from runtime.delivery.records import Outgoing
from runtime.identity.seals import key_wrap
from runtime.memory.log import InMemoryFollower, InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.process.configuration import Configuration
from services.notify.adapters import subscription_book
from services.notify.adapters.channel_book import ChannelBook, ChannelEntry
from services.notify.adapters.hook_poster import HookPoster
from services.notify.adapters.hook_queue_in_memory import InMemoryHookQueue
from services.notify.adapters.hook_signatures import HookSecrets
from services.notify.adapters.subscription_book import SubscriptionBook
from services.notify.domain.channel_register import STANDING, Channel
from services.notify.domain.hooks import ACTIVE, PING, HookRow, ReceiverState
from services.notify.workers.hook_fan_out import GROUP, HookFanOut, under
from services.notify.workers.hook_senders import HookSenders, SendingParts
from tests.facts.notify import subscription_published
from tests.harness import MONDAY
from tests.unit.notify.test_feed import golden
from tests.unit.notify.test_hook_poster import HERE

KIND = "duban.ticket.completed.v1"
SECRET = "whsec_" + b64encode(b"s" * 32).decode()
WITHIN = 10.0  # seconds


def random(count: int) -> bytes:
    return b"r" * count


@dataclass
class Hooking:
    """``wall``: the time that fan-out and senders see. ``made``: all that tests made, to be closed."""

    made: ClassVar[list["Hooking"]] = []

    log: InMemoryLog = field(default_factory=InMemoryLog)
    queue: InMemoryHookQueue = field(default_factory=InMemoryHookQueue)
    wall: datetime = MONDAY
    said: int = 0

    def __post_init__(self) -> None:
        self.made.append(self)
        clock = Clock(wall=lambda: self.wall)
        self.secrets = HookSecrets(key_wrap(b64encode(b"h" * 32).decode(), random))
        self.configuration = Configuration(InMemoryFollower(self.log, "configuration"), subscription_book.READ)
        self.book = SubscriptionBook(self.configuration, InMemoryWriter(self.log), clock)
        self.channels = ChannelBook(self.configuration, InMemoryWriter(self.log), clock)
        self.operates = under(self.channels)
        self.poster = HookPoster(HERE)
        reader = InMemoryReader(self.log, GROUP, (TICKET_FEED.name,))
        self.senders = self.sending()
        self.fan_out = HookFanOut(
            reader, self.book, self.queue, lambda: self.wall, self.woken, self.operates, self.state
        )

    def state(self, subscription: SubscriptionPublished) -> ReceiverState:
        """As the senders have it."""
        return self.senders.state(subscription)

    def woken(self, names: Collection[str]) -> None:
        self.senders.wake(names)

    def sending(self, lanes: int = 8) -> HookSenders:
        parts = SendingParts(
            self.book,
            self.queue,
            self.poster,
            self.secrets,
            lambda: self.wall,
            lambda: range(64),
            lambda: 0.5,
            self.operates,
        )
        return HookSenders(parts, lanes)

    async def subscribe(self, name: str, url: str, state: str = ACTIVE, **changed: Any) -> SubscriptionPublished:
        """A subscription, and how its receiver was found."""
        secrets = (self.secrets.wrapped(name, SECRET),)
        usual = {"id": name, "url": url, "division": "43", "secrets": secrets, "created": MONDAY, "channel": "c1"}
        await self.register()
        subscription = subscription_published(**(usual | changed))
        await self.book.publish(subscription)
        await self.configuration.catch_up()
        if state:
            await self.book.publish_state(name, ReceiverState(state, MONDAY), None)
            await self.configuration.catch_up()
        return subscription

    async def register(self, name: str = "c1", owner: str = "platform", days: int = 300) -> None:
        """A channel for subscriptions of an owner, confirmed until so many days from Monday on."""
        channel = Channel(name, STANDING, MONDAY + timedelta(days=days))
        await self.channels.publish(ChannelEntry(name, "subscription", owner, "同步", "4312", MONDAY, channel))
        await self.configuration.catch_up()

    def say(self, ticket: str, division: str = "431226", kind: str = KIND) -> str:
        """One event of a ticket on the feed; its id."""
        self.said += 1
        shown, event = golden(kind), str(self.said)
        told = {"ce_id": event, "ce_time": self.wall.isoformat(), "ce_subject": ticket, "ce_division": division}
        headers = [(name, value.encode()) for name, value in (shown["headers"] | told).items()]
        content = orjson.dumps(shown["value"])
        self.log.append(Outgoing(TICKET_FEED.name, partition_of(ticket), ticket, headers, content))
        return event

    async def ping(self, subscription: str) -> None:
        """The first event of a subscription, as the API puts it."""
        event = orjson.dumps({"type": PING, "subject": subscription, "id": "p"})
        await self.queue.put([HookRow(subscription, "ping", 0, -1, "p", PING, event, MONDAY, MONDAY, MONDAY)])

    async def round(self, senders: HookSenders | None = None) -> None:
        """Fan out what is there, and let every subscription have one round."""
        await self.fan_out.step()
        sending = senders or self.senders
        sending.wake([each.id for each in self.book.all()])
        sending._begin_rounds()
        async with asyncio.timeout(WITHIN):
            await asyncio.gather(*sending._rounds.values())
        await self.configuration.catch_up()

    def later(self, span: timedelta) -> None:
        self.wall += span
