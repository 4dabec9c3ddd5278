"""Working time with make-up workdays (调休), in China time. A year not announced is provisional, never an error."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import chain

from contracts.vocabulary import CHINA, STATUTORY_DAYS, SeasonHours, Session, StatutoryDay, sessions_on
from services.sla.domain.hours import SessionSpans, at_shares_of, local, office_hours, open_between, share_of
from services.sla.domain.pauses import Pause, spans_taken

AHEAD = CHINA.utcoffset(None)
SESSIONS: tuple[Session, ...] = ((time(9), time(12)), (time(13), time(17)))  # 朝九晚五 with an hour at noon
REACHES_BACK = timedelta(days=10)  # a notice also tells of the last days of the year before: 2022-12-31 was 2023's
SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """What a day is, and why. ``made_up``: a weekend day on which offices are open."""

    works: bool
    why_zh: str
    why_en: str
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and make-up workdays with the name of their holiday; ``years``: those announced.

    ``statutory``: all that is projected for a year not announced.

    ``sessions``: office hours of a working day, in order, China time; on one that a season holds they are the season's,
    the first one's of several. ``_tables``: working days of a year as ordinals,
    made when the year is first asked for: the one thing that is not a value, and cannot be seen from outside.

    ``pauses``: of one clock; the days that they take from it are off, whatever they are (C6). ``_taken``: those days as
    spans of ordinals, in order, apart from each other. The tables know nothing of them.
    """

    version: str
    years: frozenset[int]
    days_off: Mapping[date, str]
    workdays: Mapping[date, str]
    sessions: tuple[Session, ...] = SESSIONS
    statutory: tuple[StatutoryDay, ...] = STATUTORY_DAYS
    seasons: tuple[SeasonHours, ...] = ()
    pauses: tuple[Pause, ...] = ()
    _taken: tuple[tuple[int, int], ...] = ()
    _tables: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def day(self, on: date) -> Day:
        if pause := self.pause_of(on):
            return Day(False, pause.why_zh, pause.why_en)
        if on in self.workdays and on.weekday() >= SATURDAY:
            return Day(True, f"{self.workdays[on]}调休上班", f"make-up workday ({self.workdays[on]})", made_up=True)
        if on in self.workdays:
            return Day(True, "照常上班", "open as usual")
        if name := self.days_off.get(on) or self._projected(on):
            return Day(False, name, f"holiday ({name})")
        if on.weekday() >= SATURDAY:
            return Day(False, "周末", "weekend")
        return Day(True, "工作日", "working day")

    def pause_of(self, on: date) -> Pause | None:
        """The pause in which that day closes: it is not counted."""
        return next((each for each in self.pauses if each.holds(self.closing(on))), None) if self.pauses else None

    def works(self, on: date) -> bool:
        """Whether offices are open on that day, and no pause takes it."""
        return self._opens(on) and self.pause_of(on) is None

    def differences(self, other: "Calendar", year: int) -> Iterator[tuple[date, Day, Day]]:
        """The days of a year on which offices open by one and not by the other, or for another reason."""
        first = date(year, 1, 1)
        for on in (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)):
            before, after = self.day(on), other.day(on)
            if before != after:
                yield on, before, after

    def _opens(self, on: date) -> bool:
        if on in self.workdays:
            return True
        return on.weekday() < SATURDAY and on not in self.days_off and not self._projected(on)

    def _projected(self, on: date) -> str:
        """The name of a fixed holiday in a year that is not announced, else ""."""
        if on.year in self.years:
            return ""
        return next((each.name for each in self.statutory if each.holds(on)), "")

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a notice to come may change a day between the two: of a year not announced, or just before one."""
        reached = (last + REACHES_BACK).year
        if first.year == reached:
            return reached not in self.years
        return not self.years.issuperset(range(first.year, reached + 1))

    def with_days(self, version: str, days_off: Mapping[date, str], workdays: Mapping[date, str]) -> "Calendar":
        """A county's calendar: its own days stand over those of the country. ``version`` is added to the name."""
        off = {on: name for on, name in {**self.days_off, **days_off}.items() if on not in workdays}
        works = {on: name for on, name in {**self.workdays, **workdays}.items() if on not in days_off}
        return replace(self, version=f"{self.version}+{version}", days_off=off, workdays=works, _tables={})

    def paused(self, pauses: Sequence[Pause]) -> "Calendar":
        """The calendar of one clock, with the days off that its pauses are."""
        if not pauses:
            return self
        ordered = tuple(sorted(pauses, key=lambda each: (each.since, each.until)))
        return replace(self, pauses=ordered, _taken=spans_taken(ordered, self.closing))

    def after_pauses(self, instant: datetime) -> datetime:
        """The end of the pauses that ``instant`` lies in; itself when it lies in none."""
        for pause in self.pauses:
            instant = pause.until if pause.holds(instant) else instant
        return instant

    def nth_working_day(self, first: date, nth: int) -> date:
        """The ``nth`` working day (from 1), counted from ``first`` on, ``first`` included."""
        return self._beyond_taken(first, nth, self._nth_open, self._open_days)

    def nth_day(self, first: date, nth: int) -> date:
        """The same of calendar days: all count but those that a pause takes."""
        return self._beyond_taken(first, nth, _nth_calendar_day, _calendar_days)

    def _beyond_taken(
        self, first: date, nth: int, nth_of: Callable[[date, int], date], count: Callable[[date, date], int]
    ) -> date:
        """The ``nth`` of days that are not taken: one later for each taken one before it."""
        reached = nth_of(first, nth)
        for begins, ends in self._taken:
            since, until = max(first, date.fromordinal(begins)), date.fromordinal(ends)
            if since > reached:
                break
            nth += count(since, until)
            reached = nth_of(first, nth)
        return reached

    def _nth_open(self, first: date, nth: int) -> date:
        year = first.year
        table = self._table(year)
        at = bisect_left(table, first.toordinal()) + nth - 1
        while at >= len(table):
            at -= len(table)
            year += 1
            table = self._table(year)
        return date.fromordinal(table[at])

    def working_days(self, first: date, last: date) -> int:
        """How many working days lie between the two, both included; 0 when ``last`` is before ``first``."""
        taken = (
            self._open_days(max(first, date.fromordinal(begins)), min(last, date.fromordinal(ends)))
            for begins, ends in self._taken
        )
        return self._open_days(first, last) - sum(taken)

    def _open_days(self, first: date, last: date) -> int:
        if last < first:
            return 0
        years = range(first.year, last.year + 1)
        before = bisect_left(self._table(first.year), first.toordinal())
        after = bisect_left(self._table(last.year), last.toordinal() + 1)
        return sum(len(self._table(year)) for year in years[:-1]) + after - before

    def _table(self, year: int) -> tuple[int, ...]:
        if year not in self._tables:
            first, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1
            self._tables[year] = tuple(n for n in range(first, end) if self._opens(date.fromordinal(n)))
        return self._tables[year]

    def sessions_on(self, on: date) -> tuple[Session, ...]:
        """The office hours of that day, if it is a working day."""
        return sessions_on(on, self.seasons, self.sessions) if self.seasons else self.sessions

    def closing(self, on: date) -> datetime:
        """When offices close on that day (Civil Code, article 203: where there are office hours the day ends there)."""
        return closing(on, self.sessions_on(on))

    def office_time(self, start: datetime, end: datetime) -> timedelta:
        """How long offices are open between two instants; zero when ``end`` is not after ``start``."""
        if end <= start:
            return timedelta()
        days = self._counted(local(start)[0], local(end)[0])
        return open_between(days, self._hours_of(days), start, end)

    def after_office_time(self, start: datetime, span: timedelta) -> datetime:
        """The instant at which offices have been open for ``span`` since ``start``; the earliest one."""
        if span <= timedelta():
            return start
        first = start.astimezone(CHINA).date()
        total = self._open_before(start) + span
        if self.seasons:
            return self._day_by_day(first, total)
        each = office_day(self.sessions)
        days = -(-total // each)  # rounded up: a span that fills its last day ends at its closing
        on = self.nth_working_day(first, int(days))
        return within_day(on, total - each * (int(days) - 1), self.sessions)

    def _day_by_day(self, first: date, total: timedelta) -> datetime:
        """The same where days differ."""
        on = self.nth_working_day(first, 1)
        while total > (lasts := office_day(self.sessions_on(on))):
            on, total = self.nth_working_day(on + DAY, 1), total - lasts
        return within_day(on, total, self.sessions_on(on))

    def at_shares(self, start: datetime, end: datetime, shares: Iterable[float]) -> Iterator[datetime]:
        """The instants at which offices have been open for these shares of the time that they are between the two.

        What ``after_office_time`` says of each share of ``office_time``, in whole seconds: what they have in common is
        counted once.
        """
        hours, (first, since), (last, until) = office_hours(self.sessions), local(start), local(end)
        days = self._counted(first, last)
        if self.seasons:
            yield from at_shares_of(days, self._hours_of(days), start, end, shares)
            return
        gone = hours.before(since) if days and days[0] == first else 0
        left = hours.length - hours.before(until) if days and days[-1] == last else 0
        span = hours.length * len(days) - gone - left
        for share in shares:
            total = gone + share_of(span, min(share, 1.0))
            nth = -(-total // hours.length)
            yield hours.instant(days[nth - 1], total - hours.length * (nth - 1)) if total > gone else start

    def _hours_of(self, days: Sequence[int]) -> list[SessionSpans]:
        return [office_hours(self.sessions_on(date.fromordinal(each))) for each in days]

    def _counted(self, first: int, last: int) -> tuple[int, ...]:
        """The working days between two that no pause takes, both included: all as ordinals."""
        year, end = date.fromordinal(first).year, date.fromordinal(last).year + 1
        days = self._table(year)
        if end > year + 1:
            days = tuple(chain.from_iterable(map(self._table, range(year, end))))
        days = days[bisect_left(days, first) : bisect_left(days, last + 1)]
        for begins, ends in self._taken:
            days = days[: bisect_left(days, begins)] + days[bisect_left(days, ends + 1) :]
        return days

    def _open_before(self, instant: datetime) -> timedelta:
        """How long offices had been open on the day of ``instant``, up to it."""
        on = instant.astimezone(CHINA).date()
        return open_before(instant, self.sessions_on(on)) if self.works(on) else timedelta()


def _nth_calendar_day(first: date, nth: int) -> date:
    return first + timedelta(days=nth - 1)


def _calendar_days(first: date, last: date) -> int:
    return max(0, (last - first).days + 1)


@cache
def office_day(sessions: tuple[Session, ...]) -> timedelta:
    """How long the sessions of a day last."""
    return sum((closes - opens for opens, closes in spans(sessions)), timedelta())


@cache
def spans(sessions: tuple[Session, ...]) -> tuple[tuple[timedelta, timedelta], ...]:
    """The sessions as time since midnight."""
    return tuple((since_midnight(opens), since_midnight(closes)) for opens, closes in sessions)


def since_midnight(clock: time) -> timedelta:
    """A wall-clock time as the time since midnight."""
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def open_before(instant: datetime, sessions: tuple[Session, ...]) -> timedelta:
    """How much of the sessions of a working day had passed at ``instant``."""
    now = since_midnight(instant.astimezone(CHINA).time())
    return sum((min(now, closes) - opens for opens, closes in spans(sessions) if now > opens), timedelta())


def within_day(on: date, span: timedelta, sessions: tuple[Session, ...]) -> datetime:
    """The instant of a working day at which its sessions have lasted ``span``; its closing for anything longer."""
    for opens, closes in spans(sessions):
        if span <= closes - opens:
            return at(on, time()) + opens + span
        span -= closes - opens
    return closing(on, sessions)


def closing(on: date, sessions: tuple[Session, ...]) -> datetime:
    """When the last session of a day ends."""
    return at(on, sessions[-1][1])


def at(on: date, clock: time) -> datetime:
    """A China wall-clock time as an instant."""
    return datetime.combine(on, clock, UTC) - AHEAD
