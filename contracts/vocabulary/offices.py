"""Offices and the time they keep: China's hours and days off, counties, supervision offices, leaders in charge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Every office keeps this time, in the far west too; no daylight saving since 1991."""


@dataclass(frozen=True, slots=True)
class StatutoryDay:
    """A day off with a fixed date (MM-DD), from the year ``since`` on."""

    on: str
    name: str
    since: int = 0

    def holds(self, day: date) -> bool:
        """Whether it is this day."""
        return f"{day:%m-%d}" == self.on and day.year >= self.since


STATUTORY_DAYS = (
    StatutoryDay("01-01", "元旦"),
    StatutoryDay("05-01", "劳动节"),
    StatutoryDay("05-02", "劳动节", since=2025),
    StatutoryDay("10-01", "国庆节"),
    StatutoryDay("10-02", "国庆节"),
    StatutoryDay("10-03", "国庆节"),
)
"""《全国年节及纪念日放假办法》, as revised from 2025: off in years not announced, until a calendar says which."""

Session = tuple[time, time]
"""From the opening of offices to their closing, China time; the closing is outside."""
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SeasonHours:
    """The sessions of each working day of a season, ``since`` and ``until`` included, over New Year where it begins
    later than it ends; of the years from ``first`` to ``last``.
    """

    since: MonthDay
    until: MonthDay
    sessions: tuple[Session, ...]
    first: int = 0
    last: int = 9999

    def holds(self, on: date) -> bool:
        """Whether the day is one of the season."""
        if not self.first <= on.year <= self.last:
            return False
        day = on.month, on.day
        if self.since <= self.until:
            return self.since <= day <= self.until
        return day >= self.since or day <= self.until


def sessions_on(on: date, seasons: Iterable[SeasonHours], usual: tuple[Session, ...]) -> tuple[Session, ...]:
    """The office hours of a working day: of the first season that holds it, else the usual ones."""
    return next((each.sessions for each in seasons if each.holds(on)), usual)


COUNTY_DIGITS = 6
"""Digits of a county's division code (GB/T 2260); townships have more, cities and provinces are padded with zeros."""

SUPERVISION = "-SUP"
"""How the unit code of a supervision office ends."""


def county_of(division: str) -> str:
    """The county that a division code of any length lies in; a shorter code is its own."""
    return division[:COUNTY_DIGITS]


def supervision_of(division: str) -> str:
    """The unit code of the supervision office (督查室) that is responsible for a division."""
    return f"{county_of(division)}{SUPERVISION}"


def leader_of(division: str) -> str:
    """The account of the leader in charge (分管领导) of a division's county."""
    return f"{county_of(division)}-LDR"


def is_supervision(unit: str) -> bool:
    """Whether a unit code is that of a supervision office: it orders, nobody orders it."""
    return unit.endswith(SUPERVISION)
