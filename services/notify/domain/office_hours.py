"""When staff may be told: 减负."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from contracts.vocabulary import CHINA, STATUTORY_DAYS, StatutoryDay

OPENS, CLOSES = time(9, 0), time(17, 0)
DAYS_AHEAD = 40  # the longest row of days off is shorter


@dataclass(frozen=True, slots=True)
class Office:
    """When staff may be told: days off and make-up workdays as they were published.

    ``announced``: the years of which the country's days are known; in any other one the ``statutory`` ones are off.
    """

    days_off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    announced: frozenset[int] = frozenset()
    statutory: tuple[StatutoryDay, ...] = STATUTORY_DAYS

    def under(self, days_off: frozenset[date], workdays: frozenset[date]) -> "Office":
        """With days of a narrower calendar over its own."""
        off, works = self.days_off - workdays | days_off, self.workdays - days_off | workdays
        return replace(self, days_off=off, workdays=works)

    def works(self, on: date) -> bool:
        """Whether it is a working day."""
        if on in self.workdays:
            return True
        return on.weekday() < 5 and on not in self.days_off and not self._is_projected(on)

    def _is_projected(self, on: date) -> bool:
        return on.year not in self.announced and any(each.holds(on) for each in self.statutory)

    def next_open(self, now: datetime) -> datetime:
        """``now`` in office hours, else the next opening."""
        local = now.astimezone(CHINA)
        if self.works(local.date()) and OPENS <= local.time() < CLOSES:
            return now
        first = local.date() + timedelta(days=0 if local.time() < OPENS else 1)
        days = (first + timedelta(days=n) for n in range(DAYS_AHEAD))
        on = next((day for day in days if self.works(day)), first)
        return datetime.combine(on, OPENS, CHINA).astimezone(UTC)
