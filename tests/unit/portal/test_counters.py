"""The six counters: one for each valid ticket, overdue exactly from the due instant on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.reading.board import counters
from services.portal.reading.board.counters import Counter
from services.portal.reading.ticket.document import ACCEPTING, UNCOUNTED, WORKING, State, Ticket
from tests.unit.portal.tickets import NOON, a_ticket, tickets

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "counter"),
    [
        (State.REGISTERED, Counter.ACCEPTING),
        (State.QUEUED, Counter.ACCEPTING),
        (State.ASSIGNED, Counter.ACCEPTING),
        (State.DISPUTED, Counter.ACCEPTING),
        (State.IN_HAND, Counter.IN_HAND),
        (State.REWORK, Counter.IN_HAND),
        (State.AWAITING_EVALUATION, Counter.AWAITING_REVIEW),
        (State.STRUCK_OFF, Counter.STRUCK_OFF),
        (State.INVALID, None),
        (State.WITHDRAWN, None),
    ],
)
def test_a_ticket_that_is_not_late_is_counted_by_its_state(state: State, counter: Counter | None) -> None:
    assert counters.counter_of(a_ticket(state=state), NOON) is counter


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [(state, Counter.ACCEPTING, Counter.OVERDUE_UNACCEPTED) for state in ACCEPTING]
    + [(state, Counter.IN_HAND, Counter.OVERDUE_UNFINISHED) for state in WORKING],
)
def test_a_ticket_is_overdue_from_the_due_instant_on(state: State, before: Counter, after: Counter) -> None:
    ticket = a_ticket(state=state, accept_by=NOON, complete_by=NOON)
    assert counters.counter_of(ticket, NOON - SECOND) is before
    assert counters.counter_of(ticket, NOON) is after


def test_the_clock_of_another_phase_does_not_make_a_ticket_overdue() -> None:
    assert counters.counter_of(a_ticket(state=State.IN_HAND, accept_by=NOON), NOON) is Counter.IN_HAND
    assert counters.counter_of(a_ticket(state=State.ASSIGNED, complete_by=NOON), NOON) is Counter.ACCEPTING


@given(st.lists(tickets(), max_size=30))
def test_the_six_counters_sum_to_all_valid_tickets(found: list[Ticket]) -> None:
    counted = counters.count(found, NOON)
    assert counted.valid == sum(ticket.state not in UNCOUNTED for ticket in found)
