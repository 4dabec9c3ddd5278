"""C7: a joint conference decides what is hard, and its decision binds. On the real stack."""

from typing import Any

import pytest

from tests.acceptance.test_C3_C4_C5_clocks import road
from tests.acceptance.town import COUNTY, RunningSystem

pytestmark = pytest.mark.stack


def decision(town: RunningSystem, **changed: Any) -> dict[str, Any]:
    """Ten days more, decided today."""
    held = {"conference": "第 3 次联席会议", "held_on": town.clock.now().isoformat()}
    return held | {"roster": ["431226-JT"], "decision": "deadline", "amount": 10, "minutes": "同意延长。"} | changed


async def agenda(town: RunningSystem) -> dict[str, str]:
    """The whole of it, page by page: matters of others wait there, too. Each with its ground."""
    found = dict[str, str]()
    while True:
        asked = {"skip": str(len(found)), "limit": "200"}
        answer = await town.call("sla", "GET", "/v1/conference-agenda", who=town.staff("supervisor"), params=asked)
        found |= {each["number"]: each["ground"] for each in answer.json()["matters"]}
        if not answer.json()["more"]:
            return found


async def test_C7_a_hard_case_is_decided_by_a_joint_conference_and_the_decision_binds(town: RunningSystem) -> None:
    receipt = await road(town, "涉及两个单位，久拖不决。")
    await town.accepted(receipt)
    before = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
    path, office = f"/v1/tickets/{receipt.number}", town.staff("supervisor")
    early = await town.call("sla", "POST", f"{path}/conference", who=office, json=decision(town))
    assert (early.status_code, early.json()["type"]) == (409, "not_referred")
    await town.ok("sla", f"{path}/referral", town.staff("lead"), {"ground": "hard_case", "words": "请会议研究。"})
    assert receipt.number in await agenda(town)
    handed = await town.call(
        "sla", "POST", f"{path}/conference", who=office, json=decision(town, decision="transfer", amount=0)
    )
    assert (handed.status_code, handed.json()["type"]) == (409, "transfer_not_possible")
    done = await town.ok("sla", f"{path}/conference", office, decision(town))
    after = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.extended == 10)
    assert done["due"] == after.body.due.isoformat()
    assert after.body.due > before.due
    decided = (await town.fact("ConferenceDecided", receipt.number)).body
    assert (decided.clock, decided.amount, "延长" in decided.minutes) == (before.clock, 10, False)
    assert receipt.number not in await agenda(town)
    explained = await town.call("sla", "GET", f"{path}/explain", who=office, params={"clock": before.clock})
    [told] = explained.json()["deadlines"]
    assert told["equal"]
    assert "经联席会议决定延长 10 个工作日" in str(told["lines"])

    async def shown() -> bool:
        page = await town.call("portal", "GET", path, headers={"Query-Code": receipt.code})
        return "联席会议（第 3 次联席会议" in page.text and "请会议研究" not in page.text

    await town.eventually(shown, what="the story tells the decision, and not what staff wrote")


async def test_C7_the_agenda_is_for_those_in_whose_scope_the_matter_lies(town: RunningSystem) -> None:
    receipt = await road(town, "请联席会议研究。")
    path = f"/v1/tickets/{receipt.number}/referral"
    await town.ok("sla", path, town.staff("supervisor", COUNTY), {"ground": "special_case"})
    assert receipt.number in await agenda(town)
    elsewhere = await town.call("sla", "GET", "/v1/conference-agenda", who=town.staff("supervisor", "431225"))
    assert elsewhere.json() == {"matters": [], "more": False}
    stranger = await town.call("sla", "POST", path, who=town.staff("lead", "431225"), json={"ground": "hard_case"})
    assert stranger.status_code == 404
