"""Senders: each subscription has lanes of its own, so a slow one costs its own rows and sockets and nobody else's."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from contracts.messages.notify import SubscriptionPublished
from contracts.topics import partition_of
from runtime.delivery.ports import Unavailable
from runtime.identity.seals import SealBroken
from runtime.workers import unless
from services.notify import metrics
from services.notify.adapters.hook_signatures import HookSecrets
from services.notify.adapters.subscription_book import SubscriptionBook
from services.notify.api.events.fed_event import CONTENT
from services.notify.domain.hooks import (
    ACTIVE,
    ENDED,
    PING,
    RESTING,
    HookAnswer,
    HookRow,
    ReceiverState,
    wait_after,
)
from services.notify.ports.hooks import HookPort, HookQueue
from services.notify.workers.hook_fan_out import Operates

log = structlog.get_logger()
LANES = 8  # of one subscription; a ticket is always in the same one
ROUND = 400  # events of one subscription that are loaded together
LOOK_EVERY = 0.2  # seconds between looks for whom there may be something
IDLE = 5.0  # seconds until a subscription is looked at again for which there was nothing


@dataclass(frozen=True, slots=True)
class SendingParts:
    """What senders send with. ``chance``: 0 … 1, anew each time; ``partitions``: of the feed, held by this process."""

    book: SubscriptionBook
    queue: HookQueue
    port: HookPort
    secrets: HookSecrets
    wall: Callable[[], datetime]
    partitions: Callable[[], Collection[int]]
    chance: Callable[[], float]
    operates: Operates


class HookSenders:
    """All that this process sends. One round of a subscription at a time; rounds of different ones side by side."""

    def __init__(self, parts: SendingParts, lanes: int = LANES) -> None:
        self._parts, self._lanes = parts, lanes
        self._states: dict[str, tuple[int, ReceiverState]] = {}
        self._next: dict[str, float] = {}
        self._probes: dict[str, tuple[int, datetime]] = {}  # of those that rest: how many, and when the next one is due
        self._rounds: dict[str, asyncio.Task[None]] = {}

    def wake(self, names: Collection[str]) -> None:
        """There is something for these."""
        for name in names:
            self._next[name] = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; then what is under way is left: it is sent again under the same id."""
        try:
            while not stop.is_set():
                self._begin_rounds()
                await unless(stop, asyncio.sleep(LOOK_EVERY))
        finally:
            for each in self._rounds.values():
                each.cancel()
            await asyncio.gather(*self._rounds.values(), return_exceptions=True)
            await self._parts.port.close()

    def _begin_rounds(self) -> None:
        now = self._parts.wall()
        self._rounds = {name: each for name, each in self._rounds.items() if not _ended(each)}
        for subscription in self._parts.book.all():
            name = subscription.id
            is_due = time.monotonic() >= self._next.get(name, 0.0)
            if name not in self._rounds and is_due and self._parts.operates(subscription, now):
                self._next[name] = time.monotonic() + IDLE
                self._rounds[name] = asyncio.create_task(self._round(subscription), name=f"hooks {name}")

    async def _round(self, subscription: SubscriptionPublished) -> None:
        try:
            rows = await self._rows(subscription)
            await self._send(subscription, rows)
        except Unavailable as why:
            log.warning("hooks_wait", subscription=subscription.id, why=str(why))
            return
        if rows:
            self.wake([subscription.id])

    async def _rows(self, subscription: SubscriptionPublished) -> Sequence[HookRow]:
        state, name, now = self.state(subscription), subscription.id, self._parts.wall()
        queue, held = self._parts.queue, self._parts.partitions()
        if state.state == RESTING:
            oldest = await queue.oldest(name, held) if self._may_probe(name, now) else None
            return [oldest] if oldest else []
        kinds = () if state.state == ACTIVE else (PING,)
        return await queue.due(name, held, now, ROUND if state.state == ACTIVE else 1, kinds)

    def _may_probe(self, name: str, now: datetime) -> bool:
        count, at = self._probes.get(name, (0, now))
        if now < at:
            return False
        self._probes[name] = (count + 1, now + wait_after(count + 1, self._parts.chance()))
        return True

    async def _send(self, subscription: SubscriptionPublished, rows: Sequence[HookRow]) -> None:
        lanes: dict[int, list[HookRow]] = defaultdict(list)
        for row in rows:
            lanes[partition_of(row.ticket, self._lanes)].append(row)
        await asyncio.gather(*(self._lane(subscription, lane) for lane in lanes.values()))

    async def _lane(self, subscription: SubscriptionPublished, rows: Sequence[HookRow]) -> None:
        """One after another; of a ticket nothing after what failed."""
        failed: set[str] = set()
        begun = self.state(subscription).state
        for row in rows:
            if self.state(subscription).state != begun:
                return
            if row.ticket not in failed and not await self._sent(subscription, row):
                failed.add(row.ticket)

    async def _sent(self, subscription: SubscriptionPublished, row: HookRow) -> bool:
        answer = await self._posted(subscription, row)
        now = self._parts.wall()
        if answer.is_success:
            await self._parts.queue.delivered(row, answer.status, now)
            metrics.HOOKS.labels("delivered").inc()
        else:
            await self._failed(row, answer, now)
        await self._found(subscription, self.state(subscription).after(answer, now), now)
        return answer.is_success

    async def _posted(self, subscription: SubscriptionPublished, row: HookRow) -> HookAnswer:
        now, secrets = self._parts.wall(), self._parts.secrets
        try:
            signed = secrets.headers(subscription.id, subscription.secrets, row.event, row.text, now)
        except SealBroken:
            return HookAnswer(0, "secret_unreadable")
        headers = {**signed, "content-type": CONTENT}
        return await self._parts.port.post(subscription.id, subscription.url, headers, row.text)

    async def _failed(self, row: HookRow, answer: HookAnswer, now: datetime) -> None:
        why = answer.why or str(answer.status)
        if row.is_given_up(now) or row.kind == PING:
            await self._parts.queue.given_up(row, answer.status, why, now)
            metrics.HOOKS.labels("given_up").inc()
            return
        again = now + wait_after(row.tries + 1, self._parts.chance())
        await self._parts.queue.failed(row, answer.status, why, now, again)
        metrics.HOOKS.labels("failed").inc()

    async def _found(self, subscription: SubscriptionPublished, state: ReceiverState, now: datetime) -> None:
        """Remember the state; what has another name now is said, and what has ended gets nothing more."""
        name, before = subscription.id, self.state(subscription)
        self._states[name] = (subscription.version, state)
        if state.state == RESTING and before.state != RESTING:
            self._probes[name] = (1, now + wait_after(1, self._parts.chance()))
        if state.state != before.state:
            log.warning("subscription_state", subscription=name, state=state.state, why=state.why)
            await self._parts.book.publish_state(name, state, self._parts.book.cut(name))
        if state.state in ENDED:
            await self._parts.queue.forget(name)

    def state(self, subscription: SubscriptionPublished) -> ReceiverState:
        """As this process found it; of an address that it never wrote to, as it was found before."""
        version, state = self._states.get(subscription.id, (-1, ReceiverState()))
        return state if version == subscription.version else self._parts.book.state(subscription.id)


def _ended(task: asyncio.Task[None]) -> bool:
    """Raises what a bug raised in it: the process ends and is started again."""
    if task.done() and not task.cancelled():
        task.result()
    return task.done()
