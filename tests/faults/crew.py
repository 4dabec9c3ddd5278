"""Services as real child processes that a test may kill, and a load whose acknowledged numbers are on disk."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import httpx2

from contracts.envelope import type_of
from contracts.identifiers import prefix_of
from deploy.local.state import ROOT, free_port
from runtime.admin import create_topics, delete_topics, lay_positions
from runtime.kafka import Bus, KafkaFollower
from runtime.platform import RealPlatform
from runtime.settings import load as settings
from services.commands.verify import Finding, findings_of
from services.intake.settings import IntakeSettings
from tests.acceptance.town import SECRETS
from tests.stack import Stack

CONNECTIONS = 24
LOOPS = ("intake", "routing", "sla", "notify", "feedback")
ROUTED = ("TicketAssigned", "AssignmentQueued", "TicketScreenedOut")
WITHIN = 240.0  # seconds for everything to be routed
CALM = 4.0  # seconds without a new record: everything has come to rest
MATTER = {
    "title": "高村镇自来水停水三天",
    "content": "麻阳县高村镇农贸市场旁自来水停水三天，水压低，打过电话没有来修，请尽快抢修。",
    "place": "高村镇农贸市场",
    "reporter": {"phone": "13900000000", "channel": "sms"},
}


@dataclass
class Crew:
    """Child processes by name, on one namespace."""

    bus: Bus
    environment: dict[str, str]
    api: int
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *arguments: str, **more: str) -> None:
        """Start one, or start it again."""
        quiet = subprocess.DEVNULL
        environment = os.environ | self.environment | more
        command = [sys.executable, *arguments]
        self.children[name] = subprocess.Popen(
            command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, cwd=ROOT
        )

    def start_loop(self, name: str, **more: str) -> None:
        """The loop of a service."""
        self.start(name, "-m", "services", "serve", name, "loop", **more)

    def kill(self, name: str) -> None:
        """kill -9, and see that it is dead of it."""
        child = self.children[name]
        child.send_signal(signal.SIGKILL)
        assert child.wait(10) == -signal.SIGKILL, f"{name} did not die of the signal"

    def stop(self) -> None:
        """End all."""
        for child in self.children.values():
            child.kill()
        for child in self.children.values():
            child.wait(10)

    async def submit(self, count: int, acknowledged: Path) -> list[str]:
        """Register so many matters; each acknowledged number is on disk before it is counted."""
        left, numbers = iter(range(count)), list[str]()
        with acknowledged.open("a") as disk:
            async with httpx2.AsyncClient(timeout=20, trust_env=False) as client:
                workers = [self._register(client, left, numbers, disk) for _ in range(CONNECTIONS)]
                await asyncio.gather(*workers)
        return numbers

    async def _register(
        self, client: httpx2.AsyncClient, left: Iterator[int], numbers: list[str], disk: TextIO
    ) -> None:
        for _ in left:
            key = str(uuid.uuid4())
            number = await self._until_acknowledged(client, key)
            disk.write(number + "\n")
            disk.flush()
            os.fsync(disk.fileno())
            numbers.append(number)

    async def _until_acknowledged(self, client: httpx2.AsyncClient, key: str) -> str:
        """The same key until it is answered 201: what a careful caller does."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                url = f"http://127.0.0.1:{self.api}/v1/submissions"
                answer = await client.post(url, json=MATTER, headers={"Idempotency-Key": key})
                if answer.status_code == 201:
                    return str(answer.json()["number"])
            except httpx2.HTTPError:
                pass  # unknown: the same key is safe to send again
            await asyncio.sleep(0.2)
        raise AssertionError("a submission was not acknowledged within a minute")

    async def until_routed(self, numbers: Sequence[str]) -> None:
        """Until every acknowledged matter is assigned, queued or screened out, and nothing is said any more."""
        wanted, until = {prefix_of(number) for number in numbers}, time.monotonic() + WITHIN
        follower, quiet_since = KafkaFollower(self.bus, "tickets"), time.monotonic()
        while wanted or time.monotonic() - quiet_since < CALM:
            assert time.monotonic() < until, f"{len(wanted)} matters were not routed within {WITHIN:.0f} s"
            records = await follower.fetch()
            quiet_since = time.monotonic() if records else quiet_since
            wanted -= {record.ticket[:12] for record in records if type_of(record.headers) in ROUTED}
        await follower.stop()

    async def verify(self, numbers: Sequence[str]) -> list[Finding]:
        """What `duban verify` finds wrong."""
        platform = RealPlatform(settings(IntakeSettings), "verify")
        try:
            return [finding for finding in await findings_of(platform, list(numbers)) if finding.wrong]
        finally:
            await platform.stop()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@asynccontextmanager
async def crew(stack: Stack) -> AsyncIterator[Crew]:
    """A namespace with intake's API, all loops and an SMS gateway running; loops are started by the test."""
    namespace, ports, gateway = f"f{secrets.token_hex(4)}", free_port() // 20 * 20, free_port()
    values = SECRETS | {
        "KAFKA_BOOTSTRAP_SERVERS": stack.kafka,
        "MONGODB_URI": stack.mongodb_uri,
        "DUBAN_NAMESPACE": namespace,
        "DUBAN_API_PORTS_FROM": str(ports),
        "DUBAN_LOOP_PORTS_FROM": str(ports + 10),
        "DUBAN_SMS_URL": f"http://127.0.0.1:{gateway}",
        "DUBAN_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }
    with _environment(values):
        team = Crew(stack.bus(namespace), values, ports)
        await create_topics(team.bus)
        await lay_positions(team.bus)
        team.start("gateway", "-m", "deploy.local.sms_gateway", "--port", str(gateway))
        team.start("api", "-m", "services", "serve", "intake", "api")
        try:
            yield team
        finally:
            team.stop()
            await delete_topics(team.bus)
