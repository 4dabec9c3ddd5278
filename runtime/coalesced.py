"""Calls that come while one is under way go out together as the next: round trips grow with time, not with calls."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from runtime.delivery.ports import Unavailable

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
WAITING_AT_MOST = 5000  # callers; one more is told at once that it is too much


class Together(Generic[ItemT, ResultT]):
    """Wraps a batched call. Each caller gets its own result; an error goes to everybody of its batch.

    Nobody waits longer than ``within`` seconds, also behind a batch that hangs.
    """

    def __init__(
        self, call: Callable[[Sequence[ItemT]], Awaitable[Sequence[ResultT]]], within: float, at_most: int = 500
    ) -> None:
        self._call, self._within, self._at_most = call, within, at_most
        self._waiting: list[tuple[ItemT, asyncio.Future[ResultT]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def call(self, item: ItemT) -> ResultT:
        """The result for ``item``, from a batch. Raises Unavailable when too many wait, or the time is over."""
        if len(self._waiting) >= WAITING_AT_MOST:
            raise Unavailable("too many callers wait")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[ResultT] = loop.create_future()
        self._waiting.append((item, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        timer = loop.call_later(self._within, _give_up, future)  # a quarter of what asyncio.timeout costs
        try:
            return await future
        finally:
            timer.cancel()

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._at_most], self._waiting[self._at_most :]
            await self._settle([(item, future) for item, future in batch if not future.done()])

    async def _settle(self, batch: Sequence[tuple[ItemT, asyncio.Future[ResultT]]]) -> None:
        try:
            results = await self._call([item for item, _ in batch])
        except Exception as error:  # handed to everybody who waits, not swallowed
            results = []
            _fail(batch, error)
        for (_, future), result in zip(batch, results, strict=False):
            if not future.done():
                future.set_result(result)


def _give_up(future: "asyncio.Future[ResultT]") -> None:
    if not future.done():
        future.set_exception(Unavailable("no answer in time"))


def _fail(batch: Sequence[tuple[object, "asyncio.Future[ResultT]"]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
