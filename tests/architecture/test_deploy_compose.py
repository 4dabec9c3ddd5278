"""docker-compose.yml follows the compose schema, the service list, the settings and the versions of the project."""

import importlib
import json
import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import httpx2
import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from cli.demo.offices import HttpOffices, Tokens
from cli.env import SMS_GATEWAY
from contracts import topics
from deploy.local import plan
from deploy.local.accounts import account_of
from deploy.local.settings import LocalSettings
from deploy.local.state import StackState
from docs.generator import settings
from runtime.clock import IDENTITY, Clock
from tests.architecture.machine import PROJECT

TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = tuple(f"{name}-{part}" for name in topics.SERVICES for part in topics.parts_of(name))
PORTS = {
    f"{name}-{part}": base + n
    for n, name in enumerate(topics.SERVICES)
    for part, base in (("api", 8101), ("loop", 9101))
} | {part.replace(".", "-"): 9121 + n for n, part in enumerate(topics.PARTS)}


def test_compose_follows_the_schema() -> None:
    vendored = distribution("check-jsonschema").locate_file("check_jsonschema/builtin_schemas/vendor/compose-spec.json")
    schema = json.loads(Path(str(vendored)).read_text())
    jsonschema.validate(COMPOSE, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"services": {"x": {"imagee": "y"}}}, schema)


def test_every_part_of_every_service_runs_from_one_image() -> None:
    assert set(OURS) <= set(SERVICES)
    images = {SERVICES[name]["image"] for name in (*OURS, "prepare", "portal-stream", "sms-gateway", "demo")}
    assert len(images) == 1
    assert set(SERVICES) - set(OURS) == {
        *("kafka", "mongodb", "mongodb-users", "prepare", "portal-stream", "sms-gateway", "demo"),
        *("prometheus", "alertmanager", "grafana"),
    }


@pytest.mark.parametrize("name", OURS)
def test_a_process_is_checked_on_its_port_with_its_own_database_user(name: str) -> None:
    process = SERVICES[name]
    assert f"127.0.0.1:{PORTS[name]}/ready" in process["healthcheck"]["test"][-1]
    user = account_of(*name.rsplit("-", 1))
    assert process["environment"]["MONGODB_URI"].startswith(f"mongodb://{user}:")
    assert process["command"] == ["serve", *name.rsplit("-", 1)]
    assert process["read_only"] is True
    assert process["cap_drop"] == ["ALL"]


def test_everything_that_stays_up_has_a_health_check() -> None:
    assert [name for name, each in SERVICES.items() if each.get("restart") != "no" and "healthcheck" not in each] == []


def test_every_variable_of_a_process_is_a_setting() -> None:
    known = {setting.variable for setting in settings.declared()} | {"PYTHONPATH"}
    used = {
        variable for name in (*OURS, "prepare", "demo", "portal-stream") for variable in SERVICES[name]["environment"]
    }
    assert used <= known


@pytest.mark.parametrize("name", OURS)
def test_a_process_is_given_what_it_requires_and_no_secret_of_another(name: str) -> None:
    service, part = name.rsplit("-", 1)
    wanted = [each for each in settings.of_service(service, (part,)) if each.required]
    given = {variable for variable, value in SERVICES[name]["environment"].items() if ":?" in str(value)}
    assert given - {"MONGODB_URI"} == {each.variable for each in wanted}


def test_no_password_has_a_default() -> None:
    secrets = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|KEY)\w*)(?::-([^}]*))?", TEXT)
    assert secrets
    assert [name for name, default in secrets if default] == []


def test_what_the_local_stack_starts_compose_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI"):
        monkeypatch.delenv(name, raising=False)
    local = {each.name: each for each in plan.services(plan.Stores(StackState(tmp_path).create()), IDENTITY)}
    called = {"stream": "portal-stream"}
    assert {called.get(name, name) for name in local} - set(SERVICES) <= {"prometheus"}
    for name in OURS:
        of_the_machine = {"PYTHONPATH", "DUBAN_HOST", "DUBAN_LOG_EPOCH", "DUBAN_BUILD"}
        given = SERVICES[name]["environment"].keys() - of_the_machine
        assert {each for each in given if each.endswith(("_KEY", "_SECRET"))} == {
            each for each in local[name].env if each.endswith(("_KEY", "_SECRET"))
        }
        assert local[name].env.keys() & declared(name) <= given


