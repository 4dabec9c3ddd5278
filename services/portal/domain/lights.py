"""Lights by comparing instants with now: right even when every other process is down."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from services.portal.domain.ticket import Clock, Ticket


class Light(StrEnum):
    """The colour of a clock; ``NONE``: no clock runs."""

    NONE = "none"
    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


SEVERITY = (Light.NONE, Light.GREEN, Light.YELLOW, Light.ORANGE, Light.RED)


def light_of(clock: Clock, now: datetime) -> Light:
    """The colour that has begun at ``now``; a colour begins at its instant, not after it."""
    for colour, begins in ((Light.RED, clock.red), (Light.ORANGE, clock.orange), (Light.YELLOW, clock.yellow)):
        if begins is not None and begins <= now:
            return colour
    return Light.GREEN


def worst(clocks: Iterable[Clock], now: datetime) -> Light:
    """The most severe colour of the running clocks, NONE without one."""
    return max((light_of(clock, now) for clock in clocks), key=SEVERITY.index, default=Light.NONE)


def light(ticket: Ticket, now: datetime) -> Light:
    """The light of a ticket at ``now``."""
    return worst(ticket.clocks, now)
