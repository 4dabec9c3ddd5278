"""The relay of the feed: what is public passes, nothing else does, whatever a fact holds."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from contracts import catalogue, feed
from contracts.envelope import Kind
from contracts.labels import labels_in
from contracts.topics import partition_of
from runtime.delivery.records import Incoming, Outgoing
from runtime.memory.log import InMemoryLog, InMemoryReader, InMemoryWriter
from services.notify.workers.feed import BY_TYPE, GROUP, event_of, relay_of
from tests.facts.examples import SCHEMAS

EXAMPLES = Path(__file__).parents[3] / "contracts/examples"
FACTS = [entry.name for entry in catalogue.ENTRIES if entry.kind is Kind.FACT and entry.topic == "tickets"]
CANARY = "CANARY-王小明-13800001234"


def plain(folder: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((EXAMPLES / folder / f"{name}.json").read_bytes())
    return found


def golden(event: str) -> dict[str, Any]:
    """The last example of an event: where more of a fact is said since, an earlier one decodes for ever beside it."""
    return plain("feed", max(each.stem for each in (EXAMPLES / "feed").glob(f"{event}*.json")))


def record(shown: dict[str, Any], value: Any = None) -> Incoming:
    headers = [(name, each.encode()) for name, each in shown["headers"].items()]
    body = orjson.dumps(shown["value"] if value is None else value)
    return Incoming("tickets/1", partition_of(shown["key"]), 0, shown["key"], headers, body)


def relayed(name: str) -> Outgoing:
    event = event_of(record(plain("messages", name)), SCHEMAS)
    assert event is not None
    return event


def sung(value: Any, public: frozenset[str], name: str = "") -> Any:
    """The value with the canary in every text that is not public."""
    if isinstance(value, dict):
        passing = NESTED.get(name, frozenset()) if name else public
        return {key: sung(each, passing, key) for key, each in value.items()}
    if isinstance(value, list):
        return [sung(each, frozenset(), name) for each in value]
    keep = not isinstance(value, str) or name in public | KEPT or value[:4].isdigit()
    return value if keep else CANARY


KEPT = {"door", "division", "limit_unit", "counts_from", "kind", "audience", "outcome", "mode", "colour", "old", "new"}
"""Codes whose values the models check, and codes of places."""
NESTED = {"standard": frozenset({"code"})}
"""Public fields of nested values."""


@pytest.mark.parametrize("name", sorted(BY_TYPE))
def test_an_event_is_the_golden_one(name: str) -> None:
    event = relayed(name)
    shown = golden(dict(event.headers)["ce_type"].decode())
    assert event.key == shown["key"]
    assert {key: value.decode() for key, value in event.headers} == shown["headers"]
    assert orjson.loads(event.value) == shown["value"]


def test_every_event_has_an_example() -> None:
    assert {each.stem.removesuffix(".2") for each in (EXAMPLES / "feed").iterdir()} == set(feed.EVENTS)


@pytest.mark.parametrize("example", sorted(each.stem for each in (EXAMPLES / "feed").iterdir()))
def test_an_example_decodes_for_ever(example: str) -> None:
    shown = plain("feed", example)["value"]
    read = feed.EVENTS[plain("feed", example)["headers"]["ce_type"]].model_validate(shown).model_dump(mode="json")
    assert {name: read[name] for name in shown} == shown


@pytest.mark.parametrize("event", sorted(feed.TICKET_EVENTS))
def test_a_subscriber_of_tomorrow_reads_an_event_without_number_or_division(event: str) -> None:
    shown = {name: each for name, each in plain("feed", event)["value"].items() if name not in ("number", "division")}
    assert feed.TICKET_EVENTS[event].model_validate(shown | {"later": 1}).number == ""


@pytest.mark.parametrize("name", sorted(BY_TYPE))
def test_the_number_is_whole_or_empty(name: str) -> None:
    shown = plain("messages", name)
    assert orjson.loads(relayed(name).value)["number"] == shown["value"].get("number", "")


@pytest.mark.parametrize("name", FACTS)
def test_what_is_not_public_does_not_pass(name: str) -> None:
    shown = plain("messages", name)
    public = frozenset(feed.EVENTS[_event(name)].model_fields) if name in BY_TYPE else frozenset[str]()
    value = sung(shown["value"], public)
    shown["headers"]["ce_actor"] = orjson.dumps({"role": "unit", "unit": CANARY, "principal": CANARY}).decode()
    event = event_of(record(shown, value), SCHEMAS)
    assert (event is not None) == (name in BY_TYPE), "the canary broke the message: the test proves nothing"
    said = b"" if event is None else event.value + b"".join(each for _, each in event.headers)
    assert CANARY.encode() not in said


def _event(name: str) -> str:
    return dict(relayed(name).headers)["ce_type"].decode()


@pytest.mark.parametrize("name", sorted(BY_TYPE))
def test_the_cloudevents_library_reads_what_the_relay_writes(name: str) -> None:
    event = relayed(name)
    read = from_binary(KafkaMessage(dict(event.headers), event.key.encode(), event.value), JSONFormat())
    shown = plain("messages", name)
    assert (read.get_id(), read.get_subject()) == (shown["headers"]["ce_id"], shown["key"])
    assert (read.get_type(), read.get_data()) == (_event(name), orjson.loads(event.value))


def test_progress_that_is_not_public_is_not_on_the_feed() -> None:
    shown = plain("messages", "ProgressReported")
    assert event_of(record(shown, shown["value"] | {"public": True}), SCHEMAS) is not None
    assert event_of(record(shown, shown["value"] | {"public": False}), SCHEMAS) is None


def test_the_labels_of_a_fact_are_the_last_headers_of_its_event() -> None:
    shown = plain("messages", "TicketCompleted")
    shown["headers"] |= {"ce_division": "431226", "ce_category": "A0101", "ce_unit": "431226-W"}
    event = event_of(record(shown), SCHEMAS)
    assert event is not None
    assert event.headers[-3:] == [("ce_division", b"431226"), ("ce_category", b"A0101"), ("ce_unit", b"431226-W")]
    assert labels_in(event.headers) == {"division": "431226", "category": "A0101", "unit": "431226-W", "origin": ""}


def test_a_fact_of_before_has_no_labels() -> None:
    assert set(labels_in(relayed("TicketCompleted").headers).values()) == {""}


@pytest.mark.parametrize("value", [b"", b"[]", b"{", b'{"rule": 1}'])
def test_what_cannot_be_read_is_left_out(value: bytes) -> None:
    shown = record(plain("messages", "TicketScreenedOut"))
    assert event_of(Incoming(shown.log, shown.partition, 0, shown.key, shown.headers, value), SCHEMAS) is None


async def test_the_feed_keeps_the_order_of_a_ticket_and_a_copy_is_the_same() -> None:
    log, names = InMemoryLog(), ("TicketRegistered", "TicketAssigned", "TicketAccepted", "TicketCompleted")
    for name in names:
        shown = record(plain("messages", name))
        log.append(Outgoing("tickets", shown.partition, shown.key, shown.headers, shown.value))
    relay = relay_of(InMemoryReader(log, GROUP, ("tickets",)), InMemoryWriter(log), SCHEMAS)
    assert await relay.step() == len(names)
    once = [each.value for each in log.of_topic("ticket-feed")]
    log.positions.clear()
    await relay_of(InMemoryReader(log, GROUP, ("tickets",)), InMemoryWriter(log), SCHEMAS).step()
    assert once == [relayed(name).value for name in names]
    assert [each.value for each in log.of_topic("ticket-feed")] == once * 2
