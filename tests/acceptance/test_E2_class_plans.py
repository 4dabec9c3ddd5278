"""E2: what a unit does with every matter of a class, approved once and inherited at acceptance; on the real stack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from runtime.identity.tokens import Principal
from services.feedback.adapters.published import RulesInForce, configuration_of
from tests.acceptance.test_E1_to_E3_handling import completion, in_hand, plan, post, said_all
from tests.acceptance.test_E2_plan_review import lead_of
from tests.acceptance.town import RunningSystem

MEASURES = [{"text": "现场核实", "post": "养护站值班员", "days": 1}, {"text": "填补坑洼", "post": "养护班", "days": 3}]
PLANS = "/v1/class-plans"


async def _approved(town: RunningSystem, unit: Principal, lead: Principal, category: str, *measures: Any) -> str:
    """Proposed by the unit and approved by its lead unit; the name under which feedback has read it."""
    body = {"category": category, "measures": list(measures)}
    version = int((await town.ok("feedback", PLANS, unit, body))["version"])
    path = f"{PLANS}/{unit.unit}/{category}"
    await town.ok("feedback", f"{path}/review", lead, {"version": version, "approved": True})
    name = f"{unit.unit}/{category}@{version}"

    async def is_read() -> bool:
        rules = RulesInForce(configuration_of(town.platforms["feedback"]))
        found = rules.class_plan(unit.unit, category, town.clock.now())
        return (found.name if found else "") == (name if measures else "")

    await town.eventually(is_read, what="the class plan is in force")
    return name


@asynccontextmanager
async def class_plan(town: RunningSystem) -> AsyncIterator[tuple[str, Principal, Principal]]:
    """A class plan for the matters of this file: its name, the unit, its lead unit. It is ended afterwards."""
    receipt, unit = await in_hand(town)
    assigned = (await town.assigned(receipt)).body
    lead, category = lead_of(assigned.lead_unit), assigned.category
    try:
        yield await _approved(town, unit, lead, category, *MEASURES), unit, lead
    finally:
        await _approved(town, unit, lead, category)


async def test_E2_a_matter_inherits_the_plan_of_its_class_and_its_unit_may_make_its_own(town: RunningSystem) -> None:
    async with class_plan(town) as (name, unit, _):
        receipt, _ = await in_hand(town)
        made = (await said_all(town, "PlanMade", receipt, 1))[0]
        assert (made.class_plan, made.version, made.mode, made.reviewer) == (name, 1, "within_limit", "")
        assert [each.of_class.text for each in made.measures] == [each["text"] for each in MEASURES]
        path, code = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}

        async def shown() -> bool:
            page = (await town.call("portal", "GET", path, headers=code)).text
            return all(words in page for words in ("填补坑洼", "养护班", name))

        await town.eventually(shown, what="the reporter reads the plan of the class")
        done = {"index": 2, "done": True, "words": "已填补。"}
        assert (await post(town, receipt, "measures", unit, done)).status_code == 200
        assert (await post(town, receipt, "plan", unit, plan(town, "within_limit", 5))).status_code == 200
        own = (await said_all(town, "PlanMade", receipt, 2))[1]
        assert (own.class_plan, own.version) == ("", 2)
    receipt, _ = await in_hand(town)
    assert await town.facts("PlanMade", receipt.number) == []


async def test_E2_nobody_approves_a_class_plan_of_their_own_or_of_another_line(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    assigned = (await town.assigned(receipt)).body
    body = {"category": "TRF.99", "measures": MEASURES}
    proposed = await town.ok("feedback", PLANS, unit, body)
    assert proposed["reviewer"] == assigned.lead_unit
    review = {"version": int(proposed["version"]), "approved": True}
    path = f"{PLANS}/{unit.unit}/TRF.99/review"
    own = Principal(unit.sub, assigned.lead_unit, unit.division, "lead")
    for who, refused in ((town.staff("supervisor"), "not_the_reviewer"), (own, "own_plan")):
        assert (await town.call("feedback", "POST", path, who=who, json=review)).json()["type"] == refused
    waiting = await town.call("feedback", "GET", f"{PLANS}?waiting=true", who=lead_of(assigned.lead_unit))
    assert (unit.unit, "TRF.99") in [(each["unit"], each["category"]) for each in waiting.json()["class_plans"]]
    rejecting = review | {"approved": False, "grounds": ["measures_vague"]}
    answer = await town.call("feedback", "POST", path, who=lead_of(assigned.lead_unit), json=rejecting)
    assert (answer.status_code, answer.json()["plan"]) == (200, "redraft")


async def test_E2_many_matters_of_one_class_are_dealt_with_at_once_with_one_evidence(town: RunningSystem) -> None:
    other, _ = await in_hand(town)
    async with class_plan(town) as (name, unit, _):
        receipts = [(await in_hand(town))[0] for _ in range(2)]
        for receipt in receipts:
            await said_all(town, "PlanMade", receipt, 1)
        of_class = {"class_plan": name, "numbers": [each.number for each in (*receipts, other)]}
        for what, more in (
            ("measures", {"index": 1, "done": True, "words": "已核实。"}),
            ("completions", completion(town)),
        ):
            path = f"/v1/{what}"
            answer = await town.call("feedback", "POST", path, who=unit, json=of_class | more)
            assert (answer.status_code, answer.json()["not_open"]) == (202, [other.number]), answer.text
            asked = answer.json()["requested"]
            assert [each["number"] for each in asked] == [each.number for each in receipts]
            for each in asked:
                await _decided(town, unit, each["ask"])
        for receipt in receipts:
            assert len(await said_all(town, "MeasureReported", receipt, 1)) == 1
            assert (await said_all(town, "TicketCompleted", receipt, 1))[0].evidence


async def _decided(town: RunningSystem, unit: Principal, ask: str) -> None:
    """The outcome of one row is known, and it was accepted."""

    async def is_accepted() -> bool:
        answer = await town.call("feedback", "GET", ask, who=unit)
        assert answer.status_code in (200, 202), answer.text
        return answer.status_code == 200

    await town.eventually(is_accepted, what="the outcome of a row")
