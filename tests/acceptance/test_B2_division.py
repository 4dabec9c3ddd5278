"""B2: from a code, an address and free text to a division; old codes and names; same-name counties by their parent."""

from typing import Any

import pytest

from tests.acceptance.town import COUNTY, RunningSystem

DRY = "自来水停水三天，楼上没水，请尽快修。"


@pytest.mark.parametrize(
    ("place", "title", "code"),
    [
        ("怀化市麻阳县锦和镇", "自来水停水三天", "431226101"),
        ("", "湖南省怀化市辰溪县自来水停水", "431223"),
        ("高村镇", "自来水停水三天", "431226100"),
        ("湖南省株洲市株洲县", "自来水停水三天", "430212"),
        ("懷化市辰溪縣", "自來水停水三天", "431223"),
        ("辰溪", "自来水停水三天", "431223"),
        ("", "吉首某小区自来水停水三天", "433101"),
        ("", "麻阳县高村镇自来水停水，广东老板和北京来的施工队都不管", "431226100"),
        ("", "⿇阳县⾼村镇⾃来⽔停⽔", "431226100"),
        ("辰 溪\u00a0县", "自来\u200b水 停水", "431223"),
    ],
)
async def test_B2_a_matter_is_placed_as_deep_as_it_says(town: RunningSystem, place: str, title: str, code: str) -> None:
    receipt = await town.submit(title, DRY, place=place or None)
    assigned = (await town.assigned(receipt)).body
    assert assigned.division == code
    assert assigned.unit == f"{code[:6]}-GS"
    assert assigned.division_zh


async def test_B2_the_end_of_a_long_text_counts(town: RunningSystem) -> None:
    receipt = await town.submit("自来水停水三天", f"{DRY * 230}地址：湖南省怀化市沅陵县官庄镇")
    assert (await town.assigned(receipt)).body.division.startswith("431222")


async def test_B2_two_counties_in_one_matter_wait_for_a_person(town: RunningSystem) -> None:
    receipt = await town.submit("麻阳苗族自治县到辰溪县的路坏了", "公路坑洼多，路面破损，请修路。", place="怀化市")
    queued = (await town.fact("AssignmentQueued", receipt.number)).body
    assert (queued.reason, queued.division) == ("division_unknown", COUNTY)


@pytest.mark.parametrize(
    ("place", "title", "more"),
    [
        ("", "鼓楼区自来水停水三天", {}),
        ("", "怀化某小区自来水停水三天", {}),
        ("", "自来水停水三天", {"division": "431299"}),
        ("", "自来水停水三天", {"latitude": 27.9, "longitude": 109.6}),
    ],
)
async def test_B2_the_door_does_not_stand_in_for_a_place_that_was_named(
    town: RunningSystem, place: str, title: str, more: dict[str, Any]
) -> None:
    receipt = await town.submit(title, DRY, place=place or None, **more)
    queued = (await town.fact("AssignmentQueued", receipt.number)).body
    assert (queued.reason, queued.division) == ("division_unknown", COUNTY)


async def test_B2_what_lies_outside_the_platform_waits_at_its_door_and_is_told_so(town: RunningSystem) -> None:
    receipt = await town.submit("我在北京市朝阳区打工被拖欠工资三个月", "包工头拖欠工资，请帮忙讨薪。")
    queued = (await town.fact("AssignmentQueued", receipt.number)).body
    assert (queued.reason, queued.division, queued.places) == ("outside_the_platform", COUNTY, ("110105",))
    listed = await town.call("routing", "GET", "/v1/work-list", who=town.staff("lead"), params={"at_most": 1000})
    entry = next(each for each in listed.json() if each["number"] == receipt.number)
    assert entry["names"] == {"110105": "北京市朝阳区"}
    assert await town.facts("TicketAssigned", receipt.number) == []


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("江苏省徐州市鼓楼区", "320302"),
        ("江蘇省南京市鼓樓區", "320106"),
        ("四川省内江市隆昌县", "511083"),
        ("安徽省六安市寿县", "340422"),
        ("江苏省南通市港闸区", "320613"),
        ("湖南大庸市", "4308"),
        ("懷化地區黔陽縣", "431281"),
        ("陕西省咸阳市乾县", "610424"),
        ("吉林省松原市乾安县", "220723"),
        ("⻓沙市⾬花区", "430111"),
    ],
)
async def test_B2_same_name_counties_old_names_and_traditional_characters_are_resolved_anywhere(
    town: RunningSystem, place: str, code: str
) -> None:
    asked = {"text": "自来水停水三天", "place": place}
    found = await town.call("routing", "POST", "/v1/divisions/resolve", who=town.staff("clerk"), json=asked)
    assert found.json()["code"] == code


@pytest.mark.parametrize(("division", "code"), [("433025", "431226"), ("433025000000", "431226"), ("433021", "431281")])
async def test_B2_an_ended_division_that_is_given_leads_to_the_place_of_today(
    town: RunningSystem, division: str, code: str
) -> None:
    receipt = await town.submit("自来水停水三天", DRY, division=division)
    assert (await town.assigned(receipt)).body.division == code


async def test_B2_what_became_of_an_ended_division_is_told_with_year_and_reason(town: RunningSystem) -> None:
    asked = {"text": "停水", "code": "430521"}
    found = await town.call("routing", "POST", "/v1/divisions/resolve", who=town.staff("clerk"), json=asked)
    (ended,) = found.json()["history"]
    (step,) = ended["steps"]
    assert (found.json()["code"], ended["places"], step["name"], step["year"]) == ("430582", ["430582"], "邵东县", 2019)
    assert step["reason_zh"]
    assert step["reason_en"]


async def test_B2_anybody_on_the_staff_can_ask_what_a_text_names(town: RunningSystem) -> None:
    who = town.staff("clerk")
    path = "/v1/divisions/resolve"
    known = await town.call("routing", "POST", path, who=who, json={"text": "鼓楼区停水", "place": "河南省开封市"})
    unknown = await town.call("routing", "POST", path, who=who, json={"text": "鼓楼区停水"})
    assert (known.json()["code"], known.json()["names"]["410204"]) == ("410204", "河南省开封市鼓楼区")
    assert (unknown.json()["code"], unknown.json()["confidence"]) == ("", 0)
    assert (await town.call("routing", "POST", path, json={"text": "停水"})).status_code == 401


async def test_B2_staff_ask_how_a_text_is_read_and_are_told_why(town: RunningSystem) -> None:
    asked = {"content": f"麻阳县高村镇{DRY}联系人张小明，广东老板不管", "title": "自來水停水", "door": COUNTY}
    told: dict[str, Any] = {}
    for service in ("routing", "intake", "portal"):
        answer = await town.call(service, "POST", "/v1/readings", who=town.staff("clerk"), json=asked)
        assert answer.status_code == 200, answer.text
        told |= answer.json()
        assert (await town.call(service, "POST", "/v1/readings", json=asked)).status_code == 401
    matter = await town.submit(asked["title"], asked["content"])
    assert told["place"]["code"] == (await town.assigned(matter)).body.division == "431226100"
    assert told["route"]["unit"] == f"{COUNTY}-GS"
    against = [each["words"] for each in told["place"]["evidence"] if not each["agrees"]]
    assert (against, told["screening"]["is_valid"], told["urgency"]["level"]) == (["广东"], True, "now")
    assert "张小明" not in str(told["masking"]["unit"])
