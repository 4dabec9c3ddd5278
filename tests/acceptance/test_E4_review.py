"""E4: the work is reviewed level by level before its reporters are asked, on the real stack."""

import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

import orjson

from cli import feedback
from contracts.messages.reviews import PlanRulePublished, ReviewChainPublished
from contracts.values import ReviewLevel
from runtime.identity.tokens import Principal
from services.feedback.adapters.published import configuration_of
from services.feedback.adapters.rule_files import WrittenChain, WrittenChoice, read
from tests.acceptance.test_E1_to_E3_handling import completion, in_hand, post, said_all
from tests.acceptance.town import COUNTY, ReporterReceipt, RunningSystem

LEVELS = (ReviewLevel(kind="unit_head", deputies=("the.deputy",)), ReviewLevel(kind="lead"))
VERSIONS = iter(range(1, 100))


async def publish(town: RunningSystem, category: str, levels: tuple[ReviewLevel, ...]) -> None:
    """One more edition of the county's chain for a category; waits until feedback has read it."""
    shown = [each.model_dump(exclude={"reviewer"}) for each in levels]
    row = {"division": COUNTY, "version": next(VERSIONS), "category": category, "levels": shown}
    await published(town, WrittenChain, row, [category])


async def published(
    town: RunningSystem, form: type[WrittenChoice], row: dict[str, Any], categories: Collection[str] = ()
) -> None:
    """An edition is published as ``duban feedback`` does it; waits until feedback has read it."""
    platform, written = town.platforms["feedback"], read(orjson.dumps([row]), form, categories)
    done = await feedback.publish(platform, written)
    assert (written.faults, done.faults) == ([], [])

    async def is_read() -> bool:
        there = configuration_of(platform)
        return done.to_publish.keys() <= {*there.all(ReviewChainPublished), *there.all(PlanRulePublished)}

    await town.eventually(is_read, what="the edition is read")


@asynccontextmanager
async def reviewed(
    town: RunningSystem, levels: tuple[ReviewLevel, ...] = LEVELS
) -> AsyncIterator[tuple[ReporterReceipt, Principal, Principal, Principal]]:
    """A matter whose category has a chain; its unit, the unit's head, the lead unit."""
    receipt, unit = await in_hand(town)
    body = (await town.assigned(receipt)).body
    await publish(town, body.category, levels)
    try:
        head = Principal("the.head", unit.unit, unit.division, "head")
        yield receipt, unit, head, Principal("the.lead", body.lead_unit, COUNTY, "lead")
    finally:
        await publish(town, body.category, ())


def verdict(level: int, *, passed: bool = True, **changed: Any) -> dict[str, Any]:
    grounds = [] if passed else ["evidence_lacking"]
    return {"round": 1, "level": level, "passed": passed, "grounds": grounds} | changed


async def test_E4_the_reporter_is_asked_once_every_level_has_passed_the_work(town: RunningSystem) -> None:
    async with reviewed(town) as (receipt, unit, head, lead):
        answer = await post(town, receipt, "completion", unit, completion(town))
        assert (answer.status_code, answer.json()["state"]) == (200, "under_review"), answer.text
        assert (await town.evaluate(receipt)).json()["type"] == "not_awaiting_evaluation"
        submitted = (await said_all(town, "CompletionSubmitted", receipt, 1))[0]
        assert [(each.kind, each.reviewer) for each in submitted.chain] == [
            ("unit_head", unit.unit),
            ("lead", lead.unit),
        ]
        assert "路面已修补" not in submitted.explanation
        for who, body, code in (
            (lead, verdict(2), "level_not_open"),
            (Principal(unit.sub, unit.unit, unit.division, "head"), verdict(1), "four_eyes"),
            (unit, verdict(1), "not_this_level"),
            (head, verdict(1, round=2), "other_round"),
            (head, verdict(1, passed=False, grounds=[]), "no_grounds"),
        ):
            refused = await post(town, receipt, "review", who, body)
            assert (refused.status_code, refused.json()["type"]) == (409, code), refused.text
            assert refused.json()["zh"]
            assert refused.json()["en"]
        assert (await post(town, receipt, "review", head, verdict(1))).status_code == 200
        assert (await post(town, receipt, "review", head, verdict(1))).json()["type"] == "passed_already"
        both = Principal(head.sub, lead.unit, COUNTY, "lead")
        assert (await post(town, receipt, "review", both, verdict(2))).json()["type"] == "four_eyes"
        assert await town.facts("TicketCompleted", receipt.number) == []
        done = await post(town, receipt, "review", lead, verdict(2))
        assert (done.status_code, done.json()["state"]) == (200, "awaiting_evaluation")
        completed = (await said_all(town, "TicketCompleted", receipt, 1))[0]
        assert (completed.explanation, completed.evidence) == (submitted.explanation, submitted.evidence)
        assert (await town.evaluate(receipt)).json()["state"] == "struck_off"


