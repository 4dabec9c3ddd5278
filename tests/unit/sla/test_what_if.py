"""C9: figures of what sla said, and the same history under another standard, calendar or ladder."""

from datetime import datetime
from typing import Any

import pytest

from contracts.envelope import Actor
from contracts.messages import sla
from contracts.messages.ladders import LadderPublished
from contracts.messages.standards import StandardPublished
from contracts.values import HandlingStandard, LadderStep
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.sla import wiring
from services.sla.adapters import histories
from services.sla.adapters.candidates import LaddersAsOf, PromisesAsOf
from services.sla.adapters.standard_rows import LONG_AGO
from services.sla.domain.what_if import NAMED_AT_MOST, Comparison, Figures, WhatIfFigure, WhatIfPeriod
from services.sla.handlers.outcomes import MatterClocks
from services.sla.handlers.playing import HistoryPlayer, MatterHistory, PlayedSide
from services.sla.ports import TooManyRecords, WhatIfCandidate
from tests.facts.feedback import completed
from tests.facts.routing import accepted, assigned
from tests.facts.sla import NOTICE, ask_more_time
from tests.facts.values import COUNTY, DAY, HOUR, NUMBER, STANDARD, UNIT
from tests.harness import MONDAY, TICKET, fact, request
from tests.unit.sla.scene import Scene

MONTH = WhatIfPeriod(MONDAY - DAY, MONDAY + 30 * DAY)
PLACE = (UNIT, STANDARD.code)
SHORTER = STANDARD.model_copy(update={"version": 2, "limit": 1})


async def completed_on_wednesday() -> Scene:
    """A matter that its unit accepted on Monday under three working days, and completed on Wednesday evening."""
    scene = Scene()
    await scene.hear(assigned())
    await scene.hear(accepted())
    await scene.later(2 * DAY + 9 * HOUR)
    await scene.hear(completed())
    await scene.later(DAY)
    return scene


@pytest.fixture
async def done() -> Scene:
    return await completed_on_wednesday()


def platform_of(scene: Scene) -> InMemoryPlatform:
    return InMemoryPlatform(load(Settings), scene.clock, scene.log)


async def compared(scene: Scene, candidate: WhatIfCandidate, division: str = "") -> Comparison:
    *_, last = [each async for each in wiring.what_ifs_of(platform_of(scene)).run(candidate, MONTH, division)]
    assert isinstance(last, Comparison)
    return last


def counted(found: Comparison) -> tuple[dict[str, int], dict[str, int]]:
    row = found.rows[PLACE]
    return _counts(row.today), _counts(row.candidate)


def _counts(side: Figures) -> dict[str, int]:
    return {what: each.count for what, each in side.items()}


async def test_under_a_shorter_standard_the_matter_would_have_been_late_and_ordered(done: Scene) -> None:
    found = await compared(done, WhatIfCandidate(standards=(StandardPublished(standard=SHORTER),)))
    today, candidate = counted(found)
    assert today == {"clocks": 1, "late": 0, "ordered": 0, "extended": 0}
    assert candidate == {"clocks": 1, "late": 1, "ordered": 1, "extended": 0}
    assert found.rows[PLACE].candidate["late"].numbers == [NUMBER]
    assert found.total.candidate["late"].count == 1


async def test_days_off_of_a_candidate_calendar_give_more_time(done: Scene) -> None:
    shorter = StandardPublished(standard=SHORTER)
    off = ("2026-03-03", "2026-03-04")
    year = sla.CalendarPublished(code=COUNTY, year=2026, version="own-9", provisional=False, days_off=off, workdays=())
    found = await compared(done, WhatIfCandidate(standards=(shorter,), calendars=(year,)))
    assert counted(found)[1]["late"] == 0


async def test_a_candidate_ladder_orders_at_another_colour(done: Scene) -> None:
    step = LadderStep(when="yellow", tell=("unit",), do="order", level=1)
    ladder = LadderPublished(division=COUNTY, version=1, valid_from=MONDAY + 9 * DAY, steps=(step,))
    today, candidate = counted(await compared(done, WhatIfCandidate(ladders=(ladder,))))
    assert (today["ordered"], candidate["ordered"], candidate["late"]) == (0, 1, 0)


async def test_a_matter_of_another_division_is_not_counted(done: Scene) -> None:
    assert (await compared(done, WhatIfCandidate(), "431225")).matters == 0
    assert (await compared(done, WhatIfCandidate(), COUNTY)).matters == 1


async def test_what_does_not_fit_is_refused(done: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "RECORDS_AT_MOST", 2)
    with pytest.raises(TooManyRecords):
        await compared(done, WhatIfCandidate())


def test_more_matters_than_are_named_are_counted() -> None:
    figure = WhatIfFigure()
    for nth in range(NAMED_AT_MOST + 3):
        figure.add(f"n{nth}")
    assert (figure.count, len(figure.numbers)) == (NAMED_AT_MOST + 3, NAMED_AT_MOST)


def set_(clock: str, due: datetime, **more: Any) -> sla.DeadlineSet:
    given: dict[str, Any] = {
        "kind": "complete_by",
        "unit": UNIT,
        "start": MONDAY,
        "standard": "URB-03@1",
        "calendar_version": "1",
    }
    return sla.DeadlineSet(clock=clock, due=due, red=due, **(given | more))


