"""点名通报: who was late, for how long and with which matters, of a period that ended at any instant (C7)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from contracts.vocabulary import CHINA
from services.sla.domain.moved_dues import due_at
from services.sla.domain.sheet import ClockSheet, SheetClock

DAY, WEEK, MONTH = "day", "week", "month"


@dataclass(frozen=True, slots=True)
class LateClock:
    """A clock that ran past its deadline as it was then. ``stopped``: None while it ran."""

    number: str
    division: str
    clock: str
    kind: str
    unit: str
    lead_unit: str
    due: datetime
    stopped: datetime | None = None

    def late_at(self, as_of: datetime) -> timedelta:
        """How long it had been overdue by then, or when it stopped before."""
        return self.ended_at(as_of) - self.due

    def runs_at(self, as_of: datetime) -> bool:
        """Whether it still ran then."""
        return self.stopped is None or self.stopped > as_of

    def ended_at(self, as_of: datetime) -> datetime:
        """When it stopped, seen from then."""
        return _ended(self.stopped, as_of)


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """A unit, or a lead unit, with the clocks that were late under it, the longest first."""

    office: str
    late: tuple[LateClock, ...]


def begin_of(by: str, as_of: datetime) -> datetime:
    """The beginning, in China, of the day, week or month that ``as_of`` lies in."""
    day = as_of.astimezone(CHINA).date()
    back = {DAY: 0, WEEK: day.weekday(), MONTH: day.day - 1}[by]
    return datetime.combine(day - timedelta(days=back), time(), CHINA)


def is_late(clock: SheetClock, since: datetime, as_of: datetime) -> bool:
    """Whether it was overdue at some instant from ``since`` to ``as_of``, by the deadline in force at ``as_of``; the
    instant of the deadline is in time.
    """
    return max(due_at(clock.moved, clock.due, as_of), since) < _ended(clock.stopped, as_of)


def _ended(stopped: datetime | None, as_of: datetime) -> datetime:
    return as_of if stopped is None else min(stopped, as_of)


def late_of(sheet: ClockSheet, since: datetime, as_of: datetime) -> Iterator[LateClock]:
    """The clocks of a matter that were overdue in a period, by the deadlines that stood at the end of it."""
    for clock in sheet.clocks:
        if is_late(clock, since, as_of):
            yield LateClock(
                number=sheet.number,
                division=sheet.division,
                clock=clock.id,
                kind=clock.kind,
                unit=clock.unit,
                lead_unit=clock.lead_unit,
                due=due_at(clock.moved, clock.due, as_of),
                stopped=clock.stopped,
            )


def by_unit(late: Iterable[LateClock], as_of: datetime) -> tuple[NamedOffice, ...]:
    """Each unit with what was late there, most first."""
    return _named(late, lambda each: each.unit, as_of)


def by_lead(late: Iterable[LateClock], as_of: datetime) -> tuple[NamedOffice, ...]:
    """Each lead unit with what was late under it; what is under none is named with its unit alone."""
    return _named((each for each in late if each.lead_unit), lambda each: each.lead_unit, as_of)


def _named(late: Iterable[LateClock], office: Callable[[LateClock], str], as_of: datetime) -> tuple[NamedOffice, ...]:
    found: dict[str, list[LateClock]] = {}
    for each in late:
        found.setdefault(office(each), []).append(each)
    named = [NamedOffice(code, tuple(_longest_first(theirs, as_of))) for code, theirs in found.items()]
    return tuple(sorted(named, key=lambda each: (-len(each.late), each.office)))


def _longest_first(late: Iterable[LateClock], as_of: datetime) -> list[LateClock]:
    return sorted(late, key=lambda each: (-each.late_at(as_of), each.number, each.clock))
