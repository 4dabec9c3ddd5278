"""C3: whoever reviews a plan has a time for it, what is held back one until its date; the work rests. Real stack."""

from datetime import timedelta
from typing import Any

import pytest

from services.routing.adapters.published import PublishedPlanRules, configuration_of
from tests.acceptance.test_C3_C4_C5_clocks import clocks, overdue_unfinished
from tests.acceptance.test_E1_to_E3_handling import ROADS, completion, in_hand, plan, post
from tests.acceptance.test_E2_plan_review import lead_of, review, rule_for
from tests.acceptance.town import ReporterReceipt, RunningSystem

pytestmark = pytest.mark.stack


async def explained(town: RunningSystem, receipt: ReporterReceipt, clock: str) -> list[str]:
    """The lines of a deadline, Chinese, which give it."""
    told = await town.call("sla", "GET", f"/v1/tickets/{receipt.number}/explain", who=town.staff("supervisor"))
    found: dict[str, Any] = {each["clock"]: each for each in told.json()["deadlines"]}[clock]
    assert found["equal"], found
    return [line["zh"] for line in found["lines"]]


async def states(town: RunningSystem, receipt: ReporterReceipt) -> list[tuple[str, str]]:
    found = (await clocks(town, receipt))["clocks"]
    return [(each["kind"], each["state"]) for each in found if each["kind"] != "accept_by"]


async def waits_for(town: RunningSystem, receipt: ReporterReceipt, who: Any) -> dict[str, str]:
    """What somebody's inbox says of the matter."""
    lines = (await town.call("portal", "GET", "/v1/inbox", who=who, params={"limit": "200"})).json()["tickets"]
    return next((each["work"] for each in lines if each["number"] == receipt.number), {})


@pytest.mark.timeout(300)
async def test_C3_whoever_reviews_a_plan_has_a_time_for_it_while_the_work_rests(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    work = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    assigned = (await town.assigned(receipt)).body
    lead = lead_of(assigned.lead_unit)
    await rule_for(town, 21, assigned.category)
    try:
        assert (await post(town, receipt, "plan", unit, plan(town, "within_limit", 9))).status_code == 200
    finally:
        await rule_for(town, 22)
    review_by = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "plan_review_by")).body
    assert (review_by.unit, review_by.standard) == (lead.unit, "plan-review")
    assert await states(town, receipt) == [("complete_by", "resting"), ("plan_review_by", "running")]
    assert "方案审核时限（平台规定）：1 个工作日" in await explained(town, receipt, review_by.clock)

    async def is_work_of_the_lead() -> bool:
        return (await waits_for(town, receipt, lead)).get("kind") == "review_plan"

    await town.eventually(is_work_of_the_lead, what="the plan is in the inbox of its reviewer")
    town.wind(review_by.due - town.clock.now() + timedelta(hours=1))
    await town.eventually(lambda: overdue_unfinished(town, receipt), what="it is overdue at its reviewer's")
    assert (await post(town, receipt, "plan-review", lead, review(1, approved=True))).status_code == 200
    again = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.continues == work.clock)).body
    assert (again.kind, again.unit, again.start) == ("complete_by", unit.unit, work.start)
    assert again.due > work.due, "days that closed while the lead unit looked are not counted"
    assert any(line.startswith("中止计时（审核、验收期间）") for line in await explained(town, receipt, again.clock))
    assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200


async def test_C3_where_a_plan_is_asked_for_the_unit_has_a_time_to_make_it_and_to_draft_it_anew(
    town: RunningSystem,
) -> None:
    assigned = (await town.assigned(await town.submit("尧市镇道路破损", ROADS, place="尧市镇"))).body
    await rule_for(town, 31, assigned.category)
    await town.eventually(lambda: asks(town, assigned.division, assigned.category), what="routing has read the rule")
    try:
        receipt, unit = await in_hand(town)
        plan_by = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "plan_by")).body
        assert (plan_by.unit, plan_by.standard) == (unit.unit, "plan")
        assert await states(town, receipt) == [("complete_by", "running"), ("plan_by", "running")]
        assert "方案制定时限（平台规定）：2 个工作日" in await explained(town, receipt, plan_by.clock)

        async def is_work_of_the_unit() -> bool:
            return (await waits_for(town, receipt, unit)).get("kind") == "plan"

        await town.eventually(is_work_of_the_unit, what="the inbox of the unit says that a plan is due")
        assert (await post(town, receipt, "plan", unit, plan(town, "within_limit", 9))).status_code == 200
        made = (await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == plan_by.clock)).body
        assert (made.reason, made.met) == ("planned", True)
        lead = lead_of((await town.assigned(receipt)).body.lead_unit)
        assert (await post(town, receipt, "plan-review", lead, review(1, approved=False))).status_code == 200
        anew = await town.fact(
            "DeadlineSet", receipt.number, lambda m: m.body.kind == "plan_by" and m.body.clock != plan_by.clock
        )
        assert anew.body.unit == unit.unit
        assert (await post(town, receipt, "plan", unit, plan(town, "at_once", 0.5))).status_code == 200
        await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == anew.body.clock)
    finally:
        await rule_for(town, 32)


async def asks(town: RunningSystem, division: str, category: str) -> bool:
    """Whether routing would say at acceptance that a plan is asked for."""
    rules = PublishedPlanRules(configuration_of(town.platforms["routing"]))
    return rules.asks(division, category, "", town.clock.now())


@pytest.mark.timeout(300)
async def test_C3_what_is_held_back_has_a_clock_until_its_date_and_goes_on_with_what_was_left(
    town: RunningSystem,
) -> None:
    receipt, unit = await in_hand(town)
    work = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    on = town.clock.now() + timedelta(days=7)
    held = plan(town, "held_by_policy", rule_quoted="某办法第十二条", review_on=on.isoformat())
    assert (await post(town, receipt, "plan", unit, held)).status_code == 200
    approval = review(1, approved=True)
    assert (await post(town, receipt, "plan-review", town.staff("supervisor"), approval)).status_code == 200
    hold = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "held_until")).body
    assert (hold.unit, hold.red) == (unit.unit, hold.due)
    assert max(abs(hold.due - on), hold.due - hold.yellow) < timedelta(seconds=1), "no colour warns of it"
    assert ("complete_by", "resting") in await states(town, receipt)
    assert "暂缓期限：到复查日期恢复办理" in await explained(town, receipt, hold.clock)
    town.wind(timedelta(days=7, hours=1))
    over = (await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == hold.clock)).body
    assert (over.reason, over.met) == ("lapsed", True)
    again = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.continues == work.clock)).body
    assert (again.start, [each.ground for each in again.pauses]) == (work.start, ["held_back"])
    assert again.due > work.due
    assert any(line.startswith("中止计时（暂缓办理期间）") for line in await explained(town, receipt, again.clock))
    told = [each.body.clock for each in await town.facts("LightChanged", receipt.number)]
    assert hold.clock not in told, "its end comes by itself"
    await town.told(receipt.number, "pause_ended")
