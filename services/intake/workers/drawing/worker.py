"""抽样 (E8): once a draw is closed, the ledger draws its sample by its first signed head that covers the closing."""

import asyncio
from collections.abc import AsyncIterator

import structlog

from contracts.draws import DrawLine, nonce_of
from contracts.envelope import Actor, Body, Kind, Message
from contracts.messages.draws import DrawSample
from runtime.clock import Clock
from runtime.delivery.ports import Writer
from runtime.http.requests import outgoing
from runtime.ids import id_of
from runtime.workers import repeated
from services.intake.domain.ledger import Head, LedgerEntry, Signed, Span
from services.intake.ports import Ledger
from services.intake.workers.drawing.draw_book import DrawBook, DrawTooLarge, WaitingDraw, sample_of
from services.intake.workers.drawing.population import Population, StruckOffIn

LOOK_EVERY = 30.0  # seconds of wall time
ACTOR = Actor(role="system", principal="ledger")
log = structlog.get_logger()


class Drawing:
    """Follows the log of affairs in the ledger and draws what is due. What it asks for twice is one request."""

    def __init__(self, ledger: Ledger, writer: Writer, clock: Clock, secret: bytes) -> None:
        self._ledger, self._writer, self._clock, self._secret = ledger, writer, clock, secret
        self._book, self._read = DrawBook(), dict[tuple[str, int], int]()
        self._asked = set[str]()

    async def step(self) -> int:
        """Draw what is due; how many draws that was. Raises Unavailable."""
        await self._follow()
        due = [each for each in self._book.waiting.values() if each.is_due and each.key not in self._asked]
        return sum([await self._draw(each) for each in due])

    async def _follow(self) -> None:
        for place in [each for each in await self._ledger.places() if _is_of("affairs", each[0])]:
            end = (await self._ledger.end(*place)).offset
            async for entry in self._ledger.entries([(*place, self._read.get(place, 0), end)]):
                self._book.take(entry)
            self._read[place] = end + 1

    async def _draw(self, waiting: WaitingDraw) -> bool:
        head = await first_covering(self._ledger, waiting)
        if head is None:
            return False
        lines = await population_of(self._ledger, waiting, head.head)
        try:
            sample = sample_of(waiting, nonce_of(self._secret, waiting.key), head, lines)
        except DrawTooLarge:
            remedy = "announce a draw for each county"
            log.error("draw_too_large", draw=waiting.key, matters=len(lines), remedy=remedy)
        else:
            await self._writer.publish([outgoing(self._request(waiting.key, sample), "affairs")])
        self._asked.add(waiting.key)
        return True

    def _request(self, key: str, sample: DrawSample) -> Message[Body]:
        return Message(
            id=id_of("sample", key, sample.head.hash),
            type=DrawSample.__name__,
            kind=Kind.REQUEST,
            key=key,
            producer="intake",
            at=self._clock.now(),
            time=self._clock.wall(),
            body=sample,
            to=("feedback",),
            actor=ACTOR,
        )

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("drawing", self.step, LOOK_EVERY)(stop)


async def all_of(ledger: Ledger, topic: str) -> AsyncIterator[LedgerEntry]:
    """Every entry of a topic."""
    for place in [each for each in await ledger.places() if _is_of(topic, each[0])]:
        async for entry in ledger.entries([(*place, 0, (await ledger.end(*place)).offset)]):
            yield entry


async def first_covering(ledger: Ledger, waiting: WaitingDraw) -> Signed | None:
    """The first signed head that covers the closing; None while there is none. Heads only grow: halving finds it."""
    last = await ledger.last_heads(1)
    if not last or not _covers(last[0].head, waiting):
        return None
    low, high, found = 0, last[0].head.number, last[0]
    while low < high:
        middle = (low + high) // 2
        head = await ledger.head(middle)
        assert head is not None, "heads are numbered without a gap"
        low, high, found = (low, middle, head) if _covers(head.head, waiting) else (middle + 1, high, found)
    return found


async def population_of(ledger: Ledger, waiting: WaitingDraw, head: Head) -> list[DrawLine]:
    """The lines of what was struck off in the period, up to the head."""
    spans: list[Span] = [(log, part, 0, at) for log, part, at, _ in head.chains if _is_of("tickets", log)]
    period = StruckOffIn(waiting.announced.begins, waiting.announced.ends)
    async for entry in ledger.entries(spans):
        period.take(entry.record)
    population = Population(period.tickets)
    async for entry in ledger.entries(spans):
        population.take(entry.record)
    return population.lines(waiting.announced.division)


def _is_of(topic: str, log_name: str) -> bool:
    """Whether a log, named topic/epoch, is of this topic."""
    return log_name.partition("/")[0] == topic


def _covers(head: Head, waiting: WaitingDraw) -> bool:
    assert waiting.closing is not None
    log_name, partition, offset = waiting.closing
    return any((each[0], each[1]) == (log_name, partition) and each[2] >= offset for each in head.chains)
