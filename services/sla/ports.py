"""What sla needs from outside."""

from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.lifecycle import Phase, clocks_of
from contracts.messages.ladders import LadderPublished
from contracts.messages.routing import UnitPublished
from contracts.messages.sla import CalendarPublished
from contracts.messages.standards import StandardPublished
from runtime.delivery.ports import Due
from services.sla.domain.applied import AppliedVersion
from services.sla.domain.calendar import Calendar
from services.sla.domain.check_list import OURS, CheckList
from services.sla.domain.conference import Referral
from services.sla.domain.ladder import Ladder
from services.sla.domain.overdue import LateClock
from services.sla.domain.rungs import Rung
from services.sla.domain.schemes import Scheme
from services.sla.domain.sheet import ClockSheet
from services.sla.domain.shown_lights import LightCount
from services.sla.domain.what_if import Comparison, WhatIfPeriod


class Calendars(Protocol):
    """Calendars by value; their version travels with every deadline."""

    def current(self, division: str) -> Calendar:
        """The calendar in force in a division: the country's, with the days of the divisions above it."""

    def edition(self, version: str) -> Calendar | None:
        """An earlier one, to explain a deadline by the calendar that it was set with; None: not kept here."""


InForce = Callable[[str], str]
"""Of a division: the name of the edition of the calendar that is in force there."""


class CalendarSheets(Protocol):
    """The clock sheets by the calendar that their running clocks rest on. Every method may raise Unavailable."""

    async def on_old_calendar(self, in_force: InForce, partitions: Collection[int], at_most: int) -> Sequence[Due]:
        """Sheets of these partitions of which a running clock rests on an edition that is not in force, to knock for.

        Wanted at the store's own domain time. Not those that wait in the dead letters: a knock would queue up there.
        """

    async def count_on_old_calendar(self, in_force: InForce, partitions: Collection[int]) -> int:
        """How many there are, those that wait in the dead letters included."""


class Ladders(Protocol):
    """督办阶梯 by division, as published."""

    def rungs(self, division: str, at: datetime) -> Sequence[Rung]:
        """The ladder in force at an instant; none where none was published for the division, or one around it."""


class NoLadders:
    """No ladder for any division."""

    def rungs(self, division: str, at: datetime) -> Sequence[Rung]:
        return ()


NO_LADDERS = NoLadders()


class Limits(Protocol):
    """The platform's own limits by division."""

    def ladder(self, division: str, at: datetime) -> Ladder:
        """Those in force at an instant: as the division, or one around it, set them, else as the installation does."""


class SameLimits:
    """The same limits for every division."""

    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder

    def ladder(self, division: str, at: datetime) -> Ladder:
        return self._ladder


class Schemes(Protocol):
    """灯色方案 by division, as published."""

    def scheme(self, applies_to: str, division: str, at: datetime) -> Scheme | None:
        """The scheme in force at an instant; None where none was published for the division, or one around it."""


class NoSchemes:
    """No scheme for any division."""

    def scheme(self, applies_to: str, division: str, at: datetime) -> Scheme | None:
        return None


NO_SCHEMES = NoSchemes()


class Checks(Protocol):
    """督办检查清单（五查） by division, as published."""

    def checks(self, division: str, at: datetime) -> CheckList:
        """The list in force at an instant; the platform's own where none was published for it, or for one around it."""


class OurChecks:
    """The platform's own list for any division."""

    def checks(self, division: str, at: datetime) -> CheckList:
        return OURS


OUR_CHECKS = OurChecks()


class AppliedStandards(Protocol):
    """Versions of standards that were ordered for clocks that run."""

    def orders(self) -> Sequence[AppliedVersion]:
        """All that were ever given, of whatever division."""


class NothingApplied:
    """No order: a clock keeps the version with which it started."""

    def orders(self) -> Sequence[AppliedVersion]:
        return ()


NOTHING_APPLIED = NothingApplied()