def stopped(clock: str, *, met: bool) -> sla.ClockStopped:
    return sla.ClockStopped(clock=clock, unit=UNIT, met=met, held=1, reason="completed")


def ordered(order: str, clock: str) -> sla.SupervisionOrdered:
    return sla.SupervisionOrdered(order=order, clock=clock, unit=UNIT, colour="red", level=1, items=())


DUE = MONDAY + DAY
GRANTED: dict[str, Any] = {"more_time": "c1m1", "clock": "c1", "kind": "complete_by", "unit": UNIT, "ground": "complex"}
LONGER = sla.MoreTimeDecided(
    **GRANTED, how="extension", amount=1, approved=True, approver="lead", before=DUE, due=DUE + DAY
)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ([set_("c1", DUE), stopped("c1", met=True)], {"clocks"}),
        ([set_("c1", DUE), stopped("c1", met=False)], {"clocks", "late"}),
        ([set_("c1", DUE)], {"clocks", "late"}),
        ([set_("c1", MONDAY + 9 * DAY)], {"clocks"}),
        ([set_("c1", DUE), set_("c1", MONDAY + 9 * DAY)], {"clocks"}),
        ([set_("c1", DUE), stopped("c1", met=True), set_("c2", MONDAY + 9 * DAY, continues="c1")], {"clocks"}),
        ([set_("c1", DUE), ordered("o", "c1"), stopped("c1", met=False)], {"clocks", "late", "ordered"}),
        (
            [
                set_("c1", DUE),
                ordered("o", "c1"),
                sla.OrderWithdrawn(order="o", unit=UNIT, reason="late"),
                stopped("c1", met=True),
            ],
            {"clocks"},
        ),
        ([set_("c1", DUE), LONGER, set_("c1", MONDAY + 9 * DAY)], {"clocks", "extended"}),
        ([set_("c1", DUE), LONGER.model_copy(update={"approved": False}), stopped("c1", met=True)], {"clocks"}),
        ([set_("c1", DUE), ordered("h", ""), stopped("c1", met=True)], {"clocks"}),
    ],
    ids=["met", "missed", "runs late", "runs", "moved", "goes on", "ordered", "withdrawn", "longer", "no", "by hand"],
)
def test_what_is_counted_of_a_clock(said: list[Any], what: set[str]) -> None:
    clocks = MatterClocks()
    for body in said:
        clocks.take(body)
    assert clocks.found(MONTH, MONDAY + 2 * DAY) == {PLACE: what}


def test_answers_to_orders_and_clocks_of_other_months_are_left_out() -> None:
    clocks = MatterClocks()
    clocks.take(set_("c1", DUE, kind="answer_by"))
    clocks.take(set_("c2", DUE, start=MONDAY - 9 * DAY))
    assert clocks.found(MONTH, MONDAY + 2 * DAY) == {}


async def test_more_time_is_asked_for_the_clock_that_was_meant_also_where_clocks_have_other_names() -> None:
    """The log asked for c2; under a candidate with an order before it, c2 is the clock of its answer."""
    asking = ask_more_time(evidence=(NOTICE.model_copy(update={"dated": MONDAY + 3 * DAY}),), until=MONDAY + 5 * DAY)
    history = MatterHistory(
        TICKET,
        (
            fact(assigned(), MONDAY, seq=1, producer="routing"),
            fact(accepted(), MONDAY + 3 * DAY, seq=2, producer="routing"),
            request(asking, MONDAY + 3 * DAY + HOUR, actor_of_the_unit()),
        ),
        {"c2": ("complete_by", MONDAY + 3 * DAY)},
    )
    player = HistoryPlayer(PlayedSide(wiring.build(), lambda promised: promised), history)
    asked = [each.body for each in player.play(MONDAY + 4 * DAY) if isinstance(each.body, sla.MoreTimeAsked)]
    assert player.document is not None
    kinds = {each.id: each.kind for each in player.document.clocks}
    assert kinds["c2"] == "answer_by"
    assert [kinds[each.clock] for each in asked] == ["complete_by"]


def actor_of_the_unit() -> Actor:
    return Actor(role="unit", unit=UNIT, division=COUNTY, principal="staff:a")


def test_a_ladder_of_the_candidate_holds_over_the_whole_period() -> None:
    step = LadderStep(when="red", tell=("unit",), do="order", level=2)
    standing = LadderPublished(division="43", version=1, valid_from=LONG_AGO, steps=())
    candidate = LadderPublished(division=COUNTY, version=1, valid_from=MONDAY + 99 * DAY, steps=(step,))
    found = LaddersAsOf([standing], MONDAY, [candidate])
    assert [each.level for each in found.rungs("431226100", LONG_AGO)] == [2]
    assert found.rungs("431225", MONDAY) == ()


def test_a_standard_that_is_in_no_catalogue_is_promised_as_it_was() -> None:
    promises = PromisesAsOf([StandardPublished(standard=SHORTER)], SHORTER.valid_from)
    other: HandlingStandard = STANDARD.model_copy(update={"code": "OLD-01"})
    assert promises.promise(STANDARD) == SHORTER
    assert promises.promise(other) is other
