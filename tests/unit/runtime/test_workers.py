"""Work that is repeated: when it is tried again, what its heart does, how it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest
from structlog.testing import capture_logs

from runtime import pauses
from runtime.delivery.ports import Unavailable
from runtime.workers import done_once, repeated, until_done


class ToldTask:
    """Does what it is told, a turn after another, and then stops the process."""

    def __init__(self, turns: Iterable[bool]) -> None:
        self.turns, self.stop, self.beats = list(turns), asyncio.Event(), 0

    async def task(self) -> str:
        works = self.turns.pop(0)
        if not self.turns:
            self.stop.set()
        if not works:
            raise Unavailable("away")
        return "done"

    def beat(self) -> None:
        self.beats += 1


@pytest.fixture
def pauses_made(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses, which take no time."""
    made: list[float] = []

    async def pause(seconds: float, _stop: asyncio.Event) -> None:
        made.append(seconds)

    monkeypatch.setattr(pauses, "pause", pause)
    return made


async def test_what_is_unavailable_is_said_and_tried_again_sooner_than_its_turn(pauses_made: list[float]) -> None:
    told = ToldTask([True, False, True])
    with capture_logs() as said:
        await repeated("gauges", told.task, every=60.0, beat=told.beat)(told.stop)
    assert pauses_made == [60.0, pauses.AGAIN, 60.0]
    assert [(each["event"], each["worker"]) for each in said] == [("worker_waits", "gauges")]
    assert told.beats == 3, "a known wait is no standstill"


async def test_a_rest_of_nothing_is_no_pause_and_a_rest_may_depend_on_the_turn(pauses_made: list[float]) -> None:
    told, rests = ToldTask([True, True, True]), iter((0, 0, 5.0))
    await repeated("timers", told.task, lambda: next(rests))(told.stop)
    assert pauses_made == [5.0]


async def test_a_bug_is_no_wait() -> None:
    async def broken() -> None:
        raise RuntimeError("a bug")

    for work in (repeated("x", broken, 0), done_once("x", broken)):
        with pytest.raises(RuntimeError):
            await work(asyncio.Event())


async def test_what_is_done_once_is_not_done_again(pauses_made: list[float]) -> None:
    told = ToldTask([False, False, True, True])
    working = asyncio.create_task(_work(done_once("publication", told.task), told.stop))
    await asyncio.sleep(0)
    assert told.turns == [True]
    assert pauses_made == [pauses.AGAIN] * 2
    told.stop.set()
    async with asyncio.timeout(5):
        await working


async def test_until_done_gives_the_result_or_none_when_the_process_stops(pauses_made: list[float]) -> None:
    told = ToldTask([False, True, True])
    assert await until_done("hold", told.task, told.stop, told.beat) == "done"
    assert told.beats == 1
    told = ToldTask([False, False])
    assert await until_done("hold", told.task, told.stop) is None


async def _work(work: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
    await work(stop)
