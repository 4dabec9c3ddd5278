"""Services as real child processes that a test may kill, and a load whose acknowledged numbers are on disk."""

import asyncio
import itertools
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from contracts.envelope import type_of
from contracts.identifiers import prefix_of
from contracts.topics import SERVICES
from deploy.local.state import ROOT, free_port, row_of_ports
from runtime.admin import create_topics, delete_topics, lay_positions
from runtime.follower import KafkaFollower
from runtime.kafka import Bus
from runtime.platform import RealPlatform
from runtime.records import Incoming
from runtime.settings import load as settings
from services.commands.load import Load
from services.commands.verify import findings_of
from services.commands.verify.stored import Finding
from services.intake.settings import IntakeSettings
from tests.acceptance.town import SECRETS
from tests.environment import environment
from tests.stack import Stack

LOOPS = ("intake", "routing", "sla", "notify", "feedback")
ROUTED = ("TicketAssigned", "AssignmentQueued", "TicketScreenedOut")
WITHIN = 240.0  # seconds for everything to be routed
CALM = 4.0  # seconds without a new record: everything has come to rest
PHONE = "13900000000"  # nobody's; a canary too
MATTER = {
    "title": "高村镇自来水停水三天",
    "content": "麻阳县高村镇农贸市场旁自来水停水三天，水压低，打过电话没有来修，请尽快抢修。",
    "place": "高村镇农贸市场",
    "reporter": {"phone": PHONE, "channel": "sms"},
}


