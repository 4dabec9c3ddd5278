"""What the local stack consists of: the stores, the topics, and a process per part of a service."""

import importlib
import shutil
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from threading import Event

import orjson

from contracts.topics import PARTS, SERVICES, parts_of
from deploy.local import secrets
from deploy.local.accounts import ACCOUNTS, DOCUMENTS, account_of
from deploy.local.kafka import Broker
from deploy.local.keeper import Child
from deploy.local.mongod import Mongod
from deploy.local.settings import local, variable
from deploy.local.state import ROOT, StackState, refuse_taken, wait_for_port
from runtime.clock import Segment, parse_segment
from runtime.kafka.bus import Bus
from runtime.mongo.client import Mongo
from runtime.process.laying import lay_when_ready
from runtime.process.settings import Settings, variable_of

Say = Callable[..., None]
STORE_STARTS_WITHIN = 90.0  # seconds
STORE_STOPS_WITHIN = 20.0  # seconds


def wanted_ports() -> dict[str, tuple[str, int]]:
    """What → (the setting that changes it, the port)."""
    settings = local()
    fields = {"the SMS gateway": "sms_port"}
    if shutil.which("prometheus"):
        fields["Prometheus"] = "prometheus_port"
    if not settings.has_kafka:
        fields |= {"Kafka": "kafka_port", "Kafka's controller": "kafka_controller_port"}
    if not settings.has_mongodb:
        fields["MongoDB"] = "mongodb_port"
    return (
        {what: (variable(name), getattr(settings, name)) for what, name in fields.items()}
        | {f"the API of {name}": (variable("api_ports_from"), port) for name, port in api_ports().items()}
        | {f"the loop of {name}": (variable("loop_ports_from"), port) for name, port in loop_ports().items()}
        | {f"the part {name}": (variable("part_ports_from"), port) for name, port in part_ports().items()}
    )


def api_ports() -> dict[str, int]:
    """intake's port and those after it."""
    return {name: local().port_of(name, "api") for name in SERVICES}


def loop_ports() -> dict[str, int]:
    """The ports of the loops' health and metrics."""
    return {name: local().port_of(name, "loop") for name in SERVICES}


def part_ports() -> dict[str, int]:
    """The ports of the other parts' health and metrics, by service.part."""
    return {each: local().port_of(*each.split(".")) for each in PARTS}


class Stores:
    """Kafka and MongoDB: started here, or given by KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI."""

    def __init__(self, folder: StackState) -> None:
        self.folder = folder
        self.secrets = secrets.load(folder.secrets)
        self.settings = settings = local()
        self._broker = Broker(folder.root / "kafka", settings.kafka_port, settings.kafka_controller_port, settings.java)
        self._mongod = Mongod(folder.root / "mongodb", settings.mongodb_port, self.secrets["MONGODB_PASSWORD_ADMIN"])

    def prepare(self, say: Say, stop: Event) -> list[Child]:
        """What is not given, ready to be started. Raises PortTaken, MongodMissing and what jars.all_of raises."""
        refuse_taken(wanted_ports())
        children = []
        if not self.settings.has_mongodb:
            say("mongodb")
            children.append(self._store("mongod", self._mongod.prepare(), self._mongod.folder))
        if not self.settings.has_kafka:
            command = self._broker.prepare(say, stop)
            say("kafka")
            children.append(self._store("kafka", command, self._broker.folder))
        return children

    def _store(self, name: str, command: Sequence[str], disk: Path) -> Child:
        least = self.settings.disk_least
        return Child(name, tuple(command), stop_within=STORE_STOPS_WITHIN, disk=disk, least=least)

    def wait(self, stop: Event) -> None:
        """Until both answer; users and their rights are made. Raises DidNotStart, also when somebody says stop."""

        def goes_on() -> bool:
            return not stop.is_set()

        if not self.settings.has_mongodb:
            wait_for_port(self._mongod.port, STORE_STARTS_WITHIN, self.folder.logs / "mongod.log", goes_on)
            self._mongod.initiate()
            self._mongod.grant(self.settings.namespace, self.passwords)
        if not self.settings.has_kafka:
            wait_for_port(self._broker.port, STORE_STARTS_WITHIN, self.folder.logs / "kafka.log", goes_on)

    @property
    def passwords(self) -> dict[str, str]:
        return {name: self.secrets[secrets.password_of(name)] for name in ACCOUNTS}

    @property
    def kafka(self) -> str:
        return self.settings.kafka_bootstrap_servers if self.settings.has_kafka else self._broker.servers

    @property
    def bus(self) -> Bus:
        """The topics of this installation."""
        return Bus(servers=self.kafka, namespace=self.settings.namespace, epoch=self.settings.log_epoch)

    def mongodb(self, service: str) -> str:
        """A service's own URI, or that of "admin"."""
        if self.settings.has_mongodb:
            return self.settings.mongodb_uri
        if service == "admin":
            return self._mongod.uri
        return self._mongod.uri_of(service, self.passwords[service])


