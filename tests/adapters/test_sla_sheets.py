"""The reads across clock sheets: one suite on the in-memory adapter and on MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import count, product
from random import Random

import pytest

from runtime.clock import Clock
from runtime.delivery.ports import Store
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from runtime.mongo.client import Mongo
from runtime.mongo.store import MongoStore
from services.sla.adapters.memory import InMemorySheets
from services.sla.adapters.mongo import MongoSheets
from services.sla.domain.conference import Referral
from services.sla.domain.overdue import LateClock, late_of
from services.sla.domain.sheet import ClockSheet
from services.sla.domain.shown_lights import LightCount, count_lights
from services.sla.ports import SheetLists, SheetScope
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

    lists: SheetLists
    store: Store[ClockSheet]

    async def put(self, sheets: dict[str, ClockSheet]) -> None:
        assert await self.store.save([Record(ticket, 0, sheet) for ticket, sheet in sheets.items()]) == set()


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.stack)])
async def shelf(request: pytest.FixtureRequest) -> AsyncIterator[StoredSheets]:
    if request.param == "memory":
        store: InMemoryStore[ClockSheet] = InMemoryStore()
        yield StoredSheets(InMemorySheets(store), store)
        return
    stack: Stack = request.getfixturevalue("stack")
    mongo = Mongo(stack.mongodb_uri, "t-sla-sheets")
    database = mongo.database("sla")
    await mongo.client.drop_database(database.name)
    lists = MongoSheets(database)
    await lists.create_indexes()
    yield StoredSheets(lists, MongoStore(database, build(), Clock()))
    await mongo.client.drop_database(database.name)
    await mongo.close()


def many(seed: int) -> dict[str, ClockSheet]:
    """Sheets of all divisions with up to five clocks each, some running, some stopped in time, some late."""
    random, ids = Random(seed), (f"{nth:02d}{'Z' * 24}" for nth in count(1))
    return {ticket: _sheet(random, ticket) for ticket, _ in zip(ids, range(40), strict=False)}


def _sheet(random: Random, ticket: str) -> ClockSheet:
    clocks = [
        a_clock(
            MONDAY + random.randint(-30, 30) * HOUR,
            random.choice([None, MONDAY + random.randint(-30, 30) * HOUR]),
            nth=nth + 1,
            unit=random.choice([UNIT, OTHER]),
        )
        for nth in range(random.randint(0, 5))
    ]
    return a_sheet(*clocks, ticket=ticket, division=random.choice(DIVISIONS))


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
