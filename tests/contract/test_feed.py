"""The published language: documented as it is, without a field that could hold a person, and compatible for ever."""

import re
from base64 import b64encode

import jsonschema_rs
import orjson
import pytest
import yaml

from contracts import asyncapi, feed
from contracts.topics import ALL
from docs.generator.asyncapi import page
from runtime.delivery.records import Incoming
from runtime.identity.seals import key_wrap
from services.notify.adapters.hook_signatures import HookSecrets, made_secret
from services.notify.api.events.fed_event import structured
from services.notify.domain.hooks import PING
from tests.facts.examples import EXAMPLES
from tests.harness import MONDAY

DOCUMENT = yaml.safe_load(page())
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
    others = {"TicketSnapshot": "ticket-snapshot", "Webhook": "webhook"}
    assert {each: messages[each]["name"] for each in others} == others
    assert {each["name"] for name, each in messages.items() if name not in others} == set(feed.EVENTS)
    for message in (each for each in messages.values() if "$ref" in each["payload"]):
        assert message["payload"]["$ref"].rsplit("/", 1)[1] in DOCUMENT["components"]["schemas"]


def test_what_is_documented_can_be_received_by_each_of_its_ways() -> None:
    received = {each["channel"]["$ref"].rsplit("/", 1)[1] for each in DOCUMENT["operations"].values()}
    assert received == set(DOCUMENT["channels"])
    topics_of = {each["address"] for each in DOCUMENT["channels"].values() if each["address"]}
    assert topics_of == {f"{{namespace}}.{each.name}" for each in ALL if "downstream" in each.consumers}


def test_a_webhook_is_documented_as_it_is_sent() -> None:
    """The attributes and headers that a subscriber may count on are those that ours have."""
    webhook, told = DOCUMENT["components"]["messages"]["Webhook"], asyncapi.PING
    sent = HookSecrets(key_wrap(b64encode(b"h" * 32).decode(), lambda count: b"r" * count))
    wrapped = sent.wrapped("s1", made_secret(lambda count: b"s" * count))
    assert set(webhook["headers"]["required"]) == set(sent.headers("s1", (wrapped,), "1", b"{}", MONDAY))
    assert told == PING
    for sample in sorted((EXAMPLES / "feed").glob("*.json")):
        shown = orjson.loads(sample.read_bytes())
        record = Incoming("ticket-feed/1", 0, 0, shown["key"], _bytes(shown["headers"]), orjson.dumps(shown["value"]))
        jsonschema_rs.validator_for(webhook["payload"]).validate(orjson.loads(structured(record)))


def _bytes(headers: dict[str, str]) -> list[tuple[str, bytes]]:
    return [(name, value.encode()) for name, value in headers.items()]


def test_every_reference_of_the_document_leads_somewhere() -> None:
    for reference in set(re.findall(r"#/[\w/]+", str(DOCUMENT))):
        found = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            assert step in found, reference
            found = found[step]
