"""The directory (B4): three levels, any county, effective dates, stand-ins."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from services.routing.adapters import packaged
from services.routing.domain.unit.units import leads_above, present, responsible, unattended
from tests.facts.values import COUNTY
from tests.harness import MONDAY
from tests.unit.routing.matters import a_unit

CATALOGUE = Path(__file__).parents[3] / "services/sla/data/standards.json"
LEVELS = ("city", "county", "department", "township")
UNITS = packaged.directory().units(COUNTY)
CATEGORIES = [each.code for each in packaged.kinds().all() if "." in each.code]


def test_the_demonstration_county_has_units_on_every_level() -> None:
    levels = {level: sum(unit.level == level for unit in UNITS) for level in LEVELS}
    assert all(count >= 4 for count in levels.values())
    assert len({unit.code for unit in UNITS}) == len(UNITS) >= 25
    assert {unit.division[:4] for unit in UNITS} == {"4312"}


def test_every_category_is_somebodys_one_duty() -> None:
    found = {category: responsible(UNITS, category, "431226100", MONDAY) for category in CATEGORIES}
    assert {category: len(units) for category, units in found.items() if len(units) != 1} == {}


def test_every_unit_may_choose_standards_that_exist_and_is_led() -> None:
    entries = orjson.loads(CATALOGUE.read_bytes())
    known, codes = {each.get("standard", each)["code"] for each in entries}, {unit.code for unit in UNITS}
    assert {standard for unit in UNITS for standard in unit.standards} <= known
    assert all(unit.standards for unit in UNITS)
    assert {unit.lead_unit for unit in UNITS} - {""} <= codes
    assert {unit.stand_in for unit in UNITS} - {""} <= codes
    assert unattended(UNITS, MONDAY) == ()


@pytest.mark.parametrize("county", ["431226", "431222", "110105", "419001", "441900"])
def test_any_county_has_units_of_its_own(county: str) -> None:
    units = packaged.directory().units(county)
    assert len(units) >= 25
    assert {unit.code.split("-")[0][:2] for unit in units} == {county[:2]}
    assert all(packaged.directory().unit(unit.code) == unit for unit in units)


def test_a_province_of_counties_has_distinct_units() -> None:
    below = packaged.places().below
    counties = [county for city in below("43") for county in below(city)]
    codes = [unit.code for county in counties for unit in packaged.directory().units(county) if unit.level != "city"]
    assert (len(counties) >= 120, len(codes)) == (True, len(set(codes)))


@pytest.mark.parametrize("code", ["", "nonsense", "999999-GS", "431226-NONE", "43122610-GS"])
def test_an_unknown_unit_is_none(code: str) -> None:
    assert packaged.directory().unit(code) is None


def test_a_street_has_an_office_and_a_town_a_government() -> None:
    named = {unit.zh for unit in packaged.directory().units("430102") if unit.level == "township"}
    assert all(zh.endswith("街道办事处") for zh in named if "街道" in zh)
    assert any("街道" in zh for zh in named)
    town = packaged.directory().unit("431226100-XZ")
    assert town is not None
    assert (town.zh, town.en) == ("高村镇人民政府", "Township Government 431226100")


def test_a_bureau_is_stood_in_for_by_one_that_knows_its_work_or_the_assignment_centre() -> None:
    stand_ins = {unit.code.partition("-")[2]: unit.stand_in.partition("-")[2] for unit in UNITS}
    leads = {unit.code.partition("-")[2]: unit.lead_unit.partition("-")[2] for unit in UNITS}
    assert (stand_ins["TX"], stand_ins["WL"], leads["YB"]) == ("LEAD", "LEAD", "LEAD")


def test_the_lead_units_above_a_unit_are_told_nearest_first_and_a_circle_ends() -> None:
    units = {"A": a_unit("A", lead_unit="B"), "B": a_unit("B", lead_unit="C"), "C": a_unit("C", lead_unit="B")}
    assert leads_above(units["A"], units.get) == ("B", "C")
    assert leads_above(a_unit("D", lead_unit="gone"), units.get) == ("gone",)
    assert leads_above(a_unit("E"), units.get) == ()


def test_the_nearest_unit_is_responsible() -> None:
    town, county, city = a_unit("T", division="431226100"), a_unit("C"), a_unit("Y", division="4312")
    for place, nearest in (("431226100", town), ("431226", county), ("431222", city)):
        assert responsible((city, town, county), "WTR.01", place, MONDAY) == (nearest,)
    assert responsible((town,), "WTR.01", "431226", MONDAY) == ()


def test_a_duty_is_a_category_or_all_below_it() -> None:
    assert a_unit(duties=("WTR",)).answers_for("WTR.01", COUNTY)
    assert a_unit(duties=("WTR.01",)).answers_for("WTR.01", COUNTY)
    assert not a_unit(duties=("WTR.01",)).answers_for("WTR.010", COUNTY)
    assert not a_unit(duties=("WTR.01",)).answers_for("", COUNTY)


def test_dates_decide_who_is_in_force() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    unit = a_unit(valid_from=day, valid_to=day + timedelta(days=1))
    instants = [day - timedelta(seconds=1), day, day + timedelta(days=1)]
    assert [unit.is_in_force(each) for each in instants] == [False, True, False]


def test_a_stand_in_takes_the_place_of_a_unit_without_operators() -> None:
    alone, standing = a_unit("U1", operators=0, stand_in="U2"), a_unit("U2")
    assert present(alone, (alone, standing), MONDAY) == standing
    assert present(standing, (alone, standing), MONDAY) == standing
    assert present(alone, (alone,), MONDAY) is None
    assert unattended((alone, standing), MONDAY) == (alone,)
