"""C7: a division says who hears of which colour, and these hear. On the real stack."""

from datetime import timedelta

import pytest

from contracts.messages.ladders import LadderPublished
from contracts.values import LadderStep
from runtime.process.configuration import publication
from runtime.process.editions import key_of
from services.sla.adapters.published import configuration_of
from tests.acceptance.test_C3_C4_C5_clocks import road
from tests.acceptance.town import RunningSystem

pytestmark = pytest.mark.stack


async def publish(town: RunningSystem, division: str, version: int, *steps: LadderStep) -> None:
    """A ladder that holds from now on; waits until sla has read it."""
    platform, clock = town.platforms["sla"], town.clock
    since = clock.now() - timedelta(minutes=1)
    body = LadderPublished(division=division, version=version, valid_from=since, steps=steps)
    key = key_of("ladder", division, version)
    await platform.writer.publish([publication(key, body, "sla", clock)])

    async def is_read() -> bool:
        return key in configuration_of(platform).all(LadderPublished)

    await town.eventually(is_read, what="the ladder is read")


async def test_C7_a_division_says_what_follows_a_colour(town: RunningSystem) -> None:
    receipt = await road(town, "请上一级督办。")
    division = (await town.assigned(receipt)).body.division
    early = LadderStep(when="yellow", tell=("unit",), kinds=("complete_by",), do="order", level=2)
    await publish(town, division, 3, early)
    try:
        await town.accepted(receipt)
        set_ = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")).body
        town.wind(set_.yellow - town.clock.now() + timedelta(hours=5))
        ordered = await town.fact("SupervisionOrdered", receipt.number)
        order = ordered.body
        assert (order.clock, order.colour, order.level) == (set_.clock, "yellow", 2)
        assert order.unit != set_.unit
        assert ordered.at >= set_.yellow + timedelta(hours=4)
    finally:
        await publish(town, division, 4)


async def test_C7_a_division_says_who_hears_of_a_colour(town: RunningSystem) -> None:
    receipt = await road(town, "请牵头单位关注。")
    division = (await town.assigned(receipt)).body.division
    set_ = (await town.fact("DeadlineSet", receipt.number)).body
    await publish(town, division, 1, LadderStep(when="yellow", tell=("lead", "leader"), kinds=("accept_by",)))
    try:
        town.wind(set_.yellow - town.clock.now())
        light = (await town.fact("LightChanged", receipt.number, lambda m: m.body.new == "yellow")).body
        assert light.tell == ("lead", "leader")

        async def are_told() -> bool:
            path = f"/v1/tickets/{receipt.number}/deliveries"
            items = (await town.call("notify", "GET", path, who=town.staff("supervisor"))).json()
            return {each["audience"] for each in items if each["kind"] == "light_yellow"} == {"lead", "leader"}

        await town.eventually(are_told, what="those of the ladder hear, and nobody else")
    finally:
        await publish(town, division, 2)
