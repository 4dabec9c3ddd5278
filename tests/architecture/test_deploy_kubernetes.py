"""deploy/kubernetes says what docker-compose.yml says, and holds each pod as close as it can be held."""

import copy
import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from cli.env import page as env_file
from deploy.local.accounts import account_of
from docs.generator.kubernetes.compose import PROXIES, WHERE_MONGODB
from runtime.clock import WallTime, system_wall
from runtime.http.bodies import BODY_LIMIT
from runtime.process.settings import Settings
from tests.architecture.kubernetes_rules import (
    OURS,
    STORES,
    WORKLOADS,
    Manifest,
    by_kind,
    complaints,
    environment,
    pod_of,
    read,
    selects,
)
from tests.architecture.machine import PROJECT

FOLDER = PROJECT / "deploy/kubernetes"
MANIFESTS = read(FOLDER)
WORKLOAD = by_kind(MANIFESTS, *WORKLOADS)
MAPS = {name: each["data"] for name, each in by_kind(MANIFESTS, "ConfigMap").items()}
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
SAME = (*OURS, *STORES, "prepare", "portal-stream", "mongodb-users")
OF_COMPOSE_ALONE = {"sms-gateway", "demo", "prometheus", "alertmanager", "grafana"}
MORE = {WHERE_MONGODB, "DUBAN_MONGODB_PASSWORD", "DUBAN_MEMBER", PROXIES, "HOME", "ROOT", "AT"}
OPERATIONS = (PROJECT / "docs/operations.md").read_text()


def test_nothing_is_wrong_with_the_manifests() -> None:
    assert complaints(MANIFESTS) == []


def test_every_service_of_compose_has_its_workload_and_no_other_is_there() -> None:
    assert set(WORKLOAD) == set(COMPOSE) - OF_COMPOSE_ALONE


@pytest.mark.parametrize("name", SAME)
def test_a_container_is_given_what_compose_gives_it(name: str) -> None:
    given = {variable: as_compose_says(how) for variable, how in environment(WORKLOAD[name]).items()}
    wanted = {variable: str(value) for variable, value in COMPOSE[name]["environment"].items()}
    assert {variable: given.get(variable) for variable in wanted} == {
        variable: without_reason(value) for variable, value in wanted.items()
    }
    assert given.keys() - wanted.keys() <= MORE


def as_compose_says(how: Manifest) -> str:
    """A variable as it would stand in docker-compose.yml, without the reason that a missing one is refused with."""
    come = how.get("valueFrom", {})
    if asked := come.get("configMapKeyRef"):
        value = MAPS[asked["name"]][asked["key"]]
        return value if asked["key"].startswith("KAFKA_BOOTSTRAP") else f"${{{asked['key']}:-{value}}}"
    if asked := come.get("secretKeyRef"):
        return f"${{{asked['key']}:-}}" if asked.get("optional") else f"${{{asked['key']}}}"
    mongodb = MAPS["duban-settings"][WHERE_MONGODB]
    written = str(how.get("value", "")).replace(f"$({WHERE_MONGODB})", mongodb)
    return re.sub(r"\$\((\w+)\)", r"${\1}", written)


def without_reason(value: str) -> str:
    return re.sub(r"\$\{(\w+):?-([^}]*)\}", r"${\1:-\2}", re.sub(r"\$\{(\w+):\?[^}]*\}", r"${\1}", value))


@pytest.mark.parametrize("name", SAME)
def test_a_container_is_started_from_the_image_of_compose(name: str) -> None:
    image = pod_of(WORKLOAD[name])["containers"][0]["image"]
    assert image == re.sub(r"\$\{\w+:-(\w+)\}", r"\1", COMPOSE[name]["image"])


@pytest.mark.parametrize("name", [*OURS, "prepare"])
def test_a_process_is_started_as_compose_starts_it(name: str) -> None:
    container = pod_of(WORKLOAD[name])["containers"][0]
    assert container["args"] == COMPOSE[name]["command"]
    account = "prepare" if name == "prepare" else account_of(*name.rsplit("-", 1))
    assert environment(WORKLOAD[name])["MONGODB_URI"]["value"].startswith(f"mongodb://{account}:$(")


@pytest.mark.parametrize("name", OURS)
def test_a_process_is_found_on_its_port_by_the_name_that_compose_has(name: str) -> None:
    (port,) = pod_of(WORKLOAD[name])["containers"][0]["ports"]
    assert port == {"name": "http", "containerPort": Settings.model_construct().port_of(*name.rsplit("-", 1))}
    assert by_kind(MANIFESTS, "Service")[name]["spec"]["ports"][0]["port"] == port["containerPort"]


