"""Work that runs until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from runtime.delivery.ports import Unavailable
from runtime.pauses import AGAIN, pause
from runtime.telemetry import traces

log = structlog.get_logger()
STOP_WITHIN = 7  # seconds for work under way after SIGTERM; then what is still open is closed, ten for all of it
START_PAUSE = 1.0  # seconds between attempts to connect
ResultT = TypeVar("ResultT")
Work = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Worker:
    """Something that runs until it is told to stop."""

    name: str
    work: Work


def repeated(name: str, task: Callable[[], Awaitable[object]], every: float, again: float = AGAIN) -> Work:
    """Work that does ``task`` every so many seconds until it is told to stop.

    What raises Unavailable is waited for: the log says ``worker_waits`` with the name, and it is tried ``again`` later.
    """

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await pause(every if await _tried(name, task) else again, stop)

    return work


def done_once(name: str, task: Callable[[], Awaitable[object]], again: float = AGAIN) -> Work:
    """Work that does ``task`` until it succeeds once, and then rests until it is told to stop."""

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set() and not await _tried(name, task):
            await pause(again, stop)
        await stop.wait()

    return work


async def _tried(name: str, task: Callable[[], Awaitable[object]]) -> bool:
    try:
        await task()
    except Unavailable as why:
        log.warning("worker_waits", worker=name, why=str(why))
        return False
    return True


async def run_workers(workers: Sequence[Worker], stop: asyncio.Event, within: float = STOP_WITHIN) -> None:
    """Run all until stopped. One that fails ends the process: the supervisor starts it again."""
    tasks = [asyncio.create_task(_named(worker, stop), name=worker.name) for worker in workers]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    done, late = await asyncio.wait(tasks, timeout=within) if tasks else (set(), set())
    for task in late:
        task.cancel()
    await asyncio.gather(stopping, *late, return_exceptions=True)
    for task in done:
        task.result()


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, ResultT]) -> ResultT | None:
    """What ``work`` returns; None as soon as the process is to stop: it is cancelled where it waits."""
    task, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return None


def started(name: str, start: Callable[[], Awaitable[Sequence[Worker]]]) -> Worker:
    """A worker that waits until ``start`` no longer raises Unavailable, and then runs what it returns."""

    async def trying() -> Sequence[Worker]:
        while True:
            try:
                return await start()
            except Unavailable as why:
                log.warning("start_waits", worker=name, why=str(why))
                await asyncio.sleep(START_PAUSE)

    async def work(stop: asyncio.Event) -> None:
        workers = await unless(stop, trying())
        await run_workers(workers or (), stop, STOP_WITHIN - 1)

    return Worker(name, work)


async def _named(worker: Worker, stop: asyncio.Event) -> None:
    try:
        await worker.work(stop)
    except Exception as bug:
        log.error("worker_failed", worker=worker.name, kind=type(bug).__name__, trace=traces.trace_of(bug))
        raise
