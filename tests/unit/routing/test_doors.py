"""What the door tells (B2): it stands in where no place was named; of the places of a name the nearest is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.adapters import packaged
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.place.near_the_door import BY_DOOR, Served, desk_of, located, places_of

PLACES, DOOR, HUNAN = packaged.places(), "431226", Served(("43",))


def found(text: str, place: str = "", given: str = "", door: str = DOOR, *, is_pinned: bool = False) -> DivisionFinding:
    def within(division: str) -> DivisionFinding:
        return PLACES.resolve(division, (place,), text)

    return located(door, within(given), within, is_pinned=is_pinned)


@pytest.mark.parametrize(
    "text", ["停水三天", "湖南停水三天", "麻阳停水三天", "消防通道被占", "太原街上的井盖", "住在西区"]
)
def test_the_door_stands_in_where_nothing_speaks_against_it(text: str) -> None:
    assert (found(text).code, found(text).confidence, found(text).why) == (DOOR, BY_DOOR, "door")


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("高村镇停水三天", "", "431226100"),
        ("停水三天", "高村镇", "431226100"),
        ("辰溪停水三天", "", "431223"),
        ("停水三天", "辰溪", "431223"),
        ("鹤城停水三天", "", "431202"),
        ("芷江停水三天", "", "431228"),
        ("吉首停水三天", "", "433101"),
        ("停水三天", "通道", "431230"),
        ("长沙停水三天", "", "4301"),
        ("怀化停水三天", "", "4312"),
        ("停水三天", "怀化市", "4312"),
    ],
)
def test_of_the_places_of_a_name_the_one_nearest_to_the_door_is_meant(text: str, place: str, code: str) -> None:
    assert found(text, place).code == code


@pytest.mark.parametrize(
    ("text", "place", "given", "one_of"),
    [
        ("鼓楼区停水", "", "", "320106"),
        ("朝阳区停水", "", "", "110105"),
        ("停水三天", "城郊乡", "", "411321200"),
        ("停水三天", "", "431299", "431299"),
        ("麻阳到辰溪的路坏了", "", "", "431223"),
    ],
)
def test_a_place_that_was_named_and_is_not_clear_is_for_a_person(
    text: str, place: str, given: str, one_of: str
) -> None:
    unknown = found(text, place, given)
    assert not unknown.county
    assert one_of in places_of(unknown)
    assert desk_of(unknown, DOOR, HUNAN) == DOOR


def test_an_unknown_code_does_not_hide_a_place_that_is_clear() -> None:
    assert found("辰溪县停水", given="431299").code == "431223"


def test_a_pin_on_a_map_is_not_the_door_but_a_name_beside_it_is_heard() -> None:
    assert found("停水三天", is_pinned=True) == DivisionFinding()
    assert found("高村镇停水三天", is_pinned=True).code == "431226100"
    assert found("麻阳停水三天", is_pinned=True).code == DOOR


@pytest.mark.parametrize("door", ["", "43", "4312"])
def test_a_door_wider_than_a_county_tells_nothing(door: str) -> None:
    assert found("停水三天", door=door) == DivisionFinding()


@given(
    st.sampled_from(["431226", "430102", "110105", "441900"]),
    st.text(alphabet="停水辰溪麻阳北京长沙市县区", max_size=12),
)
def test_what_the_door_tells_is_inside_its_province_or_its_county(door: str, text: str) -> None:
    place, alone = found(text, door=door), PLACES.resolve("", (), text)
    at_the_door = [each for each in place.candidates if each.startswith(door[:2])]
    is_open = not place.code and bool(at_the_door)  # two short names, one of them at the door: a person decides
    assert place == alone or place.code.startswith(door[:2]) or is_open
    assert place.why != "door" or place.code == door


@pytest.mark.parametrize(
    ("place", "door", "desk"),
    [
        (DivisionFinding("431226100"), "431226", "431226100"),
        (DivisionFinding("4312", candidates=("431222", "431223")), "431226", "431226"),
        (DivisionFinding("4301"), "431226", "4301"),
        (DivisionFinding(), "43", "43"),
        (DivisionFinding("4312"), "43", "4312"),
        (DivisionFinding(), "", ""),
        (DivisionFinding("110105"), "431226", "431226"),
        (DivisionFinding("4403"), "431226", "431226"),
    ],
)
def test_a_matter_waits_where_somebody_sees_it(place: DivisionFinding, door: str, desk: str) -> None:
    assert desk_of(place, door, HUNAN) == desk


@pytest.mark.parametrize(
    ("divisions", "code", "serves"),
    [(("43",), "431226", True), (("4312",), "43", True), (("4312",), "4301", False), (("43",), "", True)],
)
def test_what_the_platform_serves(divisions: tuple[str, ...], code: str, serves: bool) -> None:
    assert Served(divisions).serves(code) is serves
