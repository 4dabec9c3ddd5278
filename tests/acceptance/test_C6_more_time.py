"""C6: more time only by rule: asked before it is due, granted one level up, told, explained. On the real stack."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from runtime.identity.tokens import Principal
from tests.acceptance.test_C3_C4_C5_clocks import road
from tests.acceptance.town import ReporterReceipt, RunningSystem

pytestmark = pytest.mark.stack
EVIDENCE = {"kind": "documents", "uri": "https://example.org/notice.pdf", "dated": "2026-03-01T09:00:00+08:00"}


async def in_hand(town: RunningSystem, text: str) -> tuple[ReporterReceipt, Principal, Any]:
    """A matter of the road, accepted; its unit, and the clock of the work as it was set."""
    receipt = await road(town, text)
    unit = await town.accepted(receipt)
    set_ = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")
    return receipt, unit, set_.body


async def ask(town: RunningSystem, receipt: ReporterReceipt, unit: Principal, clock: str, **wanted: Any) -> Any:
    body = {"ground": "statutory_procedure", "evidence": [EVIDENCE], "words": "须先检测路基。"} | wanted
    path = f"/v1/tickets/{receipt.number}/clocks/{clock}/more-time"
    return await town.call("sla", "POST", path, who=unit, json=body)


async def decide(town: RunningSystem, receipt: ReporterReceipt, asked: str, who: Principal, **said: Any) -> Any:
    path = f"/v1/tickets/{receipt.number}/more-time/{asked}/decision"
    return await town.call("sla", "POST", path, who=who, json={"approved": True} | said)


async def due_anew(town: RunningSystem, receipt: ReporterReceipt, clock: str, before: datetime) -> Any:
    """The next DeadlineSet of a clock that says another day."""
    found = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.clock == clock and m.body.due != before)
    return found.body


async def test_C6_a_pause_that_one_level_up_grants_moves_the_day_is_told_and_explained(town: RunningSystem) -> None:
    receipt, unit, clock = await in_hand(town, "路面不平，需要检测路基。")
    until = (town.clock.now() + timedelta(days=3)).isoformat()
    asked = await ask(town, receipt, unit, clock.clock, how="pause", until=until)
    assert asked.status_code == 200, asked.text
    approve_by = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "approve_by")
    assert approve_by.body.unit != unit.unit
    lead = town.staff("lead")
    granted = await decide(town, receipt, asked.json()["more_time"], lead, words="同意，检测期间中止计时。")
    assert granted.status_code == 200, granted.text
    moved = await due_anew(town, receipt, clock.clock, clock.due)
    assert moved.due > clock.due
    assert [each.ground for each in moved.pauses] == ["statutory_procedure"]
    stopped = await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == approve_by.body.clock)
    assert stopped.body.met
    told = await town.call("sla", "GET", f"/v1/tickets/{receipt.number}/explain", who=lead)
    (explained,) = [each for each in told.json()["deadlines"] if each["clock"] == clock.clock]
    assert explained["equal"], explained
    assert any("中止计时" in line["zh"] and "批准" in line["zh"] for line in explained["lines"])

    async def shown() -> bool:
        answer = await town.call("portal", "GET", f"/v1/tickets/{receipt.number}", headers={"Query-Code": receipt.code})
        return "同意，检测期间中止计时。" in answer.text and "须先检测路基。" not in answer.text

    await town.eventually(shown, what="the reporter's page")
    await town.told(receipt.number, "more_time")


async def test_C6_an_extension_stays_within_the_cap_and_both_figures_are_said(town: RunningSystem) -> None:
    receipt, unit, clock = await in_hand(town, "路面坑洞很多。")
    over = await ask(town, receipt, unit, clock.clock, how="extension", ground="complex", amount=1000)
    assert (over.status_code, over.json()["type"]) == (409, "over_the_cap"), over.text
    assert over.json()["zh"]
    asked = await ask(town, receipt, unit, clock.clock, how="extension", ground="complex", amount=1)
    granted = await decide(town, receipt, asked.json()["more_time"], town.staff("supervisor"))
    assert granted.status_code == 200, granted.text
    moved = await due_anew(town, receipt, clock.clock, clock.due)
    town.wind(moved.due - town.clock.now() - timedelta(minutes=30))
    evidence = [{"kind": "photos", "uri": "https://example.org/1.jpg", "dated": town.clock.now().isoformat()}]
    await town.ok(
        "feedback", f"/v1/tickets/{receipt.number}/completion", unit, {"explanation": "已修好", "evidence": evidence}
    )
    stopped = await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == clock.clock)
    assert (stopped.body.met, stopped.body.met_as_promised) == (True, False)
    assert stopped.body.left > 0


async def test_C6_nobody_grants_themselves_and_silence_is_no(town: RunningSystem) -> None:
    receipt, unit, clock = await in_hand(town, "路边护栏掉漆。")
    asked = await ask(town, receipt, unit, clock.clock, how="extension", ground="complex", amount=1)
    assert (await decide(town, receipt, asked.json()["more_time"], unit)).status_code == 403
    self_made = Principal(unit.sub, unit.unit, unit.division, "supervisor")
    refused = await decide(town, receipt, asked.json()["more_time"], self_made)
    assert (refused.status_code, refused.json()["type"]) == (409, "not_the_approver")
    town.wind(clock.due - town.clock.now() + timedelta(minutes=1))
    red = await town.fact("LightChanged", receipt.number, lambda m: m.body.new == "red" and m.body.clock == clock.clock)
    assert red.at >= clock.due
    late = await ask(town, receipt, unit, clock.clock, how="extension", ground="complex", amount=1)
    assert (late.status_code, late.json()["type"]) == (409, "past_due")


async def test_C6_a_question_to_the_reporter_rests_the_clock_until_the_answer(town: RunningSystem) -> None:
    receipt, unit, clock = await in_hand(town, "另有一段也坏了。")
    until = (town.clock.now() + timedelta(days=6)).isoformat()
    await town.ok("feedback", f"/v1/tickets/{receipt.number}/question", unit, {"text": "是哪一段？", "until": until})
    rests = await due_anew(town, receipt, clock.clock, clock.due)
    assert [each.ground for each in rests.pauses] == ["waiting_for_reporter"]
    answered = await town.call(
        "intake",
        "POST",
        f"/v1/tickets/{receipt.number}/supplements",
        json={"text": "村委会门口那一段。"},
        headers={"Query-Code": receipt.code},
    )
    assert answered.status_code == 200, answered.text
    await town.fact("PauseEnded", receipt.number)
    again = await due_anew(town, receipt, clock.clock, rests.due)
    assert again.due == clock.due, "an answer on the same day costs no day"
