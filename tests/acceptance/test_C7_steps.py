"""C7: steps of a division's ladder around the deadline: instants travel by value, each is said once. Real stack."""

from datetime import timedelta

import pytest

from contracts.values import LadderStep
from tests.acceptance.test_C7_ladder import publish
from tests.acceptance.town import ReporterReceipt, RunningSystem

pytestmark = pytest.mark.stack
PLACE = "岩门镇"
WORK = ("complete_by", "rework_by")
HOLD = timedelta(hours=4)
REMINDS = LadderStep(when="before_due", tell=("lead", "leader"), kinds=WORK, days=1)
ORDERS = LadderStep(when="after_due", tell=("leader",), kinds=WORK, days=1, do="order", level=2)


async def road(town: RunningSystem) -> ReporterReceipt:
    """A matter with a unit, its accept-by clock running."""
    words = f"麻阳县{PLACE}进村道路坑洼，雨天积水无法通行，请到期前提醒。"
    receipt = await town.submit(f"{PLACE}道路破损", words, place=PLACE)
    await town.fact("DeadlineSet", receipt.number)
    return receipt


async def told_of(town: RunningSystem, receipt: ReporterReceipt, kind: str) -> set[str]:
    """The audiences that hear of a step."""
    path = f"/v1/tickets/{receipt.number}/deliveries"
    items = (await town.call("notify", "GET", path, who=town.staff("supervisor"))).json()
    return {each["audience"] for each in items if each["kind"] == kind}


async def test_C7_a_step_before_and_one_after_the_deadline_are_said_once(town: RunningSystem) -> None:
    receipt = await road(town)
    division = (await town.assigned(receipt)).body.division
    await publish(town, division, 1, REMINDS, ORDERS)
    try:
        await town.accepted(receipt)
        set_ = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
        before, after = set_.steps
        assert (before.step, after.step) == ("before_due-1d", "after_due-1d")
        assert before.at < set_.due < set_.due + HOLD < after.at
        town.wind(before.at - town.clock.now())
        reminded = await town.fact("StepReached", receipt.number)
        assert (reminded.body.step, reminded.body.tell, reminded.body.do) == ("before_due-1d", ("lead", "leader"), "")
        assert reminded.at >= before.at

        async def are_told() -> bool:
            return await told_of(town, receipt, "step") == {"lead", "leader"}

        await town.eventually(are_told, what="those of the step hear, and nobody else")
        town.wind(after.at - town.clock.now())
        ordered = (await town.fact("SupervisionOrdered", receipt.number, lambda m: m.body.order.endswith("-s2"))).body
        assert (ordered.clock, ordered.level, ordered.colour) == (set_.clock, 2, "red")
        said = [message.body.step for message in await town.facts("StepReached", receipt.number)]
        assert said == ["before_due-1d", "after_due-1d"]
    finally:
        await publish(town, division, 2)
