"""What the local stack consists of: the stores, the topics, and a process per half of a service."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from contracts.topics import SERVICES
from deploy.local import secrets
from deploy.local.kafka import Broker
from deploy.local.mongod import Mongod
from deploy.local.state import ROOT, State, port, refuse_taken
from runtime.admin import create_topics, lay_positions
from runtime.clock import Segment
from runtime.kafka import Bus

Say = Callable[..., None]
NAMESPACE = "duban"
DAY_IN_SECONDS = 4.0  # of wall time: how long a day of the demonstration lasts
TRIES = 30  # looks whether Kafka answers, a second apart

KAFKA = ("DUBAN_KAFKA_PORT", 29092)
CONTROLLER = ("DUBAN_KAFKA_CONTROLLER_PORT", 29093)
MONGODB = ("DUBAN_MONGODB_PORT", 27117)
PROMETHEUS = ("DUBAN_PROMETHEUS_PORT", 9190)
SMS = ("DUBAN_SMS_PORT", 8190)


@dataclass(frozen=True, slots=True)
class Child:
    """One process. ``once``: it may end by itself."""

    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    once: bool = False


def wanted_ports() -> dict[str, tuple[str, int]]:
    """What → (the setting that changes it, the port)."""
    wanted = {"the SMS gateway": (SMS[0], port(*SMS))}
    if not os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        wanted |= {"Kafka": (KAFKA[0], port(*KAFKA)), "Kafka's controller": (CONTROLLER[0], port(*CONTROLLER))}
    if not os.environ.get("MONGODB_URI"):
        wanted["MongoDB"] = (MONGODB[0], port(*MONGODB))
    wanted |= {f"the API of {name}": ("DUBAN_API_PORTS_FROM", number) for name, number in api_ports().items()}
    return wanted | {f"the loop of {name}": ("DUBAN_LOOP_PORTS_FROM", number) for name, number in loop_ports().items()}


def api_ports() -> dict[str, int]:
    """intake's port and those after it."""
    first = port("DUBAN_API_PORTS_FROM", 8101)
    return {name: first + nth for nth, name in enumerate(SERVICES)}


def loop_ports() -> dict[str, int]:
    """The ports of the loops' health and metrics."""
    first = port("DUBAN_LOOP_PORTS_FROM", 9101)
    return {name: first + nth for nth, name in enumerate(SERVICES)}


class Stores:
    """Kafka and MongoDB: started here, or given by KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI."""

    def __init__(self, folder: State) -> None:
        self.folder = folder
        self.secrets = secrets.load(folder.secrets)
        self.rate = 24 * 3600 / float(os.environ.get("DUBAN_DAY_SECONDS", DAY_IN_SECONDS))
        self._broker = Broker(folder.root / "kafka", port(*KAFKA), port(*CONTROLLER))
        self._mongod = Mongod(folder.root / "mongodb", port(*MONGODB), self.secrets["MONGODB_PASSWORD_ADMIN"])

    def start(self, say: Say) -> None:
        """Start what is not given. Raises PortTaken, DidNotStart, MongodMissing."""
        refuse_taken(wanted_ports())
        if not os.environ.get("MONGODB_URI"):
            say("mongodb")
            self._mongod.start(self.folder.logs / "mongod.log")
            self._mongod.grant(NAMESPACE, self.passwords)
        if not os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
            say("kafka")
            self._broker.start(self.folder.logs / "kafka.log")

    def stop(self) -> None:
        """Stop what was started here."""
        self._broker.stop()
        self._mongod.stop()

    @property
    def passwords(self) -> dict[str, str]:
        """By service."""
        return {name: self.secrets[f"MONGODB_PASSWORD_{name.upper()}"] for name in SERVICES}

    @property
    def kafka(self) -> str:
        """Where Kafka is."""
        return os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or self._broker.servers

    def mongodb(self, service: str) -> str:
        """A service's own URI."""
        return os.environ.get("MONGODB_URI") or self._mongod.uri_of(service, self.passwords[service])


async def prepare(stores: Stores, segment: Segment, say: Say) -> None:
    """Topics and positions; Kafka may need a moment after its port is open."""
    say("topics")
    bus = Bus(servers=stores.kafka, namespace=NAMESPACE)
    for nth in range(TRIES):
        try:
            await create_topics(bus)
            await lay_positions(bus)
        except Exception:
            if nth == TRIES - 1:
                raise
            await asyncio.sleep(1.0)
        else:
            return


def services(stores: Stores, segment: Segment) -> list[Child]:
    """Every process after the stores."""
    python = sys.executable
    shared = environment(stores, segment)
    children = [
        Child(
            f"{name}-{part}",
            (python, "-m", "services", "serve", name, part),
            shared | {"MONGODB_URI": stores.mongodb(name)},
        )
        for name in SERVICES
        for part in ("loop", "api")
    ]
    gateway = (python, "-m", "deploy.local.sms_gateway", "--port", str(port(*SMS)))
    children.append(Child("sms-gateway", gateway, shared))
    children.append(Child("stream", (python, "-m", "services.portal.stream"), shared))
    if prometheus := shutil.which("prometheus"):
        children.append(Child("prometheus", tuple(_prometheus(prometheus, stores.folder.root))))
    demo = (python, "-m", "services", "demo", *os.environ.get("DUBAN_DEMO", "").split())
    return [*children, Child("demo", demo, shared, once=True)]


def environment(stores: Stores, segment: Segment) -> dict[str, str]:
    """What every process gets."""
    given = {name: value for name, value in stores.secrets.items() if not name.startswith("MONGODB_PASSWORD_")}
    return given | {
        "KAFKA_BOOTSTRAP_SERVERS": stores.kafka,
        "DUBAN_CLOCK": str(segment),
        "DUBAN_NAMESPACE": NAMESPACE,
        "DUBAN_SMS_URL": f"http://127.0.0.1:{port(*SMS)}",
        "PYTHONPATH": str(ROOT),
    }


def _prometheus(binary: str, root: Path) -> list[str]:
    """Scrapes the loops and the APIs; data in the state folder."""
    targets = [f"127.0.0.1:{number}" for ports in (api_ports(), loop_ports()) for number in ports.values()]
    config = root / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 5s, evaluation_interval: 5s}\n"
        f"rule_files: ['{ROOT}/deploy/prometheus/rules/*.yml']\n"
        f"scrape_configs: [{{job_name: duban, static_configs: [{{targets: {targets}}}]}}]\n"
    )
    return [
        *(binary, f"--config.file={config}", f"--storage.tsdb.path={root / 'prometheus'}"),
        *(f"--web.listen-address=127.0.0.1:{port(*PROMETHEUS)}", "--storage.tsdb.retention.time=2d"),
        "--log.level=warn",
    ]


def addresses() -> dict[str, str]:
    """What to open."""
    portal = f"http://127.0.0.1:{api_ports()['portal']}/"
    found = {"live page": portal, "intake API": f"http://127.0.0.1:{api_ports()['intake']}/openapi.json"}
    if shutil.which("prometheus"):
        found["Prometheus"] = f"http://127.0.0.1:{port(*PROMETHEUS)}/"
    return found
