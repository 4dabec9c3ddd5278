"""Reconciliation (对账): what the feed said of each county on one day, and which county has been silent."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from contracts.vocabulary import CHINA
from services.notify.domain.office_hours import DAYS_AHEAD, Office

REGISTERED = "duban.ticket.registered.v1"
GRACE = timedelta(hours=1)  # after midnight: what was said before it is on the feed by then
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class EventMark:
    """What counting needs of an event; earlier ones come first, of one instant by id."""

    at: datetime
    id: str
    kind: str
    division: str


def begin_of(day: date) -> datetime:
    """The first instant of a day of China."""
    return datetime.combine(day, time.min, CHINA).astimezone(UTC)


def last_closed(now: datetime) -> date:
    """The newest day that can be reconciled: it is over, and so is the grace after it."""
    return (now - GRACE).astimezone(CHINA).date() - DAY


@dataclass(slots=True)
class CountySums:
    """What one county's events of the day come to."""

    counts: Counter[str]
    first: EventMark
    last: EventMark

    def take(self, mark: EventMark) -> None:
        self.counts[mark.kind] += 1
        self.first, self.last = min(self.first, mark), max(self.last, mark)


@dataclass(slots=True)
class DaySums:
    """Sums of one day by county. An event counts once however often it came, and in whichever order."""

    day: date
    _seen: set[str] = field(default_factory=set)
    _counties: dict[str, CountySums] = field(default_factory=dict)

    def take(self, mark: EventMark) -> None:
        """Count an event, where it is of this day, says its county, and did not come before."""
        is_of_day = begin_of(self.day) <= mark.at < begin_of(self.day + DAY)
        if not (is_of_day and mark.division) or mark.id in self._seen:
            return
        self._seen.add(mark.id)
        self._counties.setdefault(mark.division, CountySums(Counter(), mark, mark)).take(mark)

    def counties(self) -> Mapping[str, CountySums]:
        """County → what its events come to: the same for the same events."""
        return dict(sorted(self._counties.items()))

    def registered(self) -> frozenset[str]:
        """The counties in which a matter was registered."""
        return frozenset(division for division, sums in self._counties.items() if sums.counts[REGISTERED])


def looked_back(office: Office, last: date, working_days: int) -> date:
    """The first of the days up to ``last`` that hold so many working days; at most ``DAYS_AHEAD`` days back."""
    days = [last - DAY * back for back in range(DAYS_AHEAD)]
    worked = [day for day in days if office.works(day)]
    return worked[working_days - 1] if len(worked) >= working_days else days[-1]


def is_silent(county: str, registered: Mapping[date, Collection[str]], since: date) -> bool:
    """Whether on no day from ``since`` on a matter was registered there."""
    return not any(county in counties for day, counties in registered.items() if day >= since)
