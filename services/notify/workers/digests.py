"""Digests: which accounts are due, found by whoever holds their partition, one look a second."""

from collections.abc import Callable, Collection
from datetime import timedelta

from runtime.clock import Clock
from services.notify.ports import Outbox, Waiting
from services.notify.workers.catching_up import CatchingUp
from services.notify.workers.dispatch import UNDER_WAY

LOOK_EVERY = timedelta(seconds=1)
ACCOUNTS_AT_MOST = 100  # of one look; the others come in the next
TICKETS_AT_MOST = 10_000  # of one digest; what is beyond that goes in another one

DueDigest = tuple[str, list[Waiting]]
"""An account, with what is due for it."""


class DueDigests:
    """An account that was looked at is left alone until what was sent to it must have been reported and read.

    ``catching_up``: of the loop; until that is over there are none.
    """

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        partitions: Callable[[], Collection[int]],
        catching_up: CatchingUp | None = None,
    ) -> None:
        self._outbox, self._clock, self._partitions, self._catching_up = outbox, clock, partitions, catching_up
        self._asleep: dict[str, timedelta] = {}
        self._look_at = clock.stopwatch()

    async def next(self) -> list[DueDigest]:
        """The next accounts, unless it was looked just now. Raises Unavailable."""
        now = self._clock.stopwatch()
        if now < self._look_at:
            return []
        self._look_at = now + LOOK_EVERY
        self._asleep = {account: until for account, until in self._asleep.items() if until > now}
        due, held = self._clock.now(), self._partitions()
        accounts = await self._outbox.digests(due, held, self._asleep, ACCOUNTS_AT_MOST)
        if not accounts or not await self._may_go():
            return []
        self._asleep |= dict.fromkeys(accounts, now + UNDER_WAY)
        return [(account, await self._outbox.due_for(account, due, TICKETS_AT_MOST)) for account in accounts]

    async def _may_go(self) -> bool:
        return self._catching_up is None or await self._catching_up.is_over()
