"""What the local stack consists of: the stores, the topics, and a process per half of a service."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from contracts.topics import SERVICES
from deploy.local import secrets
from deploy.local.kafka import Broker
from deploy.local.keeper import Child
from deploy.local.mongod import Mongod
from deploy.local.state import ROOT, State, port, refuse_taken, wait_for_port
from runtime.admin import create_topics, lay_positions
from runtime.clock import Segment
from runtime.kafka import Bus

Say = Callable[..., None]
DAY_IN_SECONDS = 4.0  # of wall time: how long a day of the demonstration lasts
TRIES = 30  # looks whether Kafka answers, a second apart
STORE_STARTS_WITHIN = 90.0  # seconds
STORE_STOPS_WITHIN = 20.0  # seconds

KAFKA = ("DUBAN_KAFKA_PORT", 29092)
CONTROLLER = ("DUBAN_KAFKA_CONTROLLER_PORT", 29093)
MONGODB = ("DUBAN_MONGODB_PORT", 27117)
PROMETHEUS = ("DUBAN_PROMETHEUS_PORT", 9190)
SMS = ("DUBAN_SMS_PORT", 8190)


def wanted_ports() -> dict[str, tuple[str, int]]:
    """What → (the setting that changes it, the port)."""
    wanted = {"the SMS gateway": (SMS[0], port(*SMS))}
    if shutil.which("prometheus"):
        wanted["Prometheus"] = (PROMETHEUS[0], port(*PROMETHEUS))
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


def namespace() -> str:
    """Prefix of topics and databases."""
    return os.environ.get("DUBAN_NAMESPACE") or "duban"


def rate() -> float:
    """How much faster than wall time the demonstration's domain time runs."""
    return 24 * 3600 / float(os.environ.get("DUBAN_DAY_SECONDS", DAY_IN_SECONDS))


def demo_options() -> list[str]:
    """Options of ``duban demo``, from the environment."""
    return os.environ.get("DUBAN_DEMO", "").split()


class Stores:
    """Kafka and MongoDB: started here, or given by KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI."""

    def __init__(self, folder: State) -> None:
        self.folder = folder
        self.secrets = secrets.load(folder.secrets)
        self.rate = rate()
        self.given_kafka = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
        self.given_mongodb = os.environ.get("MONGODB_URI", "")
        self._broker = Broker(folder.root / "kafka", port(*KAFKA), port(*CONTROLLER))
        self._mongod = Mongod(folder.root / "mongodb", port(*MONGODB), self.secrets["MONGODB_PASSWORD_ADMIN"])

    def prepare(self, say: Say) -> list[Child]:
        """What is not given, ready to be started. Raises PortTaken, JarRefused, MongodMissing."""
        refuse_taken(wanted_ports())
        children = []
        if not self.given_mongodb:
            say("mongodb")
            children.append(Child("mongod", tuple(self._mongod.prepare()), stop_within=STORE_STOPS_WITHIN))
        if not self.given_kafka:
            say("kafka")
            children.append(Child("kafka", tuple(self._broker.prepare()), stop_within=STORE_STOPS_WITHIN))
        return children

    def wait(self, say: Say) -> None:
        """Until both answer; users and their rights are made. Raises DidNotStart."""
        if not self.given_mongodb:
            wait_for_port(self._mongod.port, STORE_STARTS_WITHIN, self.folder.logs / "mongod.log")
            self._mongod.initiate()
            self._mongod.grant(namespace(), self.passwords)
        if not self.given_kafka:
            wait_for_port(self._broker.port, STORE_STARTS_WITHIN, self.folder.logs / "kafka.log")

    @property
    def passwords(self) -> dict[str, str]:
        """By service."""
        return {name: self.secrets[f"MONGODB_PASSWORD_{name.upper()}"] for name in SERVICES}

    @property
    def kafka(self) -> str:
        """Where Kafka is."""
        return self.given_kafka or self._broker.servers

    @property
    def bus(self) -> Bus:
        """The topics of this installation."""
        return Bus(servers=self.kafka, namespace=namespace())

    def mongodb(self, service: str) -> str:
        """A service's own URI."""
        return self.given_mongodb or self._mongod.uri_of(service, self.passwords[service])


async def lay_topics(stores: Stores, say: Say) -> None:
    """Topics and positions; Kafka may need a moment after its port is open."""
    say("topics")
    for nth in range(TRIES):
        try:
            await create_topics(stores.bus)
            await lay_positions(stores.bus)
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
    demo = (python, "-m", "services", "demo", *demo_options())
    return [*children, Child("demo", demo, shared, once=True)]


def environment(stores: Stores, segment: Segment) -> dict[str, str]:
    """What every process gets."""
    given = {name: value for name, value in stores.secrets.items() if not name.startswith("MONGODB_PASSWORD_")}
    return given | {
        "KAFKA_BOOTSTRAP_SERVERS": stores.kafka,
        "DUBAN_CLOCK": str(segment),
        "DUBAN_NAMESPACE": namespace(),
        "DUBAN_SMS_URL": f"http://127.0.0.1:{port(*SMS)}",
        "PYTHONPATH": str(ROOT),
    }


def _prometheus(binary: str, root: Path) -> list[str]:
    """Scrapes the loops and the APIs; data in the state folder. Jobs are called as in the other installations."""
    jobs = ", ".join(
        f"{{job_name: {job}, static_configs: [{{targets: {[f'127.0.0.1:{number}' for number in ports.values()]}}}]}}"
        for job, ports in (("duban-api", api_ports()), ("duban-loop", loop_ports()))
    )
    config = root / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 5s, evaluation_interval: 5s}\n"
        f"rule_files: ['{ROOT}/deploy/prometheus/rules/*.yml']\n"
        f"scrape_configs: [{jobs}]\n"
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