def declared(process: str) -> set[str]:
    """The settings that a process of ours reads."""
    service, part = process.rsplit("-", 1)
    return {each.variable for each in settings.of_service(service, (part,))}


def test_the_people_reach_every_process_on_every_platform_by_its_name() -> None:
    demo = SERVICES["demo"]
    assert [name for name, each in SERVICES.items() if "network_mode" in each] == []
    host = demo["command"][demo["command"].index("--host") + 1]
    offices = HttpOffices(httpx2.AsyncClient(), Tokens("", Clock().wall), host)
    for name in topics.SERVICES:
        assert offices.url(name, "/") == f"http://{name}-api:{PORTS[f'{name}-api']}/"
    assert offices.of("sms-gateway") == "sms-gateway"
    needed = {each for each, of in demo["depends_on"].items() if of["condition"] == "service_healthy"}
    assert needed == {*OURS, "sms-gateway"}


def test_the_sms_gateway_is_the_one_of_the_local_stack_on_the_port_that_the_people_ask() -> None:
    entrypoint = SERVICES["sms-gateway"]["entrypoint"]
    module, _, factory = entrypoint[entrypoint.index("--factory") + 1].partition(":")
    paths = {route.path for route in getattr(importlib.import_module(module), factory)().routes}
    assert {"/messages", "/look-ups", "/inbox/{phone}"} <= paths
    assert entrypoint[-1] == str(LocalSettings.model_fields["sms_port"].default)
    assert f"http://sms-gateway:{entrypoint[-1]}" == SMS_GATEWAY


def test_ports_are_published_on_loopback_only() -> None:
    published = [port for each in SERVICES.values() for port in each.get("ports", ())]
    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_images_are_pinned() -> None:
    images = [each["image"] for name, each in SERVICES.items() if not each["image"].startswith("duban:")]
    assert [image for image in images if not re.search(r":v?\d+\.\d+(\.\d+)?$", image)] == []


def test_kafka_is_the_version_of_the_local_stack() -> None:
    version = SERVICES["kafka"]["image"].split(":")[1]
    locks = list((PROJECT / "deploy/local").rglob("kafka-*-jars.txt"))
    assert [path.name for path in locks] == [f"kafka-{version}-jars.txt"]


def test_kafka_makes_no_topic_and_keeps_positions_for_a_year() -> None:
    environment = SERVICES["kafka"]["environment"]
    assert environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert environment["KAFKA_OFFSETS_RETENTION_MINUTES"] >= 365 * 24 * 60


def test_every_service_has_a_database_user() -> None:
    users = (PROJECT / "deploy/mongodb/users.js").read_text()
    assert [name for name in topics.SERVICES if f'"{name}"' not in users] == []


def test_intake_may_write_its_collections_and_only_append_to_the_ledger() -> None:
    users = (PROJECT / "deploy/mongodb/users.js").read_text()
    listed = {name: set(re.findall(r'"(\w+)"', line)) for name, line in re.findall(r"const (\w+) = \[(.*?)\];", users)}
    code = "\n".join(path.read_text() for path in (PROJECT / "services/intake").rglob("*.py"))
    own = set(re.findall(r'database\["(\w+)"\]', code)) | {"tickets", "parked", "control", "members"}
    assert own == listed["appendOnly"] | listed["changeable"]
    assert listed["appendOnly"] == {"ledger", "ledger_heads"}
    assert listed["append"] & {"update", "remove"} == set()


def test_what_compose_mounts_exists() -> None:
    mounts = [volume.split(":")[0] for each in SERVICES.values() for volume in each.get("volumes", ())]
    assert [path for path in mounts if path.startswith("./") and not (PROJECT / path).exists()] == []
