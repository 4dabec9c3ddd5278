"""Figures of a what-if (C9): by unit and standard how many matters were late, ordered or extended, and which."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LONGEST = timedelta(days=31)
NAMED_AT_MOST = 50  # matters behind a figure; the rest are counted
CLOCKS, LATE, ORDERED, EXTENDED = "clocks", "late", "ordered", "extended"
WHAT = (CLOCKS, LATE, ORDERED, EXTENDED)
"""What is counted: matters with such a clock at all, and those of them that were late, ordered or extended."""
Place = tuple[str, str]
"""A unit, and the code of a standard (or of a limit of our own)."""
Found = Mapping[Place, Collection[str]]
"""Of one matter, by place: which of WHAT."""


@dataclass(frozen=True, slots=True)
class WhatIfPeriod:
    """Clocks that began from ``since`` and before ``to`` are looked at, each until its end."""

    since: datetime
    to: datetime

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it is none, by code."""
        wrong = {"period_empty": self.to <= self.since, "period_too_long": self.to - self.since > LONGEST}
        return tuple(code for code, is_so in wrong.items() if is_so)

    def holds(self, at: datetime) -> bool:
        """Whether the instant lies in it."""
        return self.since <= at < self.to


@dataclass(slots=True)
class TimedWork:
    """A limit of a unit, as its facts say it: one clock, or several that go on with one another's time."""

    place: Place
    start: datetime
    due: datetime
    running: set[str] = field(default_factory=set)
    missed: bool = False
    orders: set[str] = field(default_factory=set)
    extended: bool = False

    def found(self, until: datetime) -> Iterable[str]:
        """Which of WHAT it was by then. What runs on past its deadline is late."""
        seen = (True, self.missed or bool(self.running and self.due < until), bool(self.orders), self.extended)
        return (what for what, is_so in zip(WHAT, seen, strict=True) if is_so)


@dataclass(slots=True)
class WhatIfFigure:
    """How many matters, and the numbers of the first of them."""

    count: int = 0
    numbers: list[str] = field(default_factory=list)

    def add(self, number: str) -> None:
        """Count a matter; the first of them are named."""
        self.count += 1
        if len(self.numbers) < NAMED_AT_MOST:
            self.numbers.append(number)


Figures = dict[str, WhatIfFigure]
"""By what is counted."""


def no_figures() -> Figures:
    return {what: WhatIfFigure() for what in WHAT}


@dataclass(slots=True)
class WhatIfRow:
    """A unit and a standard: today beside the candidate."""

    today: Figures = field(default_factory=no_figures)
    candidate: Figures = field(default_factory=no_figures)


@dataclass(slots=True)
class Comparison:
    """Rows by place, and all of them together. A matter counts once in each figure."""

    rows: dict[Place, WhatIfRow] = field(default_factory=dict)
    total: WhatIfRow = field(default_factory=WhatIfRow)
    matters: int = 0
    unreadable: int = 0

    def add(self, number: str, today: Found, candidate: Found) -> None:
        """One matter, as both sides found it."""
        self.matters += bool(today or candidate)
        for place in today.keys() | candidate.keys():
            row = self.rows.setdefault(place, WhatIfRow())
            _count(row.today, number, today.get(place, ()))
            _count(row.candidate, number, candidate.get(place, ()))
        _count(self.total.today, number, set().union(*today.values()))
        _count(self.total.candidate, number, set().union(*candidate.values()))

    def ordered(self) -> list[tuple[Place, WhatIfRow]]:
        """The rows by unit and standard."""
        return sorted(self.rows.items())


def _count(figures: Figures, number: str, found: Collection[str]) -> None:
    for what in found:
        figures[what].add(number)
