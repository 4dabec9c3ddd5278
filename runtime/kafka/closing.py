"""Closing aiokafka's parts: not longer than it may take, and without a cancellation that is somebody else's."""

import asyncio
from collections.abc import Awaitable

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

CLOSE_WAIT = 1.0  # seconds; a frozen broker is left


async def closes(closing: Awaitable[object], within: float = CLOSE_WAIT) -> bool:
    """Whether it closed within seconds and without an error. Raises CancelledError when the caller is cancelled."""
    try:
        await asyncio.wait_for(closing, within)
    except (TimeoutError, KafkaError, OSError):
        return False
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return False
    return True


async def leaves(consumer: AIOKafkaConsumer, within: float = 3.0) -> bool:
    """Whether the consumer stopped; if not, its connections are closed at least.

    In aiokafka 0.14.0 ``stop`` ends with the cancellation of a fetch that waits before it tries again.
    """
    if await closes(consumer.stop(), within):
        return True
    await closes(consumer._client.close())
    return False
