"""A file of years: every fault with its place and remedy; what is published says what was written."""

import json
import re
from typing import Any

import pytest

from contracts.vocabulary import STATUTORY_DAYS
from services.sla.adapters.calendar_files import beside, read
from tests.architecture.machine import PROJECT

STATUTORY = {f"2027-{each.on}": each.name for each in STATUTORY_DAYS}
YEAR: dict[str, Any] = {"year": 2027, "version": 1, "days_off": STATUTORY, "workdays": {"2027-02-06": "春节"}}
OWN = {"division": "431226", "days_off": {"2027-04-08": "苗族节"}, "workdays": {"2027-04-10": "苗族节"}}


def written(*rows: object) -> bytes:
    return json.dumps(rows).encode()


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ({"year": 1999}, "/0/year"),
        ({"version": "1"}, "/0/version"),
        ({"division": "431299"}, "/0/division"),
        ({"days_of": {}}, "/0/days_of"),
        ({"valid_from": "2027-01-01T00:00:00+08:00"}, "/0/valid_from"),
        ({"days_off": STATUTORY | {"2026-12-31": "元旦"}}, "/0/days_off/2026-12-31"),
        ({"days_off": STATUTORY | {"2027-02-30": "春节"}}, "/0/days_off/2027-02-30"),
        ({"days_off": STATUTORY | {"2027-02-05": ""}}, "/0/days_off/2027-02-05"),
        ({"days_off": {on: name for on, name in STATUTORY.items() if on != "2027-10-02"}}, "/0/days_off/2027-10-02"),
        ({"days_off": STATUTORY | {"2027-02-06": "春节"}}, "/0/workdays/2027-02-06"),
        ({"workdays": {"2027-02-05": "春节"}}, "/0/workdays/2027-02-05"),
    ],
)
def test_a_fault_has_its_place_and_says_what_to_do(row: dict[str, Any], pointer: str) -> None:
    found = read(written(YEAR | row))
    assert {each.pointer.removesuffix("/[key]") for each in found.faults} == {pointer}
    assert all(each.zh and each.en for each in found.faults)


def test_a_division_has_days_of_its_own_and_none_that_it_must_have() -> None:
    found = read(written(YEAR | OWN))
    assert not found.faults
    fact = found.editions[0].fact()
    assert (fact.code, fact.version, fact.provisional) == ("431226", "431226-2027.1", False)
    assert (fact.days_off, fact.workdays, fact.names["2027-04-10"]) == (("2027-04-08",), ("2027-04-10",), "苗族节")


def day(*spans: tuple[str, str], **season: str) -> dict[str, Any]:
    return season | {"sessions": [{"opens": opens, "closes": closes} for opens, closes in spans]}


MORNING, AFTERNOON = ("08:30", "12:00"), ("14:30", "17:30")


@pytest.mark.parametrize(
    ("seasons", "pointer", "remedy"),
    [
        ([day(AFTERNOON, MORNING)], "/0/sessions/0/sessions/1/opens", "order"),
        ([day(MORNING, ("11:59", "17:00"))], "/0/sessions/0/sessions/1/opens", "order"),
        ([day(("22:00", "06:00"))], "/0/sessions/0/sessions/0/closes", "same day"),
        ([day(("09:00", "09:00"))], "/0/sessions/0/sessions/0/closes", "same day"),
        ([day(("09:00", "24:00"))], "/0/sessions/0/sessions/0/closes", "08:30"),
        ([day(("9:00", "12:00"))], "/0/sessions/0/sessions/0/opens", "08:30"),
        ([day(("０９:00", "12:00"))], "/0/sessions/0/sessions/0/opens", "08:30"),
        ([day()], "/0/sessions/0/sessions", "at least"),
        ([day(MORNING, since="02-30")], "/0/sessions/0/since", "05-01"),
        ([day(MORNING, until="5-1")], "/0/sessions/0/until", "05-01"),
        (
            [day(MORNING, since="05-01", until="09-30"), day(AFTERNOON, since="09-30", until="10-31")],
            "/0/sessions/1/since",
            "another",
        ),
        ([day(MORNING, since="11-15", until="02-28"), day(AFTERNOON, until="01-01")], "/0/sessions/1/since", "another"),
    ],
)
def test_office_hours_with_a_fault_have_its_place_and_what_to_do(
    seasons: list[dict[str, Any]], pointer: str, remedy: str
) -> None:
    [found] = read(written(YEAR | OWN | {"sessions": seasons})).faults
    assert found.pointer == pointer
    assert remedy in found.en
    assert found.zh


def test_a_season_of_which_something_is_not_known_is_refused() -> None:
    found = read(written(YEAR | OWN | {"sessions": [day(MORNING, name="summer")]}))
    assert [each.pointer for each in found.faults] == ["/0/sessions/0/name"]


def test_a_division_has_office_hours_of_its_own_by_season() -> None:
    seasons = [day(MORNING, AFTERNOON, since="05-01", until="09-30"), day(MORNING, since="11-15", until="02-29")]
    found = read(written(YEAR | OWN | {"sessions": seasons}))
    assert not found.faults
    fact = found.editions[0].fact()
    assert [each.model_dump() for each in fact.sessions] == [
        {"since": each["since"], "until": each["until"], "sessions": tuple(each["sessions"])} for each in seasons
    ]


def test_what_stands_is_left_alone_and_never_changed_and_nothing_older_is_said_after_it() -> None:
    changes: list[dict[str, Any]] = [{}, {"version": 2}, {"workdays": {}}]
    first, second, other = (read(written(YEAR | each)) for each in changes)
    assert list(beside(first, {}).to_publish) == ["calendar/cn-2027@cn-2027.1"]
    published = dict(beside(first, {}).to_publish)
    again = beside(first, published)
    assert (again.to_publish, again.standing, again.faults) == ({}, ["calendar/cn-2027@cn-2027.1"], [])
    assert [each.pointer for each in beside(other, published).faults] == ["/0/version"]
    assert not beside(second, published).faults
    assert [each.pointer for each in beside(first, dict(beside(second, {}).to_publish)).faults] == ["/0/version"]


def test_the_example_of_the_operations_page_can_be_published() -> None:
    page = (PROJECT / "docs/operations.md").read_text()
    (year,) = [each for each in re.findall(r"```json\n(\[.*?)```", page, re.DOTALL) if "days_off" in each]
    assert (read(year.encode()).faults, read(year.encode()).editions[0].key) == ([], "calendar/cn-2027@cn-2027.1")
