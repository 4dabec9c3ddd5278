"""Each service reacts to exactly what the catalogue says it does."""

import importlib
import inspect
from typing import Any

import pytest

from cli.kinds import DocumentKind, kinds
from contracts import catalogue, topics
from contracts.envelope import RequestDecided, WakeUp
from runtime.delivery.service import Service
from services.feedback.workers import checks
from services.intake.workers import ledger
from services.notify.workers import feed, hook_fan_out
from services.staff.workers import audit


def service_of(name: str) -> Service[Any]:
    """The service, put together without anything behind its ports: composing asks nothing of them."""
    build = importlib.import_module(f"services.{name}.wiring").build
    ports = [each for each in inspect.signature(build).parameters.values() if each.default is each.empty]
    service: Service[Any] = build(**{port.name: object() for port in ports})
    return service


@pytest.mark.parametrize("name", topics.SERVICES)
def test_a_service_reacts_to_what_the_catalogue_says(name: str) -> None:
    service = service_of(name)
    wanted = {each for topic in service.logs for each in catalogue.consumed_by(name, topic)}
    assert set(service.reacts) - {RequestDecided} == wanted - {RequestDecided}
    assert service.name == name


@pytest.mark.parametrize("name", topics.SERVICES)
def test_a_handler_is_a_plain_function(name: str) -> None:
    assert [
        each.__name__ for each, handler in service_of(name).reacts.items() if inspect.iscoroutinefunction(handler)
    ] == []


@pytest.mark.parametrize("name", topics.SERVICES)
def test_a_service_reads_topics_that_it_may_read(name: str) -> None:
    assert [log for log in service_of(name).logs if name not in topics.BY_NAME[log].consumers] == []


def test_the_parts_of_a_service_are_those_that_its_wiring_makes() -> None:
    wirings = {name: importlib.import_module(f"services.{name}.wiring") for name in topics.SERVICES}
    made = {f"{name}.{part}" for name, wiring in wirings.items() for part in getattr(wiring, "PARTS", {})}
    assert made == set(topics.PARTS)


def test_positions_are_laid_for_the_groups_that_there_are() -> None:
    loops = {service_of(name).group: service_of(name).logs for name in topics.SERVICES}
    others = {kind.build().group: kind.build().logs for kind in kinds() if kind.part}
    relays = {
        ledger.GROUP: topics.LEDGER,
        feed.GROUP: ("tickets",),
        audit.GROUP: ("audit",),
        checks.GROUP: ("affairs",),
        hook_fan_out.GROUP: (feed.TOPIC,),
    }
    assert loops | others | relays == topics.GROUPS


@pytest.mark.parametrize("kind", [each for each in kinds() if each.part], ids=lambda kind: str(kind.label))
def test_another_kind_of_document_reacts_to_what_the_catalogue_says(kind: DocumentKind) -> None:
    service = kind.build()
    wanted = {each for topic in service.logs for each in catalogue.consumed_by(kind.service, topic)}
    assert set(service.reacts) - {RequestDecided, WakeUp} == wanted
    assert (service.name, service.part) == (kind.service, kind.part)
