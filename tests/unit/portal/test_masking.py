"""Masking: what identifies a person is hidden in public views, what does not stays readable."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.reading.ticket.masking import Own, mask, mask_people
from tests.unit.portal.masking_set import Marked, figures, texts


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("请联系13912345678谢谢", "请联系139******78谢谢"),
        ("请联系１３９１２３４５６７８", "请联系139******78"),
        ("139 1234 5678 是我的电话", "139********78 是我的电话"),
        ("身份证431226199001011234", "身份证431***************"),
        ("身份证43122619900101123X", "身份证431***************"),
        ("座机0745-5822345", "座机0745********"),
        ("邮箱li.si@example.com", "邮箱***@***"),
        ("卡号6222021234567890123", "卡号62*****************"),
        ("联系人：张小明，电话", "联系人：张某某，电话"),
        ("联系人李四 13912345678", "联系人李某 139******78"),
        ("我叫滕建国。", "我叫滕某某。"),
        ("锦江路25号3单元402室", "锦江路**号3单元***室"),
        ("已拨打12345热线，110也来过", "已拨打12345热线，110也来过"),
        ("2026年3月2日停水，欠薪35000元", "2026年3月2日停水，欠薪35000元"),
        (
            "工程款123456789元，罚款 1200000000000 元，耕地1234567亩",
            "工程款123456789元，罚款 1200000000000 元，耕地1234567亩",
        ),
        ("￥123456789", "￥123456789"),
        ("1234567万元，电话5822345", "1234567万元，电话58*****"),
        ("13912345678元", "139******78元"),
        ("联系人未接电话", "联系人未接电话"),
        ("我是高村镇居民", "我是高村镇居民"),
    ],
)
def test_what_identifies_a_person_is_hidden(words: str, shown: str) -> None:
    assert mask(words) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("昨天滕树民去镇上问过", "昨天滕某某去镇上问过"),
        ("我岳父陈志远瘫痪在床", "我岳父陈某某瘫痪在床"),
        ("包工头覃国富欠我们工资", "包工头覃某某欠我们工资"),
        ("有个司机叫补定国", "有个司机叫补某某"),
        ("李娜家停电", "李某家停电"),
        ("张贵生、补建国、卢亮三人", "张某某、补某某、卢某三人"),
        ("隔壁瞿二嫂家的狗", "隔壁瞿某某家的狗"),
        ("我是旦增卓玛。", "我是某某某。"),
        ("我是阿细阿依，彝族", "我是某某某，彝族"),
        ("This is Li Na.", "This is 某某某."),
        ("我爱人是李雷称职的同事", "我爱人是李某称职的同事"),
    ],
)
def test_a_name_that_nothing_announces_is_told_by_how_likely_it_is_one(words: str, shown: str) -> None:
    assert mask(words) == shown


@pytest.mark.parametrize(
    ("words", "public", "to_the_unit"),
    [
        ("湘N12345乱停", "湘N*****乱停", "湘N12345乱停"),
        ("车牌浙B·8N3F2", "车牌浙B·*****", "车牌浙B·8N3F2"),
        ("电动车车牌衡阳068237", "电动车车牌衡阳******", "电动车车牌衡阳068237"),
        ("学号2019040512，K9路", "学号20********，K9路", "学号20********，K9路"),
        ("社保编号3301827465断缴", "社保编号33********断缴", "社保编号33********断缴"),
        ("1962-10-24出生", "**********出生", "**********出生"),
        ("2016年8月3日生效，8月3日生产", "2016年8月3日生效，8月3日生产", "2016年8月3日生效，8月3日生产"),
    ],
)
def test_the_unit_reads_the_plate_and_nobody_reads_papers_and_births(words: str, public: str, to_the_unit: str) -> None:
    assert (mask(words), mask_people(words)) == (public, to_the_unit)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("匡勇、付彪、柴小军，其中柴小军住对门", "匡某、付某、柴某某，其中柴某某住对门"),
        ("弟弟骆骏和女朋友来了", "弟弟骆某和女朋友来了"),
        ("玉素甫江和热依汗的馕店", "某某某和某某某的馕店"),
        ("奉家明、男、苗族", "某某某、男、苗族"),
    ],
)
def test_a_name_is_known_again_and_ends_before_what_joins(words: str, shown: str) -> None:
    assert mask(words) == shown


@pytest.mark.parametrize(
    "words",
    [
        "副县长周小川说要等，县委书记谢传明也来过",
        "张家界到怀化，杨家滩到王家坳",
        "建国路、黄兴路和张家坡路都堵",
        "雷锋说过，毛泽东也说过",
        "王姐和老李都在，李总不在",
        "高昂的费用、荣誉和高峰时段",
        "请联系和平村，麻阳人都知道",
    ],
)
def test_offices_places_and_words_that_look_like_names_stay(words: str) -> None:
    assert mask(words) == words


def test_the_unit_that_has_to_find_the_place_reads_the_house_and_no_person() -> None:
    words = "锦江路25号3单元402室，联系人：张小明，13912345678"
    assert mask_people(words) == "锦江路25号3单元402室，联系人：张某某，139******78"


@given(st.text(alphabet="0123456789- 号室联系人：张李明ab@.路单元X，￥万", max_size=40))
def test_masking_twice_changes_nothing(words: str) -> None:
    assert mask(mask(words)) == mask(words)


@given(st.text(alphabet="路灯不亮，。", max_size=10), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_mobile_number_survives(words: str, phone: str) -> None:
    assert phone not in mask(f"{words}{phone}{words}")


def test_of_what_is_marked_nearly_all_is_hidden_and_of_the_rest_next_to_nothing() -> None:
    measured = figures()
    assert measured.texts >= 300
    assert measured.hidden >= 0.97
    assert measured.lost <= 0.01


@pytest.mark.parametrize("kind", sorted({each.kind for each in texts()}))
def test_no_part_of_the_set_is_much_worse_than_the_whole(kind: str) -> None:
    part = [each for each in texts() if each.kind == kind]
    marks, missed = sum(len(each.places) for each in part), [shown for each in part for shown in each.missed]
    assert len(missed) <= 0.1 * marks
    assert sum(each.lost for each in part) <= 0.02 * sum(len(each.words) for each in part)


@pytest.mark.parametrize("marked", texts(), ids=lambda each: each.words[:20])
def test_hiding_twice_changes_nothing(marked: Marked) -> None:
    once = mask(marked.words, marked.own)
    assert mask(once, marked.own) == once


@given(
    st.sampled_from([each for each in texts() if each.kind == "plain"]),
    st.sampled_from([each for each in texts() if each.places]),
)
def test_what_stands_beside_it_does_not_show_what_is_hidden(plain: Marked, marked: Marked) -> None:
    shown = mask_people(f"{plain.words}\n{marked.words}\n{plain.words}", marked.own)
    hidden = [marked.words[start:end] for start, end in marked.places]
    assert not [each for each in hidden if each in shown and each not in marked.missed and each not in plain.words]


@pytest.mark.parametrize("size", [20_000])
@pytest.mark.parametrize("unit", ["1 ", "张", "一", "a@", "0-", "·", "张 ", "微信", "我是", "1.", "a.", "阿·"])
def test_no_text_takes_long(unit: str, size: int) -> None:
    begun = process_time()
    mask((unit * size)[:size], Own(("张小明", "13912345678", "a@example.cn")))
    assert process_time() - begun < 2.0
