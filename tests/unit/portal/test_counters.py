"""The six counters: one for each valid ticket, overdue exactly from the due instant on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.lifecycle import STATES, OfficialCounter, TicketState
from services.portal.reading.board import counters
from services.portal.reading.ticket import lights
from services.portal.reading.ticket.document import ACCEPTING, UNCOUNTED, WORKING, Ticket
from tests.facts.reviews import completion_submitted
from tests.facts.routing import accepted
from tests.harness import MONDAY
from tests.unit.portal import log
from tests.unit.portal.folding import folded
from tests.unit.portal.tickets import NOON, a_ticket, tickets

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "counter"),
    [
        (TicketState.REGISTERED, OfficialCounter.ACCEPTING),
        (TicketState.QUEUED, OfficialCounter.ACCEPTING),
        (TicketState.ASSIGNED, OfficialCounter.ACCEPTING),
        (TicketState.DISPUTED, OfficialCounter.ACCEPTING),
        (TicketState.IN_HAND, OfficialCounter.IN_HAND),
        (TicketState.REWORK, OfficialCounter.IN_HAND),
        (TicketState.UNDER_REVIEW, OfficialCounter.AWAITING_REVIEW),
        (TicketState.AWAITING_EVALUATION, OfficialCounter.AWAITING_REVIEW),
        (TicketState.STRUCK_OFF, OfficialCounter.STRUCK_OFF),
        (TicketState.INVALID, None),
        (TicketState.WITHDRAWN, None),
    ],
)
def test_a_ticket_that_is_not_late_is_counted_by_its_state(state: TicketState, counter: OfficialCounter | None) -> None:
    assert counters.counter_of(a_ticket(state=state), NOON) is counter


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [(state, OfficialCounter.ACCEPTING, OfficialCounter.OVERDUE_UNACCEPTED) for state in ACCEPTING]
    + [(state, STATES[state].counter, OfficialCounter.OVERDUE_UNFINISHED) for state in WORKING],
)
def test_a_ticket_is_overdue_from_the_due_instant_on(
    state: TicketState, before: OfficialCounter, after: OfficialCounter
) -> None:
    ticket = a_ticket(state=state, accept_by=NOON, complete_by=NOON)
    assert counters.counter_of(ticket, NOON - SECOND) is before
    assert counters.counter_of(ticket, NOON) is after


def test_the_clock_of_another_phase_does_not_make_a_ticket_overdue() -> None:
    assert counters.counter_of(a_ticket(state=TicketState.IN_HAND, accept_by=NOON), NOON) is OfficialCounter.IN_HAND
    assert (
        counters.counter_of(a_ticket(state=TicketState.ASSIGNED, complete_by=NOON), NOON) is OfficialCounter.ACCEPTING
    )


@given(st.lists(tickets(), max_size=30))
def test_the_six_counters_sum_to_all_valid_tickets(found: list[Ticket]) -> None:
    counted = counters.count(found, NOON)
    assert counted.valid == sum(ticket.state not in UNCOUNTED for ticket in found)


@pytest.mark.parametrize("kind", ["plan_review_by", "held_until"])
def test_a_matter_is_overdue_unfinished_when_its_plan_is_not_looked_at_in_time(kind: str) -> None:
    waiting = folded(folded(a_ticket(), accepted()), log.deadline("c3", kind))
    due = MONDAY + timedelta(hours=8)
    said = [counters.counter_of(waiting, at) for at in (due - SECOND, due)]
    assert said == [OfficialCounter.IN_HAND, OfficialCounter.OVERDUE_UNFINISHED]


def test_a_plan_that_is_late_is_no_late_work() -> None:
    waiting = folded(folded(a_ticket(), accepted(plan_asked=True)), log.deadline("c3", "plan_by"))
    assert counters.counter_of(waiting, MONDAY + timedelta(days=9)) is OfficialCounter.IN_HAND
    assert lights.light(waiting, MONDAY + timedelta(days=9)) is lights.Light.RED


def test_a_matter_is_overdue_unfinished_when_its_reviewer_is_late() -> None:
    submitted = folded(folded(a_ticket(), accepted()), completion_submitted())
    waiting = folded(submitted, log.deadline("c3", "review_by"))
    due = MONDAY + timedelta(hours=8)
    said = [counters.counter_of(waiting, at) for at in (due - SECOND, due)]
    assert said == [OfficialCounter.AWAITING_REVIEW, OfficialCounter.OVERDUE_UNFINISHED]
