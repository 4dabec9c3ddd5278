"""Each manifest follows the schema of its kind, of the oldest release that is named and of the newest that is known."""

import pytest
from kubernetes_validate import ValidationError, latest_version, validate

from tests.architecture.kubernetes_rules import Manifest, read
from tests.architecture.machine import PROJECT

MANIFESTS = read(PROJECT / "deploy/kubernetes")
OLDEST = "1.30"  # from there on `preStop.sleep` is there by default


@pytest.mark.parametrize("version", [OLDEST, latest_version()])
def test_the_manifests_follow_the_schemas(version: str) -> None:
    for each in MANIFESTS:
        validate(each, version, strict=True)
    assert len(MANIFESTS) > 80


@pytest.mark.parametrize("planted", [{"replcas": 2}, {"replicas": "two"}])
def test_a_planted_fault_is_seen(planted: Manifest) -> None:
    wrong = next(each for each in MANIFESTS if each["kind"] == "StatefulSet")
    with pytest.raises(ValidationError):
        validate(wrong | {"spec": wrong["spec"] | planted}, OLDEST, strict=True)
