"""Run a service: its API under uvicorn, or its loop with its workers, health and metrics."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from runtime.delivery.holding import Held
from runtime.delivery.loop import Loop
from runtime.delivery.ports import Reader, Store
from runtime.delivery.service import Service
from runtime.delivery.timers import Timers
from runtime.http import connections
from runtime.http.accepting import AcceptingServer
from runtime.http.app import create_app
from runtime.pauses import pause
from runtime.process import watchdog
from runtime.process.crash_points import crash_points
from runtime.process.platform import Platform
from runtime.telemetry import metrics
from runtime.workers import STOP_WITHIN, Work, Worker, repeated, until_done

log = structlog.get_logger()
GAUGES_EVERY = 5.0  # seconds between looks at lag and dead letters
CONNECTIONS = 1_000  # open at once, unless somebody says otherwise
RELEASE_POLL = 1.0  # seconds between looks whether a held service was released


async def workers_of(platform: Platform, service: Service[Any]) -> list[Worker]:
    """The loop and the timers of one kind of document; ``platform.readers`` knows its partitions."""
    reader = await platform.reader(service.group, service.logs)
    platform.readers[service.label] = reader
    store = platform.store(service)
    await until_done("indexes", store.create_indexes, asyncio.Event(), metrics.beat_of(service.label))
    passing = crash_points(platform.settings.crash_at)
    loop = Loop(service, reader, platform.writer, store, platform.clock.wall, passing, platform.attempts)
    timers = Timers(service, store, reader, platform.writer, platform.clock, lambda: platform.skew.is_wrong)
    return [
        Worker("loop", _held_when_most_fail(loop, timers, platform, service)),
        Worker("timers", timers.run),
        Worker("gauges", _gauges(service.label, reader, store)),
    ]


def _gauges(service: str, reader: Reader, store: Store[Any]) -> Work:
    """Keeps lag and dead letters on the gauges."""

    async def look() -> None:
        metrics.of_loop(service).waiting(await reader.lag(), await store.count_parked())

    return repeated("gauges", look, GAUGES_EVERY)


def _held_when_most_fail(loop: Loop[Any], timers: Timers, platform: Platform, service: Service[Any]) -> Work:
    build, store = platform.settings.build, platform.store(service)
    beat = metrics.beat_of(service.label)

    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            timers.resting = True
            await _wait_for_release(service.label, build, store, stop)
            timers.resting = False
            try:
                await loop.run(stop)
            except Held as why:
                remedy = "roll back, or duban dead-letters release"
                log.error("loop_holds", service=service.label, build=build, reason=str(why), remedy=remedy)
                timers.resting = True
                await until_done("hold", lambda: store.hold(build), stop, beat)
                loop.forget_failures()

    return work


async def _wait_for_release(service: str, build: str, store: Any, stop: asyncio.Event) -> None:
    """A new build releases the hold of an older one."""
    beat = metrics.beat_of(service)
    while not stop.is_set():
        held = await until_done("hold", store.held, stop, beat)
        metrics.HELD.labels(service).set(1 if held == build else 0)
        if held != build:
            return
        beat()
        await pause(RELEASE_POLL, stop)


def health(label: str, host: str, port: int, works: Callable[[], bool] = lambda: True) -> Worker:
    """A small HTTP server beside a loop or another part: it is there before that is, says whether it beats and works.

    ``works``: whether what it does has succeeded of late.
    """

    async def ready() -> bool:
        return works() and metrics.since_last_beat(label) < watchdog.STUCK_AFTER

    return http("health", create_app(f"duban {label}", ready), host, port)


class BackgroundFailed(Exception):
    """A worker of an API has a bug, which the log tells; the process ends and is started again."""


def http(name: str, app: FastAPI, host: str, port: int, connections_at_most: int = CONNECTIONS) -> Worker:
    """Serves until told to stop; calls under way are finished within six seconds."""

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=connections.bounded(connections_at_most),
        ws="none",
        timeout_keep_alive=connections.IDLE,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # who may speak for others is decided in runtime.http.addresses
        timeout_graceful_shutdown=STOP_WITHIN - 1,
    )

    async def work(stop: asyncio.Event) -> None:
        server, broken = AcceptingServer(config), asyncio.Event()
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
