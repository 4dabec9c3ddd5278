"""Who is named as overdue (点名通报, C7), of which period, and what counts as a matter's light (C4)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sla.domain import overdue
from services.sla.domain.moved_dues import KEPT_AT_MOST, MovedDue, MovedDues, due_at, with_moved
from services.sla.domain.sheet import ClockSheet
from services.sla.domain.shown_lights import LightCount, count_lights
from tests.facts.values import DAY, HOUR, LEAD, MINUTE, OTHER, UNIT
from tests.harness import MONDAY
from tests.unit.sla.sheets import a_clock, a_sheet

AS_OF = MONDAY + 10 * DAY
SINCE = AS_OF - DAY


def late(sheet: ClockSheet, as_of: datetime = AS_OF) -> list[tuple[str, timedelta, bool]]:
    """Clock, how long, and whether it still ran."""
    found = overdue.late_of(sheet, as_of - DAY, as_of)
    return [(each.clock, each.late_at(as_of), each.runs_at(as_of)) for each in found]


@pytest.mark.parametrize(
    ("due", "stopped", "named"),
    [
        (AS_OF - HOUR, None, [("c1", HOUR, True)]),
        (AS_OF, None, []),
        (AS_OF + HOUR, None, []),
        (SINCE - 5 * DAY, None, [("c1", 6 * DAY, True)]),
        (SINCE - DAY, SINCE - HOUR, []),
        (SINCE - DAY, SINCE, []),
        (SINCE - DAY, SINCE + HOUR, [("c1", DAY + HOUR, False)]),
        (SINCE + HOUR, SINCE + HOUR, []),
        (AS_OF - 2 * HOUR, AS_OF + DAY, [("c1", 2 * HOUR, True)]),
    ],
    ids=[
        "it runs and is late",
        "due at this very instant",
        "not due yet",
        "late for days",
        "done late, before the period",
        "done late as the period began",
        "done late within the period",
        "done in the last instant",
        "done late, after what is asked for",
    ],
)
def test_named_is_whoever_was_late_within_the_period(
    due: datetime, stopped: datetime | None, named: list[tuple[str, timedelta, bool]]
) -> None:
    assert late(a_sheet(a_clock(due, stopped))) == named


@given(
    due=st.integers(-72, 72),
    stopped=st.none() | st.integers(-72, 72),
    as_of=st.integers(-48, 48),
    span=st.integers(1, 48),
)
def test_it_is_the_same_as_looking_at_every_hour_of_the_period(
    due: int, stopped: int | None, as_of: int, span: int
) -> None:
    clock = a_clock(MONDAY + due * HOUR, None if stopped is None else MONDAY + stopped * HOUR)
    until, since = MONDAY + as_of * HOUR, MONDAY + (as_of - span) * HOUR
    halves = [since + nth * HOUR + HOUR / 2 for nth in range(span)]
    seen = any(clock.due < each and (clock.stopped is None or clock.stopped > each) for each in halves)
    assert overdue.is_late(clock, since, until) is seen


def test_what_was_said_of_an_instant_stands_when_the_clock_stops_later() -> None:
    running = a_sheet(a_clock(AS_OF - 3 * HOUR))
    stopped = a_sheet(a_clock(AS_OF - 3 * HOUR, AS_OF + DAY))
    assert late(running) == late(stopped) == [("c1", 3 * HOUR, True)]


@pytest.mark.parametrize(
    ("moved", "due", "named"),
    [
        ([(-HOUR, HOUR)], 5 * HOUR, [("c1", HOUR, True)]),
        ([(-HOUR, -MINUTE)], 5 * HOUR, []),
        ([(-HOUR, timedelta())], 5 * HOUR, []),
        ([(5 * HOUR, HOUR)], -2 * HOUR, []),
        ([(5 * HOUR, -HOUR)], -2 * HOUR, [("c1", 2 * HOUR, True)]),
        ([(-3 * HOUR, -HOUR), (-2 * HOUR, HOUR), (9 * HOUR, 2 * HOUR)], 5 * HOUR, [("c1", 2 * HOUR, True)]),
    ],
    ids=[
        "moved later after what is asked for",
        "moved later before it",
        "moved later at that very instant",
        "moved earlier after what is asked for",
        "moved earlier before it",
        "moved to and fro",
    ],
)
def test_a_past_instant_is_answered_by_the_deadline_in_force_then(
    moved: list[tuple[timedelta, timedelta]], due: timedelta, named: list[tuple[str, timedelta, bool]]
) -> None:
    before = tuple(MovedDue(AS_OF + due, AS_OF + until) for due, until in moved)
    assert late(a_sheet(replace(a_clock(AS_OF + due), moved=before))) == named


@given(steps=st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 5)), max_size=15), asked=st.integers(0, 80))
def test_the_deadline_in_force_is_the_last_that_was_said_by_then(steps: list[tuple[int, int]], asked: int) -> None:
    kept, due, now, said = MovedDues(), MONDAY, MONDAY, [(MONDAY, MONDAY)]
    for hours, passed in steps:
        now, new = now + passed * HOUR, due + hours * HOUR
        kept, due = with_moved(kept, due, new, now), new
        said.append((now, due))
    at = MONDAY + asked * HOUR
    assert due_at(kept, due, at) == [each for since, each in said if since <= at][-1]


def test_of_a_deadline_that_is_moved_without_end_the_newest_are_kept() -> None:
    kept = MovedDues()
    for nth in range(50):
        kept = with_moved(kept, MONDAY + nth * HOUR, MONDAY + (nth + 1) * HOUR, MONDAY + nth * DAY)
    assert (len(kept), kept[-1]) == (KEPT_AT_MOST, MovedDue(MONDAY + 49 * HOUR, MONDAY + 49 * DAY))
    assert with_moved(kept, MONDAY, MONDAY, MONDAY + 60 * DAY) == kept


def test_a_fact_that_comes_late_never_makes_the_history_run_back() -> None:
    kept = with_moved((MovedDue(MONDAY, MONDAY + DAY),), MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY)
    assert [each.until for each in kept] == [MONDAY + DAY, MONDAY + DAY]


def test_units_and_lead_units_are_named_with_the_longest_first() -> None:
    sheet = a_sheet(
        a_clock(AS_OF - HOUR, nth=1),
        a_clock(AS_OF - 3 * HOUR, nth=2),
        a_clock(AS_OF - 9 * HOUR, nth=3, unit=OTHER),
        a_clock(AS_OF - 8 * HOUR, nth=4, unit=LEAD, lead_unit=""),
    )
    found = tuple(overdue.late_of(sheet, SINCE, AS_OF))
    units = [(each.office, [row.clock for row in each.late]) for each in overdue.by_unit(found, AS_OF)]
    assert units == [(UNIT, ["c2", "c1"]), (OTHER, ["c3"]), (LEAD, ["c4"])]
    leads = [(each.office, [row.clock for row in each.late]) for each in overdue.by_lead(found, AS_OF)]
    assert leads == [(LEAD, ["c3", "c2", "c1"])]


@pytest.mark.parametrize(
    ("by", "as_of", "begins"),
    [
        ("day", "2026-03-05T00:00:00+08:00", "2026-03-05T00:00:00+08:00"),
        ("day", "2026-03-04T23:30:00Z", "2026-03-05T00:00:00+08:00"),
        ("week", "2026-03-08T23:59:59+08:00", "2026-03-02T00:00:00+08:00"),
        ("week", "2026-03-02T00:00:00+08:00", "2026-03-02T00:00:00+08:00"),
        ("month", "2026-02-28T16:30:00Z", "2026-03-01T00:00:00+08:00"),
    ],
)
def test_a_period_begins_at_midnight_in_china(by: str, as_of: str, begins: str) -> None:
    assert overdue.begin_of(by, datetime.fromisoformat(as_of)) == datetime.fromisoformat(begins)


def test_a_matter_counts_once_with_the_worst_of_its_running_clocks() -> None:
    sheets = [
        a_sheet(a_clock(MONDAY + HOUR), a_clock(MONDAY - HOUR, nth=2), a_clock(MONDAY, unit=OTHER, nth=3)),
        a_sheet(a_clock(MONDAY + DAY), a_clock(MONDAY - DAY, MONDAY, nth=2)),
        a_sheet(a_clock(MONDAY - DAY, MONDAY), division="431225100"),
    ]
    by_unit = count_lights(sheets, "unit", MONDAY)
    assert by_unit == (LightCount(OTHER, 3, 1), LightCount(UNIT, 0, 1), LightCount(UNIT, 3, 1))
    by_county = count_lights(sheets, "county", MONDAY)
    assert by_county == (LightCount("431226", 0, 1), LightCount("431226", 3, 1))
    assert count_lights(sheets, "county", MONDAY, OTHER) == (LightCount("431226", 3, 1),)
