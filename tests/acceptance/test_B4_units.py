"""B4: units with duties by category and division on several levels; the level is on the ticket and used in routing."""

import pytest

from tests.acceptance.town import COUNTY, RunningSystem


@pytest.mark.parametrize(
    ("title", "content", "unit", "level"),
    [
        ("村务公开栏三个月没有更新", "村务公开账目看不到，村委会不答复。", "431226101-XZ", "township"),
        ("自来水停水三天", "整栋楼没水，水压低，供水电话没人接。", "431226-GS", "department"),
        ("低保申请没有答复", "家里生活困难，低保申请半年没有结果。", "431226-MZ", "county"),
        ("住房公积金提取被退回", "公积金提取材料三次退回，公积金中心说法不一。", "431200-GJJ", "city"),
    ],
)
async def test_B4_the_unit_of_the_right_level_gets_it(
    town: RunningSystem, title: str, content: str, unit: str, level: str
) -> None:
    receipt = await town.submit(title, content, place="怀化市麻阳县锦和镇")
    assigned = (await town.assigned(receipt)).body
    assert (assigned.unit, assigned.level) == (unit, level)
    assert any(reason.startswith("duty:") for reason in assigned.reasons)
    assert assigned.lead_unit


@pytest.mark.parametrize(
    ("title", "unit"),
    [("停车场乱收费", "431226-SC"), ("结婚证办不下来", "431226-MZ"), ("不动产证办不下来", "431226-ZR")],
)
async def test_B4_a_matter_goes_where_a_clerk_would_send_it(town: RunningSystem, title: str, unit: str) -> None:
    receipt = await town.submit(title, "跑了几次，没有人说得清。", place="怀化市麻阳县锦和镇")
    assert (await town.assigned(receipt)).body.unit == unit


async def test_B4_the_directory_lists_duties_levels_and_standards(town: RunningSystem) -> None:
    answer = await town.call("routing", "GET", "/v1/units", who=town.staff("lead"), params={"county": COUNTY})
    units = answer.json()
    assert len(units) >= 25
    assert {unit["level"] for unit in units} == {"city", "county", "department", "township"}
    assert all(unit["operators"] >= 1 and unit["standards"] for unit in units)


async def test_B4_a_unit_may_choose_only_standards_of_the_catalogue(town: RunningSystem) -> None:
    units = await town.call("routing", "GET", "/v1/units", who=town.staff("lead"), params={"county": COUNTY})
    catalogue = await town.call("sla", "GET", "/v1/standards", who=town.staff("lead"))
    chosen = {standard for unit in units.json() for standard in unit["standards"]}
    assert chosen - {_code(each) for each in catalogue.json()} == set()


def _code(entry: dict[str, object]) -> object:
    standard = entry.get("standard", entry)
    return standard["code"] if isinstance(standard, dict) else None


async def test_B4_any_other_county_of_the_province_has_its_units(town: RunningSystem) -> None:
    receipt = await town.submit("路灯不亮", "路灯坏了，夜里不亮，照明没有。", place="湖南省长沙市浏阳市")
    assert (await town.assigned(receipt)).body.unit == "430181-UB"
