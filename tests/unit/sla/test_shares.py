"""Colours by share, counted at once: the same instants as share by share, by any calendar, hours and pauses."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sla.domain.calendar import Calendar
from services.sla.domain.hours import share_of
from services.sla.domain.pauses import Pause
from tests.unit.sla.values import CN, SEASONAL, STARTS

EARLY = ((time(8), time(11, 30)), (time(12), time(12, 15)), (time(14), time(18)))
OTHER_HOURS = Calendar(CN.version, CN.years, CN.days_off, CN.workdays, EARLY)
CALENDARS = {"usual": CN, "other": OTHER_HOURS, "seasons": SEASONAL}
SHARES = st.lists(st.one_of(st.floats(0, 1), st.sampled_from((0.5, 0.8, 1.0))), min_size=1, max_size=3)
SPANS = st.one_of(st.timedeltas(timedelta(), timedelta(days=3)), st.timedeltas(timedelta(), timedelta(days=1200)))
PAUSES = st.lists(st.tuples(st.timedeltas(timedelta(), timedelta(days=90)), SPANS), max_size=3)


@given(STARTS, SPANS, SHARES, PAUSES, st.sampled_from(sorted(CALENDARS)))
def test_shares_are_those_of_the_office_time_between_two_instants(
    start: datetime,
    span: timedelta,
    shares: list[float],
    pauses: list[tuple[timedelta, timedelta]],
    named: str,
) -> None:
    calendar = CALENDARS[named].paused([Pause(start + since, start + since + lasts, "x") for since, lasts in pauses])
    end = start + span
    slowly = [calendar.after_office_time(start, calendar.office_time(start, end) * share) for share in shares]
    assert list(calendar.at_shares(start, end, shares)) == [each.replace(microsecond=0) for each in slowly]


@given(st.integers(0, 10**14), st.floats(0, 1))
def test_a_share_is_rounded_as_a_timedelta_rounds_it(span: int, share: float) -> None:
    assert timedelta(microseconds=share_of(span, share)) == timedelta(microseconds=span) * share


@pytest.mark.parametrize("share", [1.5, -0.5])
def test_a_share_that_nobody_may_promise_lies_within_the_limit(share: float) -> None:
    start, end = (
        datetime.fromisoformat("2026-03-02T02:00:00+00:00"),
        datetime.fromisoformat("2026-03-06T09:00:00+00:00"),
    )
    (instant,) = CN.at_shares(start, end, [share])
    assert start <= instant <= end
