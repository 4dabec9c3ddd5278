"""Released schemas and golden samples are frozen, and what is said today is still what they promise."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs
import orjson
import pytest
from jsonsubschema import isSubschema

from contracts import feed
from contracts.released_schemas import RELEASED, schema_of
from tests.facts.examples import EXAMPLES, digests, frozen

Schema = dict[str, Any]
DEADLINE = "duban.ticket.deadline-set.v1"


def released(kind: str) -> Schema:
    found: Schema = orjson.loads((RELEASED / f"{kind}.json").read_bytes())
    return found


def breaks(old: Schema, new: Schema) -> str:
    """What a subscriber that holds the released schema may get and does not take; "" for nothing."""
    if not isSubschema(bare(new), bare(old)):
        return "allows what was not allowed"
    formats = {name: each.get("format") for name, each in old["properties"].items()}
    lost = [name for name, form in formats.items() if new["properties"].get(name, {}).get("format") != form]
    return f"another format: {lost}" if lost else ""


def bare(schema: Schema) -> Schema:
    """Without what constrains nothing: the library takes no dialect that it does not know."""
    return {name: each for name, each in schema.items() if name in ("type", "properties", "required")}


def with_field(schema: Schema, name: str, **field: Any) -> Schema:
    return with_properties(schema, **{name: schema["properties"].get(name, {}) | field})


def with_properties(schema: Schema, **properties: Schema) -> Schema:
    return schema | {"properties": schema["properties"] | properties}


def without_field(schema: Schema, name: str) -> Schema:
    left = {each: value for each, value in schema["properties"].items() if each != name}
    return schema | {"properties": left, "required": [each for each in schema["required"] if each != name]}


REFUSED: dict[str, Callable[[Schema], Schema]] = {
    "a required field is gone": lambda schema: without_field(schema, "clock"),
    "an optional field is gone": lambda schema: without_field(schema, "number"),
    "a field may be null": lambda schema: with_field(schema, "clock", type=["string", "null"]),
    "a field is of a wider type": lambda schema: with_field(schema, "provisional", type=["boolean", "string"]),
    "a required field may be left out": lambda schema: schema | {"required": ["kind"]},
    "an instant is any text": lambda schema: with_properties(schema, due={"type": "string"}),
}


@pytest.mark.parametrize("kind", feed.EVENTS)
def test_what_is_said_today_is_what_was_released(kind: str) -> None:
    assert breaks(released(kind), dict(schema_of(kind))) == ""


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_a_change_that_breaks_a_subscriber_is_refused(change: Callable[[Schema], Schema]) -> None:
    assert breaks(released(DEADLINE), change(dict(schema_of(DEADLINE)))) != ""


def test_a_field_that_may_be_there_is_no_change() -> None:
    assert breaks(released(DEADLINE), with_field(dict(schema_of(DEADLINE)), "later", type="string")) == ""


@pytest.mark.parametrize("sample", sorted((EXAMPLES / "feed").glob("*.json")), ids=lambda path: path.stem)
def test_every_sample_is_taken_by_the_released_schema_and_by_todays(sample: Any) -> None:
    shown = orjson.loads(sample.read_bytes())
    kind = shown["headers"]["ce_type"]
    for schema in (released(kind), dict(schema_of(kind))):
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(shown["value"])


@pytest.mark.parametrize(("field", "value"), [("due", "tomorrow"), ("clock", 7), ("provisional", None)])
def test_a_sample_that_does_not_fit_is_refused(field: str, value: Any) -> None:
    shown = orjson.loads((EXAMPLES / f"feed/{DEADLINE}.json").read_bytes())["value"]
    assert not jsonschema_rs.validator_for(released(DEADLINE), validate_formats=True).is_valid(shown | {field: value})


def test_nothing_that_was_released_was_edited_or_taken_away() -> None:
    assert frozen(RELEASED, EXAMPLES) == digests(RELEASED)
    assert {path.stem for path in RELEASED.glob("*.json")} == set(feed.EVENTS)
