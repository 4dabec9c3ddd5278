"""A calendar changes: a worker knocks for each running sheet that rests on another edition (C2)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from contracts.envelope import type_of
from contracts.messages import sla
from contracts.messages.routing import TicketAccepted, TicketAssigned
from runtime.clock import Clock
from runtime.delivery.loop import Loop
from runtime.delivery.records import Outgoing
from runtime.delivery.timers import Timers
from runtime.http.requests import outgoing
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings
from services.sla.adapters.memory import InMemorySheets
from services.sla.domain.applied import AppliedVersion
from services.sla.domain.sheet import ClockSheet
from services.sla.handlers.clocks import limit_of
from services.sla.wiring import build
from services.sla.workers import sweep as sweeps
from services.sla.workers.sweep import ClockSweep
from tests.facts.routing import accepted, assigned
from tests.facts.values import COUNTY
from tests.harness import decoded, fact
from tests.unit.sla.test_applied import OrdersGiven
from tests.unit.sla.test_notices import Announcing
from tests.unit.sla.values import CN, FIVE_DAYS

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
CORRECTED = CN.with_days("corrected", {}, {date(2026, 3, 7): "更正"})  # a Saturday is a workday after all
TICKETS = [f"{nth:026d}" for nth in range(1200)]


class County:
    """sla in memory with so many matters of five days, its loop, timers and sweep."""

    def __init__(self, matters: int) -> None:
        self.wall = MONDAY
        self.calendars, self.applied, clock = Announcing(), OrdersGiven(), Clock(wall=lambda: self.wall)
        self.service = build(self.calendars, applied=self.applied)
        self.platform = InMemoryPlatform(Settings(), clock)
        self.store = self.platform.store(self.service)
        for ticket in TICKETS[:matters]:
            self.tell(ticket, assigned(), accepted(standard=FIVE_DAYS))

    async def open(self) -> None:
        """Start, and read what was told."""
        reader = await self.platform.reader(self.service.group, self.service.logs)
        self.platform.readers["sla"] = reader
        writer, clock = self.platform.writer, self.platform.clock
        self.loop = Loop(self.service, reader, writer, self.store, clock.wall)
        self.timers = Timers(self.service, self.store, reader, writer, clock)
        self.sweep = self.another_sweep()
        await self.read()

    def another_sweep(self) -> ClockSweep:
        """One of a process that has just begun."""
        sheets = InMemorySheets(self.store, self.platform.clock.now)
        return ClockSweep(self.service, sheets, self.calendars, self.applied, self.platform)

    def tell(self, ticket: str, *bodies: TicketAssigned | TicketAccepted) -> None:
        for seq, body in enumerate(bodies, 1):
            self.platform.log.append(outgoing(fact(body, self.wall, seq, "routing", key=ticket), "tickets"))

    async def read(self) -> None:
        while await self.loop.step():
            pass

    def correct(self) -> None:
        self.calendars.announced = CORRECTED

    def order(self) -> None:
        """A day in place of five, for the county."""
        shorter = replace(limit_of(FIVE_DAYS), amount=1, standard="URB-03@2")
        self.applied.given = [AppliedVersion("URB-03", 2, shorter, COUNTY, self.wall)]

    def said(self, kind: type[Any]) -> Sequence[Any]:
        """What sla said of this type."""
        records = self.platform.log.of_topic("tickets")
        return [decoded(each, kind) for each in records if type_of(each.headers) == kind.__name__]

    def sheet(self) -> ClockSheet:
        """Of the first matter, as the loop stored it."""
        document = self.store.records[TICKETS[0]].document
        assert document is not None
        return document

    @property
    def knocks(self) -> int:
        return sum(type_of(each.headers) == "WakeUp" for each in self.platform.log.of_topic("tickets"))


async def opened(matters: int) -> County:
    county = County(matters)
    await county.open()
    return county


@pytest.mark.parametrize("sweeps_too", [True, False])
async def test_a_correction_that_makes_a_deadline_earlier_is_seen_before_the_clocks_next_instant(
    sweeps_too: bool,
) -> None:
    county = await opened(1)
    [clock] = county.sheet().running()
    county.correct()
    county.wall += timedelta(minutes=1)
    await county.timers.sweep()
    if sweeps_too:
        await county.sweep.sweep()
    await county.read()
    assert county.wall < clock.yellow
    moved = [(each.body.before, each.body.due < clock.due) for each in county.said(sla.DeadlineMoved)]
    assert moved == ([(clock.due, True)] if sweeps_too else [])


async def test_each_matter_is_knocked_for_once_and_told_once_and_then_the_sweep_is_silent() -> None:
    county = await opened(3)
    county.correct()
    for _ in range(5):
        await county.sweep.sweep()
        await county.read()
        county.wall += timedelta(minutes=5)
    assert county.knocks == 3
    assert len(county.said(sla.DeadlineMoved)) == 3
    assert [each.document.rests_on for each in county.store.records.values() if each.document] == [
        {CORRECTED.version}
    ] * 3


async def test_while_every_clock_rests_on_the_edition_in_force_nobody_is_knocked_for() -> None:
    county = await opened(3)
    assert await county.sweep.sweep() == 0
    assert county.knocks == 0


async def test_no_more_is_knocked_for_in_a_second_than_the_loop_can_bear() -> None:
    county = await opened(1200)
    county.correct()
    assert [await county.sweep.sweep() for _ in range(4)] == [500, 500, 200, 0]


async def test_a_loop_that_lags_is_given_no_more_until_it_has_heard_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "UNHEARD_AT_MOST", 600)
    county = await opened(1200)
    county.correct()
    assert [await county.sweep.sweep() for _ in range(3)] == [500, 100, 0]
    await county.read()
    assert [await county.sweep.sweep() for _ in range(2)] == [500, 100]


async def test_an_order_that_applies_a_standard_goes_as_one_knock_a_matter_at_the_same_pace() -> None:
    county = await opened(1200)
    county.order()
    assert [await county.sweep.sweep() for _ in range(4)] == [500, 500, 200, 0]
    await county.read()
    assert await county.sweep.sweep() == 0
    assert {each.body.standard for each in county.said(sla.DeadlineMoved)} == {"URB-03@2"}
    assert (county.knocks, len(county.said(sla.DeadlineMoved))) == (1200, 1200)


async def test_a_matter_that_moves_by_its_calendar_and_by_an_order_is_knocked_for_once() -> None:
    county = await opened(3)
    county.correct()
    county.order()
    assert [await county.sweep.sweep() for _ in range(2)] == [3, 0]
    await county.read()
    assert len(county.said(sla.DeadlineMoved)) == 3
    assert await county.sweep.sweep() == 0


async def test_how_many_an_order_is_still_about_is_on_the_gauge() -> None:
    county = await opened(3)
    county.order()
    await county.sweep.count()
    assert REGISTRY.get_sample_value("sla_sheets_under_an_older_standard") == 3
    await county.sweep.sweep()
    await county.read()
    await county.sweep.count()
    assert REGISTRY.get_sample_value("sla_sheets_under_an_older_standard") == 0


async def test_a_knock_that_nobody_heard_is_put_again_and_not_before() -> None:
    county = await opened(1)
    county.correct()
    assert await county.sweep.sweep() == 1
    county.wall += sweeps.AGAIN_AFTER - timedelta(seconds=1)
    assert await county.sweep.sweep() == 0
    county.wall += timedelta(seconds=2)
    assert await county.sweep.sweep() == 1


async def test_a_process_that_was_killed_goes_on_with_what_is_left() -> None:
    county = await opened(1200)
    county.correct()
    await county.sweep.sweep()
    await county.read()
    again = county.another_sweep()
    assert [await again.sweep() for _ in range(3)] == [500, 200, 0]
    await county.read()
    assert len(county.said(sla.DeadlineMoved)) == 1200


async def test_while_its_service_holds_or_the_clock_is_wrong_nobody_is_knocked_for() -> None:
    county = await opened(1)
    county.correct()
    await county.store.hold(county.platform.settings.build)
    assert await county.sweep.sweep() == 0
    await county.store.hold("")
    county.platform.skew.is_wrong = True
    assert await county.sweep.sweep() == 0
    county.platform.skew.is_wrong = False
    assert await county.sweep.sweep() == 1


async def test_how_many_are_left_is_on_the_gauge() -> None:
    county = await opened(3)
    county.correct()
    await county.sweep.count()
    assert REGISTRY.get_sample_value("sla_sheets_on_an_old_calendar") == 3
    await county.sweep.sweep()
    await county.read()
    await county.sweep.count()
    assert REGISTRY.get_sample_value("sla_sheets_on_an_old_calendar") == 0


async def test_it_knocks_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    county, stop, put = await opened(1), asyncio.Event(), asyncio.Event()
    county.correct()
    publish = county.platform.writer.publish

    async def published(batch: Sequence[Outgoing]) -> None:
        await publish(batch)
        put.set()

    monkeypatch.setattr(county.platform.writer, "publish", published)
    running = [asyncio.create_task(each(stop)) for each in (county.sweep.run, county.sweep.counting)]
    await put.wait()
    stop.set()
    await asyncio.gather(*running)
    assert county.knocks == 1
