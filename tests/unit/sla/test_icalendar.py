"""GET /v1/calendars/{year}.ics: read back by a reader of RFC 5545 that knows folding and escapes."""

import re
from datetime import date, timedelta

import pytest

from services.sla.adapters import packaged
from services.sla.api import icalendar
from services.sla.domain.calendar import Calendar
from tests.harness import MONDAY
from tests.unit.sla.test_api import ServedScene

CN = packaged.calendar()
Event = dict[str, str]


def events(text: str) -> list[Event]:
    """The events of a file; fails on what RFC 5545 does not allow."""
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n", text)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = re.sub(r"\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    found, within = list[Event](), False
    for name, _, value in (line.partition(":") for line in lines[1:-1]):
        if name == "BEGIN":
            found.append({})
        within = (within or name == "BEGIN") and name != "END"
        if within:
            found[-1][name] = re.sub(r"\\(.)", lambda each: {"n": "\n"}.get(each[1], each[1]), value)
    assert len({each["UID"] for each in found}) == len(found)
    assert all({"DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY"} <= each.keys() for each in found)
    return found


def day_of(event: Event) -> date:
    begins, ends = (date.fromisoformat(event[f"{each};VALUE=DATE"]) for each in ("DTSTART", "DTEND"))
    assert ends == begins + timedelta(days=1)
    return begins


@pytest.mark.parametrize("year", [2006, 2026, 2031])
async def test_the_file_of_a_year_has_its_days_off_and_the_days_worked_against_the_week(year: int) -> None:
    calendar = packaged.of_year(CN, year)
    answer = await ServedScene().ask(f"/v1/calendars/{year}.ics", who=None)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    told = {day_of(each): each["SUMMARY"] for each in events(answer.content.decode())}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    off = {on for on in days if not calendar.works(on) and (on.weekday() < 5 or on in calendar.days_off)}
    fixed = {on for on in days if calendar.day(on).why_en.startswith("holiday")}
    assert {on for on, name in told.items() if name.endswith("（放假）")} == off | fixed
    assert {on for on, name in told.items() if name.endswith("（上班）")} == {
        on for on in days if calendar.works(on) and on.weekday() >= 5
    }


def test_a_name_can_neither_begin_another_line_nor_be_cut_within_a_character() -> None:
    name = "县庆；\r\nBEGIN:VEVENT, a;b\\" + "龙" * 60
    calendar = Calendar("own", frozenset({2026}), {date(2026, 3, 2): name}, {})
    [event] = events(icalendar.written(calendar, 2026, "4312;26\r\n", MONDAY))
    assert event["SUMMARY"] == f"{name.replace(chr(13), '')}（放假）"
    assert day_of(event) == date(2026, 3, 2)


@pytest.mark.parametrize("path", ["/v1/calendars/1999.ics", "/v1/calendars/2101.ics", "/v1/calendars/x.ics"])
async def test_a_year_that_nobody_shows_is_refused(path: str) -> None:
    assert (await ServedScene().ask(path, who=None)).status_code == 422
