"""From a limit to an instant, and to the instants at which the colours begin."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from contracts.vocabulary import CHINA
from services.sla.domain.calendar import Calendar
from services.sla.domain.limits import GIVEN, MINUTES, OFFICE_HOURS, TODAY, WORKING_DAYS, Limit

TIMELESS = (MINUTES, GIVEN)
"""Units that no calendar changes."""


class Deadline(NamedTuple):
    """``start`` ≤ ``yellow`` ≤ ``orange`` ≤ ``due``. ``provisional``: a year not yet announced is involved.

    Of a limit that is never orange, orange would begin with red.

    A tuple: made of every clock, and four times as cheap to make as a frozen class.
    """

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
    yellow, orange = _warnings(limit, start, due, calendar)
    is_open = is_provisional(limit, start, due, calendar)
    if calendar.pauses:
        yellow, orange, due = map(calendar.after_pauses, (yellow, orange, due))
    yellow = start if limit.begins_yellow else min(yellow, orange)
    return Deadline(start, yellow, orange, due, calendar.version, is_open)


def is_provisional(limit: Limit, start: datetime, due: datetime, calendar: Calendar) -> bool:
    """Whether a notice to come may still move the deadline; minutes are minutes whatever the calendar."""
    return limit.unit not in TIMELESS and calendar.is_provisional(_day(start), _day(due))


def is_stale(limit: Limit, calendar_version: str, calendar: Calendar) -> bool:
    """Whether a deadline that was set by that edition may be another by this one."""
    return limit.unit not in TIMELESS and calendar_version != calendar.version


def due_at(limit: Limit, start: datetime, calendar: Calendar, before: int = 0) -> datetime:
    """The instant at which the limit ends, or would if it were shorter by ``before`` days, which it has."""
    match limit.unit:
        case "minutes":
            return start + timedelta(minutes=limit.amount)
        case "given":
            return max(start, limit.until or start)
        case "office_hours":
            return calendar.after_office_time(start, timedelta(hours=limit.amount))
        case "working_days":
            first = first_counted(limit, start, calendar.closing(_day(start)))
            return calendar.closing(calendar.nth_working_day(first, limit.amount - before))
        case _:
            last = calendar.nth_day(first_counted(limit, start, calendar.closing(_day(start))), limit.amount - before)
            return calendar.closing(calendar.nth_working_day(last, 1))


def first_counted(limit: Limit, start: datetime, closes: datetime) -> date:
    """The first day that may count: the day of the start only if the standard says so and offices are still open."""
    on = _day(start)
    return on if limit.counts_from == TODAY and start < closes else on + timedelta(days=1)


def _warnings(limit: Limit, start: datetime, due: datetime, calendar: Calendar) -> tuple[datetime, datetime]:
    """When yellow and orange would begin: so many days before the end where the limit has them, else by their share."""
    yellow_left, orange_left = limit.has(limit.yellow_left), limit.has(limit.orange_left)
    yellow, orange = (start, start) if yellow_left and orange_left else _at_shares(limit, start, due, calendar)
    if yellow_left:
        yellow = due_at(limit, start, calendar, limit.yellow_left)
    if orange_left:
        orange = due_at(limit, start, calendar, limit.orange_left)
    return _within(start, yellow, due), _within(start, orange, due) if limit.has_orange else due


def _within(start: datetime, begins: datetime, due: datetime) -> datetime:
    """No colour begins before the clock does, or after it is due."""
    if begins < start:
        return start
    return begins if begins < due else due


def _at_shares(limit: Limit, start: datetime, due: datetime, calendar: Calendar) -> tuple[datetime, datetime]:
    """By share, in whole seconds: of office time where offices count, else of all time."""
    if limit.unit in (OFFICE_HOURS, WORKING_DAYS):
        yellow, orange = calendar.at_shares(start, due, (limit.yellow_at, limit.orange_at))
        return yellow, orange
    span = due - start
    yellow, orange = start + span * limit.yellow_at, start + span * limit.orange_at
    return yellow.replace(microsecond=0), orange.replace(microsecond=0)


def _day(instant: datetime) -> date:
    return instant.astimezone(CHINA).date()
