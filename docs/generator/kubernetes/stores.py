"""deploy/kubernetes/stores: one broker and one member, for a county; started by the scripts of Compose."""

from typing import NamedTuple

from docs.generator.environment import COMPOSE
from docs.generator.kubernetes.compose import (
    OF_STORES,
    SECRETS,
    Manifest,
    defaults,
    document,
    environment,
    script,
    seconds,
    services,
)
from docs.generator.kubernetes.pods import (
    CONFINED,
    PART_OF,
    REACHES_MONGODB,
    budget,
    meta,
    named,
    pod,
    scratch,
    service,
)
from docs.generator.kubernetes.workloads import job, lines

USERS = COMPOSE.parent / "deploy/mongodb/users.js"
STOPS_WITHIN = 60  # seconds: Kafka flushes, mongod writes a checkpoint
WAIT_FOR_MONGODB = """until mongosh --quiet "$AT" --eval 'quit(db.adminCommand({ping: 1}).ok ? 0 : 1)'; do sleep 5; done
exec mongosh --quiet "$AT" /users/users.js
"""


class StoreImage(NamedTuple):
    """A store. ``user``: of its image; ``writes``: folders beside its data that it must be able to write."""

    name: str
    user: int
    port: int
    storage: str
    memory: str
    writes: tuple[str, ...]


KAFKA = StoreImage("kafka", 1000, 9092, "50Gi", "2Gi", ("/tmp", "/opt/kafka/config", "/opt/kafka/logs"))  # noqa: S108
MONGODB = StoreImage("mongodb", 999, 27017, "50Gi", "3Gi", ("/tmp", "/data/configdb"))  # noqa: S108


HOME = {"name": "HOME", "value": "/tmp"}  # noqa: S108


def settings() -> str:
    return lines(defaults("kafka", "mongodb", "mongodb-users"))


def page() -> str:
    return document([each for kept in (KAFKA, MONGODB) for each in _store(kept)])


def _store(kept: StoreImage) -> list[Manifest]:
    marks, claim = named(kept.name) | PART_OF, {"accessModes": ["ReadWriteOnce"]}
    spec = pod(kept.name, _container(kept), kept.user) | {"terminationGracePeriodSeconds": STOPS_WITHIN}
    data = meta("PersistentVolumeClaim", "v1", kept.name)
    data["spec"] = claim | {"resources": {"requests": {"storage": kept.storage}}}
    whole = {
        "serviceName": kept.name,
        "replicas": 1,
        "selector": {"matchLabels": named(kept.name)},
        "template": {"metadata": {"labels": marks}, "spec": spec},
        "volumeClaimTemplates": [data],
    }
    return [
        meta("StatefulSet", "apps/v1", kept.name, labels=marks) | {"spec": whole},
        service(kept.name, {kept.name: kept.port} | _others(kept), headless=True, early=True),
        budget(kept.name),
    ]


def _others(kept: StoreImage) -> dict[str, int]:
    return {"controller": 9093} if kept is KAFKA else {}


def _container(kept: StoreImage) -> Manifest:
    """The script waits for room each time that the container starts; so no probe may end it meanwhile."""
    asked = services()[kept.name]
    places = {f"scratch-{n}": path for n, path in enumerate(kept.writes)}
    data = scratch(kept.name, asked["volumes"][0].partition(":")[2]) | {"subPath": "data"}  # beside lost+found
    ports = {kept.name: kept.port} | _others(kept)
    return {
        "name": kept.name,
        "image": asked["image"],
        "command": ["bash", "-c", script(kept.name)],
        "env": [*environment(kept.name, OF_STORES), *([HOME] if kept is MONGODB else [])],
        "ports": [{"name": name, "containerPort": number} for name, number in ports.items()],
        "readinessProbe": _ready(asked["healthcheck"]),
        "resources": {"requests": {"cpu": "500m", "memory": kept.memory}, "limits": {"memory": kept.memory}},
        "securityContext": CONFINED,
        "volumeMounts": [data, *(scratch(name, path) for name, path in places.items())],
        "volumes": [{"name": name, "emptyDir": {}} for name in places],
    }


def _ready(check: Manifest) -> Manifest:
    how, *command = check["test"]
    asked = ["bash", "-c", *command] if how == "CMD-SHELL" else command
    rhythm = {"periodSeconds": 3 * seconds(check["interval"]), "timeoutSeconds": seconds(check["timeout"])}
    return {"exec": {"command": asked}} | rhythm


def users() -> str:
    """stores/users.yaml: the replica set, roles and users, by the script of Compose."""
    held = meta("ConfigMap", "v1", "mongodb-users") | {"data": {"users.js": USERS.read_text(encoding="utf-8")}}
    marks = named("mongodb-users") | PART_OF | {REACHES_MONGODB: "yes"}
    return document([held, job("mongodb-users", pod("mongodb-users", _users(), MONGODB.user), marks)])


def _users() -> Manifest:
    root = {"name": "ROOT", "valueFrom": {"secretKeyRef": {"name": SECRETS, "key": "DUBAN_MONGODB_ROOT_PASSWORD"}}}
    at = {"name": "AT", "value": services()["mongodb-users"]["entrypoint"][2]}
    at["value"] = "mongodb://root:$(ROOT)@" + at["value"].rpartition("@")[2]
    return {
        "name": "mongodb-users",
        "image": services()["mongodb-users"]["image"],
        "command": ["bash", "-c", WAIT_FOR_MONGODB],
        "env": [root, at, HOME, *environment("mongodb-users", OF_STORES)],
        "securityContext": CONFINED,
        "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
        "volumeMounts": [scratch("tmp", "/tmp"), scratch("users", "/users") | {"readOnly": True}],  # noqa: S108
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "users", "configMap": {"name": "mongodb-users"}}],
    }
