"""Run a service: its API under uvicorn, or its loop with its workers, health and metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
import uvicorn
from fastapi import FastAPI

from runtime import bugs, metrics, watchdog
from runtime.clock import Clock
from runtime.crash import crash_points
from runtime.holding import Held
from runtime.http import create_app
from runtime.loop import Loop
from runtime.platform import Platform
from runtime.ports import Reader, Store, Unavailable
from runtime.service import Service
from runtime.timers import Timers
from runtime.waits import pause

log = structlog.get_logger()

STOP_WITHIN = 7  # seconds for work under way after SIGTERM; then what is still open is closed, ten for all of it
GAUGES_EVERY = 5.0  # seconds between looks at lag and dead letters
START_PAUSE = 1.0  # seconds between attempts to connect
RELEASE_POLL = 1.0  # seconds between looks whether a held service was released

ResultT = TypeVar("ResultT")
Work = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Worker:
    """Something that runs until it is told to stop."""

    name: str
    work: Work


async def workers_of(platform: Platform, service: Service[Any], group: str = "loop") -> list[Worker]:
    """The loop and the timers of one service; ``platform.shared["<service>.reader"]`` tells which partitions it has."""
    reader = await platform.reader(f"{service.name}.{group}", service.logs)
    platform.shared[f"{service.name}.reader"] = reader
    store = platform.store(service)
    await _until_done(store.create_indexes, asyncio.Event(), metrics.BEAT.labels(service.name).set_to_current_time)
    passing = crash_points(platform.settings.crash_at)
    loop = Loop(service, reader, platform.writer, store, platform.clock.wall, passing)
    timers = Timers(service.name, store, reader, platform.writer, platform.clock)
    return [
        Worker("loop", _held_when_most_fail(loop, timers, platform, service)),
        Worker("timers", timers.run),
        Worker("gauges", _gauges(service.name, reader, store)),
    ]


def _gauges(service: str, reader: Reader, store: Store[Any]) -> Work:
    """Keeps lag and dead letters on the gauges."""

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                metrics.of_loop(service).waiting(await reader.lag(), await store.count_parked())
            except Unavailable:
                log.warning("gauges_wait", service=service)
            await pause(GAUGES_EVERY, stop)

    return work


def _held_when_most_fail(loop: Loop[Any], timers: Timers, platform: Platform, service: Service[Any]) -> Work:
    build, store = platform.settings.build, platform.store(service)
    beat = metrics.BEAT.labels(service.name).set_to_current_time

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            timers.resting = True
            await _wait_for_release(service.name, build, store, stop)
            timers.resting = False
            try:
                await loop.run(stop)
            except Held as why:
                remedy = "roll back, or duban dead-letters release"
                log.error("loop_holds", service=service.name, build=build, reason=str(why), remedy=remedy)
                timers.resting = True
                await _until_done(lambda: store.hold(build), stop, beat)
                loop.forget_failures()

    return work


async def _wait_for_release(service: str, build: str, store: Any, stop: asyncio.Event) -> None:
    """A new build releases the hold of an older one."""
    beat = metrics.BEAT.labels(service).set_to_current_time
    while not stop.is_set():
        held = await _until_done(store.held, stop, beat)
        metrics.HELD.labels(service).set(1 if held == build else 0)
        if held != build:
            return
        beat()
        await pause(RELEASE_POLL, stop)


async def _until_done(
    call: Callable[[], Awaitable[Any]], stop: asyncio.Event, beat: Callable[[], None] = lambda: None
) -> Any:
    """What ``call`` returns once it is no longer Unavailable. The wait is a known one, and beats."""
    while not stop.is_set():
        try:
            return await call()
        except Unavailable:
            beat()
            await pause(START_PAUSE, stop)
    return None


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
        log.error("worker_failed", worker=worker.name, kind=type(bug).__name__, trace=bugs.trace_of(bug))
        raise


def health(service: str, clock: Clock, host: str, port: int) -> Worker:
    """A small HTTP server beside the loop: it is there before the loop is, and says whether that beats."""

    async def ready() -> bool:
        return clock.wall().timestamp() - metrics.last_beat(service) < watchdog.STUCK_AFTER

    return http("health", create_app(f"duban {service} loop", ready), host, port)


class BackgroundFailed(Exception):
    """A worker of an API has a bug, which the log tells; the process ends and is started again."""


def http(name: str, app: FastAPI, host: str, port: int) -> Worker:
    """Serves until told to stop; calls under way are finished within six seconds."""

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # who may speak for others is decided in runtime.addresses
        timeout_graceful_shutdown=STOP_WITHIN - 1,
    )

    async def work(stop: asyncio.Event) -> None:
        server, broken = uvicorn.Server(config), asyncio.Event()
        app.state.on_failure = broken.set
        serving = asyncio.create_task(server._serve(), name=f"{name}-http")
        waits = [asyncio.create_task(each.wait()) for each in (stop, broken)]
        await asyncio.wait([serving, *waits], return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        server.should_exit = True
        await serving
        if broken.is_set():
            raise BackgroundFailed(name)

    return Worker(name, work)
