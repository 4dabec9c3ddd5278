"""Calls that come while one is under way go out together as the next."""

import asyncio
from collections.abc import Sequence

import pytest

from runtime import coalesced
from runtime.coalesced import Together
from runtime.delivery.ports import Unavailable

PATIENCE = 60.0  # seconds


class Provider:
    """Answers a batch when it is let go."""

    def __init__(self) -> None:
        self.batches = list[list[int]]()
        self.free = asyncio.Event()

    async def doubled(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        await self.free.wait()
        if 13 in items:
            raise Unavailable("13")
        return [2 * item for item in items]


async def started(calls: Together[int, int], *items: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(calls.call(item)) for item in items]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_meanwhile_goes_together_and_each_caller_gets_its_own() -> None:
    provider = Provider()
    calls = Together(provider.doubled, PATIENCE)
    tasks = [*await started(calls, 1), *await started(calls, 2, 3)]
    provider.free.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6]
    assert provider.batches == [[1], [2, 3]]


async def test_an_error_goes_to_everybody_of_its_batch_and_to_nobody_else() -> None:
    provider = Provider()
    calls = Together(provider.doubled, PATIENCE)
    tasks = [*await started(calls, 1), *await started(calls, 2, 13)]
    provider.free.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert found[0] == 2
    assert [type(each) for each in found[1:]] == [Unavailable, Unavailable]


async def test_who_no_longer_waits_is_not_sent() -> None:
    provider = Provider()
    calls = Together(provider.doubled, PATIENCE)
    first, (second, third) = await started(calls, 1), await started(calls, 2, 3)
    second.cancel()
    await asyncio.sleep(0)
    provider.free.set()
    assert await asyncio.gather(*first, third) == [2, 6]
    assert provider.batches == [[1], [3]]


async def test_too_many_callers_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalesced, "WAITING_AT_MOST", 2)
    provider = Provider()
    calls = Together(provider.doubled, PATIENCE)
    tasks = [*await started(calls, 1), *await started(calls, 2, 3)]
    with pytest.raises(Unavailable, match="too many"):
        await calls.call(4)
    provider.free.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6]


async def test_behind_a_call_that_hangs_each_is_told_when_its_time_is_over_and_is_not_sent_later() -> None:
    provider = Provider()
    calls = Together(provider.doubled, within=0.02)
    async with asyncio.timeout(PATIENCE):
        tasks = [*await started(calls, 1), *await started(calls, 2, 3)]
        found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in found] == [Unavailable] * 3
    provider.free.set()
    await asyncio.sleep(0.02)
    assert provider.batches[0] == [1]
    assert [item for batch in provider.batches[1:] for item in batch] == []
