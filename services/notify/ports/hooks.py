"""What webhooks need from outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.notify.domain.hooks import HookAnswer, HookDelivery, HookRow, Sums


class HookQueue(Protocol):
    """What waits to be sent to subscribers. An event and a subscription are one row, however often it is queued."""

    async def create_indexes(self) -> None:
        """Safe to repeat. Raises Unavailable."""

    async def put(self, rows: Sequence[HookRow]) -> int:
        """Queue what is not there yet; how many were not. Raises Unavailable."""

    async def again(self, rows: Sequence[HookRow]) -> None:
        """Queue these, also those that were delivered or given up. Raises Unavailable."""

    async def due(
        self, subscription: str, partitions: Collection[int], now: datetime, at_most: int, kinds: Sequence[str] = ()
    ) -> list[HookRow]:
        """What may be sent now, in the order of the feed; nothing of a ticket of which something waits for later."""

    async def oldest(self, subscription: str, partitions: Collection[int]) -> HookRow | None:
        """The first that waits, whenever it may be tried. Raises Unavailable."""

    async def delivered(self, row: HookRow, status: int, at: datetime) -> None:
        """It waits no more. Raises Unavailable."""

    async def given_up(self, row: HookRow, status: int, why: str, at: datetime) -> None:
        """It is not tried again by itself; its ticket goes on. Raises Unavailable."""

    async def failed(self, row: HookRow, status: int, why: str, now: datetime, again: datetime) -> None:
        """It and all that waits of its ticket is tried at ``again``, not before. Raises Unavailable."""

    async def waiting(self, subscription: str) -> int:
        """How many wait. Raises Unavailable."""

    async def forget(self, subscription: str) -> None:
        """Drop what waits for a subscription. Raises Unavailable."""

    async def recent(self, subscription: str, at_most: int) -> list[HookDelivery]:
        """What was tried last, newest first. Raises Unavailable."""

    async def sums(self, subscription: str, since: datetime, until: datetime) -> Sums:
        """What became of the events of a span, by type and state; of those that are kept. Raises Unavailable."""

    async def find(self, subscription: str, event: str) -> tuple[int, int] | None:
        """Partition and offset of an event of the last days; None when it is not known any more."""


class HookPort(Protocol):
    """The network, as far as webhooks go out by it."""

    async def post(self, subscription: str, url: str, headers: Mapping[str, str], content: bytes) -> HookAnswer:
        """What the receiver answers; a status of 0 with a reason where it does not. Raises nothing."""

    async def close(self) -> None:
        """What is under way is left; the next call connects anew."""
