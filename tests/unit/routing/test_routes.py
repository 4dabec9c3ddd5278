"""Whose duty (B5): one clear place and one unit is assigned with its reasons, everything else waits with candidates."""

import pytest

from services.routing.domain.assignment.routes import EMERGENCY, Queue, Route, decide_route
from services.routing.domain.kind.categories import Classification
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.unit.units import Unit
from tests.harness import MONDAY
from tests.unit.routing.matters import a_unit

HERE = DivisionFinding("431226100", 0.95, "高村镇")
CLEAR = Classification("WTR.01", True, ("停水", "自来水"), (), 1.0)
TORN = Classification("WTR.01", False, ("水",), ("TRF.01",), 0.6)
WATER, ROADS = a_unit("W"), a_unit("R", duties=("TRF",))


def test_one_place_one_kind_one_unit_is_assigned_with_its_reasons() -> None:
    route = decide_route(HERE, CLEAR, (WATER, ROADS), MONDAY)
    assert route == Route(WATER, "WTR.01", ("place:高村镇", "words:停水、自来水", "duty:WTR.01@W"))


@pytest.mark.parametrize(
    ("place", "kind", "units", "reason", "candidates"),
    [
        (DivisionFinding("43", 0.5, "湖南省"), CLEAR, (WATER,), "division_unknown", []),
        (HERE, Classification(), (WATER,), "category_unknown", []),
        (HERE, CLEAR, (ROADS,), "no_unit", []),
        (HERE, CLEAR, (WATER, a_unit("W2")), "several_units", ["W", "W2"]),
        (HERE, TORN, (ROADS, WATER), "category_ambiguous", ["W", "R"]),
        (HERE, CLEAR, (a_unit("W", operators=0),), "unit_unattended", ["W"]),
        (HERE, CLEAR, (a_unit("W", missing=1),), "unit_not_live", ["W"]),
        (
            HERE,
            CLEAR,
            (a_unit("W", operators=0, stand_in="S"), a_unit("S", duties=(), missing=1)),
            "unit_not_live",
            ["W"],
        ),
    ],
)
def test_everything_else_waits_for_somebody(
    place: DivisionFinding, kind: Classification, units: tuple[object, ...], reason: str, candidates: list[str]
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


DESK = a_unit("E", duties=(EMERGENCY,))
NOTHING = Classification()


@pytest.mark.parametrize(
    ("kind", "units", "why"),
    [
        (NOTHING, (WATER, DESK), "category_unknown"),
        (TORN, (ROADS, WATER, DESK), "category_ambiguous"),
        (CLEAR, (WATER, a_unit("W2"), DESK), "several_units"),
        (CLEAR, (DESK,), "no_unit"),
        (CLEAR, (a_unit("W", operators=0), DESK), "unit_unattended"),
        (CLEAR, (a_unit("W", missing=1), DESK), "unit_not_live"),
    ],
)
def test_what_is_urgent_and_nobodys_for_sure_goes_to_the_emergency_desk(
    kind: Classification, units: tuple[Unit, ...], why: str
) -> None:
    route = decide_route(HERE, kind, units, MONDAY, urgent=True)
    assert isinstance(route, Route)
    assert (route.unit, route.category) == (DESK, EMERGENCY)
    assert route.reasons[-2:] == ("duty:SAF.04@E", f"urgent:{why}")
    assert isinstance(decide_route(HERE, kind, units, MONDAY), Queue)


def test_what_is_urgent_and_clear_goes_to_the_unit_whose_duty_it_is() -> None:
    route = decide_route(HERE, CLEAR, (WATER, DESK), MONDAY, urgent=True)
    assert isinstance(route, Route)
    assert route.unit == WATER


def test_nobody_is_sent_to_a_place_that_is_not_known_nor_by_a_county_without_a_desk() -> None:
    nowhere = decide_route(DivisionFinding("4312"), CLEAR, (WATER, DESK), MONDAY, urgent=True)
    deskless = decide_route(HERE, NOTHING, (WATER,), MONDAY, urgent=True)
    assert (nowhere, deskless) == (Queue("division_unknown"), Queue("category_unknown"))


def test_an_emergency_desk_that_can_promise_nothing_is_given_nothing() -> None:
    queue = decide_route(HERE, NOTHING, (a_unit("E", duties=(EMERGENCY,), missing=1),), MONDAY, urgent=True)
    assert isinstance(queue, Queue)
    assert queue.reason == "category_unknown"
