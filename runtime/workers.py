"""Work that runs until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from runtime import pauses
from runtime.delivery.ports import Unavailable
from runtime.telemetry import traces

log = structlog.get_logger()
STOP_WITHIN = 7  # seconds for work under way after SIGTERM; then what is still open is closed, ten for all of it
ResultT = TypeVar("ResultT")
Work = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Worker:
    """Something that runs until it is told to stop."""

    name: str
    work: Work


def unbeaten() -> None:
    """Nobody watches this work's heart."""


def repeated(
    name: str,
    task: Callable[[], Awaitable[object]],
    every: float | Callable[[], float],
    again: float | None = None,
    beat: Callable[[], None] = unbeaten,
) -> Work:
    """Work that does ``task`` every so many seconds (0: at once again) until it is told to stop.

    What raises Unavailable is waited for: the log says ``worker_waits`` with the name, and it is tried ``again``
    seconds later (a second, unless said). ``beat`` is called after each try, in vain or not.
    """

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await task()
                rest = every() if callable(every) else every
            except Unavailable as why:
                log.warning("worker_waits", worker=name, why=str(why))
                rest = pauses.AGAIN if again is None else again
            beat()
            await (pauses.pause(rest, stop) if rest else asyncio.sleep(0))

    return work


async def until_done(
    name: str,
    task: Callable[[], Awaitable[ResultT]],
    stop: asyncio.Event,
    beat: Callable[[], None] = unbeaten,
) -> ResultT | None:
    """What ``task`` returns, as soon as it does not raise Unavailable; None when the process is to stop before.

    The log says ``worker_waits`` with the name, and ``beat`` is called, after each try in vain.
    """
    while not stop.is_set():
        try:
            return await task()
        except Unavailable as why:
            log.warning("worker_waits", worker=name, why=str(why))
            beat()
            await pauses.pause(pauses.AGAIN, stop)
    return None


def done_once(name: str, task: Callable[[], Awaitable[object]]) -> Work:
    """Work that does ``task`` until it succeeds once, and then rests until it is told to stop."""

    async def work(stop: asyncio.Event) -> None:
        await until_done(name, task, stop)
        await stop.wait()

    return work


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

    async def work(stop: asyncio.Event) -> None:
        workers = await unless(stop, until_done(name, start, stop))
        await run_workers(workers or (), stop, STOP_WITHIN - 1)

    return Worker(name, work)


async def _named(worker: Worker, stop: asyncio.Event) -> None:
    try:
        await worker.work(stop)
    except Exception as bug:
        log.error("worker_failed", worker=worker.name, kind=type(bug).__name__, trace=traces.trace_of(bug))
        raise
