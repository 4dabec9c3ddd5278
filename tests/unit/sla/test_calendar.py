"""Working time: against an independent calendar for 2020–2026, and against its own laws for any year."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from timeit import repeat

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sla.adapters import packaged
from services.sla.domain.calendar import at
from services.sla.domain.deadlines import deadline
from services.sla.domain.limits import Limit
from tests.unit.sla.values import SEASONAL, SUMMER, WINTER

CN = packaged.calendar()
SECOND = timedelta(seconds=1)
ANNOUNCED = st.dates(date(2020, 1, 1), date(2026, 12, 31))
DATES = st.dates(date(2019, 1, 1), date(2060, 12, 31))
INSTANTS = st.integers(0, 20 * 366 * 86_400).map(lambda seconds: datetime(2019, 1, 1, tzinfo=UTC) + seconds * SECOND)
SPANS = st.timedeltas(timedelta(), timedelta(hours=400))


@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_day_of_an_announced_year_is_what_an_independent_calendar_says(year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    assert [on for on in days if CN.works(on) != chinese_calendar.is_workday(on)] == []


@given(ANNOUNCED, st.integers(1, 40))
def test_the_nth_working_day_is_found_by_counting_with_the_independent_calendar(first: date, nth: int) -> None:
    if first.year == 2026 and first.month > 9:
        first = first.replace(year=2025)
    on, left = first, nth - chinese_calendar.is_workday(first)
    while left:
        on += timedelta(days=1)
        left -= chinese_calendar.is_workday(on)
    expected = on
    while not chinese_calendar.is_workday(expected):
        expected += timedelta(days=1)
    assert CN.nth_working_day(first, nth) == expected


@given(DATES)
def test_a_day_and_what_is_said_of_it_agree(on: date) -> None:
    assert CN.day(on).works == CN.works(on)
    assert CN.day(on).why_zh
    assert CN.day(on).why_en


@given(DATES, DATES)
def test_working_days_between_are_those_that_a_walk_finds(first: date, last: date) -> None:
    last = min(last, first + timedelta(days=800)) if last > first else last
    walked = sum(CN.works(first + timedelta(days=n)) for n in range((last - first).days + 1))
    assert CN.working_days(first, last) == walked


@given(DATES, st.integers(1, 600))
def test_the_nth_working_day_ends_a_span_of_n_working_days(first: date, nth: int) -> None:
    last = CN.nth_working_day(first, nth)
    assert CN.works(last)
    assert CN.working_days(first, last) == nth


@given(st.booleans(), INSTANTS, SPANS)
def test_office_time_later_has_that_much_office_time_before_it(
    has_seasons: bool, start: datetime, span: timedelta
) -> None:
    calendar = SEASONAL if has_seasons else CN
    end = calendar.after_office_time(start, span)
    assert end >= start
    assert calendar.office_time(start, end) == span


@given(st.booleans(), INSTANTS, SPANS, SPANS)
def test_office_time_adds_up(has_seasons: bool, start: datetime, one: timedelta, other: timedelta) -> None:
    calendar, middle = SEASONAL if has_seasons else CN, start + one
    end = middle + other
    parts = calendar.office_time(start, middle), calendar.office_time(middle, end)
    assert sum(parts, timedelta()) == calendar.office_time(start, end)


@given(st.dates(date(2021, 1, 1), date(2026, 12, 31)))
def test_a_day_has_the_hours_of_its_season_and_office_time_is_their_sum(on: date) -> None:
    """Minute by minute: what is open by the sessions of that day."""
    sessions = SEASONAL.sessions_on(on)
    assert sessions == (WINTER.sessions if is_winter(on) else SUMMER.sessions if 5 <= on.month <= 9 else CN.sessions)
    minutes = [time(nth // 60, nth % 60) for nth in range(24 * 60)]
    is_open = sum(opens <= each < closes for each in minutes for opens, closes in sessions) * SEASONAL.works(on)
    assert SEASONAL.office_time(at(on, time()), at(on + timedelta(days=1), time())) == timedelta(minutes=is_open)
    assert SEASONAL.closing(on) == at(on, sessions[-1][1])


def is_winter(on: date) -> bool:
    return on.year >= 2022 and (on >= date(on.year, 11, 15) or on <= date(on.year, 2, 28))


@pytest.mark.parametrize("year", [2027, 2028, 2041])
def test_a_year_not_announced_is_provisional_and_knows_the_fixed_days(year: int) -> None:
    assert CN.is_provisional(date(year, 3, 1), date(year, 3, 1))
    assert not any(
        CN.works(date(year, month, day)) for month, day in [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
    )
    assert not any(day.made_up for day in (CN.day(date(year, 1, 1) + timedelta(days=n)) for n in range(365)))


def test_an_announced_year_is_not_provisional() -> None:
    assert not CN.is_provisional(date(2020, 1, 1), date(2026, 12, 21))


def test_the_last_days_before_a_year_not_announced_may_still_become_days_off() -> None:
    """As 2022-12-31, a Saturday that the notice of 2023 names."""
    assert CN.is_provisional(date(2026, 12, 1), date(2026, 12, 22))
    assert not CN.is_provisional(date(2025, 12, 22), date(2025, 12, 31)), "2026 is announced"


def test_make_up_workdays_are_worked_and_named() -> None:
    day = CN.day(date(2026, 10, 10))  # a Saturday
    assert (day.works, day.made_up, day.why_zh) == (True, True, "国庆节调休上班")


def test_a_countys_own_days_stand_over_the_countrys() -> None:
    own = CN.with_days("431226-1", {date(2026, 4, 1): "县庆"}, {date(2026, 10, 1): "值班"})
    assert (own.version, own.works(date(2026, 4, 1)), own.works(date(2026, 10, 1))) == (
        "cn-2026.1+431226-1",
        False,
        True,
    )
    assert (CN.works(date(2026, 4, 1)), CN.works(date(2026, 10, 1))) == (True, False)


def test_a_deadline_costs_microseconds() -> None:
    start = datetime(2026, 9, 28, 3, tzinfo=UTC)
    limit = Limit(60)
    deadline(limit, start, CN)
    each = min(repeat(lambda: deadline(limit, start, CN), repeat=5, number=200)) / 200  # the least disturbed
    assert each < 0.001, f"{each * 1e6:.0f} µs; some 15 µs of processor time"


def test_the_packaged_editions_only_grow() -> None:
    editions = packaged.editions()
    assert all(earlier.years <= later.years for earlier, later in pairwise(editions))
    assert len({edition.version for edition in editions}) == len(editions)
