"""Assign, accept, return, arbitrate, withdraw (B5, B6): the rules, as a table and over any sequence."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.assignment import assignment as rules
from services.routing.domain.assignment.assignment import (
    Assignment,
    AssignmentRefused,
    AssignmentState,
    AssignmentVoter,
    Choice,
    Giver,
)
from services.routing.domain.unit.standards import OfferedStandard
from services.routing.domain.unit.units import Unit
from tests.facts.values import COUNTY
from tests.harness import MONDAY
from tests.unit.routing.matters import ROADS, WATER, a_unit, an_assignment

LEAD, SUPERVISION = Giver(COUNTY, is_supervision=False), Giver(COUNTY, is_supervision=True)
UNIT = a_unit(WATER, lead_unit="HC")
REPAIR = OfferedStandard("WTR-01", 1, "供水抢修", "Water repair", ("WTR.01",), MONDAY)
QUEUED = an_assignment(state=AssignmentState.QUEUED, unit="", hop=0)
DISPUTED = an_assignment(state=AssignmentState.DISPUTED, unit="", hop=2, returns=2)


def assigned(found: Assignment | AssignmentRefused) -> Assignment:
    assert isinstance(found, Assignment)
    return found


def given_by(
    assignment: Assignment, unit: Unit | None, giver: Giver, category: str = "", **more: Any
) -> Assignment | AssignmentRefused:
    return rules.decide_assignment(assignment, Choice(unit, category=category, **more), giver, MONDAY)


def test_a_lead_unit_assigns_what_waits() -> None:
    found = assigned(given_by(QUEUED, UNIT, LEAD, "WTR.02"))
    assert (found.state, found.unit, found.category, found.hop, found.binding) == (
        "assigned",
        WATER,
        "WTR.02",
        1,
        False,
    )
    assert assigned(given_by(QUEUED, UNIT, LEAD)).category == "WTR.01"


def test_the_supervision_offices_decision_binds_only_in_a_dispute() -> None:
    assert assigned(given_by(DISPUTED, UNIT, SUPERVISION, has_reason=True)).binding
    assert not assigned(given_by(QUEUED, UNIT, SUPERVISION)).binding


RETURNED = an_assignment(state=AssignmentState.QUEUED, unit="", returns=1, returned_by=(WATER,))
OF_ROADS = Giver(COUNTY, is_supervision=False, unit="JT")


@pytest.mark.parametrize(
    ("assignment", "unit", "giver", "why"),
    [
        (an_assignment(), UNIT, LEAD, rules.NOT_WAITING),
        (an_assignment(state=AssignmentState.HANDED_OVER), UNIT, SUPERVISION, rules.NOT_WAITING),
        (DISPUTED, UNIT, LEAD, rules.FOR_SUPERVISION),
        (DISPUTED, UNIT, SUPERVISION, rules.REASON_NEEDED),
        (QUEUED, None, LEAD, rules.UNKNOWN_UNIT),
        (QUEUED, a_unit(valid_to=MONDAY), LEAD, rules.UNKNOWN_UNIT),
        (QUEUED, a_unit(division="431222"), LEAD, rules.OUTSIDE),
        (QUEUED, a_unit(operators=0), LEAD, rules.UNATTENDED),
        (replace(QUEUED, category=""), UNIT, LEAD, rules.CATEGORY_NEEDED),
        (RETURNED, UNIT, LEAD, rules.RETURNED_BY_IT),
        (RETURNED, UNIT, SUPERVISION, rules.RETURNED_BY_IT),
        (QUEUED, UNIT, OF_ROADS, rules.NOT_YOUR_LINE),
    ],
)
def test_an_assignment_is_refused(
    assignment: Assignment, unit: Unit | None, giver: Giver, why: AssignmentRefused
) -> None:
    assert given_by(assignment, unit, giver) == why


@pytest.mark.parametrize(
    ("lead_unit", "line", "giver"),
    [
        ("XX", ("JT", "LEAD"), OF_ROADS),
        ("XX", ("HC", "JT"), OF_ROADS),
        ("JT", (), OF_ROADS),
        ("", (), OF_ROADS),
        ("XX", (), LEAD),
        ("XX", (), replace(SUPERVISION, unit="SUP")),
    ],
)
def test_a_lead_unit_gives_to_its_own_line_and_what_waits_at_its_desk(
    lead_unit: str, line: tuple[str, ...], giver: Giver
) -> None:
    found = given_by(replace(QUEUED, lead_unit=lead_unit), a_unit("U"), giver, line=line)
    assert assigned(found).unit == "U"


def test_in_a_dispute_the_unit_that_gave_it_back_may_be_bound() -> None:
    disputed = replace(DISPUTED, returned_by=(WATER, ROADS))
    assert assigned(given_by(disputed, UNIT, SUPERVISION, has_reason=True)).unit == WATER


def test_a_stand_in_takes_what_is_given_to_a_unit_without_operators() -> None:
    found = given_by(QUEUED, a_unit("U", operators=0, stand_in="S"), LEAD, stand_in=a_unit("S"))
    assert assigned(found).unit == "S"


def test_a_unit_above_may_be_chosen_and_a_unit_elsewhere_moves_the_matter() -> None:
    city = assigned(given_by(QUEUED, a_unit(division="4312"), LEAD))
    province = Giver("43", is_supervision=True)
    elsewhere = assigned(given_by(QUEUED, a_unit(division="431222"), province))
    assert (city.division, elsewhere.division) == ("431226100", "431222")


@pytest.mark.parametrize(
    ("assignment", "by", "standard", "code"),
    [
        (QUEUED, WATER, "WTR-01", "not_assigned"),
        (an_assignment(), ROADS, "WTR-01", "not_yours"),
        (an_assignment(unit=""), "", "WTR-01", "not_yours"),
        (an_assignment(), WATER, "NONE", "unknown_standard"),
        (an_assignment(), WATER, "LND-01", "standard_not_allowed"),
    ],
)
def test_an_acceptance_is_refused(assignment: Assignment, by: str, standard: str, code: str) -> None:
    refused = rules.decide_acceptance(assignment, by, standard, (REPAIR,), exists=standard != "NONE")
    assert isinstance(refused, AssignmentRefused)
    assert refused.code == code


@pytest.mark.parametrize("exists", [True, False])
def test_a_refused_standard_names_those_that_may_be_chosen(exists: bool) -> None:
    refused = rules.decide_acceptance(an_assignment(), WATER, "HSG-01", (REPAIR,), exists=exists)
    assert isinstance(refused, AssignmentRefused)
    assert "WTR-01 供水抢修" in refused.zh
    assert "WTR-01 (Water repair)" in refused.en
    none = rules.decide_acceptance(an_assignment(), WATER, "HSG-01", (), exists=exists)
    assert isinstance(none, AssignmentRefused)
    assert ("无" in none.zh, "none" in none.en) == (True, True)


def test_the_unit_accepts_under_a_standard_that_it_may_choose() -> None:
    found = assigned(rules.decide_acceptance(an_assignment(), WATER, "WTR-01", (REPAIR,), exists=True))
    assert found.state is AssignmentState.HANDED_OVER


def test_the_first_return_goes_to_the_lead_unit_and_the_second_is_a_dispute() -> None:
    first = assigned(rules.decide_return(an_assignment(), WATER, "not_our_duty"))
    again = assigned(given_by(first, a_unit(ROADS), LEAD))
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
def test_a_return_is_refused(assignment: Assignment, by: str, ground: str, why: AssignmentRefused) -> None:
    assert rules.decide_return(assignment, by, ground) == why


@pytest.mark.parametrize("state", list(AssignmentState))
def test_a_matter_is_withdrawn_only_while_routing_holds_the_baton(state: AssignmentState) -> None:
    found = rules.decide_withdrawal(an_assignment(state=state, voters=(AssignmentVoter(0, "d0"),)))
    held = state in (AssignmentState.QUEUED, AssignmentState.ASSIGNED, AssignmentState.DISPUTED)
    assert (
        (isinstance(found, Assignment) and found.state is AssignmentState.WITHDRAWN) if held else found == rules.ENDED
    )


def test_one_reporter_does_not_withdraw_what_others_reported_too() -> None:
    assert rules.decide_withdrawal(an_assignment()) == rules.COLLECTIVE


NAMED = (AssignmentVoter(0, "d0"), AssignmentVoter(1, "d1", confirmed=False))


def test_whoever_was_only_named_does_not_keep_the_filer_from_withdrawing() -> None:
    found = rules.decide_withdrawal(an_assignment(voters=NAMED))
    assert isinstance(found, Assignment)
    assert found.state is AssignmentState.WITHDRAWN


@pytest.mark.parametrize("state", list(AssignmentState))
def test_a_seat_is_confirmed_once_and_only_while_routing_holds_the_baton(state: AssignmentState) -> None:
    found = rules.decide_confirmation(an_assignment(state=state, voters=NAMED), 1)
    if state not in (AssignmentState.QUEUED, AssignmentState.ASSIGNED, AssignmentState.DISPUTED):
        assert found == rules.ENDED
        return
    assert isinstance(found, Assignment)
    assert [seat.confirmed for seat in found.voters] == [True, True]
    assert rules.decide_confirmation(found, 1) == rules.CONFIRMED_ALREADY
    assert rules.decide_withdrawal(found) == rules.COLLECTIVE


STEPS = st.lists(st.sampled_from(["lead", "supervision", "return", "accept", "withdraw"]), max_size=20)


def stepped(assignment: Assignment, step: str) -> Assignment | AssignmentRefused:
    match step:
        case "lead" | "supervision":
            giver = Giver(COUNTY, is_supervision=step == "supervision")
            unit = a_unit(ROADS) if WATER in assignment.returned_by else UNIT
            return given_by(assignment, unit, giver, has_reason=True)
        case "return":
            return rules.decide_return(assignment, assignment.unit or WATER, "facts_unclear")
        case "accept":
            return rules.decide_acceptance(assignment, assignment.unit or WATER, "WTR-01", (REPAIR,), exists=True)
        case _:
            return rules.decide_withdrawal(assignment)


@given(STEPS)
def test_returns_are_bounded_whatever_people_do(steps: list[str]) -> None:
    current = QUEUED
    for step in steps:
        found = stepped(current, step)
        current = current if isinstance(found, AssignmentRefused) else found
        assert current.returns <= rules.RETURNS_UNTIL_DISPUTE
        assert current.hop <= rules.RETURNS_UNTIL_DISPUTE + 1
        assert bool(current.unit) == (current.hop > current.returns)
        assert not current.binding or current.returns == rules.RETURNS_UNTIL_DISPUTE
