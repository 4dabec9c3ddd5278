"""Assign, accept, return, arbitrate, withdraw (B5, B6): the rules, as a table and over any sequence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import assignment as rules
from services.routing.domain.assignment import Assignment, Giver, Refused, State
from services.routing.domain.units import Unit
from tests.harness import MONDAY
from tests.unit.routing.matters import COUNTY, ROADS, WATER, a_unit, an_assignment

LEAD, SUPERVISION = Giver(COUNTY, is_supervision=False), Giver(COUNTY, is_supervision=True)
UNIT = a_unit(WATER)
QUEUED = an_assignment(state=State.QUEUED, unit="", hop=0)
DISPUTED = an_assignment(state=State.DISPUTED, unit="", hop=2, returns=2)


def assigned(found: Assignment | Refused) -> Assignment:
    assert isinstance(found, Assignment)
    return found


def test_a_lead_unit_assigns_what_waits() -> None:
    found = assigned(rules.decide_assignment(QUEUED, UNIT, "WTR.02", LEAD, MONDAY))
    assert (found.state, found.unit, found.category, found.hop, found.binding) == (
        "assigned",
        WATER,
        "WTR.02",
        1,
        False,
    )
    assert assigned(rules.decide_assignment(QUEUED, UNIT, "", LEAD, MONDAY)).category == "WTR.01"


def test_the_supervision_offices_decision_binds_only_in_a_dispute() -> None:
    assert assigned(rules.decide_assignment(DISPUTED, UNIT, "", SUPERVISION, MONDAY)).binding
    assert not assigned(rules.decide_assignment(QUEUED, UNIT, "", SUPERVISION, MONDAY)).binding


@pytest.mark.parametrize(
    ("assignment", "unit", "giver", "why"),
    [
        (an_assignment(), UNIT, LEAD, rules.NOT_WAITING),
        (an_assignment(state=State.HANDED_OVER), UNIT, SUPERVISION, rules.NOT_WAITING),
        (DISPUTED, UNIT, LEAD, rules.FOR_SUPERVISION),
        (QUEUED, None, LEAD, rules.UNKNOWN_UNIT),
        (QUEUED, a_unit(valid_to=MONDAY), LEAD, rules.UNKNOWN_UNIT),
        (QUEUED, a_unit(division="431222"), LEAD, rules.OUTSIDE),
    ],
)
def test_an_assignment_is_refused(assignment: Assignment, unit: Unit | None, giver: Giver, why: Refused) -> None:
    assert rules.decide_assignment(assignment, unit, "", giver, MONDAY) == why


def test_a_unit_above_may_be_chosen_and_a_unit_elsewhere_moves_the_matter() -> None:
    city = assigned(rules.decide_assignment(QUEUED, a_unit(division="4312"), "", LEAD, MONDAY))
    province = Giver("43", is_supervision=True)
    elsewhere = assigned(rules.decide_assignment(QUEUED, a_unit(division="431222"), "", province, MONDAY))
    assert (city.division, elsewhere.division) == ("431226100", "431222")


@pytest.mark.parametrize(
    ("assignment", "by", "standard", "why"),
    [
        (QUEUED, WATER, "WTR-01", rules.NOT_ASSIGNED),
        (an_assignment(), ROADS, "WTR-01", rules.NOT_YOURS),
        (an_assignment(unit=""), "", "WTR-01", rules.NOT_YOURS),
        (an_assignment(), WATER, None, rules.UNKNOWN_STANDARD),
        (an_assignment(), WATER, "LND-01", rules.NOT_ITS_STANDARD),
    ],
)
def test_an_acceptance_is_refused(assignment: Assignment, by: str, standard: str | None, why: Refused) -> None:
    assert rules.decide_acceptance(assignment, UNIT, by, standard) == why


def test_the_unit_accepts_under_one_of_its_standards() -> None:
    found = assigned(rules.decide_acceptance(an_assignment(), UNIT, WATER, "WTR-01"))
    assert found.state is State.HANDED_OVER


def test_the_first_return_goes_to_the_lead_unit_and_the_second_is_a_dispute() -> None:
    first = assigned(rules.decide_return(an_assignment(), WATER, "not_our_duty"))
    again = assigned(rules.decide_assignment(first, a_unit(ROADS), "", LEAD, MONDAY))
    second = assigned(rules.decide_return(again, ROADS, "not_our_duty"))
    assert [(each.state, each.returns) for each in (first, second)] == [("queued", 1), ("disputed", 2)]
    assert second.returned_by == (WATER, ROADS)


@pytest.mark.parametrize(
    ("assignment", "by", "ground", "why"),
    [
        (an_assignment(binding=True), WATER, "not_our_duty", rules.BINDING),
        (an_assignment(), WATER, "we_are_busy", rules.UNKNOWN_GROUND),
        (an_assignment(), ROADS, "not_our_duty", rules.NOT_YOURS),
        (QUEUED, WATER, "not_our_duty", rules.NOT_ASSIGNED),
    ],
)
def test_a_return_is_refused(assignment: Assignment, by: str, ground: str, why: Refused) -> None:
    assert rules.decide_return(assignment, by, ground) == why


@pytest.mark.parametrize("state", list(State))
def test_a_matter_is_withdrawn_only_while_routing_holds_the_baton(state: State) -> None:
    found = rules.decide_withdrawal(an_assignment(state=state))
    held = state in (State.QUEUED, State.ASSIGNED, State.DISPUTED)
    assert (isinstance(found, Assignment) and found.state is State.WITHDRAWN) if held else found == rules.ENDED


STEPS = st.lists(st.sampled_from(["lead", "supervision", "return", "accept", "withdraw"]), max_size=20)


def stepped(assignment: Assignment, step: str) -> Assignment | Refused:
    match step:
        case "lead" | "supervision":
            giver = Giver(COUNTY, is_supervision=step == "supervision")
            return rules.decide_assignment(assignment, UNIT, "", giver, MONDAY)
        case "return":
            return rules.decide_return(assignment, WATER, "facts_unclear")
        case "accept":
            return rules.decide_acceptance(assignment, UNIT, WATER, "WTR-01")
        case _:
            return rules.decide_withdrawal(assignment)


@given(STEPS)
def test_returns_are_bounded_whatever_people_do(steps: list[str]) -> None:
    current = QUEUED
    for step in steps:
        found = stepped(current, step)
        current = current if isinstance(found, Refused) else found
        assert current.returns <= rules.RETURNS_UNTIL_DISPUTE
        assert current.hop <= rules.RETURNS_UNTIL_DISPUTE + 1
        assert bool(current.unit) == (current.hop > current.returns)
        assert not current.binding or current.returns == rules.RETURNS_UNTIL_DISPUTE
