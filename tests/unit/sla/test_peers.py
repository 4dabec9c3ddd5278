"""Others' logs by our rules, where the private data lies beside the clone: only numbers leave these tests."""

import csv
import gzip
import io
import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from statistics import median

import chinese_calendar
import pytest

from services.sla.adapters import packaged
from services.sla.domain import sheet as sheets
from services.sla.domain.calendar import Calendar
from services.sla.domain.sheet import ClockSheet
from tests.unit.sla.sheets import a_clock

DATA = Path(os.environ.get("DUBAN_DATA", Path(__file__).parents[4] / "shared/data"))
REPLIES = DATA / "messages/replies_1408.csv"
PERMITS = DATA / "event_logs/wabo_receipt_municipality.csv.gz"
HELP_DESK = DATA / "event_logs/italian_helpdesk.csv.gz"
FORMS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def day(text: str) -> date:
    for form in FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 — both are of China
        except ValueError:
            continue
    raise AssertionError("a time of an unknown form")


@pytest.mark.skipif(not REPLIES.exists(), reason="no shared data: real replies are not held against the calendar")
def test_the_working_days_between_message_and_reply_are_those_of_an_independent_calendar() -> None:
    past, now = packaged.history(), packaged.calendar()
    both = Calendar(
        "both", past.years | now.years, {**past.days_off, **now.days_off}, {**past.workdays, **now.workdays}
    )
    spans = [(day(each["留言时间"]), day(each["答复时间"])) for each in rows(REPLIES)]
    ours = [both.working_days(asked + timedelta(days=1), answered) for asked, answered in spans]
    theirs = [len(chinese_calendar.get_workdays(asked + timedelta(days=1), answered)) for asked, answered in spans]
    assert len(ours) == 1408
    assert sum(one != other for one, other in zip(ours, theirs, strict=True)) == 0
    assert median(ours) == 8


@pytest.mark.skipif(not PERMITS.exists(), reason="no shared data: a municipality's own verdicts are not compared")
def test_a_municipalitys_own_verdict_of_its_deadlines_is_ours() -> None:
    log = rows(PERMITS)
    end = max(datetime.fromisoformat(each["time:timestamp"]) for each in log)
    cases = {each["case:concept:name"]: each for each in log if each["case:deadline"]}
    clocks = [a_clock(datetime.fromisoformat(each["case:deadline"]), ended(each)) for each in cases.values()]
    done = [each for each in clocks if each.stopped]
    open_ = [each for each in clocks if not each.stopped]
    overdue = [each for each in open_ if each.state_at(end) == "missed"]
    assert (len(done), sum(each.met for each in done)) == (1329, 952)
    assert (len(open_), len(overdue)) == (105, 39)
    assert len(done) + len(overdue) == 1368


def ended(case: Row) -> datetime | None:
    return datetime.fromisoformat(case["case:enddate"]) if case["case:enddate"] else None


@pytest.mark.skipif(not HELP_DESK.exists(), reason="no shared data: the holdings of a help desk are not added up")
def test_the_holdings_of_a_help_desks_resources_add_up_to_the_age_of_every_case() -> None:
    cases = list(histories(rows(HELP_DESK)))
    assert len(cases) > 4000
    assert max(len(dict(each)) for each in cases) > 1
    different = [nth for nth, each in enumerate(cases) if sum(holdings(each).values(), timedelta()) != age(each)]
    assert different == []


def histories(log: list[Row]) -> Iterator[list[tuple[str, datetime]]]:
    """Of each case who had it from when on."""
    for _, of_one in groupby(sorted(log, key=case_and_time), key=lambda each: each["case:concept:name"]):
        yield [(each["org:resource"], datetime.fromisoformat(each["time:timestamp"])) for each in of_one]


def case_and_time(row: Row) -> tuple[str, datetime]:
    return row["case:concept:name"], datetime.fromisoformat(row["time:timestamp"])


def holdings(case: list[tuple[str, datetime]]) -> dict[str, timedelta]:
    sheet = ClockSheet("", "")
    for holder, at in case:
        sheet = sheets.hand_over(sheet, holder, at)
    return sheets.held(sheet, case[-1][1])


def age(case: list[tuple[str, datetime]]) -> timedelta:
    return case[-1][1] - case[0][1]
