"""Classification by the lexicon (B1): clear only when it leads, explained by the words that matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.adapters import packaged
from services.routing.domain.assignment.routes import Queue, Route, decide_route
from services.routing.domain.kind.categories import Classification, Lexicon, classify
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.ports import Text
from tests.facts.values import COUNTY
from tests.harness import MONDAY

KINDS, UNITS, HERE = packaged.kinds(), packaged.directory().units(COUNTY), DivisionFinding("431226100", 0.9, "高村镇")
EMERGENCIES = (
    "爆炸", "燃气泄漏", "煤气泄漏", "天然气泄漏", "液化气泄漏", "起火", "火灾", "失火", "着火了", "坍塌",
    "房子塌了", "塌方", "滑坡", "泥石流", "决堤", "溃坝", "山洪", "中毒", "触电", "电线掉", "高压线掉下来",
    "溺水", "落水", "失踪", "走失", "被困", "跳楼", "自杀", "轻生", "喝农药", "持刀", "砍人", "斗殴", "投毒",
    "危化品", "群体性事件",
)  # fmt: skip
LEXICON = Lexicon({"water": (("W", 1.0),), "road": (("R", 1.0),), "please": (("P", 0.4),)})


def spoken(title: str = "", content: str = "", hint: str = "") -> Classification:
    return classify(title, content, hint, LEXICON, lambda text: [w for w in text.split() if w in LEXICON.weights])


def test_the_taxonomy_is_broad_and_has_two_levels() -> None:
    minors = [each for each in KINDS.all() if "." in each.code]
    majors = {each.code for each in KINDS.all() if "." not in each.code}
    assert len(minors) >= 40
    assert {each.code.split(".")[0] for each in minors} == majors
    assert len(KINDS.words()) >= 300
    assert all(each.zh and each.en for each in KINDS.all())


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("自来水停水三天", "WTR.01"),
        ("路燈不亮", "URB.06"),
        ("工地拖欠农民工工资", "LAB.01"),
        ("楼上广场舞噪音扰民", "ENV.01"),
        ("低保申请没有答复", "CIV.01"),
    ],
)
def test_a_plain_title_is_classed(title: str, code: str) -> None:
    found = KINDS.classify(Text(title=title))
    assert (found.code, found.clear) == (code, True)
    assert found.words


WHOSE = {
    "MZ": "结婚证怎么办 离婚登记 低保怎么办理",
    "ZR": "不动产证办不下来 房产证 房屋登记",
    "YB": "医保断缴 医保报销不了",
    "YZGL": "快递丢了",
    "SJT": "火车站 高铁站",
    "SC": "营业执照怎么办理 停车场乱收费 驾校乱收费 菜市场摊位乱收费",
    "JY": "学校乱收费 某小学乱收费 补课费",
    "GA": "孩子上户口 身份证怎么办理",
    "TY": "退伍军人补助",
    "SW": "税务局不给开发票",
    "SF": "法律援助",
    "LY": "滥伐林木",
    "XFJY": "消防通道被占",
    "XF": "请问怎么办理",
}


@pytest.mark.parametrize(("unit", "title"), [(unit, title) for unit, all_ in WHOSE.items() for title in all_.split()])
def test_a_clerk_would_give_it_to_the_same_unit(unit: str, title: str) -> None:
    route = decide_route(HERE, KINDS.classify(Text(title=title)), UNITS, MONDAY)
    assert isinstance(route, Route)
    assert route.unit.code.partition("-")[2] == unit


@pytest.mark.parametrize("title", ["景区乱收费", "物业乱收费"])
def test_who_charges_may_be_two_units_business_but_not_the_schools(title: str) -> None:
    route = decide_route(HERE, KINDS.classify(Text(title=title)), UNITS, MONDAY)
    assert isinstance(route, Queue)
    assert f"{COUNTY}-JY" not in {each.unit.code for each in route.candidates}


@pytest.mark.parametrize("word", EMERGENCIES)
def test_every_urgent_word_alone_has_a_unit_by_rule(word: str) -> None:
    found = KINDS.classify(Text(title=word))
    route = decide_route(HERE, found, UNITS, MONDAY, urgent=True)
    assert (found.clear, isinstance(route, Route)) == (True, True)


def test_the_reporters_hint_counts_by_code_and_by_name() -> None:
    for hint in ("WTR.01", "供水"):
        assert KINDS.classify(Text(title="三天了没人管", hint=hint)).code == "WTR.01"


def test_a_word_in_the_title_outweighs_one_in_the_text() -> None:
    found = spoken("water", "road")
    assert (found.code, found.clear, found.words, found.runners_up) == ("W", True, ("water",), ("R",))


def test_equal_words_are_not_clear_and_name_the_runner_up() -> None:
    found = spoken("water road")
    assert (found.clear, {found.code, *found.runners_up}) == (False, {"W", "R"})
    assert 0.5 <= found.confidence < 0.6


def test_a_passing_mention_is_not_clear() -> None:
    assert not spoken("", "please").clear
    assert spoken() == Classification()


def test_repeating_oneself_counts_at_most_three_times() -> None:
    assert spoken("", "water " * 3).confidence == spoken("", "water " * 50).confidence
    assert spoken("", "water " * 50 + "road " * 3).confidence == spoken("", "water road " * 3).confidence


@given(st.lists(st.sampled_from(["water", "road", "please", "other"]), max_size=12).map(" ".join))
def test_what_is_clear_leads_and_is_explained(text: str) -> None:
    found = spoken("", text)
    assert not found.clear or found.confidence > 0.5
    assert bool(found.code) == bool(found.words)
    assert found.code not in found.runners_up
