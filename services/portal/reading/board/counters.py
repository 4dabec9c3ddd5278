"""The six official counters (E11), computed at reading time. They sum to all valid tickets.

Source: the public board of Jishou: 317 + 110 + 47 + 4 + 14 + 5 = 497.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from contracts import lifecycle
from contracts.lifecycle import OfficialCounter, TicketState
from services.portal.reading.ticket.document import ACCEPTING, OPEN, UNCOUNTED, WORKING, Ticket

STATES: Mapping[OfficialCounter, tuple[TicketState, ...]] = {
    counter: tuple(state for state, row in lifecycle.STATES.items() if counter in (row.counter, row.overdue))
    for counter in OfficialCounter
}
"""The states a counter is drawn from; the two overdue ones share theirs and differ by the clock."""

OVERDUE = tuple(each for each in OfficialCounter if any(row.overdue is each for row in lifecycle.STATES.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """The six counters at one instant."""

    struck_off: int = 0
    awaiting_review: int = 0
    in_hand: int = 0
    overdue_unfinished: int = 0
    accepting: int = 0
    overdue_unaccepted: int = 0

    def of(self, counter: OfficialCounter) -> int:
        value = getattr(self, counter.value)
        return int(value)

    @property
    def valid(self) -> int:
        """All valid tickets: the sum of the six."""
        return sum(self.of(counter) for counter in OfficialCounter)


def is_overdue(state: TicketState, accept_by: datetime | None, complete_by: datetime | None, now: datetime) -> bool:
    """Whether the clock that counts in this state has run out at ``now``."""
    if state in ACCEPTING:
        return accept_by is not None and accept_by <= now
    return state in WORKING and complete_by is not None and complete_by <= now


def counter_for(state: TicketState, overdue: bool) -> OfficialCounter | None:
    """The one counter of a state; None: invalid or withdrawn, counted nowhere."""
    if state in UNCOUNTED:
        return None
    return next(each for each in OfficialCounter if state in STATES[each] and (each in OVERDUE) == overdue)


def counter_of(ticket: Ticket, now: datetime) -> OfficialCounter | None:
    """The one counter that a ticket belongs to at ``now``."""
    return counter_for(ticket.state, is_overdue(ticket.state, ticket.accept_by, ticket.complete_by, now))


def count(tickets: Iterable[Ticket], now: datetime) -> Counters:
    """The six counters over ``tickets``."""
    return counted(census(tickets, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many tickets stand in a state, late or not. ``oldest``: when the first of them was registered, if open."""

    state: TicketState
    overdue: bool
    tickets: int
    oldest: datetime | None = None


Census = tuple[Standing, ...]
"""All tickets of a scope at one instant, by state and lateness."""


def census(tickets: Iterable[Ticket], now: datetime) -> Census:
    tally, oldest = Tally[tuple[TicketState, bool]](), dict[tuple[TicketState, bool], datetime]()
    for each in tickets:
        place = (each.state, is_overdue(each.state, each.accept_by, each.complete_by, now))
        tally[place] += 1
        if each.state in OPEN:
            oldest[place] = min(oldest.get(place, each.registered_at), each.registered_at)
    return tuple(
        Standing(state=place[0], overdue=place[1], tickets=number, oldest=oldest.get(place))
        for place, number in tally.items()
    )


def counted(standings: Census) -> Counters:
    """The six counters of a census."""
    totals = dict.fromkeys(OfficialCounter, 0)
    for standing in standings:
        counter = counter_for(standing.state, standing.overdue)
        if counter is not None:
            totals[counter] += standing.tickets
    return Counters(**{counter.value: total for counter, total in totals.items()})
