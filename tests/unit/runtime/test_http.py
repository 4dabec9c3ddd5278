"""An API's own workers: the first bug is told, and ends the process that serves."""

import asyncio

import pytest
from structlog.testing import capture_logs

from deploy.local.state import free_port
from runtime.http.app import create_app
from runtime.process.serve import BackgroundFailed, http
from runtime.workers import Worker, run_workers


async def ready() -> bool:
    return True


async def until_stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def broken(_stop: asyncio.Event) -> None:
    raise RuntimeError("a bug")


async def test_a_bug_in_a_background_worker_is_told_and_ends_what_serves() -> None:
    app, stop = create_app("test", ready), asyncio.Event()
    app.state.background = [Worker("good", until_stopped), Worker("board", broken)]
    with capture_logs() as said, pytest.raises(BackgroundFailed):
        async with asyncio.timeout(20):
            await run_workers([http("test-api", app, "127.0.0.1", free_port())], stop)
    failed = [each["worker"] for each in said if each["event"] == "worker_failed"]
    assert failed == ["board", "test-api"]


async def test_workers_that_end_with_the_stop_end_nothing_else() -> None:
    app, stop = create_app("test", ready), asyncio.Event()
    app.state.background = [Worker("good", until_stopped)]

    async def stopping(_stop: asyncio.Event) -> None:
        await asyncio.sleep(0.2)
        stop.set()

    async with asyncio.timeout(20):
        await run_workers([http("test-api", app, "127.0.0.1", free_port()), Worker("end", stopping)], stop)
