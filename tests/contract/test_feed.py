"""The published language: documented as it is, without a field that could hold a person, and compatible for ever."""

import re

import pytest
import yaml

from contracts import feed
from docs.generator import asyncapi

DOCUMENT = yaml.safe_load(asyncapi.page())
PERSONAL = re.compile(
    r"name|phone|mobile|mail|address|content|title|text|words|reporter|voter|staff|actor|explanation|place|lat|lon|ip$"
)
FIRST_VERSION: dict[str, set[str]] = {
    "duban.ticket.registered.v1": {"number", "channel", "urgent", "collective"},
    "duban.ticket.assigned.v1": {"number", "unit", "level", "category", "taxonomy_version", "hop"},
    "duban.ticket.accepted.v1": {"number", "unit", "category", "standard"},
    "duban.ticket.completed.v1": {"number", "unit", "round"},
    "duban.ticket.struck-off.v1": {"number", "unit", "rounds", "votes", "satisfied"},
}
"""What the first subscribers read: may grow, may never shrink."""


@pytest.mark.parametrize("event", feed.EVENTS)
def test_an_event_has_no_field_for_a_person_or_free_text(event: str) -> None:
    assert [name for name in feed.EVENTS[event].model_fields if PERSONAL.search(name)] == []


@pytest.mark.parametrize("event", feed.EVENTS)
def test_an_event_names_its_version(event: str) -> None:
    assert re.fullmatch(r"duban\.(ticket|county)\.[a-z-]+\.v\d+", event)


@pytest.mark.parametrize(("event", "fields"), FIRST_VERSION.items())
def test_what_was_published_once_stays(event: str, fields: set[str]) -> None:
    assert fields <= set(feed.EVENTS[event].model_fields)


def test_enumerations_are_open() -> None:
    assert "enum" not in str(DOCUMENT["components"]["schemas"])


def test_every_event_is_documented_with_a_schema_that_is_there() -> None:
    messages = DOCUMENT["components"]["messages"]
    assert {message["name"] for message in messages.values()} == set(feed.EVENTS)
    for message in messages.values():
        assert message["payload"]["$ref"].rsplit("/", 1)[1] in DOCUMENT["components"]["schemas"]


def test_every_reference_of_the_document_leads_somewhere() -> None:
    for reference in set(re.findall(r"#/[\w/]+", str(DOCUMENT))):
        found = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            assert step in found, reference
            found = found[step]
