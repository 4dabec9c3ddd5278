"""C9: today's side of a what-if says what the log says, and a candidate that is what holds today changes nothing."""

import asyncio
from collections import defaultdict
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from itertools import zip_longest
from typing import Any

import pytest

from contracts.envelope import Body, RequestDecided
from contracts.messages.schemes import MeasureLightChanged
from contracts.messages.sla import CalendarPublished, DeadlineSet, LightChanged, SupervisionOrdered
from runtime.delivery.service import Service
from runtime.memory.log import InMemoryLog, InMemoryTail
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.sla import wiring
from services.sla.adapters import packaged
from services.sla.adapters.histories import TicketHistories
from services.sla.adapters.packaged import publications
from services.sla.adapters.published import PublishedCatalogue, PublishedLadders, calendars_of, configuration_of
from services.sla.adapters.what_if import LogWhatIfs, PublishedSides
from services.sla.domain.sheet import ClockSheet
from services.sla.domain.what_if import Comparison, Found, WhatIfPeriod
from services.sla.handlers.outcomes import MatterClocks
from services.sla.handlers.playing import HistoryPlayer, MatterHistory, PlayedSide
from services.sla.ports import NOTHING_APPLIED, AppliedStandards, Calendars, Ladders, WhatIfCandidate
from simulation.history import History
from simulation.village import BEGIN, Village

ALL = WhatIfPeriod(BEGIN, BEGIN + timedelta(days=31))
SEEDS = (0, 1, 2)  # with orders, more time and conferences
LATE = timedelta(minutes=10)  # a knock may be: one for an instant may serve the next instant, too
Said = list[tuple[datetime, Body]]


@cache
def lived(seed: int, *, faulty: bool) -> Village:
    village = Village(seed, faulty=faulty)
    with closing(village.events):
        village.live(4, 25)
    return village


def platform_of(village: Village) -> InMemoryPlatform:
    return InMemoryPlatform(load(Settings), village.clock, village.log)


def log_says(village: Village) -> dict[str, Said]:
    """What sla said of each matter, without the outcomes of requests."""
    found: dict[str, Said] = defaultdict(list)
    for ticket, messages in History(village.log.of_topic("tickets")).messages.items():
        by_seq = sorted((m for m in messages if m.producer == "sla" and m.seq), key=lambda m: m.seq)
        found[ticket] = [(m.at, m.body) for m in by_seq if not isinstance(m.body, RequestDecided)]
    return {ticket: said for ticket, said in found.items() if said}


async def histories(log: InMemoryLog) -> list[MatterHistory]:
    found, made = TicketHistories(InMemoryTail(log, "tickets"), wiring.build().reacts), list[MatterHistory]()
    span = await found.span()
    for partition in range(len(span.ends)):
        for records in await found.of(partition, span, ALL, ""):
            history = found.history(records)
            assert history is not None
            made.append(history)
    return made


def figures(said: Said, village: Village) -> Found:
    clocks = MatterClocks()
    for _, body in said:
        clocks.take(body)
    return clocks.found(ALL, village.clock.now())


def compared(village: Village, candidate: WhatIfCandidate, platform: InMemoryPlatform | None = None) -> Comparison:
    platform = platform or platform_of(village)
    published = PublishedLadders(configuration_of(platform)), PublishedCatalogue(configuration_of(platform))

    def over(calendars: Calendars, _: Ladders, applied: AppliedStandards) -> Service[ClockSheet]:
        return wiring.build(calendars, ladders=village.ladders, applied=applied)

    sides = PublishedSides(over, calendars_of(platform), *published, NOTHING_APPLIED)

    async def steps() -> list[object]:
        what_ifs = LogWhatIfs(platform.tail("tickets"), sides, village.clock.now)
        return [step async for step in what_ifs.run(candidate, ALL, "")]

    last = asyncio.run(steps())[-1]
    assert isinstance(last, Comparison)
    return last


def as_it_is() -> WhatIfCandidate:
    """All that holds today, written down once more."""
    years = (body for _, body in publications() if isinstance(body, CalendarPublished))
    return WhatIfCandidate(standards=packaged.standards(), calendars=tuple(years))


def differ(played: Said, said: Said) -> list[object]:
    """Where they are not the same facts, each at the same time but for how late a knock came.

    Lights of measures are no figure: one that no knock was in time for before the work was over is played all the same.
    """
    sides = ([each for each in side if not isinstance(each[1], MeasureLightChanged)] for side in (played, said))
    pairs = zip_longest(*sides, fillvalue=(BEGIN, None))
    return [(one, other) for one, other in pairs if one[1] != other[1] or abs(one[0] - other[0]) > LATE]


@pytest.mark.parametrize("faulty", [False, True])
def test_todays_side_says_what_the_log_says_fact_by_fact(*, faulty: bool) -> None:
    kinds = set[type[Body]]()
    for seed in SEEDS:
        village = lived(seed, faulty=faulty)
        said = log_says(village)
        side = PlayedSide(village.services["sla"], lambda promised: promised)
        played = {
            each.key: [(then.at, then.body) for then in HistoryPlayer(side, each).play(village.clock.now())]
            for each in asyncio.run(histories(village.log))
        }
        for ticket in played.keys() | said.keys():
            assert differ(played.get(ticket, []), said.get(ticket, [])) == [], f"seed {seed}, {ticket}"
        kinds |= {type(body) for each in said.values() for _, body in each}
    assert {DeadlineSet, LightChanged, SupervisionOrdered} <= kinds


@pytest.mark.parametrize("seed", SEEDS)
def test_a_candidate_that_is_what_holds_today_changes_nothing(seed: int) -> None:
    village = lived(seed, faulty=False)
    found = compared(village, as_it_is())
    assert found.unreadable == 0
    assert found.rows
    for place, row in found.ordered():
        assert row.today == row.candidate, place
    assert found.total.today == found.total.candidate


@pytest.mark.parametrize("seed", SEEDS)
def test_todays_figures_are_those_of_the_facts_in_the_log(seed: int) -> None:
    village, expected = lived(seed, faulty=False), Comparison()
    for ticket, said in log_says(village).items():
        of_the_log = figures(said, village)
        expected.add(ticket, of_the_log, {})
    found = compared(village, WhatIfCandidate())
    assert counts(found) == counts(expected)


def counts(found: Comparison) -> dict[Any, dict[str, int]]:
    return {place: {what: each.count for what, each in row.today.items()} for place, row in found.ordered()}


def test_nothing_is_said_or_written() -> None:
    village = lived(1, faulty=False)
    platform = platform_of(village)
    before = {place: list(records) for place, records in village.log.records.items()}
    positions = {group: dict(each) for group, each in village.log.positions.items()}
    compared(village, as_it_is(), platform)
    assert {place: list(records) for place, records in village.log.records.items() if records} == before
    assert {group: dict(each) for group, each in village.log.positions.items() if each} == positions
    assert platform.store(wiring.of(platform)).records == {}
    assert calendars_of(platform).current("431226") == packaged.calendar()
