"""An explanation names the steps of the ladder: when, who hears, what follows, and whether they came (C8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from services.sla.domain import ladder_lines
from services.sla.domain.due_steps import DueStep
from services.sla.domain.ladder_lines import ClockOnLadder
from services.sla.domain.rungs import Rung, RungCase
from services.sla.domain.sheet import SheetClock
from tests.facts.values import DAY, HOUR, UNIT
from tests.harness import MONDAY
from tests.unit.sla.sheets import a_clock
from tests.unit.sla.test_api import ServedScene
from tests.unit.sla.test_steps import HOLD, of_the_work
from tests.unit.sla.test_steps import at_work as at_work_under

CASE = RungCase("complete_by")
CLOCK = a_clock(MONDAY)  # yellow at five, orange at seven, due at nine in the morning
TWO_DAYS = DueStep("after_due-2d", ("unit", "lead"), "order", 2, days=2, wait=4 * 3600, at=MONDAY + 2 * DAY + 4 * HOUR)
OURS = "督办阶梯：红灯（等待 240 分钟后），2026-03-02 13:00：督办（第 1 级，发责任单位）；"


def read(clock: SheetClock, *rungs: Rung, now: datetime = MONDAY, ordered: bool = True) -> Sequence[tuple[str, str]]:
    asked = ClockOnLadder(clock, CASE, lambda at: rungs, now, ordered=ordered)
    return [(each.zh, each.en) for each in ladder_lines.of(asked)]


@pytest.mark.parametrize(
    ("step", "zh", "en"),
    [
        (
            TWO_DAYS,
            "督办阶梯：超期后2个工作日（等待 240 分钟后），2026-03-04 13:00："
            "告知责任单位、牵头单位，督办（第 2 级，发上一级）；尚未到达",
            "Ladder: 2 working days after it was due (after 240 minutes), 2026-03-04 13:00 (China time): "
            "told: the responsible unit, the lead unit; a supervision order (level 2, to whoever leads the unit); "
            "not reached yet",
        ),
        (
            DueStep("before_due-90m", ("head",), minutes=-90, at=MONDAY, reached=MONDAY + HOUR),
            "督办阶梯：期限前90分钟，2026-03-02 09:00：告知责任单位主要负责人；已于 2026-03-02 10:00 到达",
            "Ladder: 90 minutes before it is due, 2026-03-02 09:00 (China time): told: the head of the unit; "
            "reached 2026-03-02 10:00",
        ),
        (
            DueStep("before_due-9d", ("unit",), days=-9),
            "督办阶梯：期限前9个工作日：告知责任单位；起算时已过，不适用",
            "Ladder: 9 working days before it is due: told: the responsible unit; "
            "it would lie before the clock began, and is not taken",
        ),
    ],
)
def test_a_step_around_the_deadline_is_a_line(step: DueStep, zh: str, en: str) -> None:
    assert read(replace(CLOCK, steps=(step,))) == [(zh, en)]


def test_what_the_ladder_orders_is_not_said_where_nobody_orders() -> None:
    ((zh, _),) = read(replace(CLOCK, steps=(TWO_DAYS,)), ordered=False)
    assert "督办（" not in zh
    assert zh.endswith("告知责任单位、牵头单位；尚未到达")


@pytest.mark.parametrize(
    ("changed", "came"),
    [({}, "尚未到达"), ({"orders": 1}, "已于 2026-03-02 13:00 到达"), ({"stopped": MONDAY}, "计时已停，未到达")],
)
def test_where_no_ladder_says_anything_the_platforms_own_orders_are_named(changed: dict[str, Any], came: str) -> None:
    ((zh, _),) = read(replace(CLOCK, orders_at=(MONDAY + HOLD,), **changed))
    assert zh == OURS + came


def test_an_answer_that_is_late_goes_one_level_up() -> None:
    ((zh, en),) = read(replace(CLOCK, kind="answer_by", orders_at=(MONDAY + HOLD,)))
    assert "未答复的，督办上一级或提交联席会议" in zh
    assert "whoever leads the unit is ordered" in en


def test_colours_are_named_where_a_published_ladder_says_who_hears() -> None:
    tells = Rung("yellow", ("unit",)), Rung("red", ("supervision",), ("accept_by",))
    found = read(replace(CLOCK, shown=1), *tells)
    assert [zh for zh, _ in found] == [
        "督办阶梯：黄灯，2026-03-02 05:00：告知责任单位；已于 2026-03-02 05:00 到达",
    ]


def test_who_hears_of_a_colour_is_read_from_the_ladder_of_that_instant() -> None:
    def then(at: datetime) -> tuple[Rung, ...]:
        return (Rung("yellow", ("unit",)), Rung("red", ("lead",))) if at < MONDAY else (Rung("red", ("leader",)),)

    asked = ClockOnLadder(CLOCK, CASE, then, MONDAY - 3 * HOUR)
    assert [each.zh.split("：")[-1] for each in ladder_lines.of(asked)] == [
        "告知责任单位；尚未到达",
        "告知牵头单位；尚未到达",
    ]
    later = ladder_lines.of(replace(asked, now=MONDAY))
    assert "告知分管领导" in later[-1].zh


async def test_explain_names_the_steps_of_a_clock_before_its_deadline() -> None:
    worked = await at_work_under(of_the_work("after_due", "lead", days=1), of_the_work("red", do="refer"))
    office = ServedScene()
    office.store, office.clock = worked.store, worked.clock
    found = (await office.ask("/v1/tickets/" + worked.document().number + "/explain?clock=c2")).json()
    lines = [each["zh"] for each in found["deadlines"][0]["lines"]]
    assert [line for line in lines[:-1] if line.startswith("督办阶梯")] == [
        "督办阶梯：红灯（等待 240 分钟后），2026-03-09 21:00：提交联席会议；尚未到达",
        "督办阶梯：超期后1个工作日，2026-03-10 17:00：告知牵头单位；尚未到达",
    ]
    assert lines[-1].startswith("到期（红灯）")
    assert worked.document().responsible == UNIT
