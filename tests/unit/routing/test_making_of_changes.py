"""How the table of changes is made: from tables of years that follow each other, and the changes told of between."""

import pytest

from cli.divisions.joining import (
    HandRow,
    county_changes,
    groupings,
    prefecture_changes,
    statistical_areas,
)
from cli.divisions.sources import TODAY, Event
from cli.divisions.spells import Past, Spell, spells_of
from cli.divisions.townships import town_stem, township_changes
from services.routing.domain.place.division_changes import ChangeKind, DivisionChange, DivisionChanges

BEFORE = TODAY - 1


def past(then: dict[str, str], now: dict[str, str], *events: Event) -> Past:
    return Past({BEFORE: then, TODAY: now}, events)


def only(found: list[DivisionChange]) -> tuple[ChangeKind, tuple[str, ...], str]:
    (change,) = found
    return change.kind, change.became, change.basis


def test_a_spell_is_a_code_with_one_name() -> None:
    tables = {2000: {"430101": "市辖区", "430102": "东区"}, 2001: {"430102": "东区"}, 2002: {"430102": "芙蓉区"}}
    assert list(spells_of(tables)) == [Spell("430102", "东区", 2000, 2001), Spell("430102", "芙蓉区", 2002, 2002)]


@pytest.mark.parametrize(
    ("then", "now", "events", "expected"),
    [
        ({"430124": "宁乡县"}, {"430182": "宁乡市"}, (), (ChangeKind.RAISED, ("430182",), "tables")),
        ({"341521": "寿县"}, {"340422": "寿县"}, (), (ChangeKind.RECODED, ("340422",), "tables")),
        ({"430102": "东区"}, {"430102": "芙蓉区"}, (), (ChangeKind.RENAMED, ("430102",), "tables")),
        ({"132123": "郊区"}, {"410611": "郊区"}, (), (ChangeKind.ENDED, (), "tables")),
        (
            {"310108": "闸北区"},
            {"310106": "静安区"},
            (Event(TODAY, "撤销", "310108", "闸北区", "310106", "国函"),),
            (ChangeKind.MERGED, ("310106",), "events"),
        ),
        (
            {"430102": "东区"},
            {"430102": "芙蓉区"},
            (Event(TODAY, "码位改派", "430102", "东区", "430102", ""),),
            (ChangeKind.ENDED, (), "tables"),
        ),
    ],
)
def test_a_county_goes_on_as_told_or_with_its_name_its_code_or_its_stem(
    then: dict[str, str],
    now: dict[str, str],
    events: tuple[Event, ...],
    expected: tuple[ChangeKind, tuple[str, ...], str],
) -> None:
    assert only(county_changes(past(then, now, *events), {})) == expected


def test_what_is_written_by_hand_stands_over_what_the_tables_tell() -> None:
    by_hand = {("412924", "南阳县"): HandRow(("411302", "411303"))}
    found = county_changes(past({"412924": "南阳县"}, {"411302": "宛城区", "411303": "卧龙区"}), by_hand)
    assert only(found) == (ChangeKind.SPLIT, ("411302", "411303"), "by hand")


def test_the_county_at_the_seat_of_a_new_city_became_its_new_districts() -> None:
    told = Event(TODAY, "撤销", "452501", "玉林市", "450900", "")
    then, now = {"452501": "玉林市"}, {"450900": "玉林市", "450902": "玉州区", "450924": "兴业县"}
    assert only(county_changes(past(then, now, told), {})) == (ChangeKind.SPLIT, ("450902", "450924"), "tables")


@pytest.mark.parametrize(
    ("counties", "expected"),
    [
        ((("342401", "340101"), ("342402", "340102")), (ChangeKind.MERGED, ("3401",))),
        ((("342401", "340101"), ("342402", "340501")), (ChangeKind.SPLIT, ("3401", "3405"))),
        ((("342401", "341501"), ("342402", "340501")), (ChangeKind.RAISED, ("3415",))),
    ],
)
def test_a_prefecture_went_where_most_of_its_counties_are(
    counties: tuple[tuple[str, str], ...], expected: tuple[ChangeKind, tuple[str, ...]]
) -> None:
    then = {"342400": "六安地区"} | {old: f"甲{old}县" for old, _ in counties}
    cities = {"340100": "合肥市", "340500": "马鞍山市", "341500": "六安市"}
    now = cities | {new: f"甲{old}县" for old, new in counties}
    known = past(then, now)
    (found,) = prefecture_changes(known, county_changes(known, {}), now, {})
    assert (found.kind, found.became) == expected


def test_rows_that_group_others_lead_to_what_is_above() -> None:
    found = groupings({2000: {"430101": "市辖区", "310200": "县"}}, {"430000": "", "430100": "", "310000": ""})
    assert [(each.code, each.became) for each in found] == [("3102", ("31",)), ("430101", ("4301",))]


def test_a_statistical_area_leads_to_the_counties_that_have_its_townships() -> None:
    today = {"130000": "", "130100": "", "130108": "裕华区", "130108002": "太行街道"}
    areas, streets = {2023: {"130171": "石家庄高新区"}}, {2023: {"130171400": "太行街道办事处", "130171401": "某园区"}}
    (found,) = statistical_areas(areas, streets, (), today)
    assert (found.kind, found.became) == (ChangeKind.STATISTICAL, ("130108",))


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("431226105", "高村镇", [("431226105", ("431226100",), ChangeKind.RECODED)]),
        ("431226200", "锦和苗族乡", [("431226200", ("431226101",), ChangeKind.RAISED)]),
        ("433026105", "高村镇办事处", [("433026105", ("431226100",), ChangeKind.RECODED)]),
        ("431226100", "高村镇", []),
        ("431226300", "不见乡", []),
    ],
)
def test_a_township_is_found_again_by_name_or_stem_in_its_county_of_today(
    code: str, name: str, expected: list[tuple[str, tuple[str, ...], ChangeKind]]
) -> None:
    today = {"431226": "麻阳苗族自治县", "431226100": "高村镇", "431226101": "锦和镇"}
    changes = DivisionChanges(
        (DivisionChange(1998, ChangeKind.RECODED, "433026", "麻阳苗族自治县", ("431226",), (), "events"),)
    )
    found = township_changes({2015: {code: name}}, changes, today)
    assert [(each.code, each.became, each.kind) for each in found] == expected


@pytest.mark.parametrize(
    ("name", "stem"),
    [("高村镇", "高村"), ("锦和苗族乡", "锦和"), ("东城街道", "东城"), ("乌兰苏木", "乌兰"), ("镇", "镇")],
)
def test_the_stem_of_a_township_is_without_its_kind(name: str, stem: str) -> None:
    assert town_stem(name) == stem
