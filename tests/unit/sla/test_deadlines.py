"""Deadlines: known cases by hand, and what holds for any limit, start and calendar."""

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import CHINA
from services.sla.domain import explanation, lines
from services.sla.domain.deadlines import deadline, due_at
from services.sla.domain.ladder import NAMES, OURS
from services.sla.domain.limits import Limit, held, named, problems, reviewing, reviewing_plan
from services.sla.domain.sheet import RED, light
from tests.facts.values import DAY, HOUR
from tests.harness import MONDAY
from tests.unit.sla.values import CN, SEASONAL, SECOND, STARTS, limits


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        (Limit(1, "working_days"), "2026-03-02 09:00", "2026-03-03 17:00"),
        (Limit(1, "working_days", "today"), "2026-03-02 09:00", "2026-03-02 17:00"),
        (Limit(1, "working_days", "today"), "2026-03-02 17:00", "2026-03-03 17:00"),
        (Limit(5, "working_days"), "2026-03-02 09:00", "2026-03-09 17:00"),
        (Limit(3, "working_days"), "2026-09-30 10:00", "2026-10-10 17:00"),  # over 国庆, the last a make-up Saturday
        (Limit(1, "working_days"), "2026-09-18 10:00", "2026-09-20 17:00"),  # a make-up Sunday counts
        (Limit(4, "office_hours"), "2026-03-02 09:00", "2026-03-02 14:00"),  # the hour at noon does not count
        (Limit(8, "office_hours"), "2026-03-02 16:00", "2026-03-03 17:00"),
        (Limit(1, "office_hours"), "2026-03-07 10:00", "2026-03-09 10:00"),
        (Limit(7, "office_hours"), "2026-03-02 08:00", "2026-03-02 17:00"),
        (Limit(15, "calendar_days"), "2026-03-02 09:00", "2026-03-17 17:00"),
        (Limit(5, "calendar_days"), "2026-03-02 09:00", "2026-03-09 17:00"),  # ends on a Saturday: moves to Monday
        (Limit(30, "minutes"), "2026-10-01 02:00", "2026-10-01 02:30"),
        (Limit(3, "working_days"), "2026-12-30 10:00", "2027-01-05 17:00"),  # into a year not announced
    ],
)
def test_a_limit_ends_when_the_calendar_says(limit: Limit, start: str, due: str) -> None:
    assert due_at(limit, china(start), CN) == china(due)


@pytest.mark.parametrize(
    ("limit", "yellow", "orange"),
    [
        (Limit(10), "2026-03-09 17:00", "2026-03-12 17:00"),  # half and four fifths of the office time
        (Limit(30, yellow_left=20, orange_left=10), "2026-03-16 17:00", "2026-03-30 17:00"),
        (Limit(5, yellow_left=20, orange_left=10), "2026-03-05 13:30", "2026-03-06 17:00"),  # 20 days mean nothing on 5
        (Limit(100, "minutes"), "2026-03-02 17:50", "2026-03-02 18:20"),
    ],
)
def test_warning_points_are_days_left_or_shares(limit: Limit, yellow: str, orange: str) -> None:
    reached = deadline(limit, china("2026-03-02 17:00"), CN)
    assert (reached.yellow, reached.orange) == (china(yellow), china(orange))


@given(limits(), STARTS)
def test_a_promisable_limit_ends_after_it_starts_with_its_colours_in_order(limit: Limit, start: datetime) -> None:
    assert problems(limit) == ()
    reached = deadline(limit, start, CN)
    assert start <= reached.yellow <= reached.orange <= reached.due
    assert start < reached.due


@given(limits(), STARTS, st.integers(0, 40 * 86_400))
def test_a_later_start_never_ends_earlier(limit: Limit, start: datetime, later: int) -> None:
    assert due_at(limit, start, CN) <= due_at(limit, start + later * SECOND, CN)


@given(limits(), STARTS)
def test_a_longer_limit_never_ends_earlier(limit: Limit, start: datetime) -> None:
    longer = Limit(limit.amount + 1, limit.unit, limit.counts_from)
    assert due_at(limit, start, CN) <= due_at(longer, start, CN)


@given(limits(), STARTS)
def test_an_explanation_recomputes_to_the_same_instant_without_a_calendar(limit: Limit, start: datetime) -> None:
    told = explanation.explain(limit, start, CN)
    assert explanation.recompute(told) == told.due == due_at(limit, start, CN)


@given(limits(), STARTS)
def test_an_explanation_has_every_line_in_two_languages(limit: Limit, start: datetime) -> None:
    for line in lines.of(explanation.explain(limit, start, CN)):
        assert line.zh
        assert line.en
        assert line.zh != line.en


@given(limits(), STARTS, st.integers(-86_400, 90 * 86_400))
def test_a_light_is_red_from_the_deadline_on_and_never_before(limit: Limit, start: datetime, seconds: int) -> None:
    reached, now = deadline(limit, start, CN), start + seconds * SECOND
    colour = light((reached.yellow, reached.orange, reached.due), now)
    assert (colour == RED) == (now >= reached.due)
    assert colour <= light((reached.yellow, reached.orange, reached.due), now + HOUR)


def test_a_deadline_into_a_year_not_announced_is_provisional_and_says_so() -> None:
    told = explanation.explain(Limit(10), china("2026-12-28 10:00"), CN)
    assert told.provisional
    assert any("暂按" in line.zh and "provisional" in line.en for line in lines.of(told))


