"""Whose duty (B5): one clear place and one unit is assigned with its reasons, everything else waits with candidates."""

import pytest

from services.routing.domain.categories import Classification
from services.routing.domain.divisions import Finding
from services.routing.domain.routes import Queue, Route, by_door, decide_route, desk_of, tells_the_place
from tests.harness import MONDAY
from tests.unit.routing.matters import a_unit

HERE = Finding("431226100", 0.95, "高村镇")
CLEAR = Classification("WTR.01", True, ("停水", "自来水"), (), 1.0)
TORN = Classification("WTR.01", False, ("水",), ("TRF.01",), 0.6)
WATER, ROADS = a_unit("W"), a_unit("R", duties=("TRF",))


def test_one_place_one_kind_one_unit_is_assigned_with_its_reasons() -> None:
    route = decide_route(HERE, CLEAR, (WATER, ROADS), MONDAY)
    assert route == Route(WATER, "WTR.01", ("place:高村镇", "words:停水、自来水", "duty:WTR.01@W"))


@pytest.mark.parametrize(
    ("place", "kind", "units", "reason", "candidates"),
    [
        (Finding("43", 0.5, "湖南省"), CLEAR, (WATER,), "division_unknown", []),
        (HERE, Classification(), (WATER,), "category_unknown", []),
        (HERE, CLEAR, (ROADS,), "no_unit", []),
        (HERE, CLEAR, (WATER, a_unit("W2")), "several_units", ["W", "W2"]),
        (HERE, TORN, (ROADS, WATER), "category_ambiguous", ["W", "R"]),
        (HERE, CLEAR, (a_unit("W", operators=0),), "unit_unattended", ["W"]),
    ],
)
def test_everything_else_waits_for_somebody(
    place: Finding, kind: Classification, units: tuple[object, ...], reason: str, candidates: list[str]
) -> None:
    queue = decide_route(place, kind, units, MONDAY)  # type: ignore[arg-type]
    assert isinstance(queue, Queue)
    assert (queue.reason, [each.unit.code for each in queue.candidates]) == (reason, candidates)


def test_the_likelier_candidate_comes_first_with_a_higher_score() -> None:
    queue = decide_route(HERE, TORN, (ROADS, WATER), MONDAY)
    assert isinstance(queue, Queue)
    assert [(each.score, each.why) for each in queue.candidates] == [(0.6, "WTR.01"), (0.2, "TRF.01")]


def test_an_unclear_kind_is_assigned_when_it_is_one_units_duty_either_way() -> None:
    both = a_unit("B", duties=("WTR", "TRF"))
    route = decide_route(HERE, TORN, (both,), MONDAY)
    assert isinstance(route, Route)
    assert route.unit == both


def test_a_stand_in_is_named_in_the_reasons() -> None:
    alone = a_unit("W", operators=0, stand_in="S")
    route = decide_route(HERE, CLEAR, (alone, a_unit("S", duties=())), MONDAY)
    assert isinstance(route, Route)
    assert (route.unit.code, route.reasons[-1]) == ("S", "stand_in:S")


@pytest.mark.parametrize(
    ("door", "found", "tells"),
    [
        ("431226", Finding(), True),
        ("431226", Finding("4312", 0.6, "怀化市"), True),
        ("431226", Finding("4301", 0.6, "长沙市"), False),
        ("431226", Finding("4312", 0.6, "怀化市", ("431222", "431223")), False),
        ("431226", HERE, False),
        ("43", Finding(), False),
        ("", Finding(), False),
    ],
)
def test_the_door_tells_the_county_when_nothing_speaks_against_it(door: str, found: Finding, tells: bool) -> None:
    assert tells_the_place(door, found) is tells


def test_a_door_gives_little_confidence() -> None:
    assert by_door(HERE).confidence < HERE.confidence
    assert by_door(HERE).code == HERE.code


@pytest.mark.parametrize(
    ("found", "door", "desk"),
    [
        (HERE, "431226", "431226100"),
        (Finding("4312", 0.6, "怀化市", ("431222", "431223")), "431226", "431226"),
        (Finding("4301", 0.6, "长沙市"), "431226", "4301"),
        (Finding(), "43", "43"),
        (Finding("4312", 0.6, "怀化市"), "43", "4312"),
        (Finding(), "", ""),
    ],
)
def test_a_matter_whose_county_is_unknown_waits_where_somebody_sees_it(found: Finding, door: str, desk: str) -> None:
    assert desk_of(found, door) == desk