class StandardSheets(Protocol):
    """The clock sheets by the standard of their running clocks. Every method may raise Unavailable."""

    async def under_older_version(
        self, orders: Sequence[AppliedVersion], partitions: Collection[int], at_most: int
    ) -> Sequence[Due]:
        """Sheets of these partitions with a running clock that an order sets anew, to knock for; as on_old_calendar."""

    async def count_under_older_version(self, orders: Sequence[AppliedVersion], partitions: Collection[int]) -> int:
        """How many there are, those that wait in the dead letters included."""

    async def that_move(self, order: AppliedVersion, after: str, at_most: int) -> Sequence[tuple[str, ClockSheet]]:
        """The sheets that an order would be about, by their keys, those after ``after``."""


class OldClockSheets(CalendarSheets, StandardSheets, Protocol):
    """Both: what the sweep goes through."""


class WordSealer(Protocol):
    """Seals what units and their approvers write."""

    async def seal(self, owner: str, field: str, text: str) -> str | None:
        """Text under the words key of a matter; None when the key is destroyed. Raises Unavailable."""


class Catalogue(Protocol):
    """办理标准 as published, and the units that choose from it."""

    def standards(self) -> Sequence[StandardPublished]:
        """Every version of each that may be promised, also those that have not begun."""

    def units(self) -> Sequence[UnitPublished]:
        """The units that have been published, with their duties and the standards they may choose from."""


@dataclass(frozen=True, slots=True)
class SheetScope:
    """Whose clocks may be seen: those of a division prefix, and of a unit only its own."""

    division: str
    unit: str = ""

    def allows(self, division: str, unit: str) -> bool:
        """Whether a clock of this unit, of a matter of this division, is inside."""
        return division.startswith(self.division) and (not self.unit or unit == self.unit)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A matter that waits for a joint conference. ``due``: of the work, None while no clock of it runs."""

    number: str
    division: str
    unit: str
    referral: Referral
    due: datetime | None

    @classmethod
    def of(cls, sheet: ClockSheet, referral: Referral) -> "AgendaItem":
        """As the sheet has it."""
        due = next((clock.due for clock in sheet.running(*clocks_of(Phase.COMPLETION))), None)
        return cls(sheet.number, sheet.division, sheet.responsible, referral, due)


class SheetLists(Protocol):
    """The clock sheets, read across matters with the scope inside the query. A unit's are those of its own clocks.

    Every method may raise runtime.delivery.ports.Unavailable.
    """

    async def late(self, scope: SheetScope, since: datetime, as_of: datetime, at_most: int) -> tuple[LateClock, ...]:
        """Clocks that were overdue at some instant from ``since`` to ``as_of``, what was due first before the rest."""

    async def lights(self, scope: SheetScope, by: str, now: datetime, at_most: int) -> tuple[LightCount, ...]:
        """Matters by colour as it is ``now``, by unit or county, in their order."""

    async def agenda(self, division: str, at_most: int, skip: int = 0) -> tuple[AgendaItem, ...]:
        """Matters below a division that wait for a joint conference, the longest first, behind so many others."""


@dataclass(frozen=True, slots=True)
class WhatIfCandidate:
    """What might be published, to be held against history: whole, each in place of what holds today.

    Nothing of a kind: what holds today.
    """

    standards: tuple[StandardPublished, ...] = ()
    calendars: tuple[CalendarPublished, ...] = ()
    ladders: tuple[LadderPublished, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIfProgress:
    """How many partitions of the log were played, of how many, and with them how many matters."""

    done: int
    partitions: int
    matters: int


class AlreadyRunning(Exception):
    """A what-if runs in this process: one at a time."""


class TooManyRecords(Exception):
    """More of the log would have to be held than there is room for."""


class WhatIfs(Protocol):
    """Plays the ticket log under today's configuration and under a candidate. Nothing is said or written."""

    def run(
        self, candidate: WhatIfCandidate, period: WhatIfPeriod, division: str
    ) -> AsyncGenerator[WhatIfProgress | Comparison, None]:
        """How far it is, and at last the comparison. Raises AlreadyRunning, TooManyRecords, Unavailable."""
