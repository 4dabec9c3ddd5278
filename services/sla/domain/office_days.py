"""The next office hours, and the days that are skipped on the way (C8): what a limit in office time is counted on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from contracts.vocabulary import CHINA
from services.sla.domain.calendar import Calendar, Day, at
from services.sla.domain.lines import ExplanationLine

Span = tuple[datetime, datetime]
WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """A day on the way. ``open``: the hours that count, none on a day that is skipped."""

    on: date
    day: Day
    open: tuple[Span, ...] = ()

    @property
    def lasts(self) -> timedelta:
        """How much of it counts."""
        return sum((ends - begins for begins, ends in self.open), timedelta())


def next_open(calendar: Calendar, since: datetime, wanted: timedelta) -> Iterator[OfficeDay]:
    """Each day from ``since`` on until offices have been open for ``wanted``; not a working day that is over."""
    left, on = wanted, since.astimezone(CHINA).date()
    while left > timedelta():
        day = calendar.day(on)
        found = OfficeDay(on, day, tuple(_open(calendar, on, since, left)) if calendar.works(on) else ())
        if found.open or not day.works:
            yield found
        left, on = left - found.lasts, on + timedelta(days=1)


def _open(calendar: Calendar, on: date, since: datetime, left: timedelta) -> Iterator[Span]:
    for opens, closes in calendar.sessions_on(on):
        begins, ends = max(at(on, opens), since), at(on, closes)
        if begins < ends and left > timedelta():
            ends = min(ends, begins + left)
            left -= ends - begins
            yield begins, ends


def lines_of(days: Iterator[OfficeDay]) -> Iterator[ExplanationLine]:
    """A line for each day on which offices are open, one for neighbouring days that are skipped for one reason."""
    gone = timedelta()
    for why, together in groupby(days, key=lambda each: each.day if not each.open else each.on):
        span = list(together)
        if isinstance(why, Day):
            yield _skipped(span, why)
        else:
            gone += span[0].lasts
            yield _counted(span[0], gone)


def _skipped(span: list[OfficeDay], day: Day) -> ExplanationLine:
    first, last = span[0].on, span[-1].on
    zh, en = (f"{first}", f"{first}") if first == last else (f"{first} 至 {last}", f"{first} to {last}")
    return ExplanationLine(f"{zh}：{day.why_zh}，不计", f"{en}: {day.why_en}, skipped")


def _counted(found: OfficeDay, gone: timedelta) -> ExplanationLine:
    spans = [f"{_clock(begins)}–{_clock(ends)}" for begins, ends in found.open]
    zh, en = (f"（{found.day.why_zh}）", f" ({found.day.why_en})") if found.day.made_up else ("", "")
    total = f"{gone / timedelta(hours=1):g}"
    return ExplanationLine(
        f"{found.on} 周{WEEKDAYS_ZH[found.on.weekday()]}{zh}：{'、'.join(spans)}，累计 {total} 小时",
        f"{found.on}{en}: {' and '.join(spans)}, {total} hours in all",
    )


def _clock(instant: datetime) -> str:
    return instant.astimezone(CHINA).strftime("%H:%M")
