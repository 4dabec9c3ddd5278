"""C2: calendars with make-up workdays; a year not announced is provisional, never an error. On the real stack."""

from datetime import date, datetime, time, timedelta
from typing import Any

import chinese_calendar
import pytest

from contracts.messages.sla import CalendarPublished
from contracts.topics import TICKETS
from contracts.values import OfficeSeason, OfficeSession
from contracts.vocabulary import CHINA
from runtime.process.configuration import Configuration, publication
from services.sla.adapters import packaged
from services.sla.adapters.published import calendars_of
from services.sla.domain.calendar import at
from services.sla.wiring import sheets_of
from tests.acceptance.town import COUNTY, RunningSystem

pytestmark = pytest.mark.stack
KEY = packaged.calendar_key("cn", 2026, packaged.calendar().version)


async def year(town: RunningSystem, asked: int) -> dict[str, Any]:
    """A year as it is shown."""
    answer = await town.call("sla", "GET", f"/v1/calendars/{asked}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("asked", range(2020, 2027))
async def test_C2_an_announced_year_is_what_an_independent_calendar_says(town: RunningSystem, asked: int) -> None:
    days = [date(asked, 1, 1) + timedelta(days=n) for n in range((date(asked + 1, 1, 1) - date(asked, 1, 1)).days)]
    found = await year(town, asked)
    assert found["days_off"] == [on.isoformat() for on in days if not chinese_calendar.is_workday(on)]
    assert found["workdays"] == [on.isoformat() for on in days if on.weekday() >= 5 and chinese_calendar.is_workday(on)]
    assert not found["provisional"]


@pytest.mark.parametrize("asked", [2027, 2035])
async def test_C2_a_year_not_announced_is_provisional(town: RunningSystem, asked: int) -> None:
    found = await year(town, asked)
    assert found["provisional"]
    assert found["workdays"] == []
    assert {f"{asked}-01-01", f"{asked}-05-01", f"{asked}-10-01"} <= set(found["days_off"])


async def test_C2_the_calendar_is_published_for_the_others(town: RunningSystem) -> None:
    configuration = Configuration(town.platforms["sla"].follower("configuration"), [CalendarPublished])

    async def published() -> bool:
        await configuration.catch_up()
        return KEY in configuration.all(CalendarPublished)

    await town.eventually(published, what="the calendar of 2026 in the configuration")
    body = configuration.all(CalendarPublished)[KEY]
    assert {"2026-10-10"} <= set(body.workdays)
    assert body.names["2026-10-10"] == "国庆节"


async def test_C2_a_deadline_counts_the_working_days_of_an_independent_calendar(town: RunningSystem) -> None:
    receipt = await town.submit("兰里镇道路破损", "麻阳县兰里镇进村道路坑洼，雨天积水无法通行。", place="兰里镇")
    limit = (await town.fact("DeadlineSet", receipt.number)).body
    on = limit.start.astimezone(CHINA).date() + timedelta(days=1)
    while on.year < 2027 and not chinese_calendar.is_workday(on):
        on += timedelta(days=1)
    assert limit.due == at(on, limit.due.astimezone(CHINA).time())


async def test_C2_a_correction_that_makes_a_deadline_earlier_is_told_before_the_clocks_next_instant(
    town: RunningSystem,
) -> None:
    """The sweep: nothing else happens to the matter, and none of its instants comes."""
    receipt = await town.submit("隆家堡乡道路破损", "麻阳县隆家堡乡进村道路坑洼。", place="隆家堡乡")
    await town.accepted(receipt)
    promised = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    division = (await town.assigned(receipt)).body.division
    assert division != COUNTY, "a township of its own: the calendar of the others stays"
    workday = weekend_before(promised.due)
    await publish_own(town, division, int(workday[:4]), workdays=(workday,))

    moved = await town.fact("DeadlineMoved", receipt.number, lambda m: m.body.clock == promised.clock)
    assert moved.body.before == promised.due
    assert moved.body.due < promised.due
    assert moved.at < promised.yellow
    await town.eventually(lambda: none_is_left(town, division), what="no clock rests on an old calendar")
    found = [each for each in await town.facts("DeadlineMoved", receipt.number) if each.body.clock == promised.clock]
    assert len(found) == 1


async def test_C2_a_township_with_hours_of_its_own_closes_by_them(town: RunningSystem) -> None:
    receipt = await town.submit("文昌阁乡路灯不亮", "麻阳县文昌阁乡街上路灯不亮。", place="文昌阁乡")
    before = (await town.fact("DeadlineSet", receipt.number)).body
    division = (await town.assigned(receipt)).body.division
    assert division != COUNTY, "a township of its own: the hours of the others stay"
    late = OfficeSeason(
        sessions=(OfficeSession(opens="08:30", closes="12:00"), OfficeSession(opens="14:30", closes="17:45"))
    )
    await publish_own(town, division, before.due.year, sessions=(late,))

    moved = (await town.fact("DeadlineMoved", receipt.number, lambda m: m.body.clock == before.clock)).body
    assert moved.due.astimezone(CHINA).time() == time(17, 45)
    assert moved.due.date() == before.due.date()
    await town.accepted(receipt)
    begun = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    assert begun.due.astimezone(CHINA).time() == time(17, 45)


def weekend_before(due: datetime) -> str:
    """The last day off before the day on which something is due."""
    on = due.astimezone(CHINA).date() - timedelta(days=1)
    while packaged.calendar().works(on):
        on -= timedelta(days=1)
    return on.isoformat()


async def publish_own(town: RunningSystem, division: str, on: int, **own: Any) -> None:
    """What the division has of its own in that year."""
    given: dict[str, Any] = {"provisional": False, "days_off": (), "workdays": ()} | own
    body = CalendarPublished(code=division, year=on, version="own-1", **given)
    key = packaged.calendar_key(division, body.year, body.version)
    await town.platforms["sla"].writer.publish([publication(key, body, "sla", town.clock)])


async def none_is_left(town: RunningSystem, division: str) -> bool:
    """Whether each clock that runs in the division rests on its edition in force."""
    sheets, calendars = sheets_of(town.platforms["sla"]), calendars_of(town.platforms["sla"])
    current = calendars.current(division).version
    old = await sheets.count_on_old_calendar(lambda each: calendars.current(each).version, range(TICKETS.partitions))
    return "own-1" in current and old == 0
