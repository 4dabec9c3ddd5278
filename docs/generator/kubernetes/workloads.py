"""deploy/kubernetes/platform: APIs as Deployments, loops and parts as StatefulSets, whose pods keep their names."""

from collections.abc import Mapping

from docs.generator.kubernetes.compose import (
    PROCESSES,
    PROXIES,
    STREAM,
    Manifest,
    defaults,
    document,
    is_api,
    port_of,
    services,
    whereabouts,
)
from docs.generator.kubernetes.pods import (
    answering,
    budget,
    container,
    labels,
    meta,
    named,
    pod,
    scratch,
    service,
)
from runtime.http.bodies import BODY_LIMIT

REPLICAS = 2
ALONE = ("intake-loop",)  # one: its erasure list is on a volume that one machine has at a time
MEMBER = {"name": "DUBAN_MEMBER", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
KEPT_SECONDS = 3600  # a Job that ended is looked at for so long, then it may be applied again
TRIES = 30  # of a Job, each later than the one before
SHOWING = "portal-api"  # has the pages, and is the one that the ingress leads to


def settings() -> str:
    return lines(whereabouts() | {PROXIES: ""} | defaults(*PROCESSES, "prepare"))


def lines(values: Mapping[str, str]) -> str:
    """What a ConfigMap is made from."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


def apis() -> str:
    found: list[Manifest] = []
    for process in (each for each in PROCESSES if is_api(each)):
        rolling = {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}}
        spec = {"replicas": REPLICAS} | _template(process, answering(process)) | rolling
        found += [
            meta("Deployment", "apps/v1", process, labels=labels(process)) | {"spec": spec},
            service(process, {"http": port_of(process)}),
            budget(process),
        ]
    return document([*found, _stream()])


def _stream() -> Manifest:
    """Counts live rates; one at a time, and nothing asks it anything."""
    spec = {"replicas": 1, "strategy": {"type": "Recreate"}} | _template(STREAM, container(STREAM))
    return meta("Deployment", "apps/v1", STREAM, labels=labels(STREAM)) | {"spec": spec}


def loops() -> str:
    found: list[Manifest] = []
    for process in (each for each in PROCESSES if not is_api(each) and each != STREAM):
        spec: Manifest = {"serviceName": process, "replicas": 1 if process in ALONE else REPLICAS}
        spec |= {"podManagementPolicy": "Parallel"} | _template(process, _member(process))
        found += [
            meta("StatefulSet", "apps/v1", process, labels=labels(process)) | {"spec": spec},
            service(process, {"http": port_of(process)}, headless=True),
            budget(process),
        ]
    return document([*found, *_volumes()])


def _member(process: str) -> Manifest:
    """A replica that is called what its pod is called, with the volumes that Compose gives it."""
    found = answering(process)
    found["env"] = [*found["env"], MEMBER]
    for each in services()[process].get("volumes", ()):
        name, path = each.split(":")
        found["volumeMounts"] = [*found["volumeMounts"], scratch(name, path)]
        found["volumes"] = [*found["volumes"], {"name": name, "persistentVolumeClaim": {"claimName": name}}]
    return found


def _volumes() -> list[Manifest]:
    names = [each.split(":")[0] for name in PROCESSES for each in services()[name].get("volumes", ())]
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return [meta("PersistentVolumeClaim", "v1", name) | {"spec": spec} for name in names]


def prepare() -> str:
    """platform/prepare.yaml: by the command of Compose, which waits, and lays nothing over another log."""
    return document([job("prepare", pod("prepare", container("prepare")), labels("prepare"))])


def job(name: str, spec: Manifest, marks: dict[str, str]) -> Manifest:
    """Done once, and tried again until it is."""
    template = {"metadata": {"labels": marks}, "spec": {"restartPolicy": "OnFailure"} | spec}
    once = {"backoffLimit": TRIES, "ttlSecondsAfterFinished": KEPT_SECONDS, "template": template}
    return meta("Job", "batch/v1", name, labels=marks) | {"spec": once}


def _template(process: str, spec: Manifest) -> Manifest:
    template = {"metadata": {"labels": labels(process)}, "spec": pod(process, spec)}
    return {"selector": {"matchLabels": named(process)}, "template": template}


def ingress() -> str:
    """platform/ingress.yaml: the pages, with the bound on bodies that the API has."""
    bounds = {
        "nginx.ingress.kubernetes.io/proxy-body-size": f"{BODY_LIMIT // 1024}k",
        "nginx.ingress.kubernetes.io/proxy-buffering": "off",  # the live page is a stream
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600",
    }
    backend = {"service": {"name": SHOWING, "port": {"name": "http"}}}
    host = "duban.example.org"
    spec = {
        "tls": [{"hosts": [host], "secretName": "duban-tls"}],
        "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}],
    }
    return document([meta("Ingress", "networking.k8s.io/v1", "pages", annotations=bounds) | {"spec": spec}])
