"""Instants and lengths of time as people read them, in Chinese and English."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from contracts import vocabulary
from contracts.vocabulary import CHINA, Language, Pair

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SPANS: Mapping[str, Pair] = {
    "due_in": ("还剩 {t}", "{t} left"),
    "overdue_by": ("已超 {t}", "{t} over"),
    "days": ("{n}天", "{n} d"),
    "hours": ("{n}小时", "{n} h"),
    "minutes": ("{n}分钟", "{n} min"),
}


def clock_time(instant: datetime, language: Language) -> str:
    """China wall-clock time as people write it."""
    local = instant.astimezone(CHINA)
    between = " " if language == "zh" else ", "
    return f"{day(local.date(), language)}{between}{local:%H:%M}"


def day(on: date, language: Language) -> str:
    """A day as people write it."""
    if language == "zh":
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def left(length: timedelta, language: Language) -> str:
    """How long is left until a due instant, or how long it is over."""
    key, shown = ("due_in", length) if length > timedelta() else ("overdue_by", -length)
    return vocabulary.say(SPANS[key], language).format(t=span(shown, language))


def span(length: timedelta, language: Language) -> str:
    """A length of time in its largest unit, and days with their hours."""
    minutes = max(0, length // timedelta(minutes=1))
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        rest = " " + _unit("hours", hours, language) if hours else ""
        return _unit("days", days, language) + rest
    return _unit("hours", hours, language) if hours else _unit("minutes", minutes, language)


def _unit(name: str, number: int, language: Language) -> str:
    return vocabulary.say(SPANS[name], language).format(n=number)
