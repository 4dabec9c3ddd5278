"""docker-compose.yml as Kubernetes has to say it: its processes, what each is given, and where that comes from."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from contracts.topics import SERVICES, parts_of
from docs.generator.environment import COMPOSE
from runtime.process.settings import Settings

Manifest = dict[str, Any]

HEAD = "# Generated from docker-compose.yml by docs/generate.py: change it there, then `make docs`.\n"
SETTINGS, SECRETS = "duban-settings", "duban-secrets"
OF_STORES = "duban-stores"  # a ConfigMap of their own: another setting of the platform starts no store anew
STREAM = "portal-stream"  # counts live rates; it answers nothing over HTTP
PROCESSES = (*(f"{name}-{part}" for name in SERVICES for part in parts_of(name)), STREAM)
PROXIES = "DUBAN_TRUSTED_PROXIES"  # Compose publishes no port beyond the machine; here an ingress stands in front
WHERE_MONGODB = "MONGODB_AT"  # what follows the @ of MONGODB_URI: a province has other hosts
KAFKA = "KAFKA_BOOTSTRAP_SERVERS"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<kind>:\?|:?-)(?P<rest>[^}]*)\}")
SECRET = ("_KEY", "_SECRET", "_PASSWORD")
DURATION = re.compile(r"(\d+)s")


@cache
def services() -> Mapping[str, Manifest]:
    """The services of the file by their names."""
    found: Mapping[str, Manifest] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return found


def seconds(text: str) -> int:
    """Raises ValueError: Compose is asked for whole seconds here."""
    if found := DURATION.fullmatch(text):
        return int(found[1])
    raise ValueError(f"{text} is not in whole seconds")


def script(service: str) -> str:
    """What a store is started by, with its watch on the disk; Compose doubles each dollar."""
    asked = services()[service]
    return str((asked.get("entrypoint") or asked["command"])[-1]).replace("$$", "$")


def port_of(process: str) -> int:
    return Settings.model_construct().port_of(*process.rsplit("-", 1))


def is_api(process: str) -> bool:
    return process.endswith("-api")


def defaults(*of: str) -> dict[str, str]:
    """Settings of these services that are no secrets, as Compose has them where nobody says otherwise."""
    texts = [str(text) for name in of for text in services()[name]["environment"].values()]
    found = [each for text in texts for each in VARIABLE.finditer(text) if not _is_secret(each)]
    return {each["name"]: each["rest"] for each in found}


def whereabouts() -> dict[str, str]:
    """Where the stores of Compose are."""
    given = services()["prepare"]["environment"]
    return {KAFKA: str(given[KAFKA]), WHERE_MONGODB: str(given["MONGODB_URI"]).rpartition("@")[2]}


def environment(service: str, settings: str = SETTINGS) -> list[Manifest]:
    """What a container of Compose is given, each from that ConfigMap, from the Secret, or as it stands there."""
    asked = services()[service]["environment"].items()
    given = [each for name, value in asked for each in _given(name, str(value), settings)]
    return [*given, _setting(PROXIES, settings)] if is_api(service) else given


def _given(name: str, value: str, settings: str) -> Iterator[Manifest]:
    if name == KAFKA:
        yield _setting(KAFKA, settings)
    elif found := VARIABLE.fullmatch(value):
        yield _secret(name, found) if _is_secret(found) else _setting(name, settings, found["name"])
    elif found := VARIABLE.search(value):
        yield _secret(found["name"], found)
        yield _setting(WHERE_MONGODB, settings)
        yield {"name": name, "value": f"{value[: found.start()]}$({found['name']})@$({WHERE_MONGODB})"}
    else:
        yield {"name": name, "value": value}


def _secret(name: str, found: re.Match[str]) -> Manifest:
    optional = {"optional": True} if found["kind"] != ":?" else {}
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": SECRETS, "key": found["name"]} | optional}}


def _is_secret(found: re.Match[str]) -> bool:
    return found["kind"] == ":?" or found["name"].endswith(SECRET)


def _setting(name: str, settings: str, key: str = "") -> Manifest:
    return {"name": name, "valueFrom": {"configMapKeyRef": {"name": settings, "key": key or name}}}


def document(manifests: list[Manifest]) -> str:
    """The file: one manifest after the other."""
    return HEAD + "---\n".join(
        yaml.dump(each, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120) for each in manifests
    )


class _Plain(yaml.SafeDumper):
    """Writes what is said twice twice, and a script as its lines."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _text)
