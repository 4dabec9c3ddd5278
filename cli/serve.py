"""``duban serve``: a service's API, its loop, another part of it, or all, on the real platform."""

import asyncio
import gc
import importlib
import os
import secrets
import signal
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import typer
import uvloop

from contracts.topics import SERVICES, parts_of
from runtime.http.app import Ready
from runtime.http.connections import TooFewFiles, claim_files
from runtime.mongo.member_lease import LOOK_EVERY, MemberLease, MemberTaken
from runtime.process import watchdog
from runtime.process.part import label_of
from runtime.process.platform import Platform, RealPlatform
from runtime.process.serve import health, http
from runtime.process.settings import Settings, SettingsRefused, load, refuse_wrong
from runtime.telemetry import logs, metrics
from runtime.workers import STOP_WITHIN, Worker, repeated, run_workers, started

DOOR = "intake"  # its API answers from Kafka alone
SHOWING = "portal"  # its API writes nothing into the database of the service
REFUSED = 2  # exit code: bad settings
UNFINISHED = 71  # exit code: something could not be closed in time; nothing is lost, the log is read again from there
COLLECT_AFTER = 50_000  # objects: with Python's 700 a fifth of a loop's time went into looking for cycles
CLOSE_WITHIN = 1.5  # seconds for all goodbyes to Kafka and MongoDB
END_WITHIN = STOP_WITHIN + CLOSE_WITHIN + 1.0  # seconds from SIGTERM on, whatever hangs: less than ten


def serve(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}, or all.")] = "all",
    part: Annotated[str, typer.Argument(help="api, loop, all, or a part of the service, as notify feed.")] = "all",
) -> None:
    """Run until SIGTERM; work under way is finished within ten seconds."""
    wanted = processes(service, part)
    if not wanted:
        known = "; ".join(f"{name}: {', '.join(parts_of(name))}" for name in SERVICES)
        typer.echo(f"no such service or part: {service} {part}; there are {known}", err=True)
        raise typer.Exit(REFUSED)
    try:
        refuse_wrong([Settings, *(each for name, which in wanted for each in settings_of(name, which))])
        settings = load(Settings)
        logs.configure(settings.log_level, settings.log_format, service=service, part=part)
        claim_files(settings.connections)
        run(_serve(wanted, settings))
    except (SettingsRefused, MemberTaken, TooFewFiles) as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(REFUSED) from None


def processes(service: str, part: str) -> list[tuple[str, str]]:
    """The services with their parts that are meant; "all" of either. None: there is no such service or part."""
    names = SERVICES if service == "all" else (service,)
    every = [(name, each) for name in names if name in SERVICES for each in parts_of(name)]
    return [(name, each) for name, each in every if part in (each, "all")]


def run(work: Any) -> None:
    """Run on uvloop, with the collector of cycles looking seldom: messages leave none."""
    gc.set_threshold(COLLECT_AFTER, 20, 100)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def _serve(wanted: Sequence[tuple[str, str]], settings: Settings) -> None:
    """APIs and health are there at once; all else waits for Kafka and MongoDB, however long, as workers among them."""
    stop, opened = stopped_by_signals(), list[Platform]()
    workers: list[Worker] = []
    for name, part in wanted:
        if part == "api":
            workers.append(await _api(name, _opened(opened, settings, name)))
        else:
            workers += _part(name, part, settings, opened)
    _settled()
    try:
        await run_workers([*workers, Worker("deadline", ended_in_time)], stop)
    finally:
        await close(opened)


def _settled() -> None:
    """What was built at the start (places, models, templates) stays: the collector need not walk it again."""
    gc.collect()
    gc.freeze()


def _opened(opened: list[Platform], settings: Settings, name: str) -> RealPlatform:
    """For an API; the door works without its database."""
    platform = RealPlatform(settings, name, alone=name == DOOR, only_reads=name == SHOWING)
    opened.append(platform)
    return platform


async def close(platforms: Sequence[Platform], within: float = CLOSE_WITHIN) -> None:
    """All at once; what is frozen is left: nothing that was promised hangs on a goodbye."""
    closing = [asyncio.create_task(platform.stop()) for platform in platforms]
    if closing:
        _, late = await asyncio.wait(closing, timeout=within)
        for task in late:
            task.cancel()


async def ended_in_time(stop: asyncio.Event) -> None:
    """From the stop on: a thread that hangs in a driver does not keep the process."""
    await stop.wait()
    timer = threading.Timer(END_WITHIN, os._exit, [UNFINISHED])
    timer.daemon = True
    timer.start()


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
    return importlib.import_module(f"services.{service}.wiring")


def work_of(service: str, part: str) -> Callable[[Platform], Awaitable[list[Worker]]]:
    """What makes the workers of a service's loop, or of a part of it."""
    wiring = wiring_of(service)
    made: Callable[[Platform], Awaitable[list[Worker]]]
    made = wiring.workers if part == "loop" else wiring.PARTS[part].workers
    return made


def ready_of(platform: RealPlatform) -> Ready:
    """Whether the log is ours, and what the process does works."""

    async def ready() -> bool:
        return platform.works

    return ready


async def _api(service: str, platform: RealPlatform) -> Worker:
    """Needs nothing to be there when it starts: it says 503 until it is."""
    port = platform.settings.port_of(service, "api")
    app = await wiring_of(service).api(platform)
    app.state.answer_within = platform.settings.answer_within
    app.state.conditions.append(ready_of(platform))
    app.state.refuse = platform.skew.refuse_wrong
    app.state.background += [Worker("log", platform.log.run), Worker("room", platform.room.run), _clock(platform)]
    return http(f"{service}-api", app, platform.settings.host, port, platform.settings.connections)


def _part(service: str, part: str, settings: Settings, opened: list[Platform]) -> list[Worker]:
    """It waits for Kafka and MongoDB; it does not fail because they start later. Its health is there before."""
    port, label = settings.port_of(service, part), label_of(service, part)

    begun: list[RealPlatform] = []

    def works() -> bool:
        return bool(begun) and begun[-1].works

    async def start() -> list[Worker]:
        platform = RealPlatform(settings, service, alone=not is_of_documents(service, part))
        try:
            await platform.start()
            workers = await work_of(service, part)(platform)
        except BaseException:
            await close([platform])
            raise
        opened.append(platform)
        begun.append(platform)
        _settled()
        own = [Worker("room", platform.room_of_database.run)] if part == "loop" else []
        shared = [Worker("log", platform.log.run), _member(service, part, platform), _clock(platform), _watchdog(label)]
        return [*workers, *own, *shared]

    return [health(label, settings.host, port, works), started(f"{service}-{part}", start)]


def is_of_documents(service: str, part: str) -> bool:
    """Whether a part of a service is a loop: its documents know which log they are of, and nothing goes on without."""
    return part == "loop" or wiring_of(service).PARTS[part].of is not None


def _member(service: str, part: str, platform: RealPlatform) -> Worker:
    """A lease, which ends the process when another one lives under its name."""
    lease = MemberLease(
        platform.database(service), f"{service}.{part}", platform.settings.replica, secrets.token_hex(8)
    )
    return Worker("member", repeated("member", lease.look, LOOK_EVERY, LOOK_EVERY))


def _clock(platform: RealPlatform) -> Worker:
    return Worker("clock", platform.skew.run)


def _watchdog(label: str) -> Worker:
    """Ends the process when its heart stops; a database that is down is a known wait, and beats."""

    async def work(stop: asyncio.Event) -> None:
        metrics.beat(label)
        end = watchdog.watch(label, lambda: metrics.since_last_beat(label))
        await stop.wait()
        end()

    return Worker("watchdog", work)