@pytest.mark.parametrize("name", STORES)
def test_a_store_waits_for_room_by_the_words_of_compose(name: str) -> None:
    asked = COMPOSE[name].get("entrypoint") or COMPOSE[name]["command"]
    script = pod_of(WORKLOAD[name])["containers"][0]["command"][-1]
    assert script == asked[-1].replace("$$", "$")
    assert not set(re.findall(r"\$\(([^)]*)\)", script)) & environment(WORKLOAD[name]).keys()  # Kubernetes' own writing
    (mounted,) = [each for each in pod_of(WORKLOAD[name])["containers"][0]["volumeMounts"] if each["name"] == name]
    assert f"df -Pk {mounted['mountPath']} " in script


def test_the_script_says_that_there_is_no_room_and_starts_nothing() -> None:
    script = pod_of(WORKLOAD["kafka"])["containers"][0]["command"][-1]
    here = script.replace("/var/lib/kafka/data", "/tmp").replace("exec /etc/kafka/docker/run", "echo started")
    for least, said in ((2**62, "no room: fewer than"), (0, "started")):
        waits = here.replace("sleep 5", "exit 3")
        done = subprocess.run(
            ["bash", "-c", waits],
            env={"PATH": "/usr/bin:/bin", "DUBAN_DISK_LEAST": str(least)},
            capture_output=True,
            text=True,
        )
        assert said in done.stdout
        assert ("started" in done.stdout) is (least == 0)


def test_the_users_are_made_by_the_script_of_compose() -> None:
    assert MAPS["mongodb-users"]["users.js"] == (PROJECT / "deploy/mongodb/users.js").read_text()


def test_who_shares_the_list_of_erasures_is_alone() -> None:
    claimed = {
        name: each["spec"]["replicas"]
        for name, each in WORKLOAD.items()
        if any("persistentVolumeClaim" in volume for volume in pod_of(each)["volumes"])
    }
    assert claimed == {"intake-loop": 1}


def may_reach(port: int, to: str) -> set[str]:
    """The workloads whose pods the rules let speak with another on that port: out of the one and into the other."""
    marks = {name: each["spec"]["template"]["metadata"]["labels"] for name, each in WORKLOAD.items()}
    return {
        name
        for name in marks
        if allows("egress", "to", marks[name], marks[to], port)
        and allows("ingress", "from", marks[to], marks[name], port)
    }


def allows(way: str, peers: str, of: dict[str, str], other: dict[str, str], port: int) -> bool:
    for policy in by_kind(MANIFESTS, "NetworkPolicy").values():
        for rule in policy["spec"].get(way, ()) if selects(policy["spec"]["podSelector"], of) else ():
            met = any("podSelector" in peer and selects(peer["podSelector"], other) for peer in rule[peers])
            if met and port in [each["port"] for each in rule.get("ports", [{"port": port}])]:
                return True
    return False


def test_who_may_speak_with_whom() -> None:
    assert may_reach(9092, "kafka") == {*OURS, "kafka", "prepare", "portal-stream"}
    assert may_reach(27017, "mongodb") == {*OURS, "mongodb", "prepare", "mongodb-users"}
    assert may_reach(9093, "kafka") == {"kafka"}
    for name in (each for each in OURS if each.endswith("-api")):
        assert may_reach(Settings.model_construct().port_of(*name.rsplit("-", 1)), name) == {"portal-api"}
    assert may_reach(9101, "intake-loop") == set()


