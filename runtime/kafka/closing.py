"""Calls of aiokafka within a time: given up without waiting for them, and their cancellations stay inside.

aiokafka 0.14.0 takes cancellations for its own: some of its calls swallow one and go on, so that whoever waits for the
end of what was cancelled (``asyncio.wait_for``) waits as long as the broker is silent; others raise one that nobody
asked for (findings/stop_that_cancels_its_caller.sh).
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

CLOSE_WAIT = 1.0  # seconds; a frozen broker is left
ResultT = TypeVar("ResultT")
_left = set[asyncio.Task[Any]]()  # calls that were given up and have not ended yet


async def answered(call: Coroutine[Any, Any, ResultT], within: float) -> ResultT:
    """What the call returns. Raises what it raises; TimeoutError after so many seconds, or when it was cut off inside.

    When the caller is cancelled, so is the call.
    """
    task = asyncio.create_task(call)
    try:
        await asyncio.wait([task], timeout=within)
    finally:
        if not task.done():
            _leave(task)
    if not task.done() or task.cancelled():
        raise TimeoutError
    return task.result()


def _leave(task: asyncio.Task[Any]) -> None:
    """Cancelled, and nobody waits for it."""
    task.cancel()
    _left.add(task)
    task.add_done_callback(_has_ended)


def _has_ended(task: asyncio.Task[Any]) -> None:
    _left.discard(task)
    if not task.cancelled():
        task.exception()  # looked at: nobody else will


async def closes(closing: Coroutine[Any, Any, object], within: float = CLOSE_WAIT) -> bool:
    """Whether it closed within seconds and without an error."""
    try:
        await answered(closing, within)
    except (TimeoutError, KafkaError, OSError):
        return False
    return True


async def leaves(consumer: AIOKafkaConsumer, within: float = 3.0) -> bool:
    """Whether the consumer stopped; if not, its connections are closed at least."""
    if await closes(consumer.stop(), within):
        return True
    await closes(consumer._client.close())
    return False
