"""A file of schemes: every fault with its place and remedy; what can be read is sound."""

import json
import re
from typing import Any

import pytest

from services.sla.adapters.scheme_files import FAULTS, PLACES, read
from services.sla.domain import schemes
from services.sla.domain.schemes import Point, Scheme
from tests.architecture.machine import PROJECT
from tests.harness import MONDAY

SCHEME: dict[str, Any] = {
    "division": "431226",
    "version": 1,
    "for": "clock",
    "yellow": {"share": 0.5},
    "orange": {"share": 0.8},
    "begins": "green",
}


def written(*rows: object) -> bytes:
    return json.dumps(rows).encode()


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ({"division": "431299"}, "/0/division"),
        ({"version": 0}, "/0/version"),
        ({"for": "ticket"}, "/0/for"),
        ({"begins": "red"}, "/0/begins"),
        ({"yellow": None}, "/0/yellow"),
        ({"begins": "yellow"}, "/0/yellow"),
        ({"begins": "yellow", "yellow": None, "orange": None}, "/0/orange"),
        ({"yellow": {"share": 1.5}, "orange": None}, "/0"),
        ({"yellow": {"share": 0}}, "/0"),
        ({"yellow": {"share": "0.5"}}, "/0/yellow/share"),
        ({"yellow": {"days_left": 0}}, "/0"),
        ({"yellow": {}}, "/0"),
        ({"yellow": {"share": 0.5, "days_left": 20}}, "/0"),
        ({"yellow": {"share": 0.9}}, "/0/orange"),
        ({"yellow": {"days_left": 10}, "orange": {"days_left": 20}}, "/0/orange"),
        ({"colour": "blue"}, "/0/colour"),
    ],
)
def test_a_fault_has_its_place_and_says_what_to_do(row: dict[str, Any], pointer: str) -> None:
    found = read(written(SCHEME | row))
    assert {each.pointer.removesuffix("/float").removesuffix("/int") for each in found.faults} == {pointer}
    assert all(each.zh and each.en for each in found.faults)
    assert not read(written(SCHEME)).faults


def test_a_scheme_is_taken_back_by_one_without_points() -> None:
    nothing: dict[str, Any] = {"yellow": None, "orange": None}
    assert not read(written(SCHEME | nothing | {"begins": ""})).faults
    assert [each.pointer for each in read(written(SCHEME | {"begins": ""})).faults] == ["/0/begins"]


def test_every_rule_of_schemes_has_its_place_and_remedy() -> None:
    broken = (
        Scheme("ticket", Point(), Point(), "blue"),
        Scheme("clock", None, Point(share=2)),
        Scheme("clock", Point(days_left=1), Point(days_left=9999), "yellow"),
        Scheme("clock", None, None, "yellow"),
    )
    assert {code for each in broken for code in schemes.faults(each)} == FAULTS.keys() == PLACES.keys()


def test_the_examples_of_the_operations_page_can_be_published() -> None:
    page = (PROJECT / "docs/operations.md").read_text()
    section = page.partition("## The colours of a division")[2].partition("\n## ")[0]
    [examples] = re.findall(r"```json\n(\[.*?)```", section, re.DOTALL)
    found = read(examples.encode())
    assert found.faults == []
    assert [each.key for each in found.editions.values()] == ["scheme/clock/433101@1", "scheme/measure/431226@1"]


def test_what_is_published_is_what_was_written() -> None:
    [scheme] = read(
        written(SCHEME | {"begins": "yellow", "yellow": None, "orange": {"days_left": 10}})
    ).editions.values()
    published = scheme.published(MONDAY)
    assert (published.begins, published.yellow, published.applies_to) == ("yellow", None, "clock")
    assert published.orange is not None
    assert published.orange.days_left == 10
