"""Services as real child processes that a test may kill, and a load whose acknowledged numbers are on disk."""

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
from typing import Any

import httpx2

from cli.load import Load
from cli.verify import findings_of
from cli.verify.stored import InvariantFinding
from contracts.identifiers import prefix_of
from contracts.topics import GROUPS, PARTS, SERVICES
from deploy.local.state import ROOT, free_port, row_of_ports
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Incoming
from runtime.kafka.bus import Bus
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.progress import KafkaProgress
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.process.platform import RealPlatform
from runtime.process.settings import load as settings
from services.intake.settings import IntakeSettings
from tests.acceptance.town import SECRETS
from tests.environment import environment
from tests.faults import waiting
from tests.stack import Stack

LOOPS = ("intake", "routing", "sla", "notify", "feedback")
WITHIN = 240.0  # seconds for everything to come to rest
CALM = 4.0  # seconds without a new record: everything has come to rest
PHONE = "13900000000"  # nobody's; a canary too
MATTER = {  # promised in working days: no promise of minutes runs out while something is down
    "title": "高村镇路灯不亮",
    "content": "麻阳县高村镇农贸市场旁路灯三天不亮，晚上出行危险，打过电话没有来修，请尽快维修。",
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
    loops: set[str] = field(default_factory=set)  # with all guards: at rest when each has read everything

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
        self.start(f"{name}-api", "-m", "cli", "serve", name, "api")

    def start_loop(self, name: str, **more: str) -> None:
        """The loop of a service."""
        self.loops.add(name)
        self.start(name, "-m", "cli", "serve", name, "loop", **more)

    def start_again(self, name: str) -> None:
        """What was killed, by its name among the children."""
        service, _, part = name.partition("-")
        (self.start_api if part == "api" else self.start_loop)(service)

    async def start_all_loops(self) -> None:
        """All of them, and wait until they have joined their groups."""
        for name in LOOPS:
            self.start_loop(name)
        for name in LOOPS:
            await self.until_alive(name)

    async def until_alive(self, name: str) -> None:
        await waiting.answers(self.port(name), "/live", name)

    async def until_ready(self, name: str) -> None:
        """Until it says that it can do its work."""
        await waiting.answers(self.port(name), "/ready", name)

    def start_toothless(self, guard: str, service: str, part: str = "loop", **more: str) -> None:
        """A half of a service without one of its guards."""
        name = service if part == "loop" else f"{service}-{part}"
        self.loops.discard(name)  # what a loop commits without its guard says nothing
        self.start(name, "-m", "tests.faults.toothless", guard, service, part, **more)

    def kill(self, name: str) -> None:
        """kill -9, and see that it is dead of it."""
        self.loops.discard(name)
        child = self.children[name]
        child.send_signal(signal.SIGKILL)
        assert child.wait(10) == -signal.SIGKILL, f"{name} had ended by itself: see {self.logs}/{name}.log"

    def stop(self) -> None:
        for child in self.children.values():
            child.kill()
        for child in self.children.values():
            child.wait(10)

    def port(self, name: str) -> int:
        """Where a child answers, by its name."""
        service, _, part = name.partition("-")
        first = self.api if part == "api" else int(self.environment["DUBAN_LOOP_PORTS_FROM"])
        return first + SERVICES.index(service)

    def url(self, service: str, path: str) -> str:
        """Where a service's API answers."""
        return f"http://127.0.0.1:{self.port(f'{service}-api')}{path}"

    async def gauges(self, name: str) -> str:
        """What a child tells of itself, as Prometheus reads it."""
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
            return (await client.get(f"http://127.0.0.1:{self.port(name)}/metrics")).text

    def thaw(self, name: str) -> None:
        self.children[name].send_signal(signal.SIGCONT)

    async def until_frozen(self, name: str) -> None:
        """Until it has stopped itself at its point."""
        await waiting.eventually(lambda: waiting.is_frozen(self.children[name].pid), f"{name} did not stop itself")

    def load(self, acknowledged: Path) -> Load:
        """A load on the door; each acknowledged number is on disk before it is counted."""
        return Load(self.url("intake", "/v1/submissions"), acknowledged, itertools.repeat(MATTER))

    async def submit(self, count: int, acknowledged: Path) -> list[str]:
        """Register so many matters; their numbers."""
        load = self.load(acknowledged)
        await load.run(count)
        assert load.unknown == [], "somebody got no answer within two minutes"
        return load.numbers

    async def submit_until_dead(self, name: str, acknowledged: Path) -> list[str]:
        """A few more matters at a time, for a loop that reads all others in one batch; their numbers."""
        child, numbers = self.children[name], list[str]()

        async def is_dead() -> bool:
            numbers.extend(await self.submit(5, acknowledged))
            return child.poll() is not None

        await waiting.until(is_dead, f"{name} did not die", 120)
        assert child.returncode == -signal.SIGKILL, f"{name} ended otherwise"
        return numbers

    async def until_routed(self, numbers: Iterable[str]) -> list[Incoming]:
        """Until every number is assigned, queued or screened out, and all is at rest; the log."""
        wanted = {prefix_of(number) for number in numbers}
        return await self.until(lambda log: wanted <= {each.key[:12] for each in log if waiting.is_routed(each)})

    async def until_told(self, numbers: Iterable[str], within: float = WITHIN) -> list[Incoming]:
        """Until every reporter was told of the registration, or nobody knows, and all is at rest; the log."""
        wanted = {prefix_of(number) for number in numbers}
        return await self.until(lambda log: wanted <= {each.key[:12] for each in log if waiting.is_told(each)}, within)

    async def until(self, done: Callable[[Sequence[Incoming]], bool], within: float = WITHIN) -> list[Incoming]:
        """Until the log says so, nothing is said any more and every loop has read it to its end; the log."""
        follower, log, until = KafkaFollower(self.bus, "tickets"), list[Incoming](), time.monotonic() + within
        quiet_since = time.monotonic()
        try:
            while time.monotonic() - quiet_since < CALM or not done(log) or not await self._is_read():
                if time.monotonic() > until or self._ended():
                    raise AssertionError(await self._why_not(log, "" if done(log) else "the log lacks some; "))
                records = await follower.fetch()
                quiet_since = time.monotonic() if records else quiet_since
                log += records
        finally:
            await follower.stop()
        return log

    async def until_read(self, service: str) -> None:
        """Until the loop of a service has read and handled all that stands in its logs now."""
        await waiting.until(
            lambda: self._has_read(f"{service}.loop"), f"{service} did not read its logs to the end", WITHIN
        )

    async def _is_read(self) -> bool:
        groups = [each for each in GROUPS if each not in PARTS and each.partition(".")[0] in self.loops]
        return all([await self._has_read(group) for group in groups])

    def _ended(self) -> str:
        """The loops that ended by themselves: nobody here starts them again."""
        codes = {name: self.children[name].poll() for name in self.loops}
        return "".join(f"{name} ended by itself ({code}); " for name, code in codes.items() if code is not None)

    async def _why_not(self, log: Sequence[Incoming], lacking: str) -> str:
        """What an engineer needs who was not there: how far each group is, and the last words of each process."""
        groups = [group for group in GROUPS if group not in PARTS]
        unread = {group: await self._unread(group) for group in groups}
        said = {name: (self.logs / f"{name}.log").read_text()[-1_500:] for name in self.children}
        return f"no rest: {self._ended()}{lacking}{len(log)} records; unread {unread}; last words {said}"

    async def _has_read(self, group: str) -> bool:
        return await self._unread(group) == 0

    async def _unread(self, group: str) -> int | None:
        """Records that a group has not handled; none when Kafka does not say."""
        progress = KafkaProgress(self.bus, group, GROUPS[group])
        try:
            ends, committed = await progress.ends(), await progress.committed()
        except Unavailable:
            return None
        return sum(max(0, end - committed.get(place, 0)) for place, end in ends.items())

    async def verify(self, numbers: Sequence[str]) -> list[InvariantFinding]:
        """What `duban verify` finds wrong."""
        async with _platform() as platform:
            return [finding for finding in await findings_of(platform, numbers, [PHONE]) if finding.wrong]

    async def lost(self, numbers: Iterable[str]) -> list[str]:
        """Those that intake has no document of."""
        async with _platform() as platform:
            stored = await platform.database("intake")["tickets"].find({}, {"_id": 1}).to_list(None)
        known = {plain["_id"][:12] for plain in stored}
        return [number for number in numbers if prefix_of(number) not in known]

    async def version(self, number: str) -> int:
        """The version of intake's document."""
        async with _platform() as platform:
            wanted = {"_id": {"$regex": f"^{prefix_of(number)}"}}
            return int((await platform.database("intake")["tickets"].find_one(wanted))["v"])

    async def until_shown(self, numbers: Collection[str]) -> None:
        """Until the portal has a document of every matter."""
        async with _platform() as platform:
            tickets = platform.database("portal")["tickets"]

            async def shown() -> bool:
                return bool(await tickets.count_documents({"doc.number": {"$in": list(numbers)}}) == len(numbers))

            await waiting.until(shown, "the portal did not show all", WITHIN)

    async def gateway(self, method: str = "GET", path: str = "/messages") -> dict[str, Any]:
        """What the SMS gateway says; by default how many messages it took, and how many of them more than once."""
        async with httpx2.AsyncClient(timeout=20, trust_env=False) as client:
            answer = await client.request(method, self.environment["DUBAN_SMS_URL"] + path)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found


@asynccontextmanager
async def _platform() -> AsyncIterator[RealPlatform]:
    platform = RealPlatform(settings(IntakeSettings), "verify")
    try:
        yield platform
    finally:
        await platform.stop()


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
            await team.until_alive("intake-api")
            yield team
        finally:
            team.stop()
            await delete_topics(team.bus)
