"""B5: assigned by rule where it is unambiguous, else from the work list with one click, single or in bulk."""

from contracts.identifiers import number_of
from tests.acceptance.town import ReporterReceipt, RunningSystem

UNCLEAR = ("希望多一点关心", "麻阳县高村镇这里希望大家多一点关心和帮助。")


async def waiting(town: RunningSystem) -> ReporterReceipt:
    receipt = await town.submit(*UNCLEAR, place="高村镇")
    await town.fact("AssignmentQueued", receipt.number)
    return receipt


async def test_B5_an_unambiguous_matter_is_assigned_by_rule_with_its_reasons(town: RunningSystem) -> None:
    receipt = await town.submit("路灯不亮", "街边路灯坏了，夜里不亮。", place="麻阳县高村镇")
    assigned = await town.assigned(receipt)
    assert (assigned.actor.unit if assigned.actor else "", assigned.body.hop) == ("", 1)
    assert [reason.partition(":")[0] for reason in assigned.body.reasons] == ["place", "words", "duty"]


async def test_B5_an_unclear_matter_waits_and_is_assigned_with_one_click(town: RunningSystem) -> None:
    receipt, lead = await waiting(town), town.staff("lead")
    listed = await town.call("routing", "GET", "/v1/work-list", who=lead, params={"state": "queued", "at_most": 1000})
    assert receipt.number in {each["number"] for each in listed.json()}
    wanted = {"unit": "431226-MZ", "category": "CIV.01"}
    answer = await town.ok("routing", f"/v1/tickets/{receipt.number}/assignment", lead, wanted)
    assert answer["unit"] == "431226-MZ"
    assigned = await town.assigned(receipt)
    assert (assigned.body.category, assigned.actor.role if assigned.actor else "") == ("CIV.01", "lead")


async def test_B5_many_matters_are_assigned_at_once(town: RunningSystem) -> None:
    receipts, lead = [await waiting(town) for _ in range(5)], town.staff("lead")
    numbers = [receipt.number for receipt in receipts]
    unknown = number_of("0" * 26, "431226")
    body = {"numbers": numbers, "unit": "431226-MZ", "category": "CIV.01"}
    answer = await town.call("routing", "POST", "/v1/assignments", who=lead, json=body)
    assert answer.status_code == 202, answer.text
    assert sorted(each["number"] for each in answer.json()["requested"]) == sorted(numbers)
    for receipt in receipts:
        assert (await town.assigned(receipt)).body.unit == "431226-MZ"
    ask = answer.json()["requested"][0]["ask"]
    await town.eventually(lambda: _is_accepted(town, ask))
    wrong = await town.call("routing", "POST", "/v1/assignments", who=lead, json=body | {"numbers": [unknown]})
    assert (wrong.status_code, wrong.json()) == (202, {"requested": [], "not_found": [unknown]})


async def _is_accepted(town: RunningSystem, ask: str) -> bool:
    outcome = await town.call("routing", "GET", ask, who=town.staff("lead"))
    return outcome.status_code == 200 and outcome.json()["status"] == "accepted"


async def test_B5_the_same_click_twice_assigns_once(town: RunningSystem) -> None:
    receipt, lead = await waiting(town), town.staff("lead")
    path, body = f"/v1/tickets/{receipt.number}/assignment", {"unit": "431226-MZ", "category": "CIV.01"}
    first = await town.call("routing", "POST", path, who=lead, key="one-click-0001", json=body)
    again = await town.call("routing", "POST", path, who=lead, key="one-click-0001", json=body)
    assert (first.status_code, again.json()) == (200, first.json())
    await town.assigned(receipt)
    assert len(await town.facts("TicketAssigned", receipt.number)) == 1


async def test_B5_nobody_assigns_what_lies_elsewhere_and_no_unit_assigns(town: RunningSystem) -> None:
    receipt = await waiting(town)
    path, body = f"/v1/tickets/{receipt.number}/assignment", {"unit": "431226-MZ", "category": "CIV.01"}
    elsewhere = await town.call("routing", "POST", path, who=town.staff("lead", "431222"), json=body)
    unit = await town.call("routing", "POST", path, who=town.unit("431226-MZ"), json=body)
    assert (elsewhere.status_code, unit.status_code) == (404, 403)
    listed = await town.call("routing", "GET", "/v1/work-list", who=town.staff("lead", "431222"))
    assert receipt.number not in {each["number"] for each in listed.json()}


async def test_B5_a_matter_without_a_category_gets_one_with_its_assignment(town: RunningSystem) -> None:
    receipt, lead = await waiting(town), town.staff("lead")
    path = f"/v1/tickets/{receipt.number}/assignment"
    refused = await town.call("routing", "POST", path, who=lead, json={"unit": "431226-MZ"})
    assert (refused.status_code, refused.json()["type"]) == (409, "category_needed")
    assert "category" in refused.json()["en"]
