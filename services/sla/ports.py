"""What sla needs from outside."""

from collections.abc import Sequence
from typing import Protocol

from contracts.messages.routing import UnitPublished
from contracts.messages.sla import StandardPublished
from services.sla.domain.calendar import Calendar


class Calendars(Protocol):
    """Calendars by value; their version travels with every deadline."""

    def current(self, division: str) -> Calendar:
        """The calendar in force in a division: the country's, with the days of the divisions above it."""

    def edition(self, version: str) -> Calendar | None:
        """An earlier one, to explain a deadline by the calendar that it was set with; None: not kept here."""


class WordSealer(Protocol):
    """Seals what units and their approvers write."""

    async def seal(self, owner: str, field: str, text: str) -> str | None:
        """Text under the words key of a matter; None when the key is destroyed. Raises Unavailable."""


class Catalogue(Protocol):
    """办理标准 as published, and the units that choose from it."""

    def standards(self) -> Sequence[StandardPublished]:
        """The newest version of each, by code."""

    def units(self) -> Sequence[UnitPublished]:
        """The units that have been published, with their duties and the standards they may choose from."""
