"""Every message has an owner, a reader and an example that decodes for ever."""

import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest

from contracts import catalogue, topics
from contracts.entries import CatalogueRow
from contracts.envelope import Body, Kind, MalformedMessage, Message, decode, encode_headers, encode_value, understood
from contracts.messages import feedback, intake, notify, routing, sla

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "contracts/examples/messages"
MODULES = (intake, routing, sla, feedback, notify)
PARTS = {notify.DeliveryReport, notify.PersonTold}
PAST = re.compile(r".+(ed|Set|Off|Out|Made|Found|Drawn|Withdrawn|Unknown|Stuck|edIn)$")


def bodies(module: ModuleType) -> set[type[Body]]:
    own = {each for _, each in inspect.getmembers(module, inspect.isclass) if each.__module__ == module.__name__}
    return {each for each in own if issubclass(each, Body)} - PARTS


def example(entry: CatalogueRow) -> dict[str, Any]:
    shown: dict[str, Any] = orjson.loads((EXAMPLES / f"{entry.name}.json").read_bytes())
    return shown


def headers_of(entry: CatalogueRow) -> list[tuple[str, bytes]]:
    return [(name, value.encode()) for name, value in example(entry)["headers"].items()]


def decoded(entry: CatalogueRow) -> Message[Body]:
    shown = example(entry)
    return decode(shown["key"], orjson.dumps(shown["value"]), headers_of(entry), entry.body)


def missing(shown: Any, written: Any, path: str = "") -> list[str]:
    """Where ``written`` lacks what ``shown`` has; fields that came later do not count."""
    if isinstance(shown, dict) and isinstance(written, dict):
        return [
            found
            for name, each in shown.items()
            for found in (missing(each, written[name], f"{path}/{name}") if name in written else [f"{path}/{name}"])
        ]
    if isinstance(shown, list) and isinstance(written, list) and len(shown) == len(written):
        return [
            found for n, pair in enumerate(zip(shown, written, strict=True)) for found in missing(*pair, f"{path}/{n}")
        ]
    return [] if shown == written else [path]


def test_every_fact_and_every_request_is_in_the_catalogue() -> None:
    listed = {entry.body for entry in catalogue.ENTRIES}
    assert {body for module in MODULES for body in bodies(module)} - listed == set()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.__name__))
def test_a_message_is_listed_where_it_is_declared(module: ModuleType) -> None:
    assert {entry.body for entry in module.ENTRIES} == bodies(module)


def test_no_message_is_listed_twice() -> None:
    assert len(catalogue.BY_NAME) == len(catalogue.ENTRIES)


def test_facts_are_past_and_requests_are_wishes() -> None:
    past = {entry.name for entry in catalogue.ENTRIES if PAST.match(entry.name)}
    assert past == {entry.name for entry in catalogue.ENTRIES if entry.kind is Kind.FACT}


@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: str(entry.name))
def test_a_message_has_an_owner_and_a_reader_that_use_its_topic(entry: CatalogueRow) -> None:
    topic = topics.BY_NAME[entry.topic]
    assert entry.producers
    assert entry.consumers
    assert set(entry.producers) <= set(topic.producers)
    assert set(entry.consumers) <= set(topic.consumers)


@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: str(entry.name))
def test_a_message_says_what_it_means(entry: CatalogueRow) -> None:
    assert entry.body.__doc__ != Body.__doc__
    assert (entry.body.__doc__ or "").strip()


@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: str(entry.name))
def test_the_golden_example_decodes_and_is_written_the_same_way(entry: CatalogueRow) -> None:
    shown = example(entry)
    message = decoded(entry)
    assert message.type == entry.name
    assert message.kind is entry.kind
    assert message.producer in entry.producers
    assert dict(encode_headers(message)) == {name: value.encode() for name, value in shown["headers"].items()}
    assert missing(shown["value"], orjson.loads(encode_value(message))) == []


def test_what_is_of_another_type_or_malformed_is_passed_over() -> None:
    entry = catalogue.ENTRIES[0]
    shown, headers = example(entry), headers_of(entry)
    key, value = shown["key"], orjson.dumps(shown["value"])
    assert understood(key, value, headers, {str(entry.name): entry.body}) == decoded(entry)
    assert understood(key, value, headers, {"Another": entry.body}) is None
    assert understood(key, b"{", headers, {str(entry.name): entry.body}) is None
    assert understood(key, value, headers[:2], {str(entry.name): entry.body}) is None
    assert understood(key, value, [], {str(entry.name): entry.body}) is None


@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: str(entry.name))
def test_an_older_reader_lives_with_a_newer_field(entry: CatalogueRow) -> None:
    newer = example(entry)["value"] | {"a_field_of_tomorrow": 1}
    assert entry.body.model_validate_json(orjson.dumps(newer)) == decoded(entry).body


@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: str(entry.name))
def test_a_missing_field_is_named_by_its_path(entry: CatalogueRow) -> None:
    required = [name for name, field in entry.body.model_fields.items() if field.is_required()]
    for name in required:
        value = {key: each for key, each in example(entry)["value"].items() if key != name}
        with pytest.raises(MalformedMessage) as wrong:
            decode("T", orjson.dumps(value), headers_of(entry), entry.body)
        assert (wrong.value.code, wrong.value.path) == ("body_missing", f"/{name}")


def test_no_example_is_left_over() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(catalogue.BY_NAME)


def test_no_field_of_a_message_can_hold_an_identity() -> None:
    forbidden = ("phone", "mobile", "email", "id_card", "address", "ip")
    fields = [f"{entry.name}.{name}" for entry in catalogue.ENTRIES for name in entry.body.model_fields]
    assert fields
    assert [field for field in fields if field.split(".")[1] in forbidden] == []


ABSURD = {
    "ce_sequence": [b"", b"-1", b"9" * 25, b"9" * 5000, b"1.5"],
    "ce_at": [b"", b"0001-01-01T00:00:00+08:00", b"9999-12-31T23:59:59-08:00", b"2026-03-02T01:00:00", b"soon"],
    "ce_time": [b"", b"0001-01-01T00:00:00+08:00"],
    "ce_kind": [b"", b"rumour"],
    "ce_actor": [b"{", b"[]"],
    "ce_id": [b"\xff"],
}


@pytest.mark.parametrize(("header", "value"), [(name, value) for name, values in ABSURD.items() for value in values])
def test_an_absurd_header_makes_it_no_message(header: str, value: bytes) -> None:
    entry = catalogue.BY_NAME["TicketReturned"]
    headers = [(name, value if name == header else known) for name, known in headers_of(entry)]
    with pytest.raises(MalformedMessage) as wrong:
        decode("T", orjson.dumps(example(entry)["value"]), headers, entry.body)
    assert wrong.value.code == "header_malformed"


def test_a_header_that_is_not_there_is_named() -> None:
    entry = catalogue.BY_NAME["TicketReturned"]
    for name in ("ce_id", "ce_at", "ce_sequence", "ce_kind", "ce_source", "ce_to", "ce_cause"):
        headers = [(each, value) for each, value in headers_of(entry) if each != name]
        with pytest.raises(MalformedMessage) as wrong:
            decode("T", orjson.dumps(example(entry)["value"]), headers, entry.body)
        assert (wrong.value.code, wrong.value.path) == ("header_missing", name)