def test_the_ingress_reaches_the_pages_alone_with_the_bound_of_the_api() -> None:
    (ingress,) = by_kind(MANIFESTS, "Ingress").values()
    paths = [path["backend"]["service"]["name"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    assert paths == ["portal-api"]
    assert ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"] == f"{BODY_LIMIT // 1024}k"
    policies = by_kind(MANIFESTS, "NetworkPolicy")
    (opened,) = [name for name, each in policies.items() if "ingress-nginx" in str(each)]
    assert policies[opened]["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "portal-api"}}


def test_the_line_of_the_handbook_makes_the_secret_with_every_key_that_is_asked_for() -> None:
    command = next(line for line in OPERATIONS.splitlines() if "duban env | sed" in line)
    sed = command.split("|")[1].strip()
    done = subprocess.run(sed, shell=True, input=env_file(WallTime(system_wall())), capture_output=True, text=True)
    made = dict(line.split("=", 1) for line in done.stdout.splitlines())
    asked = {
        how["valueFrom"]["secretKeyRef"]["key"]
        for each in WORKLOAD.values()
        for how in environment(each).values()
        if "secretKeyRef" in how.get("valueFrom", {}) and not how["valueFrom"]["secretKeyRef"].get("optional")
    }
    assert asked <= made.keys()
    assert [name for name, value in made.items() if "'" in value or not value] == []
    assert "DUBAN_CLOCK" not in made


Change = Callable[[list[Manifest]], object]


def without(kind: str, name: str) -> Change:
    return lambda all_of: all_of.remove(by_kind(all_of, kind)[name])


def in_pod(name: str, *path: str | int, value: object = None) -> Change:
    """Sets what stands in a pod, or takes it away."""

    def change(all_of: list[Manifest]) -> None:
        place: Any = pod_of(by_kind(all_of, *WORKLOADS)[name])
        for step in path[:-1]:
            place = place[step]
        if value is None:
            del place[path[-1]]
        else:
            place[path[-1]] = value

    return change


def without_variable(name: str, variable: str) -> Change:
    def change(all_of: list[Manifest]) -> None:
        given = pod_of(by_kind(all_of, *WORKLOADS)[name])["containers"][0]["env"]
        given[:] = [each for each in given if each["name"] != variable]

    return change


FIRST = ("containers", 0)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (without("StatefulSet", "notify-hooks"), "notify-hooks has no workload"),
        (without("Job", "prepare"), "prepare has no workload"),
        (without("PodDisruptionBudget", "sla-loop"), "sla-loop has no budget"),
        (without_variable("sla-loop", "DUBAN_MEMBER"), "sla-loop is not called what its pod is called"),
        (in_pod("sla-loop", "securityContext", "runAsNonRoot"), "sla-loop may run as root"),
        (in_pod("sla-loop", "securityContext", "runAsUser", value=0), "sla-loop may run as root"),
        (in_pod("kafka", "securityContext", "seccompProfile"), "kafka may call all of the kernel"),
        (
            in_pod("kafka", "enableServiceLinks"),
            "kafka is given variables named after services, which Kafka takes for settings",
        ),
        (in_pod("kafka", "automountServiceAccountToken"), "kafka is given a key to the cluster"),
        (in_pod("sla-api", *FIRST, "securityContext", "capabilities"), "sla-api has privileges"),
        (in_pod("sla-api", *FIRST, "securityContext", "readOnlyRootFilesystem"), "sla-api may write its own image"),
        (in_pod("sla-api", *FIRST, "resources"), "sla-api may take all of the memory"),
        (
            in_pod("kafka", *FIRST, "image", value="apache/kafka:latest"),
            "kafka runs apache/kafka:latest, which is not pinned",
        ),
        (in_pod("sla-api", *FIRST, "livenessProbe"), "sla-api is not asked whether it lives"),
        (in_pod("sla-api", *FIRST, "readinessProbe"), "sla-api is not asked whether it is ready"),
        (in_pod("sla-loop", "terminationGracePeriodSeconds", value=5), "sla-loop is not let finish"),
        (in_pod("mongodb", *FIRST, "command", -1, value="exec mongod"), "mongodb starts on a full disk"),
        (
            in_pod("kafka", *FIRST, "livenessProbe", value={"periodSeconds": 1}),
            "kafka is ended while it waits for room",
        ),
        (
            in_pod("sla-api", *FIRST, "env", 0, value={"name": "DUBAN_VAULT_KEY", "value": "x"}),
            "sla-api has DUBAN_VAULT_KEY in clear",
        ),
        (
            lambda all_of: by_kind(all_of, "ConfigMap")["duban-stores"]["data"].pop("DUBAN_KAFKA_FLUSH_MESSAGES"),
            "kafka asks duban-stores for DUBAN_KAFKA_FLUSH_MESSAGES, which it does not have",
        ),
        (
            lambda all_of: all_of.append({"kind": "Secret", "metadata": {"name": "x"}}),
            "Secret x stands in the project",
        ),
        (
            lambda all_of: by_kind(all_of, "Service")["sla-api"]["spec"]["selector"].update({"a": "b"}),
            "Service sla-api finds no pod",
        ),
    ],
)
def test_what_is_taken_away_is_seen(change: Change, seen: str) -> None:
    changed = copy.deepcopy(MANIFESTS)
    change(changed)
    assert seen in complaints(changed)
