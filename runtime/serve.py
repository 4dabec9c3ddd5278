"""Run a service: its API under uvicorn, or its loop with its workers, health, metrics and a watchdog."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from runtime import bugs, metrics
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

STOP_WITHIN = 8  # seconds for work under way after SIGTERM
STUCK_AFTER = 60.0  # seconds without a heartbeat until the watchdog ends the process
GAUGES_EVERY = 5.0  # seconds between looks at lag and dead letters
START_PAUSE = 1.0  # seconds between attempts to connect
RELEASE_POLL = 1.0  # seconds between looks whether a held service was released

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
    await _until_done(store.create_indexes, asyncio.Event())
    at = crash_points(platform.settings.crash_at)
    loop = Loop(service, reader, platform.writer, store, platform.clock.wall, at)
    timers = Timers(service.name, store, reader, platform.writer, platform.clock)
    return [
        Worker("loop", _held_when_most_fail(loop, reader, platform, service)),
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


def _held_when_most_fail(loop: Loop[Any], reader: Reader, platform: Platform, service: Service[Any]) -> Work:
    build, store = platform.settings.build, platform.store(service)
    gauge = metrics.HELD.labels(service.name)

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await _wait_for_release(service.name, build, store, stop, gauge)
            try:
                await loop.run(stop)
            except Held as why:
                remedy = "roll back, or duban dead-letters release"
                log.error("loop_holds", service=service.name, build=build, reason=str(why), remedy=remedy)
                await _until_done(lambda: store.hold(build), stop)
                loop.forget_failures()

    return work


async def _wait_for_release(service: str, build: str, store: Any, stop: asyncio.Event, gauge: Any) -> None:
    """A new build releases the hold of an older one."""
    while not stop.is_set():
        held = await _until_done(store.held, stop)
        gauge.set(1 if held == build else 0)
        if held != build:
            return
        metrics.BEAT.labels(service).set_to_current_time()
        await pause(RELEASE_POLL, stop)


async def _until_done(call: Callable[[], Awaitable[Any]], stop: asyncio.Event) -> Any:
    while not stop.is_set():
        try:
            return await call()
        except Unavailable:
            await pause(START_PAUSE, stop)
    return None


async def serve_api(app: FastAPI, host: str, port: int) -> None:
    """Serve until SIGTERM, finish what is under way within 8 s."""
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=STOP_WITHIN
    )
    await uvicorn.Server(config).serve()


async def run_workers(workers: Sequence[Worker], stop: asyncio.Event) -> None:
    """Run all until stopped. One that fails ends the process: the supervisor starts it again."""
    tasks = [asyncio.create_task(_named(worker, stop), name=worker.name) for worker in workers]
    await asyncio.wait([*tasks, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    done, late = await asyncio.wait(tasks, timeout=STOP_WITHIN)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in done:
        task.result()


async def _named(worker: Worker, stop: asyncio.Event) -> None:
    try:
        await worker.work(stop)
    except Exception as bug:
        log.error("worker_failed", worker=worker.name, kind=type(bug).__name__, trace=bugs.trace_of(bug))
        raise


async def serve_loop(service: str, workers: Sequence[Worker], clock: Clock, host: str, port: int) -> None:
    """Run a service's workers with ``/live``, ``/ready``, ``/metrics`` on ``port`` until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await run_workers([*workers, watchdog(service, clock), health(service, clock, host, port)], stop)


def watchdog(service: str, clock: Clock) -> Worker:
    """Ends the process when the loop's heart stops; a database that is down is a known wait, and beats."""
    beat = metrics.BEAT.labels(service)

    async def work(stop: asyncio.Event) -> None:
        beat.set_to_current_time()
        while not stop.is_set():
            await pause(STUCK_AFTER / 10, stop)
            if clock.wall().timestamp() - beat._value.get() > STUCK_AFTER:
                log.error("loop_stuck", service=service)
                raise SystemExit(70)

    return Worker("watchdog", work)


def health(service: str, clock: Clock, host: str, port: int) -> Worker:
    """A small HTTP server beside the loop."""
    beat = metrics.BEAT.labels(service)

    async def ready() -> bool:
        fresh: bool = clock.wall().timestamp() - beat._value.get() < STUCK_AFTER
        return fresh

    async def work(stop: asyncio.Event) -> None:
        server = uvicorn.Server(
            uvicorn.Config(create_app(f"duban {service} loop", ready), host=host, port=port, log_config=None)
        )
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        serving = asyncio.create_task(server._serve())
        await stop.wait()
        server.should_exit = True
        await serving

    return Worker("health", work)
