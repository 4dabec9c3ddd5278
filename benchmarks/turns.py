"""One turn: a build, or the floor, takes so many tickets the whole way, timed and counted."""

import asyncio
import functools
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from benchmarks import floor, submissions
from benchmarks.bench import Ground, costs, publish_all
from benchmarks.builds import Build, BuildRefused
from benchmarks.counts import Auditor, Stand, auditor
from benchmarks.hours import Hour
from contracts.envelope import type_of
from contracts.topics import SERVICES
from deploy.local.state import free_port, row_of_ports
from runtime.delivery.records import Outgoing
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.writer import KafkaWriter

SUBMISSIONS = 12_000
WARM = 1_000  # submissions before the clock runs
WITHIN = 240.0  # seconds for one turn
TOPICS_WITHIN = 90.0  # seconds

Make = Callable[[int, int], list[Outgoing]]
"""So many messages from this number on."""

IsEnd = Callable[[str, Mapping[str, bytes], bytes], bool]
Afterwards = Callable[[Ground, Make, float], Awaitable[None]]
"""What is measured on the build while it still runs, given its rate."""


class DidNotFinish(Exception):
    """A turn did not come to its end; the text says how far it came and which of its processes have ended."""


@dataclass(frozen=True, slots=True)
class TicketLoad:
    """How many tickets are measured, after how many that only warm up."""

    tickets: int = SUBMISSIONS
    warm: int = WARM

    def of(self, tickets: int) -> "TicketLoad":
        """So many tickets; the warm-up is never longer than that."""
        return TicketLoad(tickets, min(self.warm, tickets))


@dataclass(frozen=True, slots=True)
class Measurement:
    """Tickets a second; milliseconds of processor time a ticket by process; what was counted, a ticket; mean bytes of
    documents by collection."""

    rate: float
    costs: dict[str, float]
    counts: dict[str, float] = field(default_factory=dict)
    documents: dict[str, float] = field(default_factory=dict)

    @property
    def cost(self) -> float:
        """Milliseconds of processor time a ticket, all processes together."""
        return sum(self.costs.values())


async def nothing(_ground: Ground, _make: Make, _rate: float) -> None: ...


async def product(
    ground: Ground, build: Build, hour: Hour, load: TicketLoad, afterwards: Afterwards = nothing
) -> Measurement:
    """From the submission to the reporter told. Raises DidNotFinish, BuildRefused."""
    ports = {"DUBAN_LOOP_PORTS_FROM": str(row_of_ports(len(SERVICES))), "DUBAN_PART_PORTS_FROM": str(free_port())}
    gateway = free_port()
    sms = {"DUBAN_SMS_URL": f"http://127.0.0.1:{gateway}"}
    there = ground.apart(DUBAN_CLOCK=hour.clock(), **ports, **sms)
    _lay_topics(there, build)
    with ExitStack() as running:
        commands = {"gateway": build.gateway(gateway), **build.processes()}
        children = {
            name: running.enter_context(there.child(name, command, build.root)) for name, command in commands.items()
        }
        try:
            key = await submissions.day_key(there)
            make = functools.partial(submissions.sealed, there, key)
            turn = await _timed(there, make, submissions.told, load)
            await afterwards(there, make, turn.rate)
        except TimeoutError as why:
            raise DidNotFinish(f"{build.commit}: {why or 'nothing came'}; {_ended(children)}") from None
    await there.forget()
    return turn


async def bare(ground: Ground, hour: Hour, load: TicketLoad) -> Measurement:
    """The floor: from the submission to its last fact. Raises TimeoutError."""
    there = await ground.fresh(floor.GROUPS, DUBAN_CLOCK=hour.clock())
    with ExitStack() as running:
        for name in (*floor.REACTS, "ledger"):
            running.enter_context(there.process("-m", "benchmarks.floor", name))
        make = functools.partial(submissions.zeros, there)
        turn = await _timed(there, make, submissions.fourth, load)
    await there.forget()
    return turn


def _lay_topics(ground: Ground, build: Build) -> None:
    """By the build's own command: its topics and groups may be others. Raises BuildRefused."""
    with ground.child("topics", build.command("topics"), build.root) as child:
        try:
            code = child.wait(TOPICS_WITHIN)
        except subprocess.TimeoutExpired:
            code = None
    if code != 0:
        raise BuildRefused(f"{build.commit}: `{' '.join(build.command('topics'))}` ended with {code}")


def _ended(children: Mapping[str, "subprocess.Popen[bytes]"]) -> str:
    codes = {name: child.poll() for name, child in children.items()}
    gone = [f"{name} with {code}" for name, code in codes.items() if code is not None]
    return f"ended: {', '.join(gone)}" if gone else "all of its processes run"


async def _timed(ground: Ground, make: Make, is_end: IsEnd, load: TicketLoad) -> Measurement:
    """Publish, and wait until every ticket has come to its end."""
    writer, follower = KafkaWriter(ground.bus), KafkaFollower(ground.bus, "tickets")
    async with auditor(ground) as audit:
        ends: set[str] = set()
        for first, last in ((0, 1), (1, load.warm)):  # when one has come through, all processes are up
            await publish_all(writer, make(last - first, first))
            await _until(follower, ends, is_end, last)
        await audit.quiet()
        batch = make(load.tickets, load.warm)
        stood, before, began = await audit.stand(), ground.spent(), time.perf_counter()
        publishing = asyncio.create_task(publish_all(writer, batch))
        await _until(follower, ends, is_end, load.warm + load.tickets)
        rate = load.tickets / (time.perf_counter() - began)
        spent = costs(before, ground.spent(), load.tickets)
        await publishing
        turn = await _counted(audit, stood, Measurement(rate, spent), load)
    await writer.stop()
    await follower.stop()
    return turn


async def _counted(audit: Auditor, before: Stand, turn: Measurement, load: TicketLoad) -> Measurement:
    await audit.quiet()
    counts = await audit.since(before, load.tickets)
    return Measurement(turn.rate, turn.costs, counts, await audit.documents(load.tickets))


async def _until(follower: KafkaFollower, ends: set[str], is_end: Any, wanted: int) -> None:
    """Raises TimeoutError, with how many came."""
    try:
        async with asyncio.timeout(WITHIN):
            while len(ends) < wanted:
                for record in await follower.fetch():
                    if is_end(type_of(record.headers), dict(record.headers), record.value):
                        ends.add(record.key)
    except TimeoutError:
        raise TimeoutError(f"{len(ends)} of {wanted} tickets came to their end within {WITHIN:.0f} s") from None
