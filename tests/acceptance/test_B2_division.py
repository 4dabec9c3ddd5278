"""B2: from a code, an address and free text to a division; old codes and names; same-name counties by their parent."""

import pytest

from tests.acceptance.town import COUNTY, Town

DRY = "自来水停水三天，楼上没水，请尽快修。"


@pytest.mark.parametrize(
    ("place", "title", "code"),
    [
        ("怀化市麻阳县锦和镇", "自来水停水三天", "431226101"),
        ("", "湖南省怀化市辰溪县自来水停水", "431223"),
        ("高村镇", "自来水停水三天", "431226100"),
        ("江苏省徐州市鼓楼区", "自来水停水三天", "320302"),
        ("江蘇省南京市鼓樓區", "自來水停水三天", "320106"),
        ("四川省内江市隆昌县", "自来水停水三天", "511083"),
    ],
)
async def test_B2_a_matter_is_placed_as_deep_as_it_says(town: Town, place: str, title: str, code: str) -> None:
    receipt = await town.submit(title, DRY, place=place or None)
    assigned = (await town.assigned(receipt)).body
    assert assigned.division == code
    assert assigned.unit == f"{code[:6]}-GS"
    assert assigned.division_zh


async def test_B2_two_counties_in_one_matter_wait_for_a_person(town: Town) -> None:
    receipt = await town.submit("麻阳苗族自治县到辰溪县的路坏了", "公路坑洼多，路面破损，请修路。", place="怀化市")
    queued = (await town.fact("AssignmentQueued", receipt.number)).body
    assert (queued.reason, queued.division) == ("division_unknown", COUNTY)


async def test_B2_anybody_on_the_staff_can_ask_what_a_text_names(town: Town) -> None:
    who = town.staff("clerk")
    path = "/v1/divisions/resolve"
    known = await town.call("routing", "GET", path, who=who, params={"text": "鼓楼区停水", "place": "河南省开封市"})
    unknown = await town.call("routing", "GET", path, who=who, params={"text": "鼓楼区停水"})
    assert (known.json()["code"], known.json()["names"]["410204"]) == ("410204", "河南省开封市鼓楼区")
    assert (unknown.json()["code"], unknown.json()["confidence"]) == ("", 0)
    assert (await town.call("routing", "GET", path, params={"text": "停水"})).status_code == 401
