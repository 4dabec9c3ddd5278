"""The reads across clock sheets: one suite on the in-memory adapter and on MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import count, product
from random import Random
from typing import Any

import pytest

from contracts.topics import TICKETS
from runtime.clock import Clock
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.sla.adapters.memory import InMemorySheets
from services.sla.adapters.mongo import MongoSheets
from services.sla.domain.applied import AppliedVersion, set_anew
from services.sla.domain.conference import Referral
from services.sla.domain.limits import Limit
from services.sla.domain.more_time import conferred
from services.sla.domain.moved_dues import MovedDue, MovedDues
from services.sla.domain.overdue import LateClock, late_of
from services.sla.domain.sheet import ClockSheet, SheetClock
from services.sla.domain.shown_lights import LightCount, count_lights
from services.sla.ports import SheetScope
from services.sla.wiring import build
from tests.facts.values import DAY, HOUR, OTHER, UNIT
from tests.harness import MONDAY
from tests.stack import Stack
from tests.unit.sla.sheets import a_clock, a_sheet

DIVISIONS = ("431226100", "431226", "431225100", "440100")
SCOPES = [SheetScope(*each) for each in product(("43", "431226", "431226100", "44", "nowhere"), ("", UNIT, OTHER))]
MANY = 1000


@dataclass
class StoredSheets:
    """Sheets written as the loop does and read through the port."""

    lists: InMemorySheets | MongoSheets
    store: Store[ClockSheet]

    async def put(self, sheets: dict[str, ClockSheet]) -> None:
        assert await self.store.save([Record(ticket, 0, sheet) for ticket, sheet in sheets.items()]) == set()


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def shelf(request: pytest.FixtureRequest) -> AsyncIterator[StoredSheets]:
    if request.param == "memory":
        store: InMemoryStore[ClockSheet] = InMemoryStore()
        yield StoredSheets(InMemorySheets(store, Clock().now), store)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-sla-sheets")
    database = mongo.database("sla")
    await mongo.client.drop_database(database.name)
    lists = MongoSheets(database, Clock())
    await lists.create_indexes()
    yield StoredSheets(lists, MongoStore(database, build(), Clock()))
    await mongo.client.drop_database(database.name)
    await mongo.close()


def many(seed: int) -> dict[str, ClockSheet]:
    """Sheets of all divisions with up to five clocks each, some running, some stopped in time, some late."""
    random, ids = Random(seed), (f"{nth:02d}{'Z' * 24}" for nth in count(1))
    return {ticket: _sheet(random, ticket) for ticket, _ in zip(ids, range(40), strict=False)}


def _sheet(random: Random, ticket: str) -> ClockSheet:
    clocks = [replace(_clock(random, nth), moved=_moved(random)) for nth in range(random.randint(0, 5))]
    return a_sheet(*clocks, ticket=ticket, division=random.choice(DIVISIONS))


def _clock(random: Random, nth: int) -> SheetClock:
    due, stopped = (MONDAY + random.randint(-30, 30) * HOUR for _ in range(2))
    unit = random.choice([UNIT, OTHER])
    return a_clock(due, random.choice([None, stopped]), nth=nth + 1, unit=unit)


def _moved(random: Random) -> MovedDues:
    """Most were never moved, some once, some to and fro."""
    instants = sorted(random.sample(range(-30, 30), random.choice([0, 0, 1, 2])))
    return tuple(MovedDue(MONDAY + random.randint(-30, 30) * HOUR, MONDAY + each * HOUR) for each in instants)


def named(sheets: dict[str, ClockSheet], scope: SheetScope) -> list[LateClock]:
    return [
        late
        for sheet in sheets.values()
        for late in late_of(sheet, MONDAY - DAY, MONDAY)
        if scope.allows(sheet.division, late.unit)
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_whoever_was_late_is_found_as_the_rule_says_within_each_scope(shelf: StoredSheets, seed: int) -> None:
    sheets = many(seed)
    await shelf.put(sheets)
    for scope in SCOPES:
        found = await shelf.lists.late(scope, MONDAY - DAY, MONDAY, MANY)
        assert set(found) == set(named(sheets, scope))
        assert len(found) == len(set(found))
        assert [each.due for each in found] == sorted(each.due for each in found)
    assert any(named(sheets, scope) for scope in SCOPES)


async def test_no_more_are_read_than_were_asked_for(shelf: StoredSheets) -> None:
    await shelf.put(many(1))
    every = await shelf.lists.late(SheetScope("4"), MONDAY - DAY, MONDAY, MANY)
    assert await shelf.lists.late(SheetScope("4"), MONDAY - DAY, MONDAY, 3) == every[:3]
    assert len(await shelf.lists.lights(SheetScope("4"), "unit", MONDAY, 2)) == 2


async def test_what_waits_for_a_conference_is_listed_within_each_scope_the_longest_first(shelf: StoredSheets) -> None:
    sheets = {
        ticket: replace(sheet, referred=Referral(MONDAY + nth * HOUR, "hard_case", "lead")) if nth % 3 else sheet
        for nth, (ticket, sheet) in enumerate(reversed(many(3).items()))
    }
    await shelf.put(sheets)
    for division in ("43", "431226", "431226100", "44", "nowhere"):
        waiting = [sheet for sheet in sheets.values() if sheet.referred and sheet.division.startswith(division)]
        found = await shelf.lists.agenda(division, MANY)
        assert [each.number for each in found] == [sheet.number for sheet in waiting]
        assert [each.referral for each in found] == [sheet.referred for sheet in waiting]
        assert await shelf.lists.agenda(division, 2) == found[:2]
        assert await shelf.lists.agenda(division, 2, skip=1) == found[1:3]
    assert len(await shelf.lists.agenda("4", 2)) == 2


@pytest.mark.parametrize("by", ["unit", "county"])
async def test_lights_are_counted_as_the_rule_says_within_each_scope(shelf: StoredSheets, by: str) -> None:
    sheets, seen = many(2), set[LightCount]()
    await shelf.put(sheets)
    for scope in SCOPES:
        below = [sheet for sheet in sheets.values() if sheet.division.startswith(scope.division)]
        wanted = count_lights(below, by, MONDAY, scope.unit)
        assert await shelf.lists.lights(scope, by, MONDAY, MANY) == wanted
        seen |= set(wanted)
    assert {each.colour for each in seen} == {0, 1, 2, 3}


def in_force(division: str) -> str:
    """The county has a day off of its own."""
    return "cn-2+431226" if division.startswith("431226") else "cn-2"


EVERYWHERE = range(TICKETS.partitions)
MINUTES, WORK = Limit(30, "minutes"), Limit(3)


def resting_on(*editions: str, division: str = "431226100", limit: Limit = WORK, ended: bool = False) -> ClockSheet:
    """A running clock for each edition, or none that runs."""
    stopped = MONDAY if ended else None
    clocks = [a_clock(MONDAY + DAY, stopped, nth=nth + 1) for nth in range(len(editions))]
    on = [replace(each, calendar_version=name, limit=limit) for each, name in zip(clocks, editions, strict=True)]
    return a_sheet(*on, division=division)


ON_CALENDARS = {
    "01": (resting_on("cn-1"), True),
    "02": (resting_on("cn-2"), True),
    "03": (resting_on("cn-2+431226"), False),
    "04": (resting_on("cn-2+431226", "cn-1"), True),
    "05": (resting_on("cn-2", division="431225100"), False),
    "06": (resting_on("cn-2+431226", division="440100"), True),
    "07": (resting_on("cn-1", limit=MINUTES), False),
    "08": (resting_on("cn-1", ended=True), False),
    "09": (a_sheet(), False),
}


async def test_what_rests_on_another_edition_than_the_one_of_its_division_is_found(shelf: StoredSheets) -> None:
    await shelf.put({key: sheet for key, (sheet, _) in ON_CALENDARS.items()})
    wanted = {key for key, (_, is_old) in ON_CALENDARS.items() if is_old}
    found = await shelf.lists.on_old_calendar(in_force, EVERYWHERE, MANY)
    assert {each.key for each in found} == wanted
    assert await shelf.lists.count_on_old_calendar(in_force, EVERYWHERE) == len(wanted)
    assert len(await shelf.lists.on_old_calendar(in_force, EVERYWHERE, 2)) == 2


async def test_a_process_finds_old_calendars_in_its_own_partitions_and_not_what_is_parked(shelf: StoredSheets) -> None:
    old = resting_on("cn-1")
    records = [Record("here", 3, old), Record("there", 4, old), Record("parked", 3, old, parked=True)]
    assert await shelf.store.save(records) == set()
    assert [(each.key, each.partition) for each in await shelf.lists.on_old_calendar(in_force, [3], MANY)] == [
        ("here", 3)
    ]
    assert await shelf.lists.count_on_old_calendar(in_force, [3]) == 2
    assert await shelf.lists.on_old_calendar(in_force, [], MANY) == []


async def test_a_knock_for_an_old_calendar_is_of_the_stores_time(shelf: StoredSheets) -> None:
    before = Clock().now()
    await shelf.put({"01": resting_on("cn-1")})
    [found] = await shelf.lists.on_old_calendar(in_force, EVERYWHERE, MANY)
    assert found.at == found.now
    assert before - HOUR < found.now < before + HOUR


async def test_a_matter_that_has_no_sheet_rests_on_nothing(shelf: StoredSheets) -> None:
    """What waits for one in the dead letters is stored without any."""
    await shelf.put({"01": resting_on("cn-1")})
    assert await shelf.store.save([Record("without", 3, None, parked=True)]) == set()
    assert [each.key for each in await shelf.lists.on_old_calendar(in_force, EVERYWHERE, MANY)] == ["01"]
    assert await shelf.lists.count_on_old_calendar(in_force, EVERYWHERE) == 1


ORDER = AppliedVersion("URB-03", 3, WORK, "431226", MONDAY, newer=(4,))
DAYS = Limit(3, "calendar_days", standard="URB-03@1")
EXTENDED = (conferred("c1m1", MONDAY, 2, "supervisor"),)


def under(*standards: str, division: str = "431226100", limit: Limit = WORK, **more: Any) -> ClockSheet:
    """A running clock for each standard, begun an hour before the order."""
    clocks = [a_clock(MONDAY + DAY, nth=nth + 1) for nth in range(len(standards))]
    given = {"start": MONDAY - HOUR} | more
    made = [
        replace(each, limit=replace(limit, standard=name), **given)
        for each, name in zip(clocks, standards, strict=True)
    ]
    return a_sheet(*made, division=division)


UNDER_STANDARDS = {
    "01": (under("URB-03@1"), True),
    "02": (under("URB-03@3"), False),
    "03": (under("URB-03@4"), False),
    "04": (under("URB-03@3", "URB-03@2"), True),
    "05": (under("URB-03@1", division="431225100"), False),
    "06": (under("URB-02@1", "URB-04@1", "URB-033@1", "accept"), False),
    "07": (under("URB-03@1", start=MONDAY + HOUR), False),
    "08": (under("URB-03@1", start=MONDAY), True),
    "09": (under("URB-03@1", stopped=MONDAY), False),
    "10": (under("URB-03@1", limit=DAYS), True),
    "11": (under("URB-03@1", limit=DAYS, more=EXTENDED), False),
    "12": (under("URB-03@1", more=EXTENDED), True),
    "13": (a_sheet(), False),
}


def test_the_table_of_standards_is_what_the_rule_says() -> None:
    assert {key: bool(set_anew(sheet, ORDER)) for key, (sheet, _) in UNDER_STANDARDS.items()} == {
        key: moves for key, (_, moves) in UNDER_STANDARDS.items()
    }


async def test_what_an_order_is_about_is_found_counted_and_listed_page_by_page(shelf: StoredSheets) -> None:
    await shelf.put({key: sheet for key, (sheet, _) in UNDER_STANDARDS.items()})
    wanted = [key for key, (_, moves) in UNDER_STANDARDS.items() if moves]
    found = await shelf.lists.under_older_version([ORDER], EVERYWHERE, MANY)
    assert sorted(each.key for each in found) == wanted
    assert await shelf.lists.count_under_older_version([ORDER], EVERYWHERE) == len(wanted)
    assert len(await shelf.lists.under_older_version([ORDER], EVERYWHERE, 2)) == 2
    listed = [key for key, _ in await shelf.lists.that_move(ORDER, "", 3)]
    assert listed == wanted[:3]
    rest = await shelf.lists.that_move(ORDER, listed[-1], MANY)
    assert [key for key, _ in rest] == wanted[3:]
    assert [sheet for _, sheet in rest] == [UNDER_STANDARDS[key][0] for key in wanted[3:]]


async def test_orders_are_looked_for_together_in_the_own_partitions_and_without_any_nothing_is(
    shelf: StoredSheets,
) -> None:
    records = [Record(key, int(key) % 2, sheet) for key, (sheet, _) in UNDER_STANDARDS.items()]
    assert await shelf.store.save(records) == set()
    elsewhere = replace(ORDER, division="431225")
    found = await shelf.lists.under_older_version([ORDER, elsewhere], [1], MANY)
    assert {each.key for each in found} == {"01", "05"}
    assert await shelf.lists.under_older_version([], EVERYWHERE, MANY) == []
    assert await shelf.lists.count_under_older_version([], EVERYWHERE) == 0


async def test_an_order_in_another_unit_leaves_out_what_was_extended_in_working_days(shelf: StoredSheets) -> None:
    await shelf.put({key: sheet for key, (sheet, _) in UNDER_STANDARDS.items()})
    in_days = replace(ORDER, limit=DAYS)
    found = await shelf.lists.under_older_version([in_days], EVERYWHERE, MANY)
    assert sorted(each.key for each in found) == ["01", "04", "08", "10", "11"]
