"""``duban serve``: a service's API, its loop, or both, on the real platform."""

import asyncio
import importlib
import signal
from contextlib import AsyncExitStack
from typing import Annotated, Any

import typer
import uvicorn
import uvloop
from fastapi import FastAPI

from contracts.topics import SERVICES
from runtime import logs
from runtime.platform import Platform, RealPlatform
from runtime.ports import Unavailable
from runtime.serve import START_PAUSE, STOP_WITHIN, Worker, health, run_workers, watchdog
from runtime.settings import Settings, SettingsRefused, load, refuse_wrong
from runtime.waits import pause

REFUSED = 2  # exit code: bad settings
PARTS = ("api", "loop")


def serve(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}, or all.")] = "all",
    part: Annotated[str, typer.Argument(help="api, loop, or all.")] = "all",
) -> None:
    """Run until SIGTERM; work under way is finished within ten seconds."""
    names = SERVICES if service == "all" else (service,)
    if not set(names) <= set(SERVICES) or part not in (*PARTS, "all"):
        typer.echo(f"no such service or part: {service} {part}; services: {', '.join(SERVICES)}", err=True)
        raise typer.Exit(REFUSED)
    parts = PARTS if part == "all" else (part,)
    try:
        refuse_wrong([Settings, *(each for name in names for part in parts for each in settings_of(name, part))])
        settings = load(Settings)
        logs.configure(settings.log_level, settings.log_format, service=service, part=part)
        run(_serve(names, parts, settings))
    except SettingsRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(REFUSED) from None


def run(work: Any) -> None:
    """Run on uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def _serve(names: tuple[str, ...], parts: tuple[str, ...], settings: Settings) -> None:
    stop = stopped_by_signals()
    async with AsyncExitStack() as open_platforms:
        workers: list[Worker] = []
        for name in names:
            for part in parts:
                platform = RealPlatform(settings, name)
                open_platforms.push_async_callback(platform.stop)
                workers += await (_loop(name, platform, stop) if part == "loop" else _api(name, platform))
        await run_workers(workers, stop)


def stopped_by_signals() -> asyncio.Event:
    """Set by SIGTERM and by Ctrl-C: one event for all that runs in this process."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


def settings_of(service: str, part: str) -> list[type[Settings]]:
    """What a part of a service reads from the environment."""
    found = vars(importlib.import_module(f"services.{service}.settings")).values()
    ours = [each for each in found if isinstance(each, type) and issubclass(each, Settings) and each is not Settings]
    return [each for each in ours if part in each.PARTS]


def wiring_of(service: str) -> Any:
    """A service's composition root."""
    return importlib.import_module(f"services.{service}.wiring")


async def _api(service: str, platform: Platform) -> list[Worker]:
    """Needs nothing to be there when it starts: it says 503 until it is."""
    port = platform.settings.api_ports_from + SERVICES.index(service)
    return [api_worker(service, await wiring_of(service).api(platform), platform.settings.host, port)]


async def _loop(service: str, platform: Platform, stop: asyncio.Event) -> list[Worker]:
    """A loop waits for Kafka and MongoDB; it does not fail because they start later."""
    while not stop.is_set():
        try:
            await platform.start()
        except Unavailable:
            await pause(START_PAUSE, stop)
        else:
            workers: list[Worker] = await wiring_of(service).workers(platform)
            port = platform.settings.loop_ports_from + SERVICES.index(service)
            clock, host = platform.clock, platform.settings.host
            return [*workers, watchdog(service, clock), health(service, clock, host, port)]
    return []


def api_worker(service: str, app: FastAPI, host: str, port: int) -> Worker:
    """Serves until told to stop; calls under way are finished within 8 s."""

    async def work(stop: asyncio.Event) -> None:
        server = uvicorn.Server(
            uvicorn.Config(
                app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=STOP_WITHIN - 1
            )
        )
        serving = asyncio.create_task(server._serve(), name=f"{service}-http")
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
        await serving

    return Worker(f"{service}-api", work)
