"""抽样 from the ledger: the first head after the closing, the population up to it, and nobody's choice."""

import secrets
from datetime import datetime
from typing import Any

import pytest

from contracts.draws import DrawLine, commitment_of, digest_of, draw, nonce_of, seed_of
from contracts.envelope import Body, type_of
from contracts.messages import draws as said
from runtime.clock import Clock
from runtime.delivery.records import Incoming
from runtime.http.requests import outgoing
from runtime.identity.seals import to_text
from runtime.memory.log import InMemoryLog, InMemoryReader, InMemoryWriter
from services.intake.adapters.memory import InMemoryLedger
from services.intake.adapters.signing import Signer
from services.intake.workers.drawing.worker import Drawing
from services.intake.workers.ledger import LedgerLoop
from tests.facts.draws import DRAW, draw_announced, draw_closed, outside_supplied, sample_drawn
from tests.facts.feedback import completed, rework_ordered, struck_off
from tests.facts.routing import accepted
from tests.facts.sla import deadline_set
from tests.facts.values import DAY, HOUR
from tests.harness import MONDAY, decoded, fact

SECRET = b"s" * 32
NONCE = nonce_of(SECRET, DRAW)
END = MONDAY + 30 * DAY


class LedgerStage:
    """The ledger over a log in memory, and the machine that draws from it."""

    def __init__(self) -> None:
        self.log, self.ledger = InMemoryLog(), InMemoryLedger()
        reader = InMemoryReader(self.log, "intake.ledger", ("submissions", "tickets", "affairs"))
        self.loop = LedgerLoop(reader, self.ledger)
        self.signer = Signer(self.ledger, to_text(secrets.token_bytes(32)))
        self.drawing = Drawing(self.ledger, InMemoryWriter(self.log), Clock(wall=lambda: END + DAY), SECRET)
        self._seq = 0

    def say(self, body: Body, key: str, at: datetime = MONDAY, topic: str = "tickets") -> None:
        self._seq += 1
        self.log.append(outgoing(fact(body, at=at, key=key, seq=self._seq), topic))

    def affair(self, body: Body, key: str = DRAW) -> None:
        self.say(body, key, topic="affairs")

    async def sign(self) -> str:
        """Mirror everything, sign; the hash of the head."""
        while await self.loop.step():
            continue
        head = await self.signer.sign()
        return head.hash if head else ""

    def samples(self) -> list[said.DrawSample]:
        records: list[Incoming] = [
            each for each in self.log.of_topic("affairs") if type_of(each.headers) == said.DrawSample.__name__
        ]
        return [decoded(each, said.DrawSample).body for each in records]

    def matter(self, ticket: str, at: datetime = MONDAY + DAY, category: str = "URB.06", **clock: Any) -> None:
        """Accepted, completed a day before ``at``, struck off at ``at``."""
        self.say(accepted(category=category, division="431226104"), ticket)
        self.say(deadline_set(kind="complete_by", red=MONDAY + 50 * DAY, **clock), ticket)
        self.say(completed(), ticket, at - DAY)
        self.say(struck_off(), ticket, at)


@pytest.fixture
def stage() -> LedgerStage:
    return LedgerStage()


def announced(**changed: Any) -> said.DrawAnnounced:
    return draw_announced(commitment=commitment_of(NONCE), **changed)


async def test_what_was_struck_off_in_the_period_is_drawn_by_the_first_head_after_the_closing(
    stage: LedgerStage,
) -> None:
    stage.affair(announced())
    for nth in range(25):
        stage.matter(f"T{nth:02}", yellow=None)
    stage.matter("BEFORE", MONDAY - DAY)
    stage.matter("AFTER", END)
    await stage.sign()
    stage.affair(draw_closed())
    head = await stage.sign()
    stage.matter("LATE")
    await stage.sign()
    await stage.drawing.step()
    (sample,) = stage.samples()
    lines = [DrawLine(f"T{nth:02}", "431226/URB/green") for nth in range(25)]
    (stratum,) = draw(lines, seed_of(NONCE, head, ""), 150, 95)
    assert (sample.head.hash, sample.nonce, sample.population) == (head, NONCE, digest_of(lines))
    assert [(each.name, each.size, each.drawn) for each in sample.strata] == [
        (stratum.name, stratum.size, stratum.drawn)
    ]


