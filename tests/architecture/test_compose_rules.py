"""docker-compose.yml can be brought up: what the schema does not see. Each rule is seen red by a planted fault."""

from typing import Any

import pytest
import yaml

from tests.architecture.compose_rules import complaints
from tests.architecture.machine import PROJECT

TEXT = (PROJECT / "docker-compose.yml").read_text()
HEALTHY = {"test": ["CMD", "true"]}


def test_the_file_of_the_project_can_be_brought_up() -> None:
    assert complaints(TEXT) == []


def with_services(**services: dict[str, Any]) -> str:
    """The project's file with more services."""
    compose = yaml.safe_load(TEXT)
    return yaml.safe_dump(compose | {"services": compose["services"] | services})


@pytest.mark.parametrize(
    ("service", "seen"),
    [
        ({"depends_on": ["nobody"]}, "planted needs nobody, which is not there"),
        ({"depends_on": {"kafak": {"condition": "service_healthy"}}}, "planted needs kafak, which is not there"),
        ({"links": ["nobody:n"]}, "planted needs nobody, which is not there"),
        ({"volumes_from": ["nobody:ro"]}, "planted needs nobody, which is not there"),
        ({"network_mode": "service:nobody"}, "planted needs nobody, which is not there"),
        ({"extends": {"service": "nobody"}}, "planted needs nobody, which is not there"),
        ({"depends_on": ["planted"]}, "in a circle: planted → planted"),
        ({"depends_on": ["prometheus"]}, "planted waits for prometheus, which is in a profile of its own"),
        (
            {"depends_on": {"prepare": {"condition": "service_healthy"}}},
            "planted waits for prepare, which says nowhere that it is healthy",
        ),
        (
            {"depends_on": {"kafka": {"condition": "service_completed_successfully"}}},
            "planted waits for kafka, which is started again whenever it ends",
        ),
        ({"ports": ["127.0.0.1:8101:80"]}, "intake-api and planted both want port 8101"),
        ({"ports": ["8101:80"]}, "intake-api and planted both want port 8101"),
        ({"ports": ["[::]:8101:80"]}, "intake-api and planted both want port 8101"),
        ({"ports": ["127.0.0.1:8099-8101:80-82"]}, "intake-api and planted both want port 8101"),
        ({"ports": ["127.0.0.1:${P:-8101}:80/tcp"]}, "intake-api and planted both want port 8101"),
        ({"ports": [{"target": 80, "published": "8101"}]}, "intake-api and planted both want port 8101"),
        ({"networks": ["outside"]}, "planted uses outside, which networks does not declare"),
        ({"volumes": ["kafak:/data"]}, "planted uses kafak, which volumes does not declare"),
        ({"secrets": ["key"]}, "planted uses key, which secrets does not declare"),
    ],
)
def test_a_planted_fault_is_seen(service: dict[str, Any], seen: str) -> None:
    assert complaints(with_services(planted={"image": "x:1", **service})) == [seen]


def test_a_circle_of_several_is_seen() -> None:
    around = {"first": ["second"], "second": ["third"], "third": ["first"]}
    (found,) = complaints(with_services(**{name: {"image": "x:1", "depends_on": on} for name, on in around.items()}))
    assert found.startswith("in a circle: ")
    assert all(name in found for name in around)


@pytest.mark.parametrize(
    "service",
    [
        {"ports": ["127.0.0.1:8101:80/udp"]},
        {"ports": ["127.0.0.2:8101:80"]},
        {"ports": ["80", "8101"]},
        {"depends_on": {"kafka": {"condition": "service_healthy"}}, "healthcheck": HEALTHY},
        {"depends_on": ["prometheus"], "profiles": ["watch"]},
        {"volumes": ["./deploy:/deploy", "kafka:/data", "/tmp/x:/x"], "networks": {"inside": {}}},
    ],
)
def test_what_is_right_is_not_complained_of(service: dict[str, Any]) -> None:
    assert complaints(with_services(planted={"image": "x:1", **service})) == []


def test_a_service_or_a_variable_that_stands_there_twice_is_seen() -> None:
    assert any("kafka stands there twice" in each for each in complaints(f"{TEXT}\n" + twice("kafka")))
    doubled = TEXT.replace("      KAFKA_NODE_ID: 1\n", "      KAFKA_NODE_ID: 1\n      KAFKA_NODE_ID: 2\n")
    assert any("KAFKA_NODE_ID stands there twice" in each for each in complaints(doubled))


def test_a_name_that_two_want_is_seen() -> None:
    named = {"image": "x:1", "container_name": "duban"}
    assert complaints(with_services(one=named, other=named)) == ["2 services want the name duban"]


def twice(name: str) -> str:
    """A part of the file in which a service stands twice."""
    return f"x-planted:\n  {name}: {{}}\n  {name}: {{}}\n"
