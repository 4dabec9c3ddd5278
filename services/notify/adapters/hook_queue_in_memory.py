"""What waits to be sent to subscribers, in this process: for the system in memory."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.notify.domain.hooks import DELIVERED, GIVEN_UP, WAITS, HookDelivery, HookRow, Sums


@dataclass(slots=True)
class QueuedHook:
    """A row with what became of it."""

    row: HookRow
    state: str = WAITS
    status: int = 0
    why: str = ""
    told: datetime | None = None


class InMemoryHookQueue:
    """The same rows by the same ids."""

    def __init__(self) -> None:
        self._rows: dict[str, QueuedHook] = {}

    async def create_indexes(self) -> None:
        """There are none in memory."""

    async def put(self, rows: Sequence[HookRow]) -> int:
        fresh = {row.id: QueuedHook(row) for row in rows if row.id not in self._rows}
        self._rows |= fresh
        return len(fresh)

    async def again(self, rows: Sequence[HookRow]) -> None:
        self._rows |= {row.id: QueuedHook(row) for row in rows}

    async def due(
        self, subscription: str, partitions: Collection[int], now: datetime, at_most: int, kinds: Sequence[str] = ()
    ) -> list[HookRow]:
        waiting = self._waiting(subscription, partitions)
        held = {row.ticket for row in waiting if row.at > now}
        return [row for row in waiting if row.ticket not in held and (not kinds or row.kind in kinds)][:at_most]

    async def oldest(self, subscription: str, partitions: Collection[int]) -> HookRow | None:
        return next(iter(self._waiting(subscription, partitions)), None)

    async def delivered(self, row: HookRow, status: int, at: datetime) -> None:
        self._end(row, DELIVERED, status, "", at)

    async def given_up(self, row: HookRow, status: int, why: str, at: datetime) -> None:
        self._end(row, GIVEN_UP, status, why, at)

    async def failed(self, row: HookRow, status: int, why: str, now: datetime, again: datetime) -> None:
        for each in self._rows.values():
            if each.state == WAITS and (each.row.subscription, each.row.ticket) == (row.subscription, row.ticket):
                each.row = replace(each.row, at=again)
        queued = self._rows[row.id]
        queued.row = replace(queued.row, tries=queued.row.tries + 1)
        queued.status, queued.why, queued.told = status, why, now

    async def waiting(self, subscription: str) -> int:
        return len(self._waiting(subscription))

    async def forget(self, subscription: str) -> None:
        for row in self._waiting(subscription):
            del self._rows[row.id]

    async def recent(self, subscription: str, at_most: int) -> list[HookDelivery]:
        told = [each for each in self._rows.values() if each.row.subscription == subscription and each.told]
        newest = sorted(told, key=lambda each: each.told or each.row.at, reverse=True)
        return [_delivery(each) for each in newest[:at_most]]

    async def sums(self, subscription: str, since: datetime, until: datetime) -> Sums:
        mine = [each for each in self._rows.values() if each.row.subscription == subscription]
        return Counter((each.row.kind, each.state) for each in mine if since <= each.row.told < until)

    async def find(self, subscription: str, event: str) -> tuple[int, int] | None:
        rows = (each.row for each in self._rows.values())
        places = [(row.partition, row.offset) for row in rows if (row.subscription, row.event) == (subscription, event)]
        return places[0] if places else None

    def _waiting(self, subscription: str, partitions: Collection[int] | None = None) -> list[HookRow]:
        rows = [each.row for each in self._rows.values() if each.state == WAITS]
        mine = [row for row in rows if row.subscription == subscription]
        held = [row for row in mine if partitions is None or row.partition in partitions]
        return sorted(held, key=lambda row: (row.partition, row.offset))

    def _end(self, row: HookRow, state: str, status: int, why: str, at: datetime) -> None:
        ended = replace(row, tries=row.tries + 1, text=b"")
        self._rows[row.id] = QueuedHook(ended, state, status, why, at)


def _delivery(queued: QueuedHook) -> HookDelivery:
    row, told = queued.row, queued.told or queued.row.at
    return HookDelivery(row.event, row.kind, row.ticket, queued.state, row.tries, queued.status, queued.why, told)