async def test_E4_an_edition_that_stands_is_never_changed(town: RunningSystem) -> None:
    row = {"division": COUNTY, "version": next(VERSIONS), "category": "", "levels": []}
    await published(town, WrittenChain, row)
    other = read(orjson.dumps([row | {"levels": [{"kind": "lead"}]}]), WrittenChain, ())
    done = await feedback.publish(town.platforms["feedback"], other)
    assert [fault.pointer for fault in done.faults] == ["/0/version"]
    stands = configuration_of(town.platforms["feedback"]).all(ReviewChainPublished)
    assert stands[f"review-chain/{COUNTY}/@{row['version']}"].levels == ()


async def test_E4_a_level_sends_the_work_back_and_a_deputy_passes_it(town: RunningSystem) -> None:
    async with reviewed(town) as (receipt, unit, head, lead):
        assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
        back = await post(town, receipt, "review", head, verdict(1, passed=False, words="照片看不清。"))
        assert (back.status_code, back.json()["state"]) == (200, "in_hand")
        rejected = (await said_all(town, "ReviewRejected", receipt, 1))[0]
        assert (rejected.level, rejected.grounds, rejected.count) == (1, ("evidence_lacking",), 1)
        assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
        deputy = Principal("the.deputy", unit.unit, unit.division, "unit")
        assert (await post(town, receipt, "review", deputy, verdict(1))).status_code == 200
        assert (await post(town, receipt, "review", lead, verdict(2))).status_code == 200
        path, code = f"/v1/tickets/{receipt.number}", {"Query-Code": receipt.code}

        async def told() -> bool:
            page = (await town.call("portal", "GET", path, headers=code)).text
            return all(
                words in page for words in ("待逐级验收（共2级）", "退回继续办理：佐证不足", "验收通过（第2级）")
            )

        await town.eventually(told, what="the reporter reads the way of the review")
        own = (await town.call("portal", "GET", path, headers=code)).text
        assert "照片看不清" not in own
        assert own.count("路面已修补") == 1, "what was sent back is for staff; what was passed is for the reporter"


async def test_E4_a_reviewer_has_a_list_and_passes_many_at_once(town: RunningSystem) -> None:
    async with reviewed(town) as (receipt, unit, head, lead):
        assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200
        mine = (await town.call("feedback", "GET", "/v1/reviews", who=head)).json()["reviews"]
        assert [(each["number"], each["level"], each["levels"]) for each in mine] == [(receipt.number, 1, 2)]
        assert (await town.call("feedback", "GET", "/v1/reviews", who=lead)).json()["reviews"] == []
        many = {"numbers": [receipt.number, "4312260123456789ABC"]}
        unread = await town.call("feedback", "POST", "/v1/reviews", who=head, json=many)
        assert unread.status_code == 422, "a number that nobody has ever had is named"
        one, key = {"numbers": [receipt.number]}, str(uuid.uuid4())
        put = await town.call("feedback", "POST", "/v1/reviews", who=head, json=one, key=key)
        assert (put.status_code, [each["number"] for each in put.json()["requested"]]) == (202, [receipt.number])
        await town.fact("ReviewPassed", receipt.number)
        again = await town.call("feedback", "POST", "/v1/reviews", who=head, json=one)
        assert again.json()["not_open"] == [receipt.number]
        same = (await town.call("feedback", "POST", "/v1/reviews", who=head, json=one, key=key)).json()
        assert (same["not_open"], [each["number"] for each in same["requested"]]) == ([], [receipt.number])
        outcome = await town.call("feedback", "GET", same["requested"][0]["ask"], who=head)
        assert (outcome.status_code, outcome.json()["status"]) == (200, "accepted")
        assert len(await town.facts("ReviewPassed", receipt.number)) == 1
        assert (await post(town, receipt, "review", lead, verdict(2))).status_code == 200


async def test_E4_what_is_under_review_is_counted_as_awaiting_review(town: RunningSystem) -> None:
    async with reviewed(town) as (receipt, unit, head, lead):
        assert (await post(town, receipt, "completion", unit, completion(town))).status_code == 200

        async def listed() -> bool:
            found = (await town.call("portal", "GET", f"/v1/tickets/{receipt.number}", who=unit)).json()
            return (found.get("state"), found.get("counter")) == ("under_review", "awaiting_review")

        await town.eventually(listed, what="it is counted as awaiting review")
        assert (await post(town, receipt, "review", head, verdict(1))).status_code == 200
        assert (await post(town, receipt, "review", lead, verdict(2))).status_code == 200
