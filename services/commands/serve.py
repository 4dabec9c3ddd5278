"""``duban serve``: a service's API, its loop, or both, on the real platform."""

import asyncio
import importlib
from typing import Annotated, Any

import typer

from contracts.topics import SERVICES
from runtime import logs
from runtime.platform import Platform, RealPlatform
from runtime.ports import Unavailable
from runtime.serve import serve_api, serve_loop
from runtime.settings import Settings, SettingsRefused, load

REFUSED = 2  # exit code: bad settings


def serve(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}, or all.")] = "all",
    part: Annotated[str, typer.Argument(help="api, loop, or all.")] = "all",
) -> None:
    """Run until SIGTERM; work under way is finished within ten seconds."""
    names = SERVICES if service == "all" else (service,)
    if not set(names) <= set(SERVICES) or part not in ("api", "loop", "all"):
        typer.echo(f"no such service or part: {service} {part}; services: {', '.join(SERVICES)}", err=True)
        raise typer.Exit(REFUSED)
    try:
        settings = load(Settings)
        logs.configure(settings.log_level, settings.log_format, service=service, part=part)
        asyncio.run(_serve(names, part, settings))
    except SettingsRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(REFUSED) from None


async def _serve(names: tuple[str, ...], part: str, settings: Settings) -> None:
    parts = ("api", "loop") if part == "all" else (part,)
    async with asyncio.TaskGroup() as tasks:
        for name in names:
            for each in parts:
                tasks.create_task(_api(name, settings) if each == "api" else _loop(name, settings))


def wiring_of(service: str) -> Any:
    """A service's composition root."""
    return importlib.import_module(f"services.{service}.wiring")


async def _api(service: str, settings: Settings) -> None:
    platform = RealPlatform(settings, service)
    try:
        app = await wiring_of(service).api(platform)
        await serve_api(app, settings.host, settings.api_ports_from + SERVICES.index(service))
    finally:
        await platform.stop()


async def _loop(service: str, settings: Settings) -> None:
    platform = RealPlatform(settings, service)
    try:
        await _until_started(platform)
        workers = await wiring_of(service).workers(platform)
        await serve_loop(
            service, workers, platform.clock, settings.host, settings.loop_ports_from + SERVICES.index(service)
        )
    finally:
        await platform.stop()


async def _until_started(platform: Platform) -> None:
    """A loop waits for Kafka and MongoDB; it does not fail because they start later."""
    while True:
        try:
            await platform.start()
        except Unavailable:
            await asyncio.sleep(1.0)
        else:
            return
