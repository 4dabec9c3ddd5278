"""E8: a draw that nobody can steer, anybody can draw again, and that puts untrue closings back to work."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import draws as command
from contracts.lifecycle import TicketState
from services.intake import wiring
from services.intake.adapters.signing import export_lines
from services.intake.workers.drawing.bundle import Bundle, DrawStory, entries_of, story_of, written
from services.intake.workers.drawing.draw_book import WaitingDraw
from services.intake.workers.drawing.worker import Drawing, all_of, population_of
from tests.acceptance.town import COUNTY, SECRETS, ReporterReceipt, RunningSystem

HOUR = timedelta(hours=1)
FOUND = {"method": "on_site", "passed": False, "ground": "untrue_rectification", "words": "现场没有修"}


async def struck_off(town: RunningSystem) -> ReporterReceipt:
    receipt = await town.submit("路灯不亮", "麻阳县高村镇街边路灯坏了，夜里不亮。", place="麻阳县高村镇")
    await town.completed(receipt)
    await town.eventually(lambda: _evaluated(town, receipt), what="the evaluation")
    await town.fact("TicketStruckOff", receipt.number)
    return receipt


async def _evaluated(town: RunningSystem, receipt: ReporterReceipt) -> bool:
    return (await town.evaluate(receipt)).status_code == 200


async def announced(town: RunningSystem, **more: Any) -> str:
    """A draw over what is struck off within the next two hours; its code."""
    begins, ends = town.clock.now(), town.clock.now() + 2 * HOUR
    body = {"division": COUNTY, "begins": begins.isoformat(), "ends": ends.isoformat()} | more
    answer = await town.call("feedback", "POST", "/v1/draws", who=town.staff("supervisor"), json=body)
    assert answer.status_code in (200, 202), answer.text
    code: str = answer.headers["draw-code"]
    await _in_state(town, code, "announced")
    return code


async def _in_state(town: RunningSystem, code: str, state: str) -> dict[str, Any]:
    shown: list[dict[str, Any]] = []

    async def once() -> bool:
        answer = await town.call("feedback", "GET", f"/v1/draws/{code}", who=town.staff("auditor"))
        shown[:] = [answer.json()] if answer.status_code == 200 else []
        return bool(shown) and shown[0]["state"] == state

    await town.eventually(once, what=f"a draw that is {state}")
    return shown[0]


async def drawn(town: RunningSystem, code: str) -> dict[str, Any]:
    """Signed and drawn without waiting for the minute."""
    platform = town.platforms["intake"]
    parts = wiring.adapters(platform)
    drawing = Drawing(parts.ledger, platform.writer, town.clock, SECRETS["DUBAN_CODE_SECRET"].encode())

    async def once() -> bool:
        await wiring.signer_of(parts).sign()
        return bool(await drawing.step())

    await town.eventually(once, what="the draw")
    return await _in_state(town, code, "drawn")


async def bundle(town: RunningSystem, code: str, to: Path) -> tuple[Path, Path]:
    """What ``duban draws bundle`` and ``duban ledger export`` write."""
    parts = wiring.adapters(town.platforms["intake"])
    stories: list[DrawStory] = []

    async def mirrored() -> bool:
        said = story_of(await entries_of(all_of(parts.ledger, "affairs"), f"draw/{code}"), f"draw/{code}")
        stories[:] = [said] if said else []
        return bool(stories)

    await town.eventually(mirrored, what="the sample in the ledger")
    (story,) = stories
    head = await parts.ledger.head(story.sample.head.number)
    assert head is not None
    lines = await population_of(parts.ledger, WaitingDraw(story.key, story.announced, story.closing), head.head)
    files = to / "bundle.json", to / "ledger.jsonl"
    files[0].write_bytes(written(Bundle(story, head, tuple(lines))))
    export = [line async for line in export_lines(parts.ledger, wiring.signer_of(parts))]
    files[1].write_bytes(b"".join(export))
    return files


def verify(file: Path, ledger: Path) -> Result:
    return CliRunner().invoke(command.app, ["verify", str(file), "--ledger", str(ledger)])


@pytest.mark.timeout(240)
async def test_E8_a_draw_is_drawn_as_announced_and_a_failed_check_reopens_the_matter(
    town: RunningSystem, tmp_path: Path
) -> None:
    code = await announced(town)
    receipt = await struck_off(town)
    town.wind(4 * HOUR)
    await _in_state(town, code, "closed")
    shown = await drawn(town, code)
    assert shown["drawn"] >= 1
    file, ledger = await bundle(town, code, tmp_path)
    said = verify(file, ledger)
    assert said.exit_code == 0, said.output
    file.write_text(file.read_text("utf-8").replace(f"{COUNTY}/", "430000/", 1), "utf-8")
    assert verify(file, ledger).exit_code == 1
    await checked_and_reopened(town, code, receipt)


async def checked_and_reopened(town: RunningSystem, code: str, receipt: ReporterReceipt) -> None:
    """The matter was drawn: it is the only one in its stratum or one of few."""
    supervisor = town.staff("supervisor")
    opened = await town.fact("CheckOpened", receipt.number)
    assert opened.body.draw == f"draw/{code}"
    listed = await town.call("feedback", "GET", "/v1/checks", who=supervisor, params={"limit": 200})
    assert receipt.number in {each["number"] for each in listed.json()["checks"]}
    result = {"draw": f"draw/{code}"} | FOUND
    await town.ok("feedback", f"/v1/tickets/{receipt.number}/check-result", supervisor, result)
    rework = await town.fact("ReworkOrdered", receipt.number)
    assert (rework.body.reason, rework.body.round) == ("untrue_rectification", 2)
    notices = await town.call("feedback", "GET", f"/v1/draws/{code}/notices", who=supervisor)
    assert receipt.number in {each["number"] for each in notices.json()["notices"]}
    await town.eventually(lambda: _is_rework(town, receipt), what="the rework on the page")


async def _is_rework(town: RunningSystem, receipt: ReporterReceipt) -> bool:
    answer = await town.call("portal", "GET", f"/v1/tickets/{receipt.number}", who=town.staff("supervisor"))
    return bool(answer.status_code == 200 and answer.json()["state"] == TicketState.REWORK.value)


async def test_E8_a_draw_that_is_announced_too_late_or_elsewhere_is_refused(town: RunningSystem) -> None:
    now = town.clock.now()
    late = {"division": COUNTY, "begins": (now - 3 * HOUR).isoformat(), "ends": (now - HOUR).isoformat()}
    answer = await town.call("feedback", "POST", "/v1/draws", who=town.staff("supervisor"), json=late)
    assert (answer.status_code, answer.json()["type"]) == (409, "announced_late")
    elsewhere = await town.call("feedback", "POST", "/v1/draws", who=town.staff("supervisor", "431222"), json=late)
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (403, "out_of_scope")


async def test_E8_a_value_from_outside_is_waited_for(town: RunningSystem) -> None:
    code = await announced(town, outside="双色球 2026-03-03")
    early = await town.call(
        "feedback", "POST", f"/v1/draws/{code}/outside", who=town.staff("supervisor"), json={"value": "03 11"}
    )
    assert (early.status_code, early.json()["type"]) == (409, "not_closed")
    town.wind(4 * HOUR)
    await _in_state(town, code, "closed")
    await town.ok("feedback", f"/v1/draws/{code}/outside", town.staff("supervisor"), {"value": "03 11 16"})
    assert (await _in_state(town, code, "closed"))["outside_value"] == "03 11 16"
