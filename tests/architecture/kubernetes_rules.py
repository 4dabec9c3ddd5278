"""What is wrong with the manifests that Kubernetes would take all the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from contracts.topics import SERVICES, parts_of

Manifest = dict[str, Any]
WORKLOADS = ("Deployment", "StatefulSet", "Job")
OURS = tuple(f"{name}-{part}" for name in SERVICES for part in parts_of(name))
STORES = ("kafka", "mongodb")


def read(folder: Path) -> list[Manifest]:
    """Every manifest that a kustomization lists, and the ConfigMaps that it makes, each under its name."""
    asked = yaml.safe_load((folder / "kustomization.yaml").read_text())
    found = [
        {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": each["name"]}, "data": _lines(folder, each)}
        for each in asked.get("configMapGenerator", ())
    ]
    for name in asked["resources"]:
        path = folder / name
        found += read(path) if path.is_dir() else list(yaml.safe_load_all(path.read_text()))
    return found


def _lines(folder: Path, asked: Manifest) -> dict[str, str]:
    texts = [(folder / name).read_text() for name in asked["envs"]]
    return dict(line.split("=", 1) for text in texts for line in text.splitlines())


def by_kind(manifests: Sequence[Manifest], *kinds: str) -> dict[str, Manifest]:
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] in kinds}


def pod_of(workload: Manifest) -> Manifest:
    found: Manifest = workload["spec"]["template"]["spec"]
    return found


def environment(workload: Manifest) -> dict[str, Manifest]:
    """Variable → how it is given."""
    return {each["name"]: each for each in pod_of(workload)["containers"][0]["env"]}


def complaints(manifests: Sequence[Manifest]) -> list[str]:
    workloads = by_kind(manifests, *WORKLOADS)
    return [
        *(f"{name} has no workload" for name in (*OURS, *STORES, "prepare", "portal-stream") if name not in workloads),
        *(f"{kind} {name} stands there twice" for kind, name in _twice(manifests)),
        *(f"{name} {what}" for name, each in workloads.items() for what in _of_pod(pod_of(each))),
        *(f"{name} {what}" for name in OURS if name in workloads for what in _of_process(workloads[name])),
        *(f"{name} {what}" for name in STORES if name in workloads for what in _of_store(workloads[name])),
        *_unmatched(manifests, workloads),
        *_unknown(manifests, workloads),
    ]


def _twice(manifests: Sequence[Manifest]) -> Iterator[tuple[str, str]]:
    named = [(each["kind"], each["metadata"]["name"]) for each in manifests]
    yield from sorted({each for each in named if named.count(each) > 1})


def _of_pod(pod: Manifest) -> Iterator[str]:
    held = pod.get("securityContext", {})
    if not held.get("runAsNonRoot") or not held.get("runAsUser"):
        yield "may run as root"
    if held.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "may call all of the kernel"
    if pod.get("enableServiceLinks") is not False:
        yield "is given variables named after services, which Kafka takes for settings"
    if pod.get("automountServiceAccountToken") is not False:
        yield "is given a key to the cluster"
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        yield from _of_container(container)


def _of_container(container: Manifest) -> Iterator[str]:
    held = container.get("securityContext", {})
    if held.get("allowPrivilegeEscalation") is not False or held.get("capabilities") != {"drop": ["ALL"]}:
        yield "has privileges"
    if held.get("privileged") or held.get("readOnlyRootFilesystem") is not True:
        yield "may write its own image"
    if "memory" not in container.get("resources", {}).get("limits", {}):
        yield "may take all of the memory"
    if not re.search(r":(v?\d+\.\d+(\.\d+)?|development)$", container["image"]):
        yield f"runs {container['image']}, which is not pinned"
    for each in container.get("env", ()):
        if re.search(r"(_KEY|_SECRET|PASSWORD)$", each["name"]) and "secretKeyRef" not in each.get("valueFrom", {}):
            yield f"has {each['name']} in clear"


def _of_process(workload: Manifest) -> Iterator[str]:
    container = pod_of(workload)["containers"][0]
    asked = {name: container.get(name, {}).get("httpGet", {}).get("path") for name in ("livenessProbe", "startupProbe")}
    if set(asked.values()) != {"/live"}:
        yield "is not asked whether it lives"
    if container.get("readinessProbe", {}).get("httpGet", {}).get("path") != "/ready":
        yield "is not asked whether it is ready"
    if pod_of(workload).get("terminationGracePeriodSeconds", 0) < 20:
        yield "is not let finish"
    if not workload["metadata"]["name"].endswith("-api"):
        yield from _of_member(workload)


def _of_member(workload: Manifest) -> Iterator[str]:
    how = environment(workload).get("DUBAN_MEMBER", {}).get("valueFrom")
    if workload["kind"] != "StatefulSet" or how != {"fieldRef": {"fieldPath": "metadata.name"}}:
        yield "is not called what its pod is called"
    if workload["spec"].get("podManagementPolicy") != "Parallel":
        yield "waits for its replicas one after the other"


def _of_store(workload: Manifest) -> Iterator[str]:
    """A start on a full disk may come up empty; the probes of a pod that waits for room must not end it."""
    container = pod_of(workload)["containers"][0]
    if "no room: fewer than" not in container["command"][-1]:
        yield "starts on a full disk"
    if {"livenessProbe", "startupProbe"} & container.keys():
        yield "is ended while it waits for room"


def _unmatched(manifests: Sequence[Manifest], workloads: Mapping[str, Manifest]) -> Iterator[str]:
    """A workload that stays up has a budget; all that selects pods finds some."""
    kept = [name for name, each in workloads.items() if each["kind"] != "Job" and each["spec"]["replicas"] > 1]
    budgets = by_kind(manifests, "PodDisruptionBudget")
    yield from (f"{name} has no budget" for name in kept if name not in budgets)
    marks = [each["spec"]["template"]["metadata"]["labels"] for each in workloads.values()]
    for kind in ("Service", "PodDisruptionBudget", "NetworkPolicy"):
        for name, each in by_kind(manifests, kind).items():
            chosen = each["spec"].get("podSelector", each["spec"].get("selector", {}))
            if not any(selects(chosen, of) for of in marks):
                yield f"{kind} {name} finds no pod"


def selects(selector: Manifest, marks: Mapping[str, str]) -> bool:
    """Whether a selector, whole or as Services have it, takes a pod with these labels."""
    some = [each for each in selector.get("matchExpressions", ()) if marks.get(each["key"]) not in each["values"]]
    plain = selector.get("matchLabels", {} if "matchExpressions" in selector or not selector else selector)
    return not some and plain.items() <= marks.items()


def _unknown(manifests: Sequence[Manifest], workloads: Mapping[str, Manifest]) -> Iterator[str]:
    known = {name: each["data"] for name, each in by_kind(manifests, "ConfigMap").items()}
    for name, workload in workloads.items():
        for each in environment(workload).values():
            asked = each.get("valueFrom", {}).get("configMapKeyRef")
            if asked and asked["key"] not in known.get(asked["name"], {}):
                yield f"{name} asks {asked['name']} for {asked['key']}, which it does not have"
    for name in by_kind(manifests, "Secret"):
        yield f"Secret {name} stands in the project"
