"""C3: a unit that took a matter has four office hours to speak to its reporters; who is late shows red. Real stack."""

from datetime import timedelta

import pytest

from contracts.messages.limits import LimitsPublished
from contracts.messages.sla import DeadlineSet
from contracts.values import StepLimit
from runtime.identity.tokens import Principal
from runtime.process.configuration import publication
from runtime.process.editions import key_of
from services.sla.adapters.published import configuration_of
from tests.acceptance.test_C3_C4_C5_clocks import clocks, turned
from tests.acceptance.test_E1_to_E3_handling import known, post
from tests.acceptance.town import ReporterReceipt, RunningSystem

pytestmark = pytest.mark.stack
REACHED = {"method": "phone", "reached": True}
CALLABLE = {"name": "滕明", "phone": "13874500011"}


async def taken(town: RunningSystem, more: str) -> tuple[ReporterReceipt, Principal]:
    """A matter that a unit has accepted, of somebody who can be called."""
    words = f"麻阳县吕家坪镇进村道路坑洼，雨天积水无法通行。{more}"
    receipt = await town.submit("吕家坪镇道路破损", words, place="吕家坪镇", reporter=CALLABLE)
    unit = await town.accepted(receipt)
    await town.eventually(lambda: known(town, receipt, unit), what="feedback knows the matter")
    return receipt, unit


async def contact_clock(town: RunningSystem, receipt: ReporterReceipt) -> DeadlineSet:
    body = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "contact_by")).body
    assert isinstance(body, DeadlineSet)
    return body


async def state_of_contact(town: RunningSystem, receipt: ReporterReceipt) -> tuple[str, str]:
    """State and colour, as the supervision office sees them."""
    found = (await clocks(town, receipt))["clocks"]
    return next((each["state"], each["light"]) for each in found if each["kind"] == "contact_by")


@pytest.mark.timeout(300)
async def test_C3_a_word_to_the_reporters_is_due_and_its_absence_shows(town: RunningSystem) -> None:
    called, unit = await taken(town, "请来电。")
    left, other = await taken(town, "请尽快修复。")
    due = await contact_clock(town, called)
    assert (due.unit, due.standard) == (unit.unit, "contact")
    assert await state_of_contact(town, called) == ("running", "green")

    async def is_in_the_inbox() -> bool:
        answer = await town.call("portal", "GET", "/v1/inbox", who=other, params={"limit": "200"})
        lines = {each["number"]: each["work"]["kind"] for each in answer.json()["tickets"]}
        return lines.get(left.number) == "contact"

    await town.eventually(is_in_the_inbox, what="the inbox says whom to call")
    assert (await post(town, called, "contact", unit, REACHED)).status_code == 200
    stopped = (await town.fact("ClockStopped", called.number, lambda m: m.body.clock == due.clock)).body
    assert (stopped.reason, stopped.met) == ("contacted", True)
    late = await contact_clock(town, left)
    town.wind(late.due - town.clock.now() + timedelta(minutes=1))
    await turned(town, left, "red")
    assert (await state_of_contact(town, left))[1] == "red"
    assert (await state_of_contact(town, called))[0] == "met"
    lights = [each.body for each in await town.facts("LightChanged", left.number) if each.body.clock == late.clock]
    assert {each.new: each.tell for each in lights}["red"] == ("unit", "lead")


@pytest.mark.timeout(300)
async def test_C3_a_division_sets_how_long_a_step_may_take(town: RunningSystem) -> None:
    receipt, _ = await taken(town, "路灯也不亮。")
    division = (await town.assigned(receipt)).body.division
    before = await contact_clock(town, receipt)
    await publish(town, division, 1, StepLimit(step="contact", amount=3, limit_unit="working_days"))
    try:
        later, _ = await taken(town, "桥面也破了。")
        assert (await contact_clock(town, later)).due - before.due > timedelta(days=1)
        said = await town.facts("DeadlineSet", receipt.number)
        assert [each.body.due for each in said if each.body.kind == "contact_by"] == [before.due]
    finally:
        await publish(town, division, 2)


async def publish(town: RunningSystem, division: str, version: int, *steps: StepLimit) -> None:
    """Limits that hold from now on; waits until sla has read them."""
    platform, clock = town.platforms["sla"], town.clock
    since = clock.now() - timedelta(minutes=1)
    body = LimitsPublished(division=division, version=version, valid_from=since, limits=steps)
    key = key_of("limits", division, version)
    await platform.writer.publish([publication(key, body, "sla", clock)])

    async def is_read() -> bool:
        return key in configuration_of(platform).all(LimitsPublished)

    await town.eventually(is_read, what="the limits are read")
