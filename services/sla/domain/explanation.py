"""A deadline, line by line (C8): every step is a value, and the deadline follows from the values alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from contracts import lifecycle
from contracts.vocabulary import CHINA, SeasonHours, Session, sessions_on
from services.sla.domain.calendar import Calendar, Day, closing, office_day, open_before, within_day
from services.sla.domain.deadlines import TIMELESS, deadline, first_counted
from services.sla.domain.limits import CALENDAR_DAYS, Limit
from services.sla.domain.pauses import Pause

EVENTS = {kind: row.begins for kind, row in lifecycle.CLOCKS.items()} | {
    "arbitrate": ("转入待裁定", "the dispute"),
    "arbitrate-urgent": ("转入待裁定", "the dispute"),
}
"""What starts a clock: by the limit where it tells, else by the kind of clock."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A day that is not what the day of the week says: skipped, or a make-up workday that counts.

    ``paused``: a pause takes it, whatever it is.
    """

    on: date
    day: Day
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """``first``: the first day that may count. ``noted``: days skipped and why, make-up workdays counted.

    ``sessions``: the usual office hours; ``seasons``: those that hold a day on the way and have others.
    ``limit`` is as it was promised, ``extended`` what was added, ``by_conference`` of it; ``pauses`` hold no instant.
    ``orange`` None: the scheme has no such colour.
    """

    event: tuple[str, str]
    limit: Limit
    start: datetime
    first: date
    noted: tuple[Noted, ...]
    sessions: tuple[Session, ...]
    calendar_version: str
    provisional: bool
    yellow: datetime
    orange: datetime | None
    due: datetime
    extended: int = 0
    pauses: tuple[Pause, ...] = ()
    by_conference: int = 0
    seasons: tuple[SeasonHours, ...] = ()

    def sessions_on(self, on: date) -> tuple[Session, ...]:
        """The office hours of that day, if it is a working day."""
        return sessions_on(on, self.seasons, self.sessions)


def explain(
    limit: Limit,
    start: datetime,
    calendar: Calendar,
    event: tuple[str, str] = EVENTS["complete_by"],
    extended: int = 0,
    by_conference: int = 0,
) -> Explanation:
    """Why a limit that starts at ``start`` ends when it does, by this calendar (of one clock: with its pauses).

    ``extended``: what was added to the limit, in its own unit; ``by_conference``: how much of it a conference decided.
    """
    longer = replace(limit, amount=limit.amount + extended)
    reached = deadline(longer, start, calendar)
    first = _first(limit, start, calendar)
    last = reached.due.astimezone(CHINA).date()
    return Explanation(
        event=event,
        limit=limit,
        start=start,
        first=first,
        noted=() if limit.unit in TIMELESS else tuple(_noted(longer, first, last, calendar)),
        sessions=calendar.sessions,
        calendar_version=calendar.version,
        provisional=reached.provisional,
        yellow=reached.yellow,
        orange=reached.orange if limit.has_orange else None,
        due=reached.due,
        extended=extended,
        pauses=calendar.pauses,
        by_conference=by_conference,
        seasons=tuple(_on_the_way(calendar.seasons, min(first, start.astimezone(CHINA).date()), last)),
    )


def _on_the_way(seasons: Iterable[SeasonHours], first: date, last: date) -> Iterator[SeasonHours]:
    days = [first + timedelta(days=nth) for nth in range((last - first).days + 1)]
    return (each for each in seasons if any(map(each.holds, days)))


def _first(limit: Limit, start: datetime, calendar: Calendar) -> date:
    on = start.astimezone(CHINA).date()
    return first_counted(limit, start, calendar.closing(on)) if limit.counts_days else on


def _noted(limit: Limit, first: date, last: date, calendar: Calendar) -> Iterator[Noted]:
    """Calendar days all count but those that a pause takes: of the others only what moves the last one is noted."""
    ends = calendar.nth_day(first, limit.amount) if limit.unit == CALENDAR_DAYS else first
    for nth in range((last - first).days + 1):
        on = first + timedelta(days=nth)
        day, is_paused = calendar.day(on), calendar.pause_of(on) is not None
        if is_paused or (on >= ends and (day.made_up or not day.works)):
            yield Noted(on, day, is_paused)


def recompute(explained: Explanation) -> datetime:
    """The deadline again, from the values of the explanation and no calendar: whoever has the lines can check it."""
    skipped, amount = {each.on for each in explained.noted if not each.day.works}, amount_of(explained)
    match explained.limit.unit:
        case "minutes":
            return explained.start + timedelta(minutes=amount)
        case "given":
            return max(explained.start, explained.limit.until or explained.start)
        case "office_hours":
            return _after_pauses(explained, _office_hours_later(explained, skipped))
        case "working_days":
            return _closing(explained, counted(explained.first, amount, skipped))
        case _:
            last = counted(explained.first, amount, {each.on for each in explained.noted if each.paused})
            return _closing(explained, counted(last, 1, skipped))


def _closing(explained: Explanation, on: date) -> datetime:
    return closing(on, explained.sessions_on(on))


def amount_of(explained: Explanation) -> int:
    return explained.limit.amount + explained.extended


def _after_pauses(explained: Explanation, instant: datetime) -> datetime:
    """Nothing begins within a pause."""
    for pause in explained.pauses:
        instant = pause.until if pause.holds(instant) else instant
    return instant


def counted(first: date, days: int, skipped: set[date]) -> date:
    """The last of so many days that are not skipped."""
    on, left = first, days
    while (left := left - (on not in skipped)) > 0:
        on += timedelta(days=1)
    return on


def _office_hours_later(explained: Explanation, skipped: set[date]) -> datetime:
    """Day by day, as whoever has the lines would count."""
    on, left = explained.first, timedelta(hours=amount_of(explained))
    left += timedelta() if on in skipped else open_before(explained.start, explained.sessions_on(on))
    while on in skipped or left > office_day(explained.sessions_on(on)):
        left -= timedelta() if on in skipped else office_day(explained.sessions_on(on))
        on += timedelta(days=1)
    return within_day(on, left, explained.sessions_on(on))
