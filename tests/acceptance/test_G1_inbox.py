"""G1 One inbox: what an office has to do is in it as soon as it has to, and gone once it is done."""

from dataclasses import replace
from typing import Any

from contracts.values import ReviewLevel
from runtime.identity.tokens import Principal
from tests.acceptance.test_E1_to_E3_handling import completion, post
from tests.acceptance.test_E4_review import reviewed, verdict
from tests.acceptance.town import COUNTY, RunningSystem

PAGE = 200
CONTENT = "麻阳县兰里镇进村的自来水管坏了三天，没有水用，请尽快修好。"


async def _work(town: RunningSystem, who: Principal, number: str) -> str:
    """What the inbox of somebody says is to be done of a matter; "" when it is not in it. Others have rows there."""
    read = 0
    while True:
        answer = await town.call("portal", "GET", f"/v1/inbox?limit={PAGE}&skip={read}", who=who)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = [each for each in answer.json()["tickets"] if each["number"] == number]
        if found or not answer.json()["more"]:
            return str(found[0]["work"]["kind"]) if found else ""
        read += PAGE


async def _until(town: RunningSystem, who: Principal, number: str, kind: str) -> None:
    async def once() -> bool:
        return await _work(town, who, number) == kind

    await town.eventually(once, what=f"{kind or 'nothing'} of {number} in the inbox of {who.sub}")


async def test_a_matter_goes_from_inbox_to_inbox(town: RunningSystem) -> None:
    receipt = await town.submit("村口停水", CONTENT, division="431226104")
    unit = town.unit((await town.assigned(receipt)).body.unit)
    await _until(town, unit, receipt.number, "accept")
    assert await _work(town, town.staff("lead"), receipt.number) == ""
    await town.completed(receipt)
    await _until(town, unit, receipt.number, "")
    await town.evaluate(receipt, 1, solved=False)
    await _until(town, unit, receipt.number, "redo")


async def test_what_nobody_could_assign_is_in_the_inbox_of_the_lead_unit(town: RunningSystem) -> None:
    receipt = await town.submit(
        "一件难事", "麻阳县高村镇有一件说不清楚归谁管的事情，请领导帮忙协调解决。", division="431226104"
    )
    lead = town.staff("lead")
    await town.fact("AssignmentQueued", receipt.number)
    await _until(town, lead, receipt.number, "assign")
    await town.ok(
        "routing", f"/v1/tickets/{receipt.number}/assignment", lead, {"unit": "431226-JY", "category": "WTR.01"}
    )
    await _until(town, lead, receipt.number, "")


async def test_work_goes_from_level_to_level_of_its_review_by_their_inboxes(town: RunningSystem) -> None:
    leader = Principal("the.leader", "", COUNTY, "leader")
    levels = (ReviewLevel(kind="unit_head"), ReviewLevel(kind="lead"), ReviewLevel(kind="leader"))
    async with reviewed(town, levels) as (receipt, unit, head, lead):
        assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
        other = replace(lead, sub="another.lead", unit="431226-NY")
        for level, who in enumerate((head, lead, leader), 1):
            await _until(town, who, receipt.number, "review")
            assert [await _work(town, each, receipt.number) for each in (unit, other)] == ["", ""]
            assert (await post(town, receipt, "review", who, verdict(level))).status_code == 200
            await _until(town, who, receipt.number, "")


async def test_an_inbox_that_has_not_changed_costs_nothing_and_others_have_none(town: RunningSystem) -> None:
    who = Principal("nobody", f"{COUNTY}-GS", "430102", "unit")
    first = await town.call("portal", "GET", "/v1/inbox", who=who)
    again = await town.call("portal", "GET", "/v1/inbox", who=who, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.json()["tickets"], again.status_code, again.content) == ([], 304, b"")
    refused = await town.call("portal", "GET", "/v1/inbox", who=town.staff("auditor"))
    assert (refused.status_code, refused.json()["type"]) == (403, "role_refused")
