"""The next office hours, and what is skipped on the way (C8)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import CHINA
from services.sla.adapters import packaged
from services.sla.domain.office_days import lines_of, next_open

CALENDAR = packaged.calendar()


def china(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("since", "hours", "told"),
    [
        (
            "2026-03-06 16:00",
            9,
            [
                "2026-03-06 周五：16:00–17:00，累计 1 小时",
                "2026-03-07 至 2026-03-08：周末，不计",
                "2026-03-09 周一：09:00–12:00、13:00–17:00，累计 8 小时",
                "2026-03-10 周二：09:00–10:00，累计 9 小时",
            ],
        ),
        ("2026-03-06 12:30", 4, ["2026-03-06 周五：13:00–17:00，累计 4 小时"]),
        (
            "2026-02-13 18:00",
            1,
            ["2026-02-14 周六（春节调休上班）：09:00–10:00，累计 1 小时"],
        ),
    ],
    ids=["over a weekend", "from the middle of the day", "a make-up workday"],
)
def test_each_day_on_the_way_is_a_line_with_its_reason(since: str, hours: int, told: list[str]) -> None:
    found = lines_of(next_open(CALENDAR, china(since), timedelta(hours=hours)))
    assert [line.zh for line in found] == told


def test_the_english_says_the_same() -> None:
    found = lines_of(next_open(CALENDAR, china("2026-02-13 18:00"), timedelta(hours=8)))
    english = [line.en for line in found]
    assert english[0] == "2026-02-14 (make-up workday (春节)): 09:00–12:00 and 13:00–17:00, 7 hours in all"
    assert english[1] == "2026-02-15 to 2026-02-23: holiday (春节), skipped"


@given(
    since=st.datetimes(china("2021-01-01 00:00").replace(tzinfo=None), china("2027-06-01 00:00").replace(tzinfo=None)),
    hours=st.integers(1, 300),
)
def test_the_hours_end_when_a_limit_of_so_many_ends_and_each_day_is_told_once(since: datetime, hours: int) -> None:
    start = since.replace(second=0, microsecond=0, tzinfo=CHINA)
    days = list(next_open(CALENDAR, start, timedelta(hours=hours)))
    assert sum((each.lasts for each in days), timedelta()) == timedelta(hours=hours)
    assert days[-1].open[-1][1] == CALENDAR.after_office_time(start, timedelta(hours=hours))
    assert all(bool(each.open) is CALENDAR.works(each.on) for each in days)
    assert [each.on - days[0].on for each in days] == [timedelta(days=nth) for nth in range(len(days))]
