"""A year of a calendar as a file for calendar programs (RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from services.sla.domain.calendar import Calendar, Day

LINE_BYTES = 75  # of a line, at most; what follows begins with a space
ORDINARY = ("weekend", "working day")


def written(calendar: Calendar, year: int, division: str, now: datetime) -> str:
    """The days off and the days that are worked against the week, an event each; weekends are not told."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//duban//sla//ZH", f"X-WR-CALNAME:{_text(calendar.version)}"]
    for on, day in _told(calendar, year):
        lines += _event(on, day, division, now)
    return "".join(f"{part}\r\n" for line in (*lines, "END:VCALENDAR") for part in _folded(line))


def _told(calendar: Calendar, year: int) -> Iterator[tuple[date, Day]]:
    first = date(year, 1, 1)
    for on in (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)):
        day = calendar.day(on)
        if day.why_en not in ORDINARY:
            yield on, day


def _event(on: date, day: Day, division: str, now: datetime) -> list[str]:
    state = "上班" if day.works else "放假"
    return [
        "BEGIN:VEVENT",
        f"UID:{on:%Y%m%d}-{_text(division) or 'cn'}@duban",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(day.why_zh)}（{state}）",
        f"DESCRIPTION:{_text(day.why_en)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    """Escaped; a line break would begin another property."""
    for what, instead in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        words = words.replace(what, instead)
    return words


def _folded(line: str) -> Iterator[str]:
    """In parts that fit, never within a character."""
    part, used = "", 0
    for letter in line:
        size = len(letter.encode())
        if used + size > LINE_BYTES:
            yield part
            part, used = " ", 1
        part, used = part + letter, used + size
    yield part