async def lay_topics(stores: Stores, say: Say) -> None:
    """Topics and positions. Raises LogLost when the documents know another log than Kafka has."""
    say("topics")
    mongo = Mongo(stores.mongodb("admin"), stores.settings.namespace)
    try:
        await lay_when_ready(stores.bus, mongo.database, DOCUMENTS)
    finally:
        await mongo.close()


def services(stores: Stores, segment: Segment) -> list[Child]:
    """Every process after the stores."""
    python = sys.executable
    shared = environment(stores, segment)
    children = [
        Child(
            f"{name}-{part}",
            (python, "-m", "cli", "serve", name, part),
            _without_keys(shared, variables_of(name, part)) | {"MONGODB_URI": stores.mongodb(account_of(name, part))},
        )
        for name in SERVICES
        for part in parts_of(name)
    ]
    gateway = (python, "-m", "deploy.local.sms_gateway", "--port", str(stores.settings.sms_port))
    children.append(Child("sms-gateway", gateway, _without_keys(shared)))
    children.append(Child("stream", (python, "-m", "services.portal.reading.live.counting"), _without_keys(shared)))
    if prometheus := shutil.which("prometheus"):
        children.append(Child("prometheus", tuple(_prometheus(prometheus, stores.folder.root))))
    demo = (python, "-m", "cli", "demo", *stores.settings.demo.split())
    return [*children, Child("demo", demo, shared, once=True)]


def variables_of(service: str, part: str) -> set[str]:
    """The settings that a part of a service declares."""
    module = importlib.import_module(f"services.{service}.settings")
    kinds = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Settings)]
    return {variable_of(each, field) for each in kinds if part in each.PARTS for field in each.model_fields}


def _without_keys(shared: Mapping[str, str], declared: Collection[str] = ()) -> dict[str, str]:
    """What all share: a key or a secret that a process does not declare is not given to it."""
    return {name: value for name, value in shared.items() if name in declared or not name.endswith(("_KEY", "_SECRET"))}


def reach(folder: StackState, user: str) -> dict[str, str]:
    """What a command needs to reach this installation as a service or as "admin"; nothing before its first start."""
    if not folder.secrets.exists() or not folder.clock.exists():
        return {}
    stores = Stores(folder)
    segment = parse_segment(orjson.loads(folder.clock.read_bytes())["segment"])
    return environment(stores, segment) | {"MONGODB_URI": stores.mongodb(user)}


def environment(stores: Stores, segment: Segment) -> dict[str, str]:
    given = {name: value for name, value in stores.secrets.items() if not name.startswith("MONGODB_PASSWORD_")}
    return given | {
        "KAFKA_BOOTSTRAP_SERVERS": stores.kafka,
        "DUBAN_CLOCK": str(segment),
        "DUBAN_NAMESPACE": stores.settings.namespace,
        "DUBAN_SMS_URL": f"http://127.0.0.1:{stores.settings.sms_port}",
        "DUBAN_SMS_REPLIES": "true",
        "DUBAN_SITE": f"http://127.0.0.1:{api_ports()['portal']}/mine",
        "DUBAN_STAFF_SITE": f"http://127.0.0.1:{api_ports()['portal']}/staff",
        "DUBAN_ERASURE_LIST": str(stores.folder.root / "erasures.txt"),
        "PYTHONPATH": str(ROOT),
    }


def _prometheus(binary: str, root: Path) -> list[str]:
    """Scrapes the loops and the APIs; data in the state folder. Jobs are called as in the other installations."""
    jobs = ", ".join(
        f"{{job_name: {job}, static_configs: [{{targets: {[f'127.0.0.1:{number}' for number in ports.values()]}}}]}}"
        for job, ports in (("duban-api", api_ports()), ("duban-loop", loop_ports()), ("duban-part", part_ports()))
    )
    config = root / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 5s, evaluation_interval: 5s}\n"
        f"rule_files: ['{ROOT}/deploy/prometheus/rules/*.yml']\n"
        f"scrape_configs: [{jobs}]\n"
    )
    return [
        *(binary, f"--config.file={config}", f"--storage.tsdb.path={root / 'prometheus'}"),
        *(f"--web.listen-address=127.0.0.1:{local().prometheus_port}", "--storage.tsdb.retention.time=2d"),
        "--log.level=warn",
    ]


def addresses() -> dict[str, str]:
    portal = f"http://127.0.0.1:{api_ports()['portal']}/"
    found = {"live page": portal, "intake API": f"http://127.0.0.1:{api_ports()['intake']}/openapi.json"}
    if shutil.which("prometheus"):
        found["Prometheus"] = f"http://127.0.0.1:{local().prometheus_port}/"
    return found
