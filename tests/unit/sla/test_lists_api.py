"""sla's lists across matters over HTTP: within the scope, of any past instant, whole or refused."""

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from contracts.vocabulary import COLOURS
from runtime.identity.tokens import Principal
from services.sla.api import lists
from tests.facts.feedback import completed
from tests.facts.routing import accepted, assigned
from tests.facts.sla import decide_more_time
from tests.facts.values import DAY, HOUR, LEAD, NUMBER, OTHER, UNIT, UNIT_ZH
from tests.unit.sla.test_api import SUPERVISOR, ServedScene
from tests.unit.sla.test_more_time import CLERK, EXTENDABLE, LEADER, extension

HEAD = Principal("h", UNIT, "431226", "head")


@pytest.fixture
async def late() -> ServedScene:
    """A matter that its unit accepted, brought to an end a day after it was due, and it is a day later."""
    scene = ServedScene()
    await scene.hear(assigned())
    await scene.hear(accepted())
    await scene.later(scene.document().clocks[-1].due + DAY - scene.clock.now())
    await scene.hear(completed())
    await scene.later(DAY)
    return scene


def asked(scene: ServedScene, back: timedelta) -> str:
    """The instant so long ago, in a query."""
    return quote((scene.clock.now() - back).isoformat())


async def test_a_unit_is_named_with_how_many_how_long_and_which(late: ServedScene) -> None:
    found: Any = (await late.ask(f"/v1/overdue?as_of={asked(late, 25 * HOUR)}")).json()
    [unit] = found["units"]
    of_the_work = next(each for each in unit["clocks"] if each["kind"] == "complete_by")
    assert (unit["unit"], unit["unit_zh"], unit["overdue"], unit["running"]) == (UNIT, UNIT_ZH, 1, 1)
    assert (of_the_work["number"], of_the_work["stopped"]) == (NUMBER, None)
    assert unit["longest_seconds"] == of_the_work["overdue_seconds"] == 23 * 3600
    assert [(each["lead_unit"], each["overdue"]) for each in found["lead_units"]] == [(LEAD, 1)]


async def test_what_stopped_stays_named_in_its_period(late: ServedScene) -> None:
    week: Any = (await late.ask("/v1/overdue?by=month")).json()
    row = next(each for each in week["units"][0]["clocks"] if each["kind"] == "complete_by")
    assert (row["overdue_seconds"], bool(row["stopped"])) == (24 * 3600, True)
    today: Any = (await late.ask("/v1/overdue?by=day")).json()
    assert (today["overdue"], today["units"]) == (0, [])


async def test_what_was_late_before_more_time_was_granted_stays_named_for_that_instant() -> None:
    scene = ServedScene()
    await scene.hear(assigned())
    await scene.hear(accepted(standard=EXTENDABLE))
    assert await scene.asked(extension(2), CLERK) == "accepted"
    await scene.later(scene.document().clock("c2").due + HOUR - scene.clock.now())
    assert await works(scene, timedelta()) == [3600]
    assert await scene.asked(decide_more_time(), LEADER) == "accepted"
    await scene.later(HOUR)
    assert (await works(scene, timedelta()), await works(scene, HOUR + HOUR / 2)) == ([], [1800])


async def works(scene: ServedScene, back: timedelta) -> list[int]:
    """How long the clock of the work was overdue, so long ago; nothing where it was not."""
    found: Any = (await scene.ask(f"/v1/overdue?as_of={asked(scene, back)}")).json()
    rows = [row for unit in found["units"] for row in unit["clocks"]]
    return [row["overdue_seconds"] for row in rows if row["kind"] == "complete_by"]


async def test_the_same_as_a_table_for_office_programs(late: ServedScene) -> None:
    answer = await late.ask("/v1/overdue?by=month&form=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["unit"], row["unit_zh"], row["number"], row["overdue_seconds"]) for row in rows] == [
        (UNIT, UNIT_ZH, NUMBER, "86400")
    ]


@pytest.mark.parametrize(
    ("question", "who", "status"),
    [
        ("/v1/overdue?division=431225", SUPERVISOR, 403),
        ("/v1/overdue?division=43", SUPERVISOR, 200),
        ("/v1/overdue?division=Mayang", SUPERVISOR, 422),
        ("/v1/overdue?by=year", SUPERVISOR, 422),
        ("/v1/overdue?as_of=yesterday", SUPERVISOR, 422),
        ("/v1/overdue?form=xlsx", SUPERVISOR, 422),
        ("/v1/overdue", None, 401),
        ("/v1/lights?division=431225", SUPERVISOR, 403),
        ("/v1/lights?by=township", SUPERVISOR, 422),
        ("/v1/lights", None, 401),
    ],
)
async def test_what_cannot_be_answered_is_refused(
    late: ServedScene, question: str, who: Principal | None, status: int
) -> None:
    assert (await late.ask(question, who)).status_code == status


async def test_nobody_is_named_for_what_lies_ahead(late: ServedScene) -> None:
    answer = await late.ask(f"/v1/overdue?as_of={asked(late, -HOUR)}")
    assert (answer.status_code, answer.json()["type"]) == (422, "as_of_ahead")


@pytest.mark.parametrize(
    ("who", "named"),
    [
        (SUPERVISOR, [UNIT]),
        (HEAD, [UNIT]),
        (Principal("o", OTHER, "431226", "unit"), []),
        (Principal("n", "", "431225", "supervisor"), []),
    ],
)
async def test_whoever_asks_hears_of_the_own_offices(late: ServedScene, who: Principal, named: list[str]) -> None:
    found: Any = (await late.ask("/v1/overdue?by=month", who)).json()
    assert [each["unit"] for each in found["units"]] == named


async def test_figures_are_whole_or_refused(late: ServedScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "AT_MOST", 0)
    answer = await late.ask("/v1/overdue?by=month")
    assert (answer.status_code, answer.json()["type"]) == (422, "too_many")


async def test_lights_are_counted_as_they_are_now_though_no_timer_has_run() -> None:
    scene = ServedScene()
    await scene.hear(assigned())
    await scene.hear(accepted())
    clock, seen = scene.document().clocks[-1], list[str]()
    for begins in (clock.start, clock.yellow, clock.orange, clock.due):
        scene.pass_time(begins - scene.clock.now())
        [row] = (await scene.ask("/v1/lights")).json()["rows"]
        assert (row["unit"], row["unit_zh"], sum(row[each] for each in COLOURS)) == (UNIT, UNIT_ZH, 1)
        seen += [colour for colour in COLOURS if row[colour]]
    assert seen == ["green", "yellow", "orange", "red"]
    assert [row["county"] for row in (await scene.ask("/v1/lights?by=county")).json()["rows"]] == ["431226"]
    await scene.hear(completed())
    assert (await scene.ask("/v1/lights")).json()["rows"] == []
