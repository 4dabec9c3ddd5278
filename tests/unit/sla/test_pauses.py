"""Pauses: one rule of counting (a day that closes in a pause is not counted), against a walk over days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import CHINA
from services.sla.domain import explanation, lines
from services.sla.domain.calendar import Calendar
from services.sla.domain.deadlines import Deadline, deadline, due_at, first_counted
from services.sla.domain.limits import CALENDAR_DAYS, MINUTES, OFFICE_HOURS, Limit
from services.sla.domain.pauses import Pause
from tests.facts.values import DAY, HOUR
from tests.unit.sla.values import CN, SEASONAL, SECOND, STARTS, limits

LONGEST = 100 * 86_400  # seconds of a pause


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


@st.composite
def pauses(draw: st.DrawFn, near: datetime) -> list[Pause]:
    """Up to four pauses that begin within three months of ``near``; they may overlap, and be empty."""
    spans = st.tuples(st.integers(-5 * 86_400, 90 * 86_400), st.integers(0, LONGEST))
    return [
        Pause(near + since * SECOND, near + (since + lasts) * SECOND, "force_majeure")
        for since, lasts in draw(st.lists(spans, max_size=4))
    ]


@st.composite
def paused_clocks(draw: st.DrawFn) -> tuple[Limit, datetime, list[Pause]]:
    limit, start = draw(limits().filter(lambda each: each.unit != MINUTES)), draw(STARTS)
    return limit, start, draw(pauses(start))


def walked(limit: Limit, start: datetime, taken: list[Pause]) -> date:
    """The day on which a limit in days ends, by going through the days one by one."""
    on, left = first_counted(limit, start, CN.closing(start.astimezone(CHINA).date())), limit.amount
    while True:
        closes = CN.closing(on)
        counts = not any(each.since <= closes < each.until for each in taken)
        is_open = counts and CN.works(on)
        left -= counts if limit.unit == CALENDAR_DAYS else is_open
        if left <= 0 and is_open:
            return on
        on += timedelta(days=1)


@given(paused_clocks().filter(lambda clock: clock[0].counts_days))
def test_due_is_what_a_walk_over_the_days_finds(clock: tuple[Limit, datetime, list[Pause]]) -> None:
    limit, start, taken = clock
    assert due_at(limit, start, CN.paused(taken)) == CN.closing(walked(limit, start, taken))


@given(paused_clocks().filter(lambda clock: clock[0].unit == OFFICE_HOURS))
def test_office_hours_rest_on_whole_days(clock: tuple[Limit, datetime, list[Pause]]) -> None:
    """As on a calendar whose days that close in a pause were holidays; and none ends within a pause."""
    limit, start, taken = clock
    days = (start.astimezone(CHINA).date() + timedelta(days=n) for n in range(2500))
    closed = {on: "off" for on in days if any(each.holds(CN.closing(on)) for each in taken)}
    holidays = CN.with_days("own", closed, {})
    reached = due_at(limit, start, holidays)
    ends = deadline(limit, start, CN.paused(taken)).due
    assert ends >= reached
    assert not any(each.holds(ends) for each in taken)
    assert ends == reached or any(each.until == ends for each in taken)


@given(paused_clocks())
def test_what_is_due_moves_only_later_with_each_pause(clock: tuple[Limit, datetime, list[Pause]]) -> None:
    limit, start, taken = clock
    before = deadline(limit, start, CN)
    for fewer in range(1, len(taken) + 1):
        after = deadline(limit, start, CN.paused(taken[:fewer]))
        assert after.due >= before.due
        before = after


@given(paused_clocks(), st.randoms())
def test_their_order_does_not_matter_and_what_overlaps_counts_once(
    clock: tuple[Limit, datetime, list[Pause]], random: object
) -> None:
    limit, start, taken = clock
    shuffled = list(taken)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    reached = deadline(limit, start, CN.paused(taken))
    assert instants(deadline(limit, start, CN.paused(shuffled))) == instants(reached)
    assert instants(deadline(limit, start, CN.paused([*taken, *taken]))) == instants(reached)


@given(paused_clocks())
def test_a_pause_of_nothing_changes_nothing(clock: tuple[Limit, datetime, list[Pause]]) -> None:
    limit, start, taken = clock
    empty = Pause(start + DAY, start + DAY, "force_majeure")
    assert instants(deadline(limit, start, CN.paused([*taken, empty]))) == instants(
        deadline(limit, start, CN.paused(taken))
    )


@given(paused_clocks())
def test_no_colour_begins_within_a_pause(clock: tuple[Limit, datetime, list[Pause]]) -> None:
    limit, start, taken = clock
    reached = deadline(limit, start, CN.paused(taken))
    assert reached.yellow <= reached.orange <= reached.due
    assert not any(pause.holds(at) for at in instants(reached) for pause in taken)


@given(paused_clocks(), st.integers(0, 60), st.booleans())
def test_the_lines_alone_give_the_deadline_again(
    clock: tuple[Limit, datetime, list[Pause]], extended: int, has_seasons: bool
) -> None:
    """V10: also of office hours, by seasons, and with an extension."""
    (limit, start, taken), calendar = clock, SEASONAL if has_seasons else CN
    told = explanation.explain(limit, start, calendar.paused(taken), extended=extended)
    assert explanation.recompute(told) == told.due
    longer = Limit(limit.amount + extended, limit.unit, limit.counts_from)
    assert told.due == deadline(longer, start, calendar.paused(taken)).due


@pytest.mark.parametrize(
    ("limit", "since", "until", "due"),
    [
        (Limit(5), "2026-03-03 12:00", "2026-03-03 12:05", "2026-03-09 17:00"),  # five minutes at noon stop nothing
        (Limit(5), "2026-03-03 16:59", "2026-03-03 17:01", "2026-03-10 17:00"),  # the day closes in it
        (Limit(5), "2026-03-03 17:01", "2026-03-04 16:59", "2026-03-09 17:00"),  # from closing to closing: none does
        (Limit(5), "2026-03-03 10:00", "2026-03-17 10:00", "2026-03-23 17:00"),  # ten working days
        (Limit(5, "calendar_days"), "2026-03-06 10:00", "2026-03-09 10:00", "2026-03-10 17:00"),  # Fri, Sat, Sun
        (Limit(8, "office_hours"), "2026-03-02 10:00", "2026-03-03 10:00", "2026-03-04 10:00"),  # Monday does not count
    ],
)
def test_a_day_that_closes_in_a_pause_is_not_counted(limit: Limit, since: str, until: str, due: str) -> None:
    pause = Pause(china(since), china(until), "statutory_procedure", "lead")
    assert due_at(limit, china("2026-03-02 09:00"), CN.paused([pause])) == china(due)


def test_a_pause_and_an_extension_are_read_in_words() -> None:
    pause = Pause(china("2026-03-03 10:00"), china("2026-03-05 10:00"), "statutory_procedure", "lead")
    told = explanation.explain(Limit(5), china("2026-03-02 09:00"), CN.paused([pause]), extended=2)
    read = [(line.zh, line.en) for line in lines.of(told)]
    assert ("经批准延长 2 个工作日，合计 7 个工作日", "Extended by 2 working days, in all 7 working days") in read
    days = next(zh for zh, _ in read if zh.startswith("2026-03-03 至 2026-03-04"))
    assert "牵头单位批准" in days
    assert days.endswith("不计")
    assert any(zh.startswith("中止计时") and "2026-03-03 10:00 至 2026-03-05 10:00" in zh for zh, _ in read)


def test_the_tables_of_a_calendar_are_shared_with_its_pauses() -> None:
    """A pause costs no table of the years anew; and what it takes is not seen by another clock."""
    paused = CN.paused([Pause(china("2026-03-03 10:00"), china("2026-03-04 10:00"), "force_majeure")])
    on = date(2026, 3, 3)
    assert (CN.works(on), paused.works(on), paused.day(on).works) == (True, False, False)
    assert paused.nth_working_day(on, 1) == date(2026, 3, 4)
    assert CN.nth_working_day(on, 1) == on
    assert paused._tables is CN._tables
    assert isinstance(paused, Calendar)
    assert paused.office_time(china("2026-03-03 09:00"), china("2026-03-04 12:00")) == 3 * HOUR


def instants(reached: Deadline) -> tuple[datetime, datetime, datetime]:
    return reached.yellow, reached.orange, reached.due


def test_working_days_between_leave_out_what_is_taken() -> None:
    paused = CN.paused([Pause(china("2026-03-03 10:00"), china("2026-03-05 10:00"), "force_majeure")])
    assert paused.working_days(date(2026, 3, 2), date(2026, 3, 6)) == 3
    assert paused.working_days(date(2026, 3, 4), date(2026, 3, 4)) == 0
