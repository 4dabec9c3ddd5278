"""Reconciliation: what is said of a county's day is a pure function of the feed; a start is told from silence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import feed
from contracts.envelope import stamp
from contracts.topics import TICKET_FEED, TICKETS, partition_of
from contracts.vocabulary import CHINA
from runtime.clock import Clock
from runtime.delivery.records import Incoming, Outgoing
from runtime.memory.log import InMemoryFollower, InMemoryLog, InMemoryProgress, InMemoryTail, InMemoryWriter
from runtime.process.configuration import Configuration, publication
from services.notify.domain.office_hours import Office
from services.notify.domain.reconciliation import (
    REGISTERED,
    DaySums,
    EventMark,
    begin_of,
    is_silent,
    last_closed,
    looked_back,
)
from services.notify.metrics import SILENT
from services.notify.ports import Weekdays
from services.notify.workers import reconciliation
from services.notify.workers.feed import GROUP
from services.notify.workers.reconciliation import (
    READ,
    Reconciliation,
    Reconciling,
    counties_of,
    reconciled,
    relayed_of,
)
from tests.facts.examples import SCHEMAS
from tests.facts.routing import unit_published

COUNTY, OTHER = "431226", "431225"
FRIDAY = date(2026, 3, 6)
SATURDAY, MONDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=3)
NIGHT = datetime(2026, 3, 7, 1, 30, tzinfo=CHINA)
"""The night after that Friday, with the grace over."""
COMPLETED = "duban.ticket.completed.v1"
marks = st.builds(
    EventMark,
    at=st.integers(-12, 36).map(lambda hour: begin_of(FRIDAY) + timedelta(hours=hour)),
    id=st.text("ab", min_size=1, max_size=3),
    kind=st.sampled_from([REGISTERED, COMPLETED]),
    division=st.sampled_from(["", COUNTY, OTHER]),
)


@given(st.lists(marks, unique_by=lambda mark: mark.id), st.randoms(use_true_random=False))
def test_what_is_said_of_a_day_counts_each_event_once_in_any_order(found: list[EventMark], random: Any) -> None:
    again = found * 2
    random.shuffle(again)
    assert reconciled(sums(found)) == reconciled(sums(again))
    counted = Counter[str]()
    for each in reconciled(sums(again)):
        counted.update(each.counts)
    wanted = [each for each in found if each.division and each.at.astimezone(CHINA).date() == FRIDAY]
    assert counted == Counter(each.kind for each in wanted)


def sums(found: Sequence[EventMark]) -> DaySums:
    day = DaySums(FRIDAY)
    for mark in found:
        day.take(mark)
    return day


def test_first_and_last_are_by_time_and_of_one_instant_by_id() -> None:
    noon = begin_of(FRIDAY) + timedelta(hours=12)
    found = [EventMark(noon, name, REGISTERED, COUNTY) for name in "cba"]
    said_of = sums([*found, replace(found[0], at=noon - timedelta(hours=1), id="z")])
    (said,) = reconciled(said_of)
    assert (said.first, said.last, said.counts) == ("z", "c", {REGISTERED: 4})


@pytest.mark.parametrize(
    ("local", "day"), [("00:00", FRIDAY - timedelta(days=1)), ("00:59", FRIDAY - timedelta(days=1)), ("01:00", FRIDAY)]
)
def test_a_day_is_closed_an_hour_after_its_end(local: str, day: date) -> None:
    assert last_closed(datetime.fromisoformat(f"{SATURDAY}T{local}:00+08:00")) == day


@pytest.mark.parametrize(
    ("last", "working_days", "since"),
    [
        (FRIDAY, 1, FRIDAY),
        (FRIDAY, 3, FRIDAY - timedelta(days=2)),
        (MONDAY, 2, FRIDAY),
        (SATURDAY, 1, FRIDAY),
        (FRIDAY, 400, FRIDAY - timedelta(days=39)),
    ],
)
def test_days_off_are_no_silence(last: date, working_days: int, since: date) -> None:
    assert looked_back(Office(), last, working_days) == since


def test_a_county_is_silent_where_nothing_was_registered_since() -> None:
    registered = {FRIDAY: {COUNTY}, MONDAY: {OTHER}}
    assert [is_silent(COUNTY, registered, day) for day in (FRIDAY, SATURDAY)] == [False, True]


@dataclass
class Night:
    """A feed in memory that is looked back at; ``held``: partitions that the process answers for."""

    log: InMemoryLog = field(default_factory=InMemoryLog)
    now: datetime = NIGHT
    held: Sequence[int] = range(TICKET_FEED.partitions)
    silent_after: int = 1

    def event(self, name: str, at: datetime, kind: str = REGISTERED, county: str = COUNTY) -> None:
        said = {"ce_type": kind, "ce_id": name, "ce_time": stamp(at), "ce_division": county}
        headers = [(header, text.encode()) for header, text in said.items()]
        self.log.append(Outgoing(TICKET_FEED.name, partition_of(name), name, headers, b"{}"))

    def county(self, code: str) -> None:
        unit = unit_published(code=f"{code}-W", division=code, valid_from=begin_of(FRIDAY) - timedelta(days=99))
        self.log.append(publication(f"unit/{code}", unit, "routing", Clock(wall=lambda: self.now)))

    async def looked(self) -> list[Incoming]:
        """What a process that starts now has said after its first look, all nights together."""
        configuration = Configuration(InMemoryFollower(self.log, "configuration"), READ)
        await configuration.catch_up()
        await Reconciliation(self._parts(configuration)).look()
        return [each for each in self.log.of_topic(TICKET_FEED.name) if _kind(each) == feed.RECONCILED]

    def _parts(self, configuration: Configuration) -> Reconciling:
        return Reconciling(
            tail=InMemoryTail(self.log, TICKET_FEED.name),
            writer=InMemoryWriter(self.log),
            wall=lambda: self.now,
            schemas=SCHEMAS,
            held=lambda: self.held,
            relayed=relayed_of(InMemoryTail(self.log, "tickets"), InMemoryProgress(self.log, GROUP, ("tickets",))),
            counties=counties_of(configuration),
            offices=Weekdays(),
            silent_after=self.silent_after,
        )


def _kind(record: Incoming) -> str:
    return dict(record.headers)["ce_type"].decode()


def at(day: date, hour: int = 12) -> datetime:
    return begin_of(day) + timedelta(hours=hour)


async def test_yesterday_is_said_once_by_county_and_the_same_whenever_it_is_repeated() -> None:
    night = Night()
    night.event("1", at(FRIDAY, 0))
    night.event("2", at(FRIDAY, 23), COMPLETED)
    night.event("3", at(FRIDAY), county=OTHER)
    night.event("4", at(SATURDAY, 0))
    said = await night.looked()
    shown = {each.key: orjson.loads(each.value) for each in said}
    assert shown[COUNTY]["counts"] == {COMPLETED: 1, REGISTERED: 1}
    assert (shown[COUNTY]["first"], shown[COUNTY]["last"], shown[OTHER]["first"]) == ("1", "2", "3")
    assert await night.looked() == said
    again = Night(InMemoryLog())
    for each in night.log.of_topic(TICKET_FEED.name):
        if _kind(each) != feed.RECONCILED:
            again.log.append(Outgoing(TICKET_FEED.name, each.partition, each.key, each.headers, each.value))
    assert [(each.headers, each.value) for each in await again.looked()] == [
        (each.headers, each.value) for each in said
    ]


async def test_what_came_late_is_said_again_with_it_and_not_in_place_of_it() -> None:
    night = Night()
    night.event("1", at(FRIDAY))
    await night.looked()
    night.event("2", at(FRIDAY))
    said = await night.looked()
    assert [orjson.loads(each.value)["counts"][REGISTERED] for each in said] == [1, 2]
    assert len({dict(each.headers)["ce_id"] for each in said}) == 2


async def test_it_waits_until_what_was_said_of_the_day_is_on_the_feed() -> None:
    night = Night()
    night.event("1", at(FRIDAY))
    headers = [("ce_time", stamp(at(FRIDAY)).encode())]
    record = night.log.append(Outgoing(TICKETS.name, 0, "t", headers, b"{}"))
    assert await night.looked() == []
    night.log.positions[GROUP][record.log, 0] = 1
    assert len(await night.looked()) == 1


async def test_a_process_says_what_it_holds_and_nights_that_were_missed_are_made_up_for() -> None:
    night = Night(silent_after=3)
    night.county(COUNTY)
    for nth, day in enumerate((FRIDAY, FRIDAY - timedelta(days=2), FRIDAY - timedelta(days=3))):
        night.event(str(nth), at(day))
        night.event(f"other-{nth}", at(day), county=OTHER)
    night.held = [partition_of(COUNTY)]
    said = await night.looked()
    assert {each.key for each in said} == {COUNTY}
    assert [orjson.loads(each.value)["day"] for each in said] == [str(FRIDAY - timedelta(days=2)), str(FRIDAY)]


async def test_a_long_day_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciliation, "CHUNK", 3)
    night = Night()
    for nth in range(50):
        night.event(str(nth), at(FRIDAY) + timedelta(minutes=nth))
    for nth in range(50):
        night.event(f"later-{nth}", at(SATURDAY) + timedelta(days=2, minutes=nth))
    (said,) = await night.looked()
    assert orjson.loads(said.value)["counts"] == {REGISTERED: 50}


@pytest.mark.parametrize(
    ("said_on", "of", "silent"),
    [(FRIDAY, COUNTY, 0), (FRIDAY, OTHER, 1), (FRIDAY - timedelta(days=1), COUNTY, 1)],
    ids=["spoke", "another one spoke", "spoke too long ago"],
)
async def test_a_county_of_the_directory_that_says_nothing_is_silent(said_on: date, of: str, silent: int) -> None:
    night = Night()
    night.county(COUNTY)
    night.event("before", at(FRIDAY - timedelta(days=9)), county=OTHER)
    night.event("1", at(said_on), county=of)
    await night.looked()
    assert _silent() == {COUNTY: silent}


async def test_an_installation_that_has_just_begun_is_not_silent() -> None:
    night = Night()
    night.county(COUNTY)
    night.event("1", at(SATURDAY), county=OTHER)
    await night.looked()
    assert _silent() == {COUNTY: 0}


def _silent() -> dict[str, float]:
    return {each.labels["division"]: each.value for metric in SILENT.collect() for each in metric.samples}
