"""E2: a plan is reviewed before the work counts; what policy holds back comes back on its date; on the real stack."""

from datetime import timedelta
from typing import Any

import pytest

from runtime.identity.tokens import Principal
from services.feedback.adapters.rule_files import WrittenRule
from tests.acceptance.test_E1_to_E3_handling import completion, in_hand, plan, post, said_all
from tests.acceptance.test_E4_review import published
from tests.acceptance.town import COUNTY, RunningSystem


async def rule_for(town: RunningSystem, version: int, *categories: str) -> None:
    """Publishes which matters of the county need a plan, from now on; waits until feedback has read it."""
    rule = {"division": COUNTY, "version": version, "categories": list(categories)}
    await published(town, WrittenRule, rule, categories)


def lead_of(unit: str) -> Principal:
    return Principal(f"lead-of-{unit}", unit, COUNTY, "lead")


def review(version: int, *, approved: bool) -> dict[str, Any]:
    return {"version": version, "approved": approved, "grounds": [] if approved else ["measures_vague"]}


async def test_E2_where_a_rule_asks_for_it_the_lead_unit_approves_before_anything_is_completed(
    town: RunningSystem,
) -> None:
    receipt, unit = await in_hand(town)
    assigned = (await town.assigned(receipt)).body
    lead = lead_of(assigned.lead_unit)
    await rule_for(town, 1, assigned.category)
    try:
        assert (await post(town, receipt, "completion", unit, completion(town))).json()["type"] == "plan_not_approved"
        assert (await post(town, receipt, "plan", unit, plan(town, "within_limit", 5))).status_code == 200
        made = (await said_all(town, "PlanMade", receipt, 1))[0]
        assert made.reviewer == assigned.lead_unit
        stranger = await post(town, receipt, "plan-review", town.staff("supervisor"), review(1, approved=True))
        assert stranger.json()["type"] == "not_the_reviewer"
        assert (await post(town, receipt, "plan-review", lead, review(1, approved=False))).status_code == 200
        assert (await post(town, receipt, "completion", unit, completion(town))).json()["type"] == "plan_not_approved"
        assert (await post(town, receipt, "plan", unit, plan(town, "within_limit", 4))).status_code == 200
        assert (await post(town, receipt, "plan-review", lead, review(1, approved=True))).json()["type"] == (
            "other_version"
        )
        assert (await post(town, receipt, "plan-review", lead, review(2, approved=True))).status_code == 200
        reviewed = await said_all(town, "PlanReviewed", receipt, 2)
        assert [(each.version, each.approved, each.redrafts) for each in reviewed] == [(1, False, 1), (2, True, 1)]
        done = {"index": 1, "done": True, "words": "已铺完第一段。"}
        assert (await post(town, receipt, "measures", unit, done)).status_code == 200
        assert (await post(town, receipt, "measures", unit, done)).json()["type"] == "measure_done"
        assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
    finally:
        await rule_for(town, 2)
    path, code = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}

    async def shown() -> bool:
        page = (await town.call("portal", "GET", path, headers=code)).text
        return all(words in page for words in ("未获同意", "措施不具体", "审核同意", "落实第1项措施"))

    await town.eventually(shown, what="the story tells the review")


@pytest.mark.timeout(300)
async def test_E2_held_back_by_policy_stops_the_clock_and_comes_back_on_its_date(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    before = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")
    on = town.clock.now() + timedelta(days=3)
    held = plan(town, "held_by_policy", rule_quoted="某办法第十二条", review_on=on.isoformat())
    assert (await post(town, receipt, "plan", unit, held)).status_code == 200
    supervisor = town.staff("supervisor")
    assert (await post(town, receipt, "plan-review", supervisor, review(1, approved=True))).status_code == 200
    stopped = await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == before.body.clock)
    assert stopped.body.reason == "under_review", "it rests from the hand-in of the plan on"
    await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "held_until")
    town.wind(timedelta(days=4))
    lapsed = await town.fact("PlanLapsed", receipt.number)
    assert lapsed.at >= on
    again = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.continues == before.body.clock)
    assert (again.body.kind, again.body.start) == ("complete_by", before.body.start)
    assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
    assert len(await town.facts("PlanLapsed", receipt.number)) == 1
