"""What sla needs from outside."""

from collections.abc import Sequence
from typing import Protocol

from contracts.facts import HandlingStandard
from services.sla.domain.calendar import Calendar


class Calendars(Protocol):
    """The calendar in force."""

    def current(self) -> Calendar:
        """By value: its version travels with every deadline."""


class Catalogue(Protocol):
    """The handling standards in force."""

    def all(self) -> Sequence[HandlingStandard]:
        """Newest version of each, by code."""
