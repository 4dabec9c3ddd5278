"""Whether an API can serve: one that reads its own documents needs its database, and says so before people notice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from runtime.delivery.ports import Store, Unavailable

WITHIN = 0.5  # seconds: a probe does not wait for a database that hangs


def while_answering(store: Store[Any]) -> Callable[[], Awaitable[bool]]:
    """Ready while the store answers a small read in time."""

    async def ready() -> bool:
        try:
            await asyncio.wait_for(store.held(), WITHIN)
        except (TimeoutError, Unavailable):
            return False
        return True

    return ready
