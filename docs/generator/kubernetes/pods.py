"""Pods: how every container here is held, and where its replicas stand."""

from docs.generator.kubernetes.compose import (
    Manifest,
    environment,
    is_api,
    port_of,
    seconds,
    services,
)

PART_OF = {"app.kubernetes.io/part-of": "duban"}
REACHES_KAFKA, REACHES_MONGODB = "duban/kafka", "duban/mongodb"
USER = 10001  # of the image (deploy/Dockerfile)
ENDS_WITHIN = 30  # seconds from the first word of the end on: a process needs less than ten, an API five before
LEAVES_FIRST = 5  # seconds in which whoever calls an API hears that it goes
STARTS_WITHIN = 150  # seconds until /live
LIVE = {"periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 6}
CONFINED: Manifest = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def named(name: str) -> dict[str, str]:
    """What tells a workload's pods from all others."""
    return {"app.kubernetes.io/name": name}


def labels(process: str) -> dict[str, str]:
    """With what a process reaches, for the network's rules."""
    given = services()[process].get("environment", {})
    reached = {REACHES_KAFKA: "KAFKA_BOOTSTRAP_SERVERS", REACHES_MONGODB: "MONGODB_URI"}
    return named(process) | PART_OF | {label: "yes" for label, setting in reached.items() if setting in given}


def meta(kind: str, version: str, name: str, **more: object) -> Manifest:
    """The head of a manifest."""
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name} | more}


def pod(process: str, container: Manifest, user: int = USER) -> Manifest:
    """One container that is nobody special; its replicas stand apart where they can."""
    volumes = container.pop("volumes", [])
    return {
        "enableServiceLinks": False,
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": ENDS_WITHIN,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": user,
            "runAsGroup": user,
            "fsGroup": user,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": named(process)},
            }
        ],
        "containers": [container],
        "volumes": volumes,
    }


def container(process: str) -> Manifest:
    """A process of ours, as Compose starts it."""
    asked = services()[process]
    found: Manifest = {"name": process, "image": "duban:development", "imagePullPolicy": "IfNotPresent"}
    found |= {"command": asked["entrypoint"]} if "entrypoint" in asked else {"args": list(asked["command"])}
    found |= {"workingDir": asked["working_dir"]} if "working_dir" in asked else {}
    found |= {"env": environment(process), "securityContext": CONFINED}
    found["resources"] = {"requests": {"cpu": "100m", "memory": "200Mi"}, "limits": {"memory": "512Mi"}}
    found["volumeMounts"], found["volumes"] = [scratch("tmp", "/tmp")], [{"name": "tmp", "emptyDir": {}}]  # noqa: S108
    return found


def scratch(name: str, path: str) -> Manifest:
    """A folder that may be written, of a container whose own are not."""
    return {"name": name, "mountPath": path}


def answering(process: str) -> Manifest:
    """A process of ours with its port and its health; ready by the rhythm of Compose."""
    check = services()[process]["healthcheck"]
    ready = {
        "periodSeconds": seconds(check["interval"]),
        "timeoutSeconds": seconds(check["timeout"]),
        "failureThreshold": check["retries"],
    }
    start = {"periodSeconds": 5, "failureThreshold": STARTS_WITHIN // 5}
    probes = {
        "startupProbe": _asked("/live") | start,
        "livenessProbe": _asked("/live") | LIVE,
        "readinessProbe": _asked("/ready") | ready,
    }
    leaving = {"lifecycle": {"preStop": {"sleep": {"seconds": LEAVES_FIRST}}}} if is_api(process) else {}
    ports = [{"name": "http", "containerPort": port_of(process)}]
    return container(process) | {"ports": ports} | probes | leaving


def _asked(path: str) -> Manifest:
    return {"httpGet": {"path": path, "port": "http"}}


def budget(name: str) -> Manifest:
    """At most one of a workload's pods is away by somebody's will."""
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": named(name)}}
    return meta("PodDisruptionBudget", "policy/v1", name) | {"spec": spec}


def service(name: str, ports: dict[str, int], *, headless: bool = False, early: bool = False) -> Manifest:
    """An address; ``headless``: that of the pods themselves; ``early``: before they are ready, for they look for it."""
    listed = [{"name": each, "port": number, "targetPort": each} for each, number in ports.items()]
    spec: Manifest = ({"clusterIP": "None"} if headless else {}) | ({"publishNotReadyAddresses": True} if early else {})
    spec |= {"selector": named(name), "ports": listed}
    return meta("Service", "v1", name, labels=named(name) | PART_OF) | {"spec": spec}
