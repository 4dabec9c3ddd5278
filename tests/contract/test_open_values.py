"""A code that a later build says is read by this one: no field of a message is closed to values it does not know."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import orjson
import pytest
from pydantic import BaseModel

from contracts import catalogue, lifecycle, vocabulary
from contracts.entries import CatalogueRow
from contracts.envelope import Body, MalformedMessage, decode

EXAMPLES = Path(__file__).parents[2] / "contracts/examples/messages"
LATER = "a_value_of_a_later_build"
TABLES = (
    vocabulary.LIGHTS, vocabulary.CHANNELS, vocabulary.GROUNDS, vocabulary.QUEUED, vocabulary.MODES,
    vocabulary.LIMIT_UNITS, vocabulary.COUNTS_FROM, vocabulary.AUDIENCES, vocabulary.OUTCOMES, vocabulary.REWORK,
    vocabulary.EVIDENCE, lifecycle.CLOCK_NAMES, lifecycle.STATE_NAMES,
)  # fmt: skip
CODES = {code for table in TABLES for code in table if code}


def coded(shown: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a code of the vocabulary stands in an example."""
    if isinstance(shown, dict):
        for name, each in shown.items():
            yield from coded(each, (*path, name))
    elif isinstance(shown, list):
        for nth, each in enumerate(shown):
            yield from coded(each, (*path, nth))
    elif isinstance(shown, str) and shown in CODES:
        yield path


def replaced(shown: Any, path: tuple[str | int, ...]) -> Any:
    if not path:
        return LATER
    copy: Any = dict(shown) if isinstance(shown, dict) else list(shown)
    copy[path[0]] = replaced(shown[path[0]], path[1:])
    return copy


def example(row: CatalogueRow) -> dict[str, Any]:
    shown: dict[str, Any] = orjson.loads((EXAMPLES / f"{row.name}.json").read_bytes())
    return shown


CASES = [(row, path) for row in catalogue.ENTRIES for path in coded(example(row)["value"])]


def read_with_a_later_value(body: type[Body], row: CatalogueRow, path: tuple[str | int, ...]) -> Body:
    shown = example(row)
    headers = [(name, value.encode()) for name, value in shown["headers"].items()]
    return decode(shown["key"], orjson.dumps(replaced(shown["value"], path)), headers, body).body


def closed_fields(body: type[BaseModel]) -> list[str]:
    """Fields that a reader refuses unless it knows the value, also inside lists and values."""
    kinds = {name: field.annotation for name, field in body.model_fields.items()}
    return [name for name, kind in kinds.items() if any(get_origin(each) is Literal for each in inside(kind))]


def inside(kind: Any) -> Iterator[Any]:
    yield kind
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for field in kind.model_fields.values():
            yield from inside(field.annotation)
    if get_origin(kind) is not Literal:
        for part in get_args(kind):
            yield from inside(part)


@pytest.mark.parametrize(("row", "path"), CASES, ids=lambda each: str(getattr(each, "name", each)))
def test_an_unknown_value_of_a_later_build_is_read(row: CatalogueRow, path: tuple[str | int, ...]) -> None:
    assert LATER in str(read_with_a_later_value(row.body, row, path))


def test_the_codes_of_the_clocks_and_outcomes_are_among_what_is_tried() -> None:
    tried = {(row.name, path[-1]) for row, path in CASES}
    assert {
        ("DeadlineSet", "kind"),
        ("PersonNotified", "outcome"),
        ("LightChanged", "new"),
        ("PlanMade", "mode"),
    } <= tried


@pytest.mark.parametrize("row", catalogue.ENTRIES, ids=lambda row: str(row.name))
def test_no_field_of_a_message_is_closed(row: CatalogueRow) -> None:
    assert closed_fields(row.body) == []


class Closed(Body):
    clock: str
    kind: Literal["assign_by", "accept_by", "complete_by"]


def test_a_closed_field_would_be_seen_and_would_refuse_a_later_value() -> None:
    row = catalogue.BY_NAME["DeadlineSet"]
    assert closed_fields(Closed) == ["kind"]
    with pytest.raises(MalformedMessage):
        read_with_a_later_value(Closed, row, ("kind",))
