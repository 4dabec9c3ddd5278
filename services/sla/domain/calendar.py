"""Working days with make-up workdays (调休), in China time. A year not announced is provisional, never an error."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991
OPENS, CLOSES = time(9, 0), time(17, 0)  # office hours without a pause: eight a day
FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
"""Days off whose dates are fixed by law (《全国年节及纪念日放假办法》): all that is known of a year not announced."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a day is, and why."""

    works: bool
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and make-up workdays by ISO date, with the name of the holiday; ``years``: those announced."""

    version: str
    years: frozenset[int]
    days_off: Mapping[date, str]
    workdays: Mapping[date, str]

    def day(self, on: date) -> Day:
        """What ``on`` is. A county's own days belong into ``days_off`` and ``workdays``."""
        if on in self.workdays:
            return Day(True, f"{self.workdays[on]}调休上班", f"make-up workday ({self.workdays[on]})")
        if on in self.days_off:
            return Day(False, self.days_off[on], f"holiday ({self.days_off[on]})")
        if on.year not in self.years and (on.month, on.day) in FIXED:
            return Day(False, FIXED[on.month, on.day], "statutory holiday")
        if on.weekday() >= 5:
            return Day(False, "周末", "weekend")
        return Day(True, "工作日", "working day")

    def works(self, on: date) -> bool:
        """Whether offices are open on that day."""
        if on in self.workdays:
            return True
        if on in self.days_off or on.weekday() >= 5:
            return False
        return on.year in self.years or (on.month, on.day) not in FIXED

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether any year between the two is not announced."""
        return any(year not in self.years for year in range(first.year, last.year + 1))

    def is_office_hour(self, instant: datetime) -> bool:
        """Whether offices are open at that instant."""
        local = instant.astimezone(CHINA)
        return OPENS <= local.time() < CLOSES and self.works(local.date())


def closing(on: date) -> datetime:
    """When offices close on that day (Civil Code, article 203: with office hours, the last day ends there)."""
    return datetime.combine(on, CLOSES, CHINA).astimezone(UTC)


def opening(on: date) -> datetime:
    """When offices open on that day."""
    return datetime.combine(on, OPENS, CHINA).astimezone(UTC)
