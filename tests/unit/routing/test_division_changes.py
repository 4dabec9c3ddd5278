"""A division has a history (class B): ended codes and names lead to the places of today, or say why not."""

import gzip
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import divisions
from services.routing.adapters import packaged
from services.routing.domain.place.division_changes import (
    ChangeKind,
    DivisionChange,
    DivisionChanges,
    Trace,
    changes_of,
)
from services.routing.domain.place.gazetteer import plain_code

PLACES = packaged.places()


def rows(name: str) -> list[str]:
    packed = files("services.routing").joinpath(f"data/{name}").read_bytes()
    return gzip.decompress(packed).decode().splitlines()


CHANGES = DivisionChanges(changes_of(rows("division_changes.tsv.gz")))
TODAY = set(divisions.names_within(""))
TOWNSHIPS = changes_of(rows("township_changes.tsv.gz"))
FOLDED_ALIKE = {"220723", "610424"}  # 乾安县, 乾县: named in Simplified as the fold of Traditional would rename them
NO_PUBLIC_CODES = {"71"}  # Taiwan: the official table of today gives no codes


@pytest.mark.parametrize(
    ("given_code", "code"),
    [
        ("430521", "430582"),
        ("370282", "370215"),
        ("310108", "310106"),
        ("361121", "361104"),
        ("500105", "500157"),
        ("500112", "500157"),
        ("460321", "460302"),
        ("341521", "340422"),
        ("220381", "220184"),
        ("342622", "340124"),
        ("432301", "430902"),
        ("362301", "361102"),
        ("622821", "621021"),
        ("522201", "520602"),
        ("433000", "4312"),
        ("422400", "4210"),
        ("512323", "500119"),
        ("139001", "130682"),
        ("431271", "431281"),
        ("430101", "4301"),
        ("110200", "11"),
        ("442527", "441900"),
    ],
)
def test_an_ended_code_leads_to_the_place_of_today(given_code: str, code: str) -> None:
    assert PLACES.resolve(given_code, (), "停水").code == code


@pytest.mark.parametrize(
    ("given_code", "code"),
    [
        ("431226000", "431226"),
        ("431226000000", "431226"),
        ("431226100000", "431226100"),
        ("431226999", "431226"),
        ("430521000", "430582"),
        ("430521999", "430582"),
        ("430521103", "430582109"),
        ("430124100", "430182"),
        ("999999", ""),
        ("999999001", ""),
    ],
)
def test_a_township_of_an_ended_county_is_found_or_its_county_is(given_code: str, code: str) -> None:
    assert PLACES.resolve(given_code, (), "").code == code


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("安徽省六安市寿县", "340422"),
        ("六安寿县", "340422"),
        ("吉林省四平市公主岭市", "220184"),
        ("南通市港闸区", "320613"),
        ("河南省陕县", "411203"),
        ("湖南大庸市", "4308"),
        ("黔阳县", "431281"),
        ("湖南黔阳", "431281"),
        ("怀化地区黔阳县", "431281"),
        ("四川省万县", "500101"),
        ("四川省涪陵地区丰都县", "500230"),
        ("广东省海口市", "4601"),
        ("重庆市渝北区", "500157"),
        ("上海闸北", "310106"),
        ("长沙市东区", "430102"),
        ("安徽省巢湖市庐江县", "340124"),
        ("浙江省绍兴县", "330603"),
        ("湖北襄樊市襄阳区", "420607"),
        ("黑龙江省伊春市带岭区", "230725"),
        ("广西南宁地区横县", "450181"),
        ("思茅地区", "5308"),
    ],
)
def test_an_ended_name_is_read_in_a_field_and_in_a_text(place: str, code: str) -> None:
    in_field, in_text = PLACES.resolve("", (place,), "停水三天"), PLACES.resolve("", (), f"我家住在{place}，停水三天")
    assert (in_field.code, in_text.code) == (code, code)


@pytest.mark.parametrize(
    ("given_code", "place", "parts"),
    [
        ("412924", "", ("411302", "411303")),
        ("320586", "", ("320506", "320507")),
        ("341400", "", ("3401", "3402", "3405")),
        ("", "江苏省吴县市", ("320506", "320507")),
    ],
)
def test_of_a_divided_place_a_person_decides_which_part_is_meant(
    given_code: str, place: str, parts: tuple[str, ...]
) -> None:
    found = PLACES.resolve(given_code, (place,), "")
    told = PLACES.history(given_code, (place,), found)
    assert (found.county, found.candidates) == ("", parts)
    assert [(each.places, each.divided) for each in told] == [(parts, True)]


