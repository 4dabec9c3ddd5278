"""C3 C4 C5: clocks per unit whose holdings add up, lights that cannot be stale, timers that fire once. Real stack."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.values import ReviewLevel
from tests.acceptance.test_E1_to_E3_handling import completion, post
from tests.acceptance.test_E4_review import reviewed, verdict
from tests.acceptance.town import ReporterReceipt, RunningSystem

pytestmark = pytest.mark.stack
ROAD = "麻阳县兰里镇进村道路坑洼，雨天积水无法通行。"


async def road(town: RunningSystem, more: str) -> ReporterReceipt:
    """A matter with a unit, its accept-by clock running."""
    receipt = await town.submit("兰里镇道路破损", ROAD + more, place="兰里镇")
    await town.fact("DeadlineSet", receipt.number)
    return receipt


async def turned(town: RunningSystem, receipt: ReporterReceipt, colour: str) -> None:
    await town.fact("LightChanged", receipt.number, lambda message: bool(message.body.new == colour))


async def clocks(town: RunningSystem, receipt: ReporterReceipt) -> dict[str, Any]:
    """The clock sheet as a supervisor sees it."""
    path = f"/v1/tickets/{receipt.number}/clocks"
    answers: list[Any] = []

    async def known() -> bool:
        answers.append(await town.call("sla", "GET", path, who=town.staff("supervisor")))
        return bool(answers[-1].status_code == 200)

    await town.eventually(known, what="the clock sheet")
    found: dict[str, Any] = answers[-1].json()
    return found


async def test_C3_handing_over_stops_one_clock_and_starts_another(town: RunningSystem) -> None:
    receipt = await road(town, "请尽快修复。")
    unit = await town.accepted(receipt)
    await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")
    found = await clocks(town, receipt)
    assert [(c["kind"], c["unit"], c["state"]) for c in found["clocks"]] == [
        ("accept_by", unit.unit, "met"),
        ("complete_by", unit.unit, "running"),
    ]
    stopped = (await town.fact("ClockStopped", receipt.number)).body
    assert (stopped.clock, stopped.met, stopped.reason) == (found["clocks"][0]["id"], True, "accepted")
    await a_review_and_back(town)


async def a_review_and_back(town: RunningSystem) -> None:
    """A reviewer has a time for it while the unit's clock rests, which goes on from its original start."""
    async with reviewed(town, (ReviewLevel(kind="lead", working_days=2),)) as (receipt, unit, _, lead):
        work = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
        assert (await post(town, receipt, "completion", unit, completion(town))).json()["state"] == "under_review"
        review_by = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "review_by")).body
        rested = (await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == work.clock)).body
        assert (review_by.unit, rested.reason, rested.met) == (lead.unit, "under_review", True)
        town.wind(review_by.due - town.clock.now() + timedelta(hours=1))
        await town.eventually(lambda: overdue_unfinished(town, receipt), what="it is overdue at its reviewer's")
        assert (await post(town, receipt, "review", lead, verdict(1, passed=False))).json()["state"] == "in_hand"
        again = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.continues == work.clock)).body
        assert (again.kind, again.unit, again.start) == ("complete_by", unit.unit, work.start)
        assert again.due > work.due, "days that closed while the lead unit looked are not counted"
        told = await town.call("sla", "GET", f"/v1/tickets/{receipt.number}/explain", who=town.staff("supervisor"))
        explained = {each["clock"]: each for each in told.json()["deadlines"]}
        assert explained[again.clock]["equal"], explained[again.clock]
        assert any("中止计时（审核、验收期间）" in line["zh"] for line in explained[again.clock]["lines"])
        held = (await clocks(town, receipt))["held_seconds"]
        assert held[lead.unit] > held[unit.unit]
        await town.told(receipt.number, "pause_ended")


async def test_C3_the_holdings_add_up_to_the_age_of_the_matter(town: RunningSystem) -> None:
    receipt = await road(town, "已有老人摔倒。")
    unit = town.unit((await town.assigned(receipt)).body.unit)
    town.wind(timedelta(hours=2))
    body = {"ground": "not_our_duty", "explanation": "不属于本单位职责"}
    await town.ok("routing", f"/v1/tickets/{receipt.number}/return", unit, body)
    await town.fact("ClockStopped", receipt.number)
    town.wind(timedelta(hours=3))
    found = await clocks(town, receipt)
    age = datetime.fromisoformat(found["at"]) - datetime.fromisoformat(found["clocks"][0]["start"])
    assert sum(found["held_seconds"].values()) == pytest.approx(age.total_seconds(), abs=3)
    assert found["held_seconds"][unit.unit] >= 2 * 3600
    assert found["held_seconds"]["desk"] >= 3 * 3600


async def overdue_unfinished(town: RunningSystem, receipt: ReporterReceipt) -> bool:
    """Whether the lists count it so."""
    wanted = {"counter": "overdue_unfinished", "limit": "200"}
    page = await town.call("portal", "GET", "/v1/tickets", who=town.staff("supervisor"), params=wanted)
    return receipt.number in {each["number"] for each in page.json()["tickets"]}


async def test_C4_a_light_is_that_of_the_instant_at_which_it_is_read(town: RunningSystem) -> None:
    receipt = await road(town, "路灯也不亮。")
    set_ = (await town.fact("DeadlineSet", receipt.number)).body
    seen = [(await clocks(town, receipt))["clocks"][0]["light"]]
    for begins in (set_.yellow, set_.orange, set_.red):
        town.wind(begins - town.clock.now())
        seen.append((await clocks(town, receipt))["clocks"][0]["light"])  # whether or not a timer has knocked yet
    assert seen == ["green", "yellow", "orange", "red"]


async def test_C4_every_deadline_says_when_each_colour_begins(town: RunningSystem) -> None:
    set_ = (await town.fact("DeadlineSet", (await road(town, "请派人查看。")).number)).body
    assert set_.start < set_.yellow < set_.orange < set_.red == set_.due


async def test_C5_each_transition_is_announced_once_in_order_and_never_early(town: RunningSystem) -> None:
    receipt = await road(town, "车辆无法通过。")
    set_ = (await town.fact("DeadlineSet", receipt.number)).body
    for begins, colour in ((set_.yellow, "yellow"), (set_.orange, "orange"), (set_.red, "red")):
        town.wind(begins - town.clock.now())
        await turned(town, receipt, colour)
        said = (await town.facts("LightChanged", receipt.number))[-1]
        assert (said.body.new, said.at >= begins) == (colour, True)
    town.wind(timedelta(days=8))
    await town.fact("SupervisionOrdered", receipt.number)
    assert [each.body.new for each in await town.facts("LightChanged", receipt.number)] == ["yellow", "orange", "red"]


async def test_C5_everything_that_fell_due_in_an_outage_is_announced_in_order(town: RunningSystem) -> None:
    receipt = await road(town, "路面也不平整。")
    town.wind(timedelta(days=10))
    await town.fact("SupervisionOrdered", receipt.number)
    kinds = ("LightChanged", "SupervisionOrdered")
    said = {m.id: m for m in await town.log(receipt.number) if m.type in kinds}
    assert [getattr(m.body, "new", "ordered") for m in said.values()] == ["yellow", "orange", "red", "ordered"]
