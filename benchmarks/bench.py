"""What the benchmarks share: a stack, child processes, rounds in turn, a report."""

import asyncio
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from deploy.local.kafka import Broker
from deploy.local.mongod import Mongod
from deploy.local.state import ROOT, free_port
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Outgoing
from runtime.identity.tokens import new_key_pair
from runtime.kafka.bus import Bus
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.kafka.writer import KafkaWriter

DELETES_AT_ONCE = {"log.segment.delete.delay.ms": "500"}  # not a minute later, which is in the midst of another turn
GONE_WITHIN = 60.0  # seconds

Rate = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Result:
    """A figure beside its floor: rates per second in the order of the rounds, and the ratio of their medians."""

    name: str
    unit: str
    measured: list[float]
    floor: list[float]
    target: float
    costs: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Measured over floor: the median of the pairs, so that a drifting machine does not count."""
        return statistics.median(mine / bare for mine, bare in zip(self.measured, self.floor, strict=True))

    def line(self) -> str:
        """One line of the report."""
        verdict = "reached" if self.ratio >= self.target else "SHORT"
        mine, bare = statistics.median(self.measured), statistics.median(self.floor)
        figures = f"{mine:9.0f} {self.unit:<14} floor {bare:9.0f}"
        return f"{self.name:<34} {figures}  ratio {self.ratio:.2f} (≥ {self.target:.2f}: {verdict})"

    def where(self) -> list[str]:
        """Where the time goes: milliseconds of processor time that one unit costs each process."""
        return [
            f"  {which:<9} {sum(costs.values()):6.2f} ms = "
            + ", ".join(f"{name} {ms:.2f}" for name, ms in sorted(costs.items(), key=lambda each: -each[1]))
            for which, costs in self.costs.items()
        ]

    def plain(self) -> dict[str, object]:
        return asdict(self) | {"ratio": self.ratio, "reached": self.ratio >= self.target}


@dataclass(frozen=True, slots=True)
class Ground:
    """A stack and the settings that processes on it need."""

    kafka: str
    mongodb_uri: str
    namespace: str
    environment: dict[str, str]
    processes: dict[str, int] = field(default_factory=dict)
    """Name → process id, of what runs now: the stores, when they were started here, and the children."""
    data: Path | None = None
    """Where Kafka keeps its topics, when it was started here."""

    @property
    def bus(self) -> Bus:
        """The bus of this benchmark's namespace."""
        return Bus(servers=self.kafka, namespace=self.namespace)

    def apart(self, **more: str) -> "Ground":
        """A namespace of its own, in which nothing is yet; ``more``: further settings of its processes."""
        name = f"b{secrets.token_hex(4)}"
        environment = {**self.environment, **more, "DUBAN_NAMESPACE": name}
        return Ground(self.kafka, self.mongodb_uri, name, environment, dict(self.processes), self.data)

    async def fresh(self, groups: Mapping[str, tuple[str, ...]] | None = None, **more: str) -> "Ground":
        """A namespace of its own, with topics and positions."""
        ground = self.apart(**more)
        await create_topics(ground.bus)
        await (lay_positions(ground.bus, groups) if groups else lay_positions(ground.bus))
        return ground

    async def forget(self) -> None:
        """Delete the topics and the databases, and wait until Kafka has done so: the next turn would pay for it."""
        await delete_topics(self.bus)
        with MongoClient[Any](self.mongodb_uri) as client:
            for name in client.list_database_names():
                if name.startswith(f"{self.namespace}_"):
                    client.drop_database(name)
        async with asyncio.timeout(GONE_WITHIN):
            while self.data and any(self.data.glob(f"{self.namespace}.*")):  # noqa: ASYNC110 — a folder tells nobody
                await asyncio.sleep(0.2)

    def spent(self) -> dict[str, float]:
        """Seconds of processor time that each process has used, this one too."""
        return {name: cpu_seconds(pid) for name, pid in {**self.processes, "load": os.getpid()}.items()}

    def peaks(self) -> dict[str, float]:
        """The most memory that each child has taken so far, in MB."""
        return {name: peak_mb(pid) for name, pid in self.processes.items()}

    @contextmanager
    def process(self, *arguments: str, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A child Python process of this tree, ended with the context."""
        name = " ".join(each for each in arguments[1:] if each not in ("cli", "serve"))
        with self.child(name, [sys.executable, *arguments], ROOT, **more) as child:
            yield child

    @contextmanager
    def child(self, name: str, command: Sequence[str], root: Path, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A child process of the tree in ``root``, ended with the context."""
        environment = {**os.environ, **self.environment, **more, "PYTHONPATH": str(root)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or a fresh tree would compile itself anew for each process
        quiet = subprocess.DEVNULL
        child = subprocess.Popen(command, env=environment, cwd=root, stdin=quiet, stdout=quiet, stderr=quiet)
        self.processes[name] = child.pid
        try:
            yield child
        finally:
            del self.processes[name]
            child.terminate()
            try:
                child.wait(12)
            except subprocess.TimeoutExpired:
                child.kill()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int) -> float:
    """The high-water mark of a process's resident memory."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmHWM")) / 1024


def costs(before: Mapping[str, float], after: Mapping[str, float], units: int) -> dict[str, float]:
    """Milliseconds a unit, by process."""
    return {name: 1000 * (after[name] - before[name]) / units for name in after}


def settings(kafka: str, uri: str) -> dict[str, str]:
    """Secrets of no use elsewhere, and where everything is."""
    private, public = new_key_pair()
    key = b64encode(secrets.token_bytes(32)).decode()
    long = ("DUBAN_TICKET_ID_SECRET", "DUBAN_CODE_SECRET", "DUBAN_BODY_SECRET", "DUBAN_SMS_KEY")
    return {name: secrets.token_urlsafe(36) for name in long} | {
        "DUBAN_VAULT_KEY": key,
        "DUBAN_LEDGER_KEY": key,
        "DUBAN_PAGES_KEY": key,
        "DUBAN_STAFF_KEY": key,
        "DUBAN_TOKEN_PUBLIC_KEY": public,
        "DUBAN_TOKEN_PRIVATE_KEY": private,
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "MONGODB_URI": uri,
    }


@contextmanager
def ground() -> Iterator[Ground]:
    """The stack of the environment, or one started here."""
    kafka, uri = os.environ.get("KAFKA_BOOTSTRAP_SERVERS"), os.environ.get("MONGODB_URI")
    if kafka and uri:
        yield Ground(kafka, uri, "", settings(kafka, uri))
        return
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as name:
        folder = Path(name)
        broker = Broker(folder / "kafka", free_port(), free_port(), more=DELETES_AT_ONCE)
        mongod = Mongod(folder / "mongodb", free_port(), secrets.token_urlsafe(16))
        try:
            mongod.start(folder / "mongod.log")
            broker.start(folder / "kafka.log")
            there = {"Kafka": broker.process, "mongod": mongod.process}
            pids = {name: process.pid for name, process in there.items() if process is not None}
            yield Ground(
                broker.servers, mongod.uri, "", settings(broker.servers, mongod.uri), pids, broker.folder / "data"
            )
        finally:
            broker.stop()
            mongod.stop()


async def publish_all(writer: KafkaWriter, messages: Sequence[Outgoing], at_once: int = 500) -> None:
    """Publish in batches; a batch that nobody is sure of goes again, as a door's caller would do it."""
    for start in range(0, len(messages), at_once):
        while True:
            try:
                await writer.publish(messages[start : start + at_once])
            except Unavailable:
                print("  Kafka did not acknowledge in time: a batch goes again, and this turn is slower", flush=True)
                continue
            break


async def in_turn(name: str, unit: str, target: float, rounds: int, mine: Rate, bare: Rate) -> Result:
    """Measure both, one after the other, so many times."""
    measured, floor = [], []
    for nth in range(rounds):
        floor.append(await bare())
        measured.append(await mine())
        print(f"  {name}, round {nth + 1}: {measured[-1]:.0f} beside {floor[-1]:.0f} {unit}", flush=True)
    return Result(name, unit, measured, floor, target)
