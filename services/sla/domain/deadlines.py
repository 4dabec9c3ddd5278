"""From a limit to an instant, and to the instants at which the colours begin."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.vocabulary import CHINA
from services.sla.domain.calendar import Calendar
from services.sla.domain.limits import GIVEN, MINUTES, OFFICE_HOURS, TODAY, WORKING_DAYS, Limit

TIMELESS = (MINUTES, GIVEN)
"""Units that no calendar changes."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """``start`` ≤ ``yellow`` ≤ ``orange`` ≤ ``due``. ``provisional``: a year not yet announced is involved."""

    start: datetime
    yellow: datetime
    orange: datetime
    due: datetime
    calendar_version: str
    provisional: bool


def deadline(limit: Limit, start: datetime, calendar: Calendar) -> Deadline:
    """When a limit that starts at ``start`` ends, and when its colours begin. Total; a few microseconds.

    Nothing begins within a pause of the calendar: what would, begins at its end.
    """
    due = due_at(limit, start, calendar)
    orange = _warning(limit, start, due, calendar, limit.orange_at, limit.orange_left)
    yellow = _warning(limit, start, due, calendar, limit.yellow_at, limit.yellow_left)
    return Deadline(
        start=start,
        yellow=calendar.after_pauses(min(yellow, orange)),
        orange=calendar.after_pauses(orange),
        due=calendar.after_pauses(due),
        calendar_version=calendar.version,
        provisional=is_provisional(limit, start, due, calendar),
    )


def is_provisional(limit: Limit, start: datetime, due: datetime, calendar: Calendar) -> bool:
    """Whether a notice to come may still move the deadline; minutes are minutes whatever the calendar."""
    return limit.unit not in TIMELESS and calendar.is_provisional(_day(start), _day(due))


def is_stale(limit: Limit, calendar_version: str, calendar: Calendar) -> bool:
    """Whether a deadline that was set by that edition may be another by this one."""
    return limit.unit not in TIMELESS and calendar_version != calendar.version


def due_at(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """The instant at which the limit ends."""
    match limit.unit:
        case "minutes":
            return start + timedelta(minutes=limit.amount)
        case "given":
            return max(start, limit.until or start)
        case "office_hours":
            return calendar.after_office_time(start, timedelta(hours=limit.amount))
        case "working_days":
            first = first_counted(limit, start, calendar.closing(_day(start)))
            return calendar.closing(calendar.nth_working_day(first, limit.amount))
        case _:
            last = calendar.nth_day(first_counted(limit, start, calendar.closing(_day(start))), limit.amount)
            return calendar.closing(calendar.nth_working_day(last, 1))


def first_counted(limit: Limit, start: datetime, closes: datetime) -> date:
    """The first day that may count: the day of the start only if the standard says so and offices are still open."""
    on = _day(start)
    return on if limit.counts_from == TODAY and start < closes else on + timedelta(days=1)


def _warning(
    limit: Limit, start: datetime, due: datetime, calendar: Calendar, share: float, days_left: int
) -> datetime:
    """Days left where the limit has so many, else the share: of office time where offices count, else of all time."""
    if shorter := limit.shortened(days_left):
        return min(due, max(start, due_at(shorter, start, calendar)))
    if limit.unit in (OFFICE_HOURS, WORKING_DAYS):
        begins = calendar.after_office_time(start, calendar.office_time(start, due) * share)
    else:
        begins = start + (due - start) * share
    return min(due, max(start, begins - timedelta(microseconds=begins.microsecond)))


def _day(instant: datetime) -> date:
    return instant.astimezone(CHINA).date()
