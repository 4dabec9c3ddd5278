"""Lights by comparing instants with now, of the clocks that count where a matter stands.

So they are right even when every other process is down: a clock that nobody stopped counts no more once its matter
moved on. Documents keep only the clocks that count; queries and counters look at what is kept.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from contracts import lifecycle
from contracts.lifecycle import TicketState
from services.portal.reading.ticket.document import WORKING, ShownClock, Ticket


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


class Coloured(Protocol):
    """What has an instant for each of its colours; None: it has no such colour."""

    @property
    def yellow(self) -> datetime | None: ...

    @property
    def orange(self) -> datetime | None: ...

    @property
    def red(self) -> datetime | None: ...


def light_of(clock: Coloured, now: datetime) -> Light:
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


def measure_lights(ticket: Ticket, now: datetime) -> tuple[Light, ...]:
    """The light of each measure of the plan; NONE of one that is done, is not timed, or that nobody works on now."""
    plan = ticket.plan
    if plan is None or ticket.state not in WORKING:
        return (Light.NONE,) * len(plan.measures if plan else ())
    return tuple(
        Light.NONE if each.red is None or nth in plan.measures_done else light_of(each, now)
        for nth, each in enumerate(plan.measures, 1)
    )
