"""At the command line a deadline is explained, and what is not as it was promised is red and ends in 1 (C8)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import sla
from contracts.messages.sla import CalendarPublished
from runtime.clock import Clock
from runtime.delivery.records import Record
from runtime.memory.log import InMemoryLog
from runtime.process.configuration import publication
from runtime.process.platform import InMemoryPlatform, Platform
from runtime.process.settings import Settings
from services.sla import wiring
from services.sla.domain.sheet import ClockSheet
from tests.facts.routing import accepted, assigned
from tests.facts.values import NUMBER, OTHER
from tests.harness import MONDAY, TICKET
from tests.unit.sla.scene import Scene


async def sheet_of() -> ClockSheet:
    """A matter with two clocks."""
    scene = Scene()
    await scene.hear(assigned())
    await scene.hear(accepted())
    found: ClockSheet = scene.document()
    return found


@pytest.fixture
async def sheet() -> ClockSheet:
    return await sheet_of()


def typed(monkeypatch: pytest.MonkeyPatch, sheet: ClockSheet, *words: str) -> Result:
    """What the command says of an installation that holds this sheet."""
    log = InMemoryLog()
    clock = Clock(wall=lambda: MONDAY)
    days = CalendarPublished(
        code="431226",
        year=2026,
        version="own-1",
        provisional=False,
        days_off=("2026-03-03",),
        workdays=(),
        names={"2026-03-03": "县庆"},
    )
    log.append(publication("calendar/431226-2026@own-1", days, "sla", clock))

    async def here(ask: Callable[[Platform], Awaitable[Any]]) -> Any:
        platform: Any = InMemoryPlatform(Settings(), clock, log)
        platform.store(wiring.of(platform)).records[TICKET] = Record(TICKET, 0, sheet)
        return await ask(platform)

    monkeypatch.setattr(sla, "on_the_platform", here)
    return CliRunner().invoke(sla.app, words)


def test_every_deadline_is_told_line_by_line(monkeypatch: pytest.MonkeyPatch, sheet: ClockSheet) -> None:
    said = typed(monkeypatch, sheet, "explain", NUMBER.lower())
    assert said.exit_code == 0, said.output
    assert [line.split()[0:2] for line in said.output.splitlines() if line.endswith("equal")] == [
        ["c1", "accept_by"],
        ["c2", "complete_by"],
    ]
    assert "办理标准：URB-03@1《路灯排水修复》，时限 3 个工作日" in said.output


def test_one_clock_may_be_asked_for(monkeypatch: pytest.MonkeyPatch, sheet: ClockSheet) -> None:
    said = typed(monkeypatch, sheet, "explain", NUMBER, "--clock", "c2")
    assert (said.exit_code, "complete_by" in said.output, "accept_by" in said.output) == (0, True, False)


def test_a_deadline_that_is_not_what_was_promised_ends_in_1(monkeypatch: pytest.MonkeyPatch, sheet: ClockSheet) -> None:
    *others, last = sheet.clocks
    wrong = replace(sheet, clocks=(*others, replace(last, due=last.due + timedelta(days=1))))
    said = typed(monkeypatch, wrong, "explain", NUMBER)
    assert (said.exit_code, said.output.count("NOT EQUAL")) == (1, 1)


@pytest.mark.parametrize(
    "words", [("explain", NUMBER, "--clock", "c9"), ("explain", "431226"), ("calendar", "next", "--hours", "0")]
)
def test_what_is_not_there_ends_in_2(
    monkeypatch: pytest.MonkeyPatch, sheet: ClockSheet, words: tuple[str, ...]
) -> None:
    assert typed(monkeypatch, sheet, *words).exit_code == 2


@pytest.mark.parametrize(
    ("division", "second"),
    [
        ((), "2026-03-03 周二：09:00–12:00、13:00–17:00，累计 14 小时"),
        (("--division", "431226"), "2026-03-03：县庆，不计"),
    ],
)
def test_the_next_office_hours_are_those_of_the_division(
    monkeypatch: pytest.MonkeyPatch, sheet: ClockSheet, division: tuple[str, ...], second: str
) -> None:
    said = typed(monkeypatch, sheet, "calendar", "next", "--hours", "40", *division)
    assert (said.exit_code, said.output.splitlines()[1].split(" | ")[0]) == (0, second)


def test_a_division_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, sheet: ClockSheet) -> None:
    assert typed(monkeypatch, sheet, "calendar", "next", "--hours", "4", "--division", OTHER).exit_code == 2
