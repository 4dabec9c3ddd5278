"""The image: from the lock with hashes, in two stages, not as root, with everything that a service imports."""

import re

from tests.architecture.machine import PROJECT

DOCKERFILE = (PROJECT / "deploy/Dockerfile").read_text()
PACKAGES = ("contracts", "runtime", "services", "simulation", "deploy", "cli")
FINAL = DOCKERFILE.split("\nFROM ")[-1]


def test_dependencies_come_from_the_lock_with_hashes() -> None:
    assert "--require-hashes --requirement /tmp/requirements.lock" in DOCKERFILE
    assert "--hash=sha256:" in (PROJECT / "requirements.lock").read_text()


def test_the_last_stage_runs_as_nobody_special() -> None:
    user = re.findall(r"^USER (\S+)$", FINAL, re.MULTILINE)
    assert user == ["10001:10001"]
    assert "pip install" not in FINAL


def test_every_package_is_in_the_image() -> None:
    assert set(re.findall(r"^COPY (\w+) \./\1$", FINAL, re.MULTILINE)) == set(PACKAGES)


def test_base_images_are_pinned_to_the_python_of_the_project() -> None:
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"python:3.11-slim-bookworm"}
