"""C8: a deadline line by line, recomputed to the same value. On the real stack."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from cli import sla as commands
from runtime.process.platform import RealPlatform
from runtime.process.settings import Settings, load
from tests.acceptance.test_C3_C4_C5_clocks import road
from tests.acceptance.town import RunningSystem

pytestmark = pytest.mark.stack


async def test_C8_a_deadline_is_explained_line_by_line_and_recomputed(town: RunningSystem) -> None:
    receipt = await road(town, "请说明办理期限。")
    await town.accepted(receipt, "RDS-01")
    promised = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    answer = await town.call("sla", "GET", f"/v1/tickets/{receipt.number}/explain", who=town.staff("auditor"))
    assert answer.status_code == 200, answer.text
    accept_by, complete_by = answer.json()["deadlines"]
    assert accept_by["equal"]
    assert complete_by["equal"]
    assert complete_by["recomputed"] == complete_by["due"]
    assert complete_by["steps"]["calendar_version"] == promised.calendar_version
    lines = complete_by["lines"]
    assert lines[0]["zh"].startswith("办理标准：RDS-01@1《道路坑洼修复》，时限 7 个工作日")
    assert any("周末，不计" in line["zh"] and "weekend, skipped" in line["en"] for line in lines)
    assert any(line["zh"].startswith("日历版本：") for line in lines)
    assert lines[-1]["en"].startswith("Due (red): ")


async def test_C8_an_explanation_is_only_for_those_in_whose_scope_the_matter_lies(town: RunningSystem) -> None:
    receipt = await road(town, "谁在负责？")
    path = f"/v1/tickets/{receipt.number}/explain"
    unit = (await town.assigned(receipt)).body.unit
    asked = [None, town.staff("supervisor", "110101"), town.unit("431226-NOBODY"), town.unit(unit)]
    assert [(await town.call("sla", "GET", path, who=who)).status_code for who in asked] == [401, 404, 404, 200]


async def at_the_command_line(town: RunningSystem, ask: Callable[[Any], Awaitable[Any]]) -> Any:
    """On a platform of its own, as a command has it."""
    platform = RealPlatform(load(Settings), "sla", town.clock, only_reads=True)
    try:
        return await ask(platform)
    finally:
        await platform.stop()


async def test_C8_one_clock_is_explained_over_http_and_at_the_command_line_alike(town: RunningSystem) -> None:
    receipt = await road(town, "请说明受理期限。")
    set_ = (await town.fact("DeadlineSet", receipt.number)).body
    path, who = f"/v1/tickets/{receipt.number}/explain", town.staff("auditor")
    answer = await town.call("sla", "GET", path, who=who, params={"clock": set_.clock})
    [told] = answer.json()["deadlines"]
    [typed] = await at_the_command_line(town, lambda it: commands.explained(it, receipt.number, set_.clock))
    assert (typed["clock"], typed["due"], typed["equal"]) == (set_.clock, set_.due, True)
    assert typed["lines"] == told["lines"]
    assert (await town.call("sla", "GET", path, who=who, params={"clock": "c99"})).status_code == 404


async def test_C8_the_next_office_hours_are_shown_with_what_is_skipped(town: RunningSystem) -> None:
    found, now = await at_the_command_line(town, lambda it: commands.in_force(it, "431226"))
    lines = list(commands.told(found, now, 40))
    assert any("周末，不计 | " in line for line in lines)
    assert "40 hours in all" in lines[-2]
    assert lines[-1].startswith(f"日历版本 {found.version}")
