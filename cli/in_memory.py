"""``duban up --in-memory``: every service in this process on the in-memory log and stores; nothing is kept."""

import asyncio
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from cli import serve
from contracts.topics import SERVICES, parts_of
from deploy.local import plan
from deploy.local.secrets import made
from deploy.local.settings import local
from deploy.local.sms_gateway import build_app as sms_gateway
from deploy.local.state import refuse_taken
from deploy.local.supervisor import DOMAIN_BEGINS
from runtime.clock import Clock, Segment, WallTime, system_wall
from runtime.delivery.records import Incoming
from runtime.memory.log import InMemoryReader
from runtime.process.platform import InMemoryPlatform
from runtime.process.serve import http
from runtime.process.settings import Settings, load
from runtime.telemetry import logs
from runtime.workers import Worker, run_workers

IDLE = 0.01  # seconds: how long an empty fetch waits
SAID = """[bold]In memory: no Kafka, no MongoDB, one process; nothing survives its end.[/bold]
The same handlers, APIs and pages run as on the real stack. Ctrl-C ends it."""


class Unhurried(InMemoryReader):
    """Waits a moment when there is nothing to read, as a Kafka consumer does: others get their turn."""

    async def fetch(self, at_most: int) -> Sequence[Incoming]:
        found = await super().fetch(at_most)
        await asyncio.sleep(0 if found else IDLE)
        return found


class SharedPlatform(InMemoryPlatform):
    """The in-memory platform for loops that run beside each other."""

    async def reader(self, group: str, topics: Sequence[str], *, keeps: bool = True) -> InMemoryReader:
        """The only member of the group."""
        return Unhurried(self.log, group, topics)


def run(console: Console) -> None:
    """Serve everything and play the demonstration until Ctrl-C. Raises PortTaken."""
    refuse_taken({what: want for what, want in plan.wanted_ports().items() if what.startswith(("the API", "the SMS"))})
    given = made() | {"DUBAN_SMS_URL": f"http://127.0.0.1:{local().sms_port}"}
    os.environ.update(given)  # noqa: TID251 — the edge: every service reads its settings from there
    console.print(SAID)
    console.print(f"live page    {plan.addresses()['live page']}\n", highlight=False)
    serve.run(_run())


async def _run() -> None:
    settings = load(Settings)
    logs.configure("WARNING", "console", service="all", part="all")
    clock = Clock(Segment(WallTime(system_wall()), DOMAIN_BEGINS, local().rate))
    platform = SharedPlatform(settings, clock)
    stop = serve.stopped_by_signals()
    workers = [http("sms-gateway", sms_gateway(), settings.host, local().sms_port)]
    for name in SERVICES:
        wiring, port = serve.wiring_of(name), plan.api_ports()[name]
        workers.append(http(name, await wiring.api(platform), settings.host, port))
        for part in parts_of(name)[1:]:
            workers += await serve.work_of(name, part)(platform)
    await run_workers([*workers, Worker("demo", _demo)], stop)


async def _demo(stop: asyncio.Event) -> None:
    """The people, over real HTTP, in a process of their own; when they have finished the pages stay open."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "cli", "demo", *local().demo.split())
    ended = asyncio.create_task(process.wait())
    await stop.wait()
    if process.returncode is None:
        process.terminate()
    await ended
