"""C2: calendars with make-up workdays; a year not announced is provisional, never an error. On the real stack."""

from datetime import date, timedelta
from typing import Any

import chinese_calendar
import pytest

from contracts.messages.sla import CalendarPublished
from contracts.vocabulary import CHINA
from runtime.process.configuration import Configuration
from services.sla.adapters import packaged
from services.sla.domain.calendar import at
from tests.acceptance.town import RunningSystem

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
