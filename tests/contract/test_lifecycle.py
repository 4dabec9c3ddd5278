"""The tables of the lifecycle are whole: a state or a clock kind that is missing somewhere is seen here."""

import pytest

from contracts import catalogue, lifecycle
from contracts.envelope import Kind
from contracts.lifecycle import CLOCKS, MOVES, NEW, STATES, Lane, OfficialCounter, Phase, TicketState
from contracts.topics import SERVICES
from services.routing.domain.assignment.assignment import WAITING, AssignmentState


def test_each_state_has_a_row_and_exits() -> None:
    assert set(STATES) == set(TicketState)
    assert set(MOVES) == {NEW, *TicketState}


def test_each_state_is_reached_by_some_fact() -> None:
    reached = {state for exits in MOVES.values() for state in exits.values()} | {lifecycle.DISPUTE[1]}
    assert reached == set(TicketState)


def test_only_facts_of_the_catalogue_change_a_state_and_only_its_holder_says_them() -> None:
    for state, exits in MOVES.items():
        holder = STATES[TicketState(state)].holder if state else "intake"
        for name in exits:
            entry = catalogue.BY_NAME[name]
            assert entry.kind is Kind.FACT
            assert holder in entry.producers, (state, name)


def test_holders_are_services() -> None:
    assert {row.holder for row in STATES.values() if row.holder} <= set(SERVICES)


def test_each_counter_and_each_lane_has_a_state_and_a_name() -> None:
    counted = {each for row in STATES.values() for each in (row.counter, row.overdue)} - {None}
    assert counted == set(OfficialCounter) == set(lifecycle.COUNTERS)
    assert {row.lane for row in STATES.values()} - {None} == set(Lane) == set(lifecycle.LANES)


@pytest.mark.parametrize("state", TicketState)
def test_a_state_that_can_be_overdue_has_a_clock_that_counts_in_it(state: TicketState) -> None:
    row = STATES[state]
    phases = {clock.phase for clock in CLOCKS.values() if state in clock.counts_in}
    assert (row.overdue is None) == (row.waits_for is None)
    assert row.waits_for is None or row.waits_for in phases


@pytest.mark.parametrize("kind", CLOCKS)
def test_a_clock_counts_in_the_states_that_begin_with_it(kind: str) -> None:
    assert set(CLOCKS[kind].starts_with) <= set(CLOCKS[kind].counts_in)


def test_each_phase_has_clocks() -> None:
    assert all(lifecycle.clocks_of(phase) for phase in Phase)


def test_what_routing_calls_a_waiting_matter_is_a_state_that_it_holds() -> None:
    held = {state.value for state, row in STATES.items() if row.holder == "routing"}
    assert {state.value for state in WAITING} < held
    assert {each.value for each in AssignmentState} - held == {"handed_over", "withdrawn"}
