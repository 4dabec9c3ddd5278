"""A consumer stops while one of its fetches waits before it tries again: that cancellation stays inside."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka.errors import NodeNotReadyError
from aiokafka.protocol.fetch import FetchRequest

from runtime.kafka import reader
from runtime.kafka.bus import Bus
from runtime.kafka.closing import closes
from runtime.kafka.reader import KafkaReader
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from tests.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture
async def bus(stack: Stack) -> AsyncIterator[Bus]:
    made = stack.bus(f"c{secrets.token_hex(4)}")
    await create_topics(made)
    await lay_positions(made, {"one.loop": ("tickets",)})
    yield made
    await delete_topics(made)


async def refused_once(consumer: Any) -> None:
    """From now on the broker takes no fetch; returns when the first was refused."""
    send, refused = consumer._client.send, asyncio.Event()

    async def refuse(node: int, request: Any, **more: Any) -> Any:
        if isinstance(request, FetchRequest):
            refused.set()
            raise NodeNotReadyError
        return await send(node, request, **more)

    consumer._client.send = refuse
    await refused.wait()
    await asyncio.sleep(0)  # into the wait before the next try


async def stopped(consumer: Any) -> bool:
    """What is done without the guard."""
    await consumer.stop()
    return True


@pytest.mark.parametrize("guarded", [True, False])
async def test_a_fetch_that_waits_ends_no_loop(bus: Bus, guarded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not guarded:
        monkeypatch.setattr(reader, "leaves", stopped)
    member = KafkaReader(bus, "one.loop", ["tickets"], "0")
    await member.start()
    await member.fetch(1)
    consumer = member._consumer
    consumer._fetcher._retry_backoff = 30.0
    await refused_once(consumer)
    if guarded:
        await member.stop()
    else:
        with pytest.raises(asyncio.CancelledError):
            await member.stop()
        await consumer._client.close()
    assert not any(conn.connected() for conn in consumer._client._conns.values())


async def test_the_callers_own_cancellation_is_its_own() -> None:
    waiting = asyncio.create_task(closes(asyncio.Event().wait(), 60))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
