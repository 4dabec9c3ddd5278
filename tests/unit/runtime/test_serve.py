"""How a process lives: the first failure ends it, it starts before its stores, ten seconds end it."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from cli.serve import CLOSE_WITHIN, END_WITHIN, close
from runtime import pauses, workers
from runtime.delivery.ports import Unavailable
from runtime.workers import Worker, run_workers, started, unless

SOON = 0.05  # seconds


async def until_stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def deaf(_stop: asyncio.Event) -> None:
    await asyncio.Event().wait()


async def broken(_stop: asyncio.Event) -> None:
    raise RuntimeError("a bug")


async def test_one_worker_that_fails_ends_them_all_and_says_which() -> None:
    stop = asyncio.Event()
    with capture_logs() as said, pytest.raises(RuntimeError):
        await run_workers([Worker("good", until_stopped), Worker("bad", broken)], stop)
    assert stop.is_set()
    assert [(each["event"], each["worker"]) for each in said] == [("worker_failed", "bad")]


async def test_a_worker_that_does_not_hear_the_stop_is_cancelled_when_its_time_is_over() -> None:
    stop = asyncio.Event()
    stop.set()
    async with asyncio.timeout(30):
        await run_workers([Worker("deaf", deaf)], stop, SOON)


async def test_what_is_started_waits_for_the_stores_and_then_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "AGAIN", 0.001)
    stop, refusals, worked = asyncio.Event(), iter(range(3)), asyncio.Event()

    async def work(_stop: asyncio.Event) -> None:
        worked.set()
        stop.set()

    async def start() -> Sequence[Worker]:
        if next(refusals, None) is not None:
            raise Unavailable("not yet")
        return [Worker("loop", work)]

    with capture_logs() as said:
        await started("loop", start).work(stop)
    assert worked.is_set()
    assert [each["event"] for each in said] == ["worker_waits"] * 3


async def test_a_start_that_waits_ends_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "AGAIN", 600.0)

    async def start() -> Sequence[Worker]:
        raise Unavailable("for ever")

    stop = asyncio.Event()
    waiting = asyncio.create_task(run_workers([started("loop", start)], stop))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(30):
        await waiting


async def test_a_bug_at_the_start_is_no_wait() -> None:
    async def start() -> Sequence[Worker]:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await started("loop", start).work(asyncio.Event())


async def test_unless_gives_the_result_or_lets_go() -> None:
    stop = asyncio.Event()
    assert await unless(stop, asyncio.sleep(0, "done")) == "done"
    stop.set()
    assert await unless(stop, asyncio.sleep(60, "never")) is None


async def test_goodbyes_are_said_side_by_side_and_a_frozen_one_is_left() -> None:
    gone: list[int] = []

    def platform(nth: int, *, frozen: bool) -> Any:
        async def stop() -> None:
            await (asyncio.Event().wait() if frozen else asyncio.sleep(0))
            gone.append(nth)

        return SimpleNamespace(stop=stop)

    async with asyncio.timeout(30):
        await close([platform(nth, frozen=nth == 1) for nth in range(4)], within=SOON)
    assert sorted(gone) == [0, 2, 3]


def test_everything_together_stays_under_ten_seconds() -> None:
    assert workers.STOP_WITHIN + CLOSE_WITHIN < END_WITHIN < 10
