"""What is wrong with a Compose file that follows the schema all the same: it could not be brought up.

Missing and circular dependencies, those that never become true, ports and names that two want, keys that stand twice.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import Any, NamedTuple

import yaml

Service = Mapping[str, Any]
Services = Mapping[str, Service]
DEFAULT = re.compile(r"\$\{\w+(?::?-([^}]*))?[^}]*\}")
EVERYWHERE = ("", "0.0.0.0", "::", "[::]")
SHORT = re.compile(r"(?:(?P<host>\[[^\]]*\]|[^:]*):)?(?P<from>[0-9-]+):[0-9-]+(?:/(?P<protocol>\w+))?")


class OpenPort(NamedTuple):
    """A port of the machine that a service wants."""

    service: str
    host: str
    port: int
    protocol: str


def complaints(text: str) -> list[str]:
    """Everything that is wrong with the file."""
    compose = yaml.safe_load(text)
    services: Services = compose["services"]
    return [
        *(f"line {line}: {key} stands there twice" for key, line in _doubled_keys(yaml.compose(text))),
        *_dependencies(services),
        *_cycles(services),
        *_ports(services),
        *_names(services),
        *_declared(compose),
    ]


def _doubled_keys(node: Any) -> Iterator[tuple[str, int]]:
    """A key that stands twice in one mapping: YAML takes the last and says nothing."""
    if isinstance(node, yaml.MappingNode):
        counted = Counter(key.value for key, _ in node.value)
        yield from ((name, node.start_mark.line + 1) for name, n in counted.items() if n > 1)
        for _, value in node.value:
            yield from _doubled_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _doubled_keys(value)


def needs(service: Service) -> dict[str, str]:
    """Service → the condition on it."""
    asked = service.get("depends_on", {})
    if isinstance(asked, list):
        return dict.fromkeys(asked, "service_started")
    return {name: str(each.get("condition", "service_started")) for name, each in asked.items()}


def _others(service: Service) -> Iterator[str]:
    """Services that are named without ``depends_on``."""
    yield from (str(each).split(":")[0] for each in (*service.get("links", ()), *service.get("volumes_from", ())))
    for name in ("network_mode", "pid", "ipc"):
        if str(service.get(name, "")).startswith("service:"):
            yield str(service[name]).removeprefix("service:")
    extended = service.get("extends", {})
    if isinstance(extended, Mapping) and "file" not in extended and extended:
        yield str(extended["service"])


def _dependencies(services: Services) -> Iterator[str]:
    for name, service in services.items():
        for other in (*needs(service), *_others(service)):
            if other not in services:
                yield f"{name} needs {other}, which is not there"
        for other, condition in needs(service).items():
            if other in services and (why := _never(service, services[other], condition)):
                yield f"{name} waits for {other}, which {why}"


def _never(service: Service, other: Service, condition: str) -> str:
    """Why a condition never becomes true; "" if it may."""
    if not set(other.get("profiles", ())) <= set(service.get("profiles", ())):
        return "is in a profile of its own"
    check = other.get("healthcheck", {})
    if condition == "service_healthy" and (not check or check.get("disable")):
        return "says nowhere that it is healthy"
    if condition == "service_completed_successfully" and other.get("restart", "no") in ("always", "unless-stopped"):
        return "is started again whenever it ends"
    return ""


def _cycles(services: Services) -> Iterator[str]:
    try:
        TopologicalSorter({name: [*needs(each), *_others(each)] for name, each in services.items()}).prepare()
    except CycleError as cycle:
        yield f"in a circle: {' → '.join(cycle.args[1])}"


def _ports(services: Services) -> Iterator[str]:
    wanted = [each for name, service in services.items() for each in _published(name, service)]
    for one, other in combinations(wanted, 2):
        if (one.port, one.protocol) == (other.port, other.protocol) and _meet(one.host, other.host):
            yield f"{one.service} and {other.service} both want port {one.port}"


def _meet(one: str, other: str) -> bool:
    return one == other or one in EVERYWHERE or other in EVERYWHERE


def _published(name: str, service: Service) -> Iterator[OpenPort]:
    for port in service.get("ports", ()):
        for host, ports, protocol in _asked(port):
            first, _, last = ports.partition("-")
            yield from (OpenPort(name, host, each, protocol) for each in range(int(first), int(last or first) + 1))


def _asked(port: Any) -> Iterator[tuple[str, str, str]]:
    """Host, port or range, protocol; nothing for a port that the machine chooses."""
    if isinstance(port, Mapping):
        if "published" in port:
            yield str(port.get("host_ip", "")), str(port["published"]), str(port.get("protocol", "tcp"))
    elif found := SHORT.fullmatch(DEFAULT.sub(lambda match: match[1] or "", str(port))):
        yield found["host"] or "", found["from"], found["protocol"] or "tcp"


def _names(services: Services) -> Iterator[str]:
    counted = Counter(each["container_name"] for each in services.values() if "container_name" in each)
    yield from (f"{n} services want the name {name}" for name, n in counted.items() if n > 1)


def _declared(compose: Mapping[str, Any]) -> Iterator[str]:
    for name, service in compose["services"].items():
        for kind in ("networks", "volumes", "secrets", "configs"):
            known = {*compose.get(kind, {}), "default"}
            missing = [each for each in _used(kind, service.get(kind, ())) if each not in known]
            yield from (f"{name} uses {each}, which {kind} does not declare" for each in missing)


def _used(kind: str, asked: Iterable[Any]) -> Iterator[str]:
    for each in asked:
        source = str(each.get("source", "")) if isinstance(each, Mapping) else str(each)
        if kind != "volumes":
            yield source
        elif isinstance(each, str) and re.match(r"[A-Za-z0-9]", source) and ":" in source:
            yield source.split(":")[0]
        elif isinstance(each, Mapping) and each.get("type") == "volume" and source:
            yield source
