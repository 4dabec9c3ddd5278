"""C4: a division says which colours there are; each measure of a plan has a light of its own. On the real stack."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.messages.schemes import SchemePoint, SchemePublished
from runtime.process.configuration import publication
from services.sla.adapters.published import configuration_of
from services.sla.adapters.published_schemes import name_of
from tests.acceptance.test_C3_C4_C5_clocks import clocks
from tests.acceptance.test_C3_plan_clocks import explained
from tests.acceptance.test_E1_to_E3_handling import in_hand, plan, post
from tests.acceptance.town import ReporterReceipt, RunningSystem

pytestmark = pytest.mark.stack


async def publish(town: RunningSystem, applies_to: str, version: int, division: str, **points: Any) -> str:
    """A scheme that holds from now on, by its name; waits until sla has read it."""
    platform, clock = town.platforms["sla"], town.clock
    since = clock.now() - timedelta(minutes=1)
    given: dict[str, Any] = {"division": division, "version": version, "valid_from": since, "applies_to": applies_to}
    key, body = name_of(applies_to, division, version), SchemePublished(**given, **points)
    await platform.writer.publish([publication(key, body, "sla", clock)])

    async def is_read() -> bool:
        return key in configuration_of(platform).all(SchemePublished)

    await town.eventually(is_read, what="the scheme is read")
    return key


async def measures(town: RunningSystem, receipt: ReporterReceipt) -> list[str]:
    """The lights of the measures, as the portal shows them to the supervision office."""
    path = f"/v1/tickets/{receipt.number}"
    shown = (await town.call("portal", "GET", path, who=town.staff("supervisor"))).json()
    return [each["light"] for each in (shown["plan"] or {"measures": []})["measures"]]


async def test_C4_a_division_has_no_orange_and_a_clock_that_runs_keeps_its_colours(town: RunningSystem) -> None:
    before, _ = await in_hand(town)
    old = (await town.fact("DeadlineSet", before.number, lambda m: m.body.kind == "complete_by")).body
    division = (await town.assigned(before)).body.division
    name = await publish(town, "clock", 1, division, begins="green", yellow=SchemePoint(share=0.5))
    try:
        receipt, _ = await in_hand(town)
        work = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
        assert (work.scheme, work.orange, old.scheme) == (name, None, "")
        assert old.orange is not None
        assert f"灯色方案：{name}（绿灯、黄灯、红灯）" in await explained(town, receipt, work.clock)
        shown = {each["id"]: each for each in (await clocks(town, receipt))["clocks"]}[work.clock]
        assert (shown["light"], shown["orange"]) == ("green", None)
        town.wind(work.due - town.clock.now() + timedelta(minutes=1))

        def of_work(message: Any) -> bool:
            return bool(message.body.clock == work.clock and message.body.new == "red")

        assert (await town.fact("LightChanged", receipt.number, of_work)).body.old == "yellow"
    finally:
        await publish(town, "clock", 2, division, begins="")


async def test_C4_each_measure_of_a_plan_turns_by_its_own_date_until_it_is_done(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    division = (await town.assigned(receipt)).body.division
    await publish(town, "measure", 1, division, begins="yellow", orange=SchemePoint(days_left=10))
    try:
        answer = await post(town, receipt, "plan", unit, plan(town, "in_phases", 30, 40, 60))
        assert answer.status_code == 200, answer.text
        timed = (await town.fact("MeasuresTimed", receipt.number)).body
        assert [each.index for each in timed.items] == [1, 2, 3]

        async def begin_yellow() -> bool:
            return await measures(town, receipt) == ["yellow"] * 3

        await town.eventually(begin_yellow, what="no measure begins green")
        assert await town.facts("MeasureLightChanged", receipt.number) == []
        done = await post(town, receipt, "measures", unit, {"index": 2, "done": True, "words": "已修"})
        assert done.status_code in (200, 202), done.text
        await town.fact("MeasureReported", receipt.number)
        town.wind(timed.items[0].orange - town.clock.now() + timedelta(minutes=1))
        turned = (await town.fact("MeasureLightChanged", receipt.number)).body
        assert (turned.indices, turned.new, turned.unit) == ((1,), "orange", unit.unit)

        async def shows_it() -> bool:
            return await measures(town, receipt) == ["orange", "none", "yellow"]

        await town.eventually(shows_it, what="the portal shows the light of each measure")

        async def is_told() -> bool:
            path = f"/v1/tickets/{receipt.number}/deliveries"
            items = (await town.call("notify", "GET", path, who=town.staff("supervisor"))).json()
            return [each["audience"] for each in items if each["kind"] == "measure_orange"] == ["unit"]

        await town.eventually(is_told, what="the unit hears of its measure")
    finally:
        await publish(town, "measure", 2, division, begins="")
