"""Clocks when urgency is judged: set anew from there, in minutes, or as they are without it."""

from tests.facts.routing import accepted, assigned, urgency_judged
from tests.facts.values import MINUTE
from tests.unit.sla.scene import Scene


async def test_a_raised_matter_gets_its_clocks_in_minutes_from_there() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.hear(urgency_judged())
    sheet = scene.document()
    accept, day = sheet.running("accept_by")[0], sheet.running("complete_by")[0]
    assert sheet.urgent
    assert accept.due - accept.start == 30 * MINUTE
    assert day.due - day.start == 24 * 60 * MINUTE


async def test_a_lowered_matter_has_its_ordinary_clocks() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    await scene.hear(urgency_judged(urgent=False, level="no"))
    running = scene.document().running()
    assert [clock.kind for clock in running] == ["accept_by"]
    assert running[0].limit.standard == "accept"


async def test_after_acceptance_lowering_brings_the_promise_back() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    await scene.hear(accepted())
    before = scene.document().running("complete_by")[0]
    await scene.hear(urgency_judged(urgent=False, level="no"))
    after = scene.document().running("complete_by")[0]
    assert before.limit.standard == "complete-urgent"
    assert after.limit == scene.document().promised


async def test_a_word_that_changes_nothing_moves_no_clock() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    before = scene.document()
    await scene.hear(urgency_judged())
    assert scene.document() == before