def test_a_text_that_names_one_part_of_a_divided_place_decides() -> None:
    assert PLACES.resolve("412924", (), "宛城区停水").code == "411302"


def test_every_county_that_ended_since_2000_leads_to_counties_of_today() -> None:
    """All 682 codes of counties in the tables of 2000 to 2024 that are not in the table of today."""
    ended = {code: trace for code in CHANGES.codes if len(code) == 6 and (trace := ended_since(2000, code))}
    shallow = [code for code, trace in ended.items() if not all(is_county(place) for place in trace.places)]
    assert (len(ended) >= 682, shallow) == (True, [])


def ended_since(year: int, code: str) -> Trace | None:
    trace = None if code in TODAY else CHANGES.of(code)
    is_division = trace is not None and trace.steps[0].kind not in (ChangeKind.GROUPING, ChangeKind.STATISTICAL)
    return trace if trace and is_division and trace.steps[0].year > year else None


def is_county(code: str) -> bool:
    return code in TODAY and (len(code) == 6 or not any(each.startswith(code) and len(each) == 6 for each in TODAY))


def test_every_change_leads_to_places_of_today_by_years_that_rise() -> None:
    for change in CHANGES.changes:
        trace = CHANGES.since(change)
        years = [step.year for step in trace.steps]
        assert years == sorted(set(years)), change
        assert TODAY.issuperset(trace.places), change
        assert trace.places or change.code in NO_PUBLIC_CODES, change


def test_every_township_that_ended_leads_to_a_township_of_today() -> None:
    assert [change for change in TOWNSHIPS if not TODAY.issuperset(change.became)] == []


def test_what_no_table_tells_has_its_reason() -> None:
    found = PLACES.resolve("710000", (), "")
    (told,) = PLACES.history("710000", (), found)
    assert (found.code, told.places, told.steps[0].kind) == ("", (), "ended")
    assert "去向" in told.steps[0].reason_zh


def test_a_name_of_today_still_means_what_it_is() -> None:
    """A name that ended never takes the place of one of today in its province and city."""
    counties = [code for code in TODAY if len(code) == divisions.COUNTY_DIGITS]
    wrong = [code for code in counties if PLACES.resolve("", (PLACES.name(code),), "").code[:6] != code]
    assert set(wrong) <= FOLDED_ALIKE


def test_what_is_told_of_an_ended_name_has_each_step_with_its_year_and_reason() -> None:
    found = PLACES.resolve("", ("怀化市黔阳县",), "")
    (told,) = PLACES.history("", ("怀化市黔阳县",), found)
    step = told.steps[0]
    assert (told.said, told.places, step.year, step.kind) == ("黔阳县", ("431281",), 1997, "merged")
    assert (bool(step.reason_zh), bool(step.reason_en)) == (True, True)


def test_nothing_is_told_where_nothing_ended() -> None:
    assert PLACES.history("431226", ("麻阳县高村镇",), PLACES.resolve("431226", (), "")) == ()


def change(year: int, code: str, *became: str, basis: str = "events") -> DivisionChange:
    return DivisionChange(year, ChangeKind.RECODED, code, code, became, (), basis)


def test_a_code_used_again_leads_where_its_last_holder_went() -> None:
    changes = DivisionChanges((change(1983, "1", "2"), change(1999, "1", "3"), change(1990, "2", "4")))
    assert (changes.of("1"), changes.of("9")) == (Trace((change(1999, "1", "3"),), ("3",)), None)
    assert changes.since(change(1983, "1", "2")).places == ("4",)


def test_each_piece_of_a_divided_place_is_followed() -> None:
    changes = DivisionChanges((change(1990, "1", "2", "3"), change(2000, "3", "4"), change(1985, "2", "9")))
    assert changes.since(change(1990, "1", "2", "3")).places == ("2", "4")


def test_what_was_settled_is_not_followed_further() -> None:
    changes = DivisionChanges((change(1990, "1", "2", basis="by hand"), change(2000, "2", "9")))
    assert changes.since(changes.changes[0]).places == ("2",)


@pytest.mark.parametrize(
    ("places", "shared"),
    [(("411302", "411303"), "4113"), (("3401", "3405"), "34"), (("411302",), "411302"), (("11", "12"), ""), ((), "")],
)
def test_parts_share_what_is_above_all_of_them(places: tuple[str, ...], shared: str) -> None:
    assert Trace((), places).shared == shared


@given(st.text(alphabet="0123456789", max_size=12))
def test_whatever_code_is_given_the_answer_is_a_place_of_today_or_nothing(code: str) -> None:
    found = PLACES.resolve(code, (), "")
    assert not found.code or divisions.trim(found.code) in TODAY
    assert plain_code(plain_code(code)) == plain_code(code)
