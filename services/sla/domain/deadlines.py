"""From a limit to an instant, and why: every deadline can be explained line by line and recomputed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.sla.domain.calendar import CHINA, Calendar, closing, opening

DAYS_AT_MOST = 4000  # of looking ahead: bounds every loop here


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a unit has. ``unit``: minutes, office_hours, working_days, calendar_days. Shares: of the whole span."""

    amount: int
    unit: str
    counts_from: str = "next_day"
    yellow_at: float = 0.5
    orange_at: float = 0.8
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant with the instants at which colours begin, and whether an announced calendar stands behind it."""

    start: datetime
    yellow: datetime
    orange: datetime
    due: datetime
    calendar_version: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation."""

    zh: str
    en: str


UNITS = {
    "minutes": ("分钟", "minutes"),
    "office_hours": ("个工作小时", "office hours"),
    "working_days": ("个工作日", "working days"),
    "calendar_days": ("天", "calendar days"),
}


def deadline(limit: Limit, start: datetime, calendar: Calendar) -> Deadline:
    """When a limit that starts at ``start`` ends. Total for every limit of at least 1."""
    due = due_at(limit, start, calendar)
    span = due - start
    return Deadline(
        start=start,
        yellow=_whole(start + span * limit.yellow_at),
        orange=_whole(start + span * limit.orange_at),
        due=due,
        calendar_version=calendar.version,
        provisional=calendar.is_provisional(start.astimezone(CHINA).date(), due.astimezone(CHINA).date()),
    )


def _whole(instant: datetime) -> datetime:
    """To the second: nobody needs finer, and every store keeps it."""
    return instant.replace(microsecond=0)


def due_at(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """The instant at which the limit ends."""
    match limit.unit:
        case "minutes":
            return start + timedelta(minutes=limit.amount)
        case "office_hours":
            return _after_office_hours(limit.amount, start, calendar)
        case "working_days":
            return closing(_nth_working_day(limit, start, calendar))
        case _:
            return closing(_last_calendar_day(limit, start, calendar))


def _after_office_hours(hours: int, start: datetime, calendar: Calendar) -> datetime:
    left, on = timedelta(hours=hours), start.astimezone(CHINA).date()
    for _ in range(DAYS_AT_MOST):
        if calendar.works(on):
            begin = max(start, opening(on))
            open_for = closing(on) - begin
            if open_for >= left:
                return (begin + left).astimezone(UTC)
            left -= max(open_for, timedelta())
        on += timedelta(days=1)
    raise OverflowError("a limit beyond what any calendar knows")


def _nth_working_day(limit: Limit, start: datetime, calendar: Calendar) -> date:
    """The n-th working day; the day of the start counts only when the standard says so and offices are still open."""
    on, counted = _first_counted(limit, start), 0
    for _ in range(DAYS_AT_MOST):
        counted += calendar.works(on)
        if counted == limit.amount:
            return on
        on += timedelta(days=1)
    raise OverflowError("a limit beyond what any calendar knows")


def _first_counted(limit: Limit, start: datetime) -> date:
    local = start.astimezone(CHINA)
    today = limit.counts_from == "today" and start < closing(local.date())
    return local.date() if today else local.date() + timedelta(days=1)


def _last_calendar_day(limit: Limit, start: datetime, calendar: Calendar) -> date:
    """A last day that is a day off moves to the next working day (Civil Code, article 203)."""
    last = _first_counted(limit, start) + timedelta(days=limit.amount - 1)
    for _ in range(DAYS_AT_MOST):
        if calendar.works(last):
            return last
        last += timedelta(days=1)
    raise OverflowError("a limit beyond what any calendar knows")


def explain(limit: Limit, start: datetime, calendar: Calendar) -> list[Line]:
    """The deadline line by line: standard, start, days that do not count and why, calendar, result."""
    reached = deadline(limit, start, calendar)
    zh, en = UNITS[limit.unit]
    lines = [
        Line(f"办理标准：{limit.standard or '内置时限'}，时限 {limit.amount} {zh}", f"Limit: {limit.amount} {en}"),
        Line(f"起算：{_local(start)}", f"Start: {_local(start)} (China time)"),
    ]
    if limit.unit != "minutes":
        lines += _days(limit, start, reached.due, calendar)
        zh = "（尚未公布，暂按周末和法定日期推算）" if reached.provisional else ""
        en = " (provisional: the year is not announced yet)" if reached.provisional else ""
        lines.append(Line(f"日历版本：{calendar.version}{zh}", f"Calendar: {calendar.version}{en}"))
    return [*lines, Line(f"到期：{_local(reached.due)}", f"Due: {_local(reached.due)} (China time)")]


def _days(limit: Limit, start: datetime, due: datetime, calendar: Calendar) -> list[Line]:
    first, last = _first_counted(limit, start), due.astimezone(CHINA).date()
    span = [first + timedelta(days=n) for n in range(min((last - first).days + 1, DAYS_AT_MOST))]
    told = [on for on in span if not calendar.works(on) or on in calendar.workdays]
    return [Line(f"{on}：{_what(calendar, on)[0]}", f"{on}: {_what(calendar, on)[1]}") for on in told]


def _what(calendar: Calendar, on: date) -> tuple[str, str]:
    day = calendar.day(on)
    return (
        (f"{day.why_zh}，计入", f"{day.why_en}, counts")
        if day.works
        else (f"{day.why_zh}，不计", f"{day.why_en}, skipped")
    )


def _local(instant: datetime) -> str:
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
