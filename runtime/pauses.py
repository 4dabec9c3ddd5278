"""Waits that end when the process is to stop."""

import asyncio

AGAIN = 1.0  # seconds until what was unavailable is tried again


async def pause(seconds: float, stop: asyncio.Event) -> None:
    """Wait, but not past the stop."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
