"""C7: a joint conference has a plan drafted anew, or holds a matter back until a date. On the real stack."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.acceptance.test_C3_C4_C5_clocks import clocks
from tests.acceptance.test_C7_conference import decision
from tests.acceptance.test_E1_to_E3_handling import completion, in_hand, plan, post
from tests.acceptance.town import ReporterReceipt, RunningSystem

pytestmark = pytest.mark.stack
NEW_PLAN: dict[str, Any] = {"decision": "plan", "amount": 0, "minutes": "方案不切实际，重新制定。"}
HOLD: dict[str, Any] = {"decision": "hold", "amount": 0, "minutes": "待上级政策明确，暂缓办理。"}


async def referred(town: RunningSystem, receipt: ReporterReceipt) -> None:
    path = f"/v1/tickets/{receipt.number}/referral"
    await town.ok("sla", path, town.staff("supervisor"), {"ground": "hard_case"})


async def decided(town: RunningSystem, receipt: ReporterReceipt, made: dict[str, Any]) -> httpx2.Response:
    """The supervision office records what the conference decided."""
    path = f"/v1/tickets/{receipt.number}/conference"
    return await town.call("sla", "POST", path, who=town.staff("supervisor"), json=decision(town, **made))


async def shown(town: RunningSystem, receipt: ReporterReceipt, *words: str) -> None:
    """The reporter reads these words on the page of the matter."""

    async def there() -> bool:
        path, code = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}
        page = (await town.call("portal", "GET", path, headers=code)).text
        return all(each in page for each in words)

    await town.eventually(there, what=f"the story tells {words}")


async def work(town: RunningSystem, receipt: ReporterReceipt) -> list[tuple[str, bool]]:
    """The clocks of the work over HTTP: how each stands, and whether it has stopped."""
    found = (await clocks(town, receipt))["clocks"]
    return [(each["state"], each["stopped"] is not None) for each in found if each["kind"] == "complete_by"]


async def test_C7_a_conference_has_a_plan_drafted_anew_before_anything_is_completed(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")
    assert (await post(town, receipt, "plan", unit, plan(town, "within_limit", 5))).status_code == 200
    await referred(town, receipt)
    assert (await decided(town, receipt, NEW_PLAN)).status_code == 200
    reviewed = (await town.fact("PlanReviewed", receipt.number)).body
    assert (reviewed.version, reviewed.approved, reviewed.by_conference) == (1, False, True)
    early = await post(town, receipt, "completion", unit, completion(town))
    assert (early.status_code, early.json()["type"]) == (409, "plan_not_approved")
    again = await post(town, receipt, "plan", unit, plan(town, "within_limit", 4))
    assert (again.status_code, again.json()["version"]) == (200, "2")
    assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
    await shown(town, receipt, "决定：重新制定办理方案")


@pytest.mark.timeout(300)
async def test_C7_what_a_conference_holds_back_rests_until_its_date_and_the_clock_shows_it(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    before = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    await referred(town, receipt)
    assert (await decided(town, receipt, HOLD)).json()["type"] == "until_out_of_range"
    until = town.clock.now() + timedelta(days=3)
    assert (await decided(town, receipt, HOLD | {"until": until.isoformat()})).status_code == 200
    stopped = await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == before.clock)
    assert stopped.body.reason == "held_by_conference"
    assert await work(town, receipt) == [("resting", True)]
    for what, body in (("completion", completion(town)), ("plan", plan(town, "within_limit", 4))):
        refused = await post(town, receipt, what, unit, body)
        assert (refused.status_code, refused.json()["type"]) == (409, "held_by_conference")
    await shown(town, receipt, "决定：暂缓办理")
    town.wind(timedelta(days=4))
    resumed = await town.fact("PlanLapsed", receipt.number)
    assert resumed.at >= until
    again = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.continues == before.clock)).body
    assert (again.kind, again.start) == ("complete_by", before.start)
    assert await work(town, receipt) == [("went_on", True), ("running", False)]
    assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
    await shown(town, receipt, "此事恢复办理")


async def test_C7_the_work_is_decided_on_once_a_unit_has_accepted_it(town: RunningSystem) -> None:
    receipt = await town.submit("兰里镇道路破损", "兰里镇道路破损，请联席会议研究。", place="兰里镇")
    await town.fact("DeadlineSet", receipt.number)
    await referred(town, receipt)
    until = (town.clock.now() + timedelta(days=3)).isoformat()
    for made in (NEW_PLAN, HOLD | {"until": until}):
        refused = await decided(town, receipt, made)
        assert (refused.status_code, refused.json()["type"]) == (409, "not_accepted")
    assert (await decided(town, receipt, {"decision": "stands", "amount": 0})).status_code == 200