@dataclass
class Crew:
    """Child processes by name, on one namespace; each writes a log of its own."""

    bus: Bus
    environment: dict[str, str]
    api: int
    logs: Path
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *arguments: str, **more: str) -> None:
        """Start one, or start it again."""
        environment = os.environ | self.environment | more
        command = [sys.executable, *arguments]
        with (self.logs / f"{name}.log").open("ab") as out:
            self.children[name] = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=ROOT
            )

    def start_api(self, name: str) -> None:
        """The API of a service."""
        self.start(f"{name}-api", "-m", "services", "serve", name, "api")

    def start_loop(self, name: str, **more: str) -> None:
        """The loop of a service."""
        self.start(name, "-m", "services", "serve", name, "loop", **more)

    def start_again(self, name: str) -> None:
        """What was killed, by its name among the children."""
        service, _, part = name.partition("-")
        (self.start_api if part == "api" else self.start_loop)(service)

    async def start_all_loops(self) -> None:
        """All of them, and wait until they have joined their groups."""
        for name in LOOPS:
            self.start_loop(name)
        first = int(self.environment["DUBAN_LOOP_PORTS_FROM"])
        for name in LOOPS:
            await lives(first + SERVICES.index(name), name)

    def start_toothless(self, guard: str, service: str, part: str = "loop", **more: str) -> None:
        """A half of a service without one of its guards."""
        name = service if part == "loop" else f"{service}-{part}"
        self.start(name, "-m", "tests.faults.toothless", guard, service, part, **more)

    def kill(self, name: str) -> None:
        """kill -9, and see that it is dead of it."""
        child = self.children[name]
        child.send_signal(signal.SIGKILL)
        assert child.wait(10) == -signal.SIGKILL, f"{name} had ended by itself: see {self.logs}/{name}.log"

    def stop(self) -> None:
        """End all."""
        for child in self.children.values():
            child.kill()
        for child in self.children.values():
            child.wait(10)

    def url(self, service: str, path: str) -> str:
        """Where a service's API answers."""
        return f"http://127.0.0.1:{self.api + SERVICES.index(service)}{path}"

    def freeze(self, name: str) -> None:
        """SIGSTOP."""
        self.children[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """SIGCONT."""
        self.children[name].send_signal(signal.SIGCONT)

    async def until_frozen(self, name: str) -> None:
        """Until it has stopped itself at its point."""
        await eventually(lambda: is_frozen(self.children[name].pid), f"{name} did not stop itself")

    async def submit(self, count: int, acknowledged: Path) -> list[str]:
        """Register so many matters; each acknowledged number is on disk before it is counted."""
        load = Load(self.url("intake", "/v1/submissions"), acknowledged, itertools.repeat(MATTER))
        await load.run(count)
        assert load.unknown == [], "somebody got no answer within two minutes"
        return load.numbers

    async def until_routed(self, numbers: Iterable[str] = ()) -> list[Incoming]:
        """Until every number is assigned, queued or screened out, and nothing is said any more; the log."""
        wanted = {prefix_of(number) for number in numbers}

        def done(log: Sequence[Incoming]) -> bool:
            return wanted <= {record.ticket[:12] for record in log if type_of(record.headers) in ROUTED}

        return await self.until(done)

    async def until(self, done: Callable[[Sequence[Incoming]], bool]) -> list[Incoming]:
        """Until the log says so and nothing is said any more; the log."""
        follower, log, until = KafkaFollower(self.bus, "tickets"), list[Incoming](), time.monotonic() + WITHIN
        quiet_since = time.monotonic()
        try:
            while time.monotonic() - quiet_since < CALM or not done(log):
                assert time.monotonic() < until, f"it was not so within {WITHIN:.0f} s; {len(log)} records"
                records = await follower.fetch()
                quiet_since = time.monotonic() if records else quiet_since
                log += records
        finally:
            await follower.stop()
        return log

    async def verify(self, numbers: Sequence[str]) -> list[Finding]:
        """What `duban verify` finds wrong."""
        platform = RealPlatform(settings(IntakeSettings), "verify")
        try:
            return [finding for finding in await findings_of(platform, numbers, [PHONE]) if finding.wrong]
        finally:
            await platform.stop()

    async def until_shown(self, numbers: Collection[str]) -> None:
        """Until the portal has a document of every matter."""
        platform = RealPlatform(settings(IntakeSettings), "verify")
        tickets = platform.database("portal")["tickets"]
        try:
            for _ in range(int(WITHIN)):
                if await tickets.count_documents({"doc.number": {"$in": list(numbers)}}) == len(numbers):
                    return
                await asyncio.sleep(1.0)
        finally:
            await platform.stop()
        raise AssertionError(f"the portal did not show all within {WITHIN:.0f} s")


def is_frozen(pid: int) -> bool:
    """Whether the process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


async def lives(port: int, name: str, within: float = 60.0) -> None:
    """Until the process there says that it lives. Fails after ``within`` seconds."""
    until = time.monotonic() + within
    async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
        while time.monotonic() < until:
            try:
                if (await client.get(f"http://127.0.0.1:{port}/live")).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass  # it is starting
            await asyncio.sleep(0.1)
    raise AssertionError(f"{name} did not start")


async def eventually(condition: Callable[[], bool], otherwise: str, within: float = 60.0) -> None:
    """Wait until it holds. Fails after ``within`` seconds."""
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, otherwise
        await asyncio.sleep(0.05)


@asynccontextmanager
async def crew(stack: Stack, logs: Path, clock: str = "") -> AsyncIterator[Crew]:
    """A namespace with intake's API and an SMS gateway running; loops are started by the test."""
    namespace, ports, gateway = f"f{secrets.token_hex(4)}", row_of_ports(2 * len(SERVICES)), free_port()
    values = SECRETS | {
        "KAFKA_BOOTSTRAP_SERVERS": stack.kafka,
        "MONGODB_URI": stack.mongodb_uri,
        "DUBAN_NAMESPACE": namespace,
        "DUBAN_API_PORTS_FROM": str(ports),
        "DUBAN_LOOP_PORTS_FROM": str(ports + len(SERVICES)),
        "DUBAN_SMS_URL": f"http://127.0.0.1:{gateway}",
        "DUBAN_LOG_LEVEL": "WARNING",
        "DUBAN_CLOCK": clock,
        "PYTHONPATH": str(ROOT),
    }
    with environment(values):
        team = Crew(stack.bus(namespace), values, ports, logs)
        await create_topics(team.bus)
        await lay_positions(team.bus)
        team.start("gateway", "-m", "deploy.local.sms_gateway", "--port", str(gateway))
        team.start_api("intake")
        try:
            await lives(ports, "intake's door")
            yield team
        finally:
            team.stop()
            await delete_topics(team.bus)