async def test_a_matter_stands_in_the_stratum_of_its_county_class_and_light_at_completion(stage: LedgerStage) -> None:
    stage.affair(announced())
    stage.matter("T1", MONDAY + 9 * DAY, "WTR.01", yellow=MONDAY + 2 * DAY)
    stage.matter("T2", MONDAY + 3 * DAY, "", yellow=MONDAY + 9 * DAY)
    stage.affair(draw_closed())
    await stage.sign()
    await stage.drawing.step()
    assert [each.name for each in stage.samples()[0].strata] == ["431226/WTR/yellow", "431226/none/green"]


async def test_a_matter_that_came_back_and_was_struck_off_again_is_there_once(stage: LedgerStage) -> None:
    stage.affair(announced())
    stage.matter("T1", MONDAY + 2 * DAY)
    stage.say(rework_ordered(), "T1", MONDAY + 3 * DAY)
    stage.say(struck_off(), "T1", MONDAY + 5 * DAY)
    stage.affair(draw_closed())
    await stage.sign()
    await stage.drawing.step()
    assert [each.size for each in stage.samples()[0].strata] == [1]


async def test_another_division_is_not_drawn(stage: LedgerStage) -> None:
    stage.affair(announced(division="431225"))
    stage.matter("T1")
    stage.affair(draw_closed())
    await stage.sign()
    await stage.drawing.step()
    assert stage.samples()[0].strata == ()


@pytest.mark.parametrize("lacks", ["closing", "head", "outside"])
async def test_nothing_is_drawn_while_something_is_missing(stage: LedgerStage, lacks: str) -> None:
    stage.affair(announced(outside="双色球"))
    stage.matter("T1")
    if lacks != "closing":
        stage.affair(draw_closed())
    if lacks != "outside":
        stage.affair(outside_supplied())
    if lacks == "head":
        while await stage.loop.step():
            continue
    else:
        await stage.sign()
    assert await stage.drawing.step() == 0
    assert stage.samples() == []


async def test_a_value_from_outside_goes_into_the_seed_but_the_head_is_that_of_the_closing(stage: LedgerStage) -> None:
    stage.affair(announced(outside="双色球"))
    for nth in range(30):
        stage.matter(f"T{nth:02}", yellow=None)
    stage.affair(draw_closed())
    head = await stage.sign()
    stage.affair(outside_supplied())
    await stage.sign()
    await stage.drawing.step()
    lines = [DrawLine(f"T{nth:02}", "431226/URB/green") for nth in range(30)]
    (stratum,) = draw(lines, seed_of(NONCE, head, outside_supplied().value), 150, 95)
    assert stage.samples()[0].strata[0].drawn == stratum.drawn


async def test_what_is_drawn_is_drawn_once_and_a_machine_that_starts_anew_knows(stage: LedgerStage) -> None:
    stage.affair(announced())
    stage.matter("T1")
    stage.affair(draw_closed())
    await stage.sign()
    assert [await stage.drawing.step(), await stage.drawing.step()] == [1, 0]
    stage.affair(sample_drawn())
    await stage.sign()
    fresh = Drawing(stage.ledger, InMemoryWriter(stage.log), Clock(wall=lambda: END), SECRET)
    assert await fresh.step() == 0
    assert len(stage.samples()) == 1


async def test_a_second_machine_asks_for_the_same(stage: LedgerStage) -> None:
    """So that two processes are one request."""
    stage.affair(announced())
    stage.matter("T1")
    stage.affair(draw_closed())
    await stage.sign()
    fresh = Drawing(stage.ledger, InMemoryWriter(stage.log), Clock(wall=lambda: END + HOUR), SECRET)
    await stage.drawing.step()
    await fresh.step()
    first, second = (
        decoded(each, said.DrawSample)
        for each in stage.log.of_topic("affairs")
        if type_of(each.headers) == said.DrawSample.__name__
    )
    assert (first.id, first.body) == (second.id, second.body)