def test_minutes_are_never_provisional() -> None:
    assert not deadline(Limit(30, "minutes"), china("2027-06-01 10:00"), CN).provisional


def test_the_lines_over_a_national_day_name_what_is_skipped_and_what_counts() -> None:
    limit = Limit(3, standard="RDS-01@1", name_zh="修路", name_en="Road")
    told = explanation.explain(limit, china("2026-09-30 10:00"), CN)
    assert [line.zh for line in lines.of(told)] == [
        "办理标准：RDS-01@1《修路》，时限 3 个工作日",
        "起算事件：受理，2026-09-30 10:00",
        "自次日（2026-10-01）起算，第一个工作日为 2026-10-08",
        "2026-10-01 至 2026-10-07：国庆节，不计",
        "2026-10-10：国庆节调休上班，计入",
        "日历版本：cn-2026.1",
        "黄灯：2026-10-09 09:30（时限的 50%）",
        "橙灯：2026-10-10 10:36（时限的 80%）",
        "到期（红灯）：2026-10-10 17:00",
    ]


@pytest.mark.parametrize(
    ("limit", "start", "zh", "en"),
    [
        (OURS.accept, "2026-03-02 09:00",
         "受理时限（平台规定）：1 个工作日",
         "Limit for accepting (rule of the platform): 1 working day"),
        (OURS.complete_urgent, "2026-03-02 09:00",
         "特急办结时限（平台规定）：24 小时",
         "Limit for completing an urgent matter (rule of the platform): 24 hours"),
        (OURS.assign_urgent, "2026-03-02 09:00",
         "特急交办时限（平台规定）：30 分钟",
         "Limit for handing out an urgent matter (rule of the platform): 30 minutes"),
        (Limit(1, "working_days", "today"), "2026-03-02 18:00",
         "当日已下班，自次日（2026-03-03）起算，第一个工作日为 2026-03-03",
         "Counts from the next day (2026-03-03), as offices had closed; the first working day is 2026-03-03"),
        (Limit(5, "calendar_days"), "2026-03-02 09:00",
         "2026-03-07 至 2026-03-08：周末，期限末日顺延（《民法典》第二百零三条）",
         "2026-03-07 to 2026-03-08: weekend, the last day moves on (Civil Code, article 203)"),
    ],
)  # fmt: skip
def test_an_explanation_is_read_in_words(limit: Limit, start: str, zh: str, en: str) -> None:
    told = lines.of(explanation.explain(limit, china(start), CN))
    assert (zh, en) in [(line.zh, line.en) for line in told]


@pytest.mark.parametrize(("limit", "read"), [
    (named(MONDAY), ("督办答复时限：督查室指定的时间",
                     "Limit for answering an order: the time that the supervision office named")),
    (held(MONDAY), ("暂缓期限：到复查日期恢复办理", "Held back: until the date of review, when it is taken up again")),
])  # fmt: skip
def test_an_instant_that_somebody_named_is_explained_as_that(limit: Limit, read: tuple[str, str]) -> None:
    told = explanation.explain(limit, MONDAY - DAY, CN)
    assert explanation.recompute(told) == MONDAY
    first = lines.of(told)[0]
    assert (first.zh, first.en) == read


def test_every_limit_of_the_platform_has_a_name() -> None:
    ours = {limit.standard for limit in (getattr(OURS, each.name) for each in fields(OURS))}
    assert ours | {each.standard for each in (named(MONDAY), held(MONDAY), reviewing(1), reviewing_plan(1))} == set(
        NAMES
    )


@pytest.mark.parametrize(
    ("limit", "codes"),
    [
        (Limit(0), ("amount_out_of_range",)),
        (Limit(9_999), ("amount_out_of_range",)),
        (Limit(1, "weeks"), ("unit_unknown",)),
        (Limit(1, counts_from="yesterday"), ("start_unknown",)),
        (Limit(1, yellow_at=0.9, orange_at=0.5), ("warnings_out_of_order",)),
        (Limit(1, yellow_left=-1), ("days_left_negative",)),
    ],
)
def test_what_cannot_be_promised_is_named(limit: Limit, codes: tuple[str, ...]) -> None:
    assert problems(limit) == codes


def test_no_limit_that_can_be_promised_takes_long_or_fails() -> None:
    far = china("2300-01-01 00:00")
    assert due_at(Limit(2_500), far, CN) > far + 2_500 * DAY


def test_an_explanation_names_the_office_hours_of_the_seasons_on_the_way() -> None:
    """From spring into summer: the last day ends half an hour later, and lunch is longer."""
    start = datetime.fromisoformat("2026-04-29T02:00:00Z")
    for limit, begins in ((Limit(3, "working_days"), "一日至下班为止"), (Limit(20, "office_hours"), "只计办公时间")):
        told = explanation.explain(limit, start, SEASONAL)
        assert explanation.recompute(told) == told.due
        [line] = [f"{each.zh} {each.en}" for each in lines.of(told) if begins in each.zh]
        assert "09:00–12:00、13:00–17:00" in line
        assert "05-01 to 09-30: 08:30–12:00 and 14:30–17:30" in line
        assert "11-15" not in line
    assert told.due.astimezone(CHINA).date() > date(2026, 5, 1)


def test_an_explanation_of_a_year_without_seasons_says_no_more_than_before() -> None:
    told = explanation.explain(Limit(3, "working_days"), datetime.fromisoformat("2026-03-02T02:00:00Z"), SEASONAL)
    assert told.seasons == ()
    assert not any("办公时间" in each.zh for each in lines.of(told))
