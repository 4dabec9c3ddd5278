"""C8: a deadline line by line, recomputed to the same value. On the real stack."""

import pytest

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
