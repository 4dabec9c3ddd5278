"""A call that takes a cancellation for its own: whoever gave it a time goes on when that is over."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from aiokafka.errors import KafkaError

from runtime.kafka import closing
from runtime.kafka.closing import answered, closes

WITHIN, LONG = 0.05, 5.0  # seconds
Bounded = Callable[[Coroutine[Any, Any, object], float], Awaitable[object]]


async def deaf(ended: asyncio.Event) -> str:
    """Swallows the first cancellation, as aiokafka's stop does, and goes on."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(LONG)
    await ended.wait()
    return "late"


@pytest.mark.parametrize(("bounded", "is_in_time"), [(answered, True), (asyncio.wait_for, False)])
async def test_a_deaf_call_is_given_up_in_time(bounded: Bounded, is_in_time: bool) -> None:
    """The second is what it was before: it waits for what it has cancelled."""
    ended, began = asyncio.Event(), time.monotonic()
    asyncio.get_running_loop().call_later(1.0, ended.set)
    with contextlib.suppress(TimeoutError):
        await bounded(deaf(ended), WITHIN)
    assert (time.monotonic() - began < 0.9) is is_in_time
    ended.set()


async def test_what_was_given_up_is_forgotten_when_it_ends() -> None:
    ended = asyncio.Event()
    with pytest.raises(TimeoutError):
        await answered(deaf(ended), WITHIN)
    assert len(closing._left) == 1
    ended.set()
    await asyncio.wait(closing._left)
    await asyncio.sleep(0)
    assert closing._left == set()


async def cut_off() -> None:
    """A cancellation that nobody asked for, as of a fetch that waits before it tries again."""
    raise asyncio.CancelledError


async def refused() -> None:
    raise KafkaError


async def test_a_cancellation_from_inside_is_no_cancellation_of_the_caller() -> None:
    with pytest.raises(TimeoutError):
        await answered(cut_off(), LONG)
    assert [await closes(cut_off()), await closes(refused()), await closes(asyncio.sleep(0))] == [False, False, True]


async def test_a_caller_that_is_cancelled_takes_its_call_along() -> None:
    under_way, cancelled = asyncio.Event(), asyncio.Event()

    async def call() -> None:
        under_way.set()
        try:
            await asyncio.sleep(LONG)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    task = asyncio.create_task(answered(call(), LONG))
    await under_way.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(cancelled.wait(), LONG)


async def test_an_answer_and_an_error_are_those_of_the_call() -> None:
    assert await answered(asyncio.sleep(0, "here"), LONG) == "here"
    with pytest.raises(KafkaError):
        await answered(refused(), LONG)
