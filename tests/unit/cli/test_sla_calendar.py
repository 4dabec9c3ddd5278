"""``duban sla calendar check|load``: the differences first, then all or nothing; what is loaded holds at once."""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.__main__ import command
from cli.sla import load_calendar
from runtime.clock import Clock
from runtime.process.configuration import TOPIC
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.sla.adapters.calendar_files import read
from services.sla.adapters.published import calendars_of, configuration_of
from services.sla.domain.calendar import at
from tests.unit.sla.test_calendar_files import OWN, STATUTORY, YEAR

KEY = "calendar/cn-2027@cn-2027.1"
SPRING = YEAR | {"days_off": STATUTORY | {"2027-02-05": "春节"}}


@pytest.fixture
def platform() -> InMemoryPlatform:
    return InMemoryPlatform(load(Settings), Clock())


async def loaded(platform: InMemoryPlatform, *rows: object, publishes: bool = True) -> tuple[list[str], list[str], int]:
    """Keys to publish, the days that change, how many faults."""
    plan, days = await load_calendar(platform, read(json.dumps(rows).encode()), publishes=publishes)
    return list(plan.to_publish), days, len(plan.faults)


async def test_the_differences_are_shown_and_nothing_is_published_before_somebody_says_so(
    platform: InMemoryPlatform,
) -> None:
    keys, days, faults = await loaded(platform, SPRING, publishes=False)
    assert (keys, faults) == ([KEY], 0)
    assert "cn 2027-02-05: 工作日 → 春节 | working day → holiday (春节)" in days
    assert "cn 2027-02-06: 周末 → 春节调休上班 | weekend → make-up workday (春节)" in days
    assert {each.split()[1][:10] for each in days} == {"2027-02-05", "2027-02-06"}
    assert platform.log.of_topic(TOPIC) == []


async def test_office_hours_of_a_season_are_shown_and_hold(platform: InMemoryPlatform) -> None:
    hours = [{"opens": "08:30", "closes": "12:00"}, {"opens": "14:30", "closes": "17:30"}]
    own = YEAR | OWN | {"sessions": [{"since": "05-01", "until": "09-30", "sessions": hours}]}
    _, days, faults = await loaded(platform, own)
    assert faults == 0
    assert (
        "431226 自 2027 年起办公时间 05-01 至 09-30 为 08:30–12:00、14:30–17:30 | "
        "office hours from 2027 on, 05-01 to 09-30: 08:30–12:00 and 14:30–17:30"
    ) in days
    await configuration_of(platform).catch_up()
    calendar = calendars_of(platform).current("431226")
    assert calendar.closing(date(2027, 7, 1)) == at(date(2027, 7, 1), time(17, 30))
    assert calendar.closing(date(2027, 12, 1)) == at(date(2027, 12, 1), time(17))
    assert (await loaded(platform, own))[0] == []


async def test_what_is_loaded_holds_at_once_and_is_said_once(platform: InMemoryPlatform) -> None:
    calendar = calendars_of(platform)
    assert calendar.current("431226").works(date(2027, 2, 5))
    assert (await loaded(platform, SPRING, SPRING | OWN))[0] == [KEY, "calendar/431226-2027@431226-2027.1"]
    await configuration_of(platform).catch_up()
    assert not calendar.current("431226").works(date(2027, 2, 5))
    assert not calendar.current("431226").works(date(2027, 4, 8))
    assert calendar.current("431225").works(date(2027, 4, 8))
    assert not calendar.current("").is_provisional(date(2027, 3, 1), date(2027, 3, 9))
    assert await loaded(platform, SPRING) == ([], [], 0)
    assert (await loaded(platform, YEAR))[2] == 1
    assert len(platform.log.of_topic(TOPIC)) == 2


@pytest.mark.parametrize(
    ("row", "code", "told"),
    [(YEAR, 0, "1 read, nothing wrong"), (YEAR | {"days_off": {}}, 1, "/0/days_off/2027-01-01: 法定节假日须放假")],
)
def test_a_file_is_checked_without_an_installation(tmp_path: Path, row: dict[str, Any], code: int, told: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps([row]))
    done = CliRunner().invoke(command("sla"), ["calendar", "check", str(file)])
    assert (done.exit_code, told in done.output) == (code, True), done.output
