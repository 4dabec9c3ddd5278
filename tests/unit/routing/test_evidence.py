"""Evidence of a place is weighed (A): what is named in full outranks what is named in passing, anywhere in a text."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.adapters import packaged
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.place.near_the_door import Served, desk_of, located, places_of
from tests.variants import variants

PLACES, DOOR, HUNAN = packaged.places(), "431226", Served(("43",))

CASES = [
    ("我在麻阳县高村镇工地干活，广东老板拖欠工资三个月。", "431226100"),
    ("麻阳县高村镇KTV北京时间凌晨三点还在唱歌。", "431226100"),
    ("广东老板在麻阳县高村镇欠薪", "431226100"),
    ("沈阳市和平区停气，北京来的施工队说不归他们管。", "210102"),
    ("我是河南人，在溆浦县卢峰镇被打", "431224100"),
    # goods, cuisine
    ("麻阳县高村镇沙县小吃店占道经营", "431226100"),
    ("高村镇的兰州拉面馆油烟大，在麻阳县汽车站旁边", "431226100"),
    ("麻阳县高村镇重庆火锅店半夜吵闹", "431226100"),
    ("麻阳县高村镇卖的山东苹果是烂的", "431226100"),
    ("麻阳县高村镇超市的东北大米、金华火腿过期", "431226100"),
    ("沅陵县官庄镇的四川饭店排污水", "431222"),
    ("溆浦县卢峰镇柳州螺蛳粉店后厨脏", "431224100"),
    ("辰溪县辰阳镇卖假贵州酒", "431223"),
    # where somebody comes from
    ("四川老乡在麻阳县高村镇工地摔伤没人管", "431226100"),
    ("湖北来的包工头跑了，麻阳县高村镇的工地停工", "431226100"),
    ("麻阳县高村镇的房东是浙江人，不退押金", "431226100"),
    ("我老公是广西人，户口迁到麻阳县高村镇办不了", "431226100"),
    ("老板来自广东省东莞市，在麻阳县高村镇开厂污染", "431226100"),
    ("河南籍司机在溆浦县卢峰镇被多收费", "431224100"),
    ("一个云南女子在麻阳县高村镇被骗", "431226100"),
    ("施工队是重庆的，麻阳县高村镇的路挖开不填", "431226100"),
    ("长沙市民反映：在麻阳县高村镇买房延期交付", "431226100"),
    ("贵州省铜仁市的老板承包了麻阳县郭公坪镇的矿", "431226"),
    ("我是四川省成都市武侯区人，现在麻阳县高村镇打工被欠薪", "431226100"),
    # roads, times, papers, ships, companies, schools
    ("麻阳县高村镇北京路路灯不亮", "431226100"),
    ("怀化市鹤城区上海路修了半年", "431202"),
    ("北京时间晚上十一点，麻阳县高村镇还在打桩", "431226100"),
    ("湖南卫视报道过，麻阳县高村镇的桥还没修", "431226100"),
    ("深圳市某某科技有限公司在麻阳县高村镇拖欠货款", "431226100"),
    ("女儿在长沙市上学，麻阳县高村镇的学籍转不走", "431226100"),
    ("我在广东打工，家里麻阳县高村镇的地被占", "431226100"),
    ("北京大学毕业，在麻阳县高村镇考编被卡", "431226100"),
    # accent, names
    ("对方一口东北口音，说四川话，在麻阳县高村镇收保护费", "431226100"),
    ("联系人王东阳，麻阳县高村镇停水", "431226100"),
    ("我叫李安化，住在麻阳县高村镇", "431226100"),
    ("张海宁书记，您好！麻阳县高村镇停水三天", "431226100"),
    # travel and appeals
    ("去北京上访三次，麻阳县高村镇征地款没发", "431226100"),
    ("从上海回来，麻阳县高村镇不让进村", "431226100"),
    ("麻阳县高村镇去长沙市的班车停了", "431226100"),
    ("原籍四川省，现住麻阳县高村镇", "431226100"),
    # places named in full with their parents outrank those without
    ("湖南省怀化市麻阳县高村镇停水，广州市也停过", "431226100"),
    ("长沙市有人来看过，怀化市麻阳县高村镇还是停水", "431226100"),
    ("地址：湖南省怀化市沅陵县。以前在湖南省长沙市岳麓区投诉过", "431222"),
    ("长沙市岳麓区停水，上海老板的公司不管", "430104"),
    ("湖南怀化麻阳停水，河北施工队挖断水管", "431226"),
    ("怀化麻阳停水，河南省的施工队挖断水管", "431226"),
    ("在重庆打工的儿子回来，麻阳县岩门镇不让进", "431226"),
    ("上海路与北京路交叉口，沈阳市和平区", "210102"),
    ("我家在麻阳县高村镇，孩子在广州市天河区读书", "431226100"),
    ("我是长沙市岳麓区居民，在麻阳县高村镇买的房烂尾", "431226100"),
    ("麻阳县高村镇有人倒从广东省广州市运来的垃圾", "431226100"),
    ("广东省佛山市南海区的老板在麻阳县高村镇欠薪", "431226100"),
    ("国务院、广东省政府都投诉过，麻阳县高村镇还是停水", "431226100"),
    ("我已向广州市12345反映，麻阳县还是停水", "431226"),
    ("一辆广东牌照的车在麻阳县高村镇撞坏护栏", "431226100"),
    ("麻阳县高村镇的北京现代4S店不退定金", "431226100"),
    ("麻阳县高村镇超市的青岛啤酒过期", "431226100"),
    ("我嫁到麻阳县高村镇，户口还在四川省", "431226100"),
    ("从四川嫁到麻阳县高村镇，落户难", "431226100"),
    ("芷江县不停水，麻阳县高村镇天天停", "431226100"),
    ("广西南宁的亲戚来麻阳县高村镇被宰客", "431226100"),
    ("麻阳县高村镇KTV里四川妹子唱到半夜", "431226100"),
    ("麻阳县高村镇，新疆大枣、宁夏枸杞都是假的", "431226100"),
    # what is no passing mention
    ("麻阳县水务有限公司乱收费", "431226"),
    ("麻阳县高村镇居民反映停水三天", "431226100"),
    ("麻阳县高村镇的老板欠薪", "431226100"),
    ("麻阳县高村镇米粉店占道", "431226100"),
    ("长沙市民反映路灯不亮", "4301"),
    ("麻阳县人民医院停车难", "431226"),
    ("麻阳县人社局不给办", "431226"),
    ("麻阳县高村镇人行道塌了", "431226100"),
    ("麻阳县话费乱扣", "431226"),
    ("麻阳县菜市场脏乱", "431226"),
    ("麻阳县货运站超载", "431226"),
    ("麻阳县酒店不退押金", "431226"),
    ("怀化市市民中心办事慢", "4312"),
    ("怀化市区公交少", "4312"),
    ("我是徐州人。鼓楼区的公交车又改线了", "320302"),
    ("我是麻阳县人，高村镇停水", "431226100"),
]


@pytest.mark.parametrize(("text", "code"), CASES)
def test_the_strongest_evidence_wins(text: str, code: str) -> None:
    assert PLACES.resolve("", (), text).code[: len(code)] == code


@pytest.mark.parametrize(("text", "code"), CASES)
def test_a_place_is_read_alike_in_every_variant(text: str, code: str) -> None:
    found = PLACES.resolve("", (), text).code
    assert {how: each for how, each in variants(text) if PLACES.resolve("", (), each).code != found} == {}


def at_the_door(text: str) -> DivisionFinding:
    def within(division: str) -> DivisionFinding:
        return PLACES.resolve(division, (), text)

    return located(DOOR, within(""), within, is_pinned=False)


PASSING = [
    "广东老板拖欠工资三个月",
    "我是河南人，被人打了",
    "北京来的施工队说不归他们管",
    "北京时间凌晨三点还在唱歌",
    "楼下的沙县小吃油烟大",
    "联系人王东阳，停水三天",
    "湖南卫视来拍过",
    "他一口四川话",
]


@pytest.mark.parametrize("text", PASSING)
def test_a_place_that_is_only_said_in_passing_is_not_where_the_matter_lies(text: str) -> None:
    found = at_the_door(text)
    assert (found.code, found.why) == (DOOR, "door")


@pytest.mark.parametrize(
    ("text", "one_of"),
    [
        ("麻阳县停水，长沙市也停水", {"431226", "4301"}),
        ("从湖南省长沙市岳麓区到麻阳县高村镇的货丢了", {"430104", "431226"}),
        ("麻阳县和辰溪县交界的桥断了", {"431226", "431223"}),
        ("广东省的企业污染麻阳县的河", {"44", "431226"}),
    ],
)
def test_of_two_places_named_equally_well_a_person_decides(text: str, one_of: set[str]) -> None:
    found = PLACES.resolve("", (), text)
    assert not found.county
    assert one_of <= {*found.candidates}
    assert {*places_of(found)} >= one_of
    assert desk_of(found, DOOR, HUNAN) == DOOR


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("陕西省咸阳市乾县停水", "610424"),
        ("吉林省松原市乾安县停水", "220723"),
        ("乾安县停水", "220723"),
        ("陝西省咸陽市乾縣", "610424"),
        ("⻓沙市⾬花区", "430111"),
        ("⿇阳县⾼村镇停⽔", "431226100"),
    ],
)
def test_names_are_folded_as_texts_are(text: str, code: str) -> None:
    assert PLACES.resolve("", (), text).code == code


def down_to_counties(above: str = "") -> Iterator[str]:
    for code in PLACES.below(above):
        if len(code) <= 6:
            yield code
            yield from down_to_counties(code)


def test_every_place_is_found_by_its_name_with_those_above_it() -> None:
    lost = [
        code
        for code in down_to_counties()
        if PLACES.resolve("", (), PLACES.name(code)).code.removesuffix("00") != code.removesuffix("00")
    ]
    assert lost == []


COUNTIES = [code for code in down_to_counties() if len(code) == 6 and not code.endswith("00")]
IN_PASSING = (
    "北京来的广东老板在{}欠薪",
    "{}停水，河南人和四川老乡都说北京时间太晚",
    "我是上海人，在{}被打",
    "{}的沙县小吃和兰州拉面油烟大",
    "深圳市某某科技有限公司拖欠{}工人工资",
    "女儿在长沙市上学，{}的学籍转不走",
)


@given(st.sampled_from(COUNTIES), st.sampled_from(IN_PASSING), st.integers(min_value=0))
def test_no_county_is_lost_to_what_is_said_in_passing(county: str, said: str, nth: int) -> None:
    made = list(variants(said.format(PLACES.name(county))))
    assert PLACES.resolve("", (), made[nth % len(made)][1]).code == county


@pytest.mark.parametrize("filler", ["停水三天没人管。", "广东老板、北京时间、四川人，"])
def test_the_end_of_a_long_text_counts(filler: str) -> None:
    long = (filler * 3000)[:19_900]
    assert PLACES.resolve("", (), f"{long}。地址：湖南省怀化市沅陵县官庄镇").county == "431222"
    assert PLACES.resolve("", (), f"地址：湖南省怀化市沅陵县官庄镇。{long}").county == "431222"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("麻阳停水三天，北京总部不批", "431226"),
        ("麻阳停水，我在广东打工", "431226"),
        ("辰溪停水，我在广东打工", "431223"),
        ("长沙停水，我在广东打工", "4301"),
        ("高村镇停水，山西煤老板不管", "431226100"),
    ],
)
def test_what_is_said_aside_gives_way_to_a_short_name_near_the_door(text: str, code: str) -> None:
    assert at_the_door(text).code == code


def test_two_short_names_of_which_one_is_at_the_door_are_for_a_person() -> None:
    found = at_the_door("麻阳停水三天，北京都不会这样")
    assert (found.code, found.candidates) == ("", ("11", "431226"))


def test_the_evidence_is_shown_as_it_was_written_with_how_well_it_names_a_place() -> None:
    text = "我在 ⿇阳縣\u200b高 村镇工地，廣東老板欠薪，太原街也有"
    told = PLACES.explained("", ("怀化市",), text)
    assert [(each.source, each.words, each.strength and each.strength.name, each.agrees) for each in told.evidence] == [
        (0, "怀化市", "IN_FULL", True),
        (1, "⿇阳縣", "WITH_PARENTS", True),
        (1, "高 村镇", "WITH_PARENTS", True),
        (1, "廣東", "PASSING", False),
        (1, "太原", None, False),
    ]
    assert all(each.words == ("怀化市", text)[each.source][each.start : each.end] for each in told.evidence)
    assert told.found == PLACES.resolve("", ("怀化市",), text)
    assert told.evidence[2].places[0] == "431226100"


def test_a_text_full_of_names_is_explained_in_bounds() -> None:
    told = PLACES.explained("", (), "麻阳县、辰溪县、城关镇、" * 1500)
    assert len(told.evidence) == 50
    assert max(len(each.places) for each in told.evidence) == 10


def test_weaker_evidence_takes_nothing_from_how_sure_a_finding_is() -> None:
    alone, beside = (
        PLACES.resolve("", (), text) for text in ("麻阳县高村镇停水", "麻阳县高村镇停水，广东老板、北京货都不行")
    )
    assert (alone.confidence, alone.why) == (beside.confidence, beside.why) == (0.8, "麻阳县")
    assert PLACES.resolve("", (), "怀化市麻阳县高村镇停水").confidence == 0.95


def test_a_name_that_the_reading_form_changes_is_told_as_it_is_spelt() -> None:
    assert PLACES.resolve("", (), "陕西省咸阳市乾縣停水").why == "乾县"
