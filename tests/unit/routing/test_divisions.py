"""Division resolution (B2): as deep as it is sure, unknown rather than wrong."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import divisions as benchmark
from contracts.divisions import trim
from services.routing.adapters import packaged
from services.routing.domain.place.gazetteer import short_form, usual_form

PLACES = packaged.places()


def resolved(text: str, *fields: str, code: str = "") -> str:
    return PLACES.resolve(code, fields, text).code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("湖南省怀化市麻阳苗族自治县高村镇停水三天", "431226100"),
        ("怀化麻阳停水三天", "431226"),
        ("麻阳苗族自治县的路灯不亮", "431226"),
        ("麻阳县锦和镇的路坏了", "431226101"),
        ("湖南停水三天", "43"),
        ("北京市朝阳区停水", "110105"),
        ("长春市朝阳区停水", "220104"),
        ("東莞市東城街道的路燈", "441900003"),
        ("恩施州利川市", "422802"),
        ("晋城市城区停水", "140502"),
        ("湖北省襄樊市", "4206"),
        ("株洲市株洲县", "430212"),
    ],
)
def test_a_place_is_found_as_deep_as_it_is_named(text: str, code: str) -> None:
    assert resolved(text) == code


@pytest.mark.parametrize(
    "text", ["停水三天没人管", "朝阳区停水", "消防通道被占", "太原街上的井盖", "鼓楼区停水", "住在西区", "高村镇停水"]
)
def test_what_could_be_several_places_is_unknown(text: str) -> None:
    assert resolved(text) == ""


@pytest.mark.parametrize(
    ("field", "code"),
    [("南京市", "320106"), ("福建省福州", "350102"), ("江苏徐州", "320302"), ("河南省开封市", "410204")],
)
def test_same_name_counties_are_told_apart_by_a_parent_in_a_field(field: str, code: str) -> None:
    assert resolved("鼓楼区的公交车又改线了", field) == code


def test_a_parent_in_the_text_tells_them_apart_too() -> None:
    assert resolved("我是徐州人。鼓楼区的公交车又改线了") == "320302"


def test_two_counties_in_one_text_leave_the_city_and_name_both() -> None:
    found = PLACES.resolve("", ("怀化市",), "从麻阳苗族自治县到辰溪县的路坏了")
    assert (found.code, found.candidates) == ("4312", ("431223", "431226"))


def test_a_field_is_believed_more_than_the_text() -> None:
    assert resolved("去长沙市的班车没有了", "湖南省怀化市麻阳苗族自治县") == "431226"


@pytest.mark.parametrize(
    ("code", "text", "deepest"),
    [
        ("431226", "高村镇停水", "431226100"),
        ("431226", "辰溪县停水", "431226"),
        ("431200", "麻阳停水", "431226"),
        ("43", "", "43"),
        ("511028", "停水", "511083"),
        ("431226101", "高村镇停水", "431226101"),
        ("999999", "麻阳苗族自治县", "431226"),
        ("４３１２２６", "高村镇停水", "431226100"),
        (" 4312\u200b26\u00a0", "停水", "431226"),
    ],
)
def test_a_given_code_is_only_made_deeper(code: str, text: str, deepest: str) -> None:
    assert resolved(text, code=code) == deepest


@pytest.mark.parametrize(
    ("given", "field", "text", "unsettled"),
    [
        ("", "", "鼓楼区停水", (("320106", "320302", "350102", "410204"),)),
        ("", "", "辰溪停水", (("431223",),)),
        ("", "", "怀化停水", ()),
        ("", "", "从怀化去长沙的班车", ()),
        ("", "", "从怀化到长沙的班车", (("4301",),)),
        ("431299", "", "停水", (("431299",),)),
        ("", "", "湖南省的中山路和西区", ()),
        ("", "", "江南的春天", ()),
        ("431226", "", "辰溪停水", ()),
    ],
)
def test_a_name_that_was_not_settled_is_remembered(
    given: str, field: str, text: str, unsettled: tuple[tuple[str, ...], ...]
) -> None:
    assert PLACES.resolve(given, (field,), text).unsettled == unsettled


@pytest.mark.parametrize(
    ("field", "code"), [("辰溪", "431223"), ("长沙", "4301"), ("吉首", "433101"), ("通道", "431230")]
)
def test_a_short_name_where_a_place_was_asked_for_is_one(field: str, code: str) -> None:
    assert (resolved("停水", field), resolved("停水", "鼓楼")) == (code, "")


def test_the_finding_says_why_and_how_sure() -> None:
    sure, possible = PLACES.resolve("", (), "怀化市麻阳县停水"), PLACES.resolve("", ("湖南省",), "芷江停水")
    assert (sure.why, sure.confidence > possible.confidence > 0) == ("麻阳县", True)
    assert PLACES.resolve("", (), "停水").confidence == 0


def test_a_name_is_told_from_the_province_down() -> None:
    assert PLACES.name("431226100") == "湖南省怀化市麻阳苗族自治县高村镇"
    assert PLACES.name("441900003") == "广东省东莞市东城街道"
    assert PLACES.name("999999") == ""


@pytest.mark.parametrize(
    ("name", "short", "usual"),
    [
        ("麻阳苗族自治县", "麻阳", "麻阳县"),
        ("湖南省", "湖南", ""),
        ("唐县", "", ""),
        ("恩施土家族苗族自治州", "恩施", "恩施州"),
    ],
)
def test_names_have_short_and_usual_forms(name: str, short: str, usual: str) -> None:
    assert (short_form(name), usual_form(name)) == (short, usual)


@given(
    st.text(alphabet="湖南省怀化市麻阳县区高村镇的停水路,。 1a", max_size=60),
    st.sampled_from(["", "43", "4312", "431226"]),
)
def test_whatever_is_written_a_given_code_holds_and_the_finding_exists(text: str, code: str) -> None:
    found = PLACES.resolve(code, (), text)
    assert found.code.startswith(code)
    assert not found.code or PLACES.name(found.code)


@given(st.sampled_from(["110000", "431200", "431226", "431226100"]))
def test_a_trimmed_code_fills_up_to_what_it_was(code: str) -> None:
    assert trim(code).ljust(6, "0") == code


def real_rows() -> list[dict[str, str]]:
    rows = benchmark.rows_of()
    if not rows:
        missing = "the real messages (../shared/data) are not here: nothing was measured"
        pytest.fail(missing) if os.environ.get("DUBAN_REQUIRE_DATA") == "1" else pytest.skip(missing)
    return rows


@pytest.mark.parametrize(
    ("with_recipient", "level", "right_at_least", "wrong_at_most"),
    [(True, "province", 525, 0), (True, "county", 240, 3), (False, "province", 289, 1), (False, "county", 133, 0)],
)
def test_real_messages_are_placed(with_recipient: bool, level: str, right_at_least: int, wrong_at_most: int) -> None:
    score = benchmark.measure(real_rows(), with_recipient=with_recipient).scores[level]
    assert score.right >= right_at_least
    assert score.wrong <= wrong_at_most
