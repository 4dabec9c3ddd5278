"""C9 on the log of a municipality elsewhere: its own deadlines come out of a candidate."""

import csv
import gzip
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.messages import sla
from contracts.messages.standards import StandardPublished
from contracts.vocabulary import CHINA
from runtime.process.configuration import Configuration
from services.sla import wiring
from services.sla.adapters.calendar_files import WrittenYear
from services.sla.adapters.candidates import CalendarsAsOf, PromisesAsOf
from services.sla.adapters.published import PublishedCalendars
from services.sla.handlers.playing import HistoryPlayer, MatterHistory, PlayedSide
from tests.facts.routing import accepted
from tests.harness import TICKET, fact
from tests.unit.sla.test_what_if import SHORTER

DATA = Path(os.environ.get("DUBAN_DATA", Path(__file__).parents[4] / "shared/data"))
RECEIPTS = DATA / "event_logs/wabo_receipt_municipality.csv.gz"


class EmptyTopic:
    """A topic with nothing in it."""

    async def fetch(self) -> list[Any]:
        return []

    async def is_behind(self) -> bool:
        return False

    async def stop(self) -> None:
        """There is nothing to close."""


def without_days_off(year: int) -> sla.CalendarPublished:
    """Of a municipality elsewhere: each day on which offices here are closed is made a workday."""
    here = PublishedCalendars(Configuration(EmptyTopic(), (sla.CalendarPublished,))).current("")
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    closed = {each: "—" for each in days if each.year == year and not here.works(each)}
    return WrittenYear(year=year, version=1, division="110101", days_off={}, workdays=closed).fact()


def receipts() -> Iterator[dict[str, str]]:
    with gzip.open(RECEIPTS, "rt") as lines:
        yield from {row["case:concept:name"]: row for row in csv.DictReader(lines)}.values()


def as_here(typed: str) -> datetime:
    """The same time of day, in China."""
    return datetime.fromisoformat(typed).replace(tzinfo=CHINA)


def test_56_calendar_days_without_days_off_give_the_deadlines_that_a_municipality_set_itself() -> None:
    if not RECEIPTS.exists():
        pytest.skip("the real event logs (../shared/data) are not here: nothing was compared")
    eight_weeks = SHORTER.model_copy(update={"limit": 56, "limit_unit": "calendar_days"})
    published = PublishedCalendars(Configuration(EmptyTopic(), (sla.CalendarPublished,)))
    calendars = CalendarsAsOf(published, [without_days_off(year) for year in (2010, 2011, 2012, 2013)])
    promises = PromisesAsOf((), datetime.now(UTC), [StandardPublished(standard=eight_weeks)])
    side = PlayedSide(wiring.build(calendars), promises.promise)
    cases = list(receipts())
    same = [due_of(side, row) == as_here(row["case:deadline"]).date() for row in cases if row["case:deadline"]]
    assert (len(cases), sum(same)) == (1434, 1080)


def due_of(side: PlayedSide, row: dict[str, str]) -> date:
    """When the work of a case would have been due."""
    start = as_here(row["case:startdate"])
    body = accepted(division="110101", registered_at=start)
    player = HistoryPlayer(side, MatterHistory(TICKET, (fact(body, start, seq=1, producer="routing"),), {}))
    [due] = [each.body.due for each in player.play(start) if isinstance(each.body, sla.DeadlineSet)]
    return due.astimezone(CHINA).date()
