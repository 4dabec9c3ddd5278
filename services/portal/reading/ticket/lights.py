"""Lights by comparing instants with now, of the clocks that count where a matter stands.

So they are right even when every other process is down: a clock that nobody stopped counts no more once its matter
moved on. Documents keep only the clocks that count; queries and counters look at what is kept.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from contracts import lifecycle
from contracts.lifecycle import TicketState
from services.portal.reading.ticket.document import ShownClock, Ticket


class Light(StrEnum):
    """The colour of a clock; ``NONE``: no clock runs."""

    NONE = "none"
    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


SEVERITY = (Light.NONE, Light.GREEN, Light.YELLOW, Light.ORANGE, Light.RED)


def counts(clock: ShownClock, state: TicketState) -> bool:
    """Whether the clock counts in this state: none does while the reporters are asked, or once a matter has ended."""
    return lifecycle.counts(clock.kind, state)


def light_of(clock: ShownClock, now: datetime) -> Light:
    """The colour that has begun at ``now``; a colour begins at its instant, not after it."""
    for colour, begins in ((Light.RED, clock.red), (Light.ORANGE, clock.orange), (Light.YELLOW, clock.yellow)):
        if begins is not None and begins <= now:
            return colour
    return Light.GREEN


def worst(clocks: Iterable[ShownClock], now: datetime) -> Light:
    """The most severe colour of the running clocks, NONE without one."""
    return max((light_of(clock, now) for clock in clocks), key=SEVERITY.index, default=Light.NONE)


def light(ticket: Ticket, now: datetime) -> Light:
    """The light of a ticket at ``now``."""
    return worst(ticket.clocks, now)
