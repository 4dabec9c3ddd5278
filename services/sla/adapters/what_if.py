"""A what-if: each matter of the log played twice in memory, today's configuration beside a candidate."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import datetime

import structlog

from contracts.envelope import Body
from runtime.delivery.ports import Tail
from runtime.delivery.records import Incoming
from runtime.delivery.service import Service
from runtime.telemetry import traces
from services.sla.adapters.candidates import AppliedBeside, CalendarsAsOf, LaddersAsOf, PromisesAsOf
from services.sla.adapters.histories import TicketHistories
from services.sla.adapters.published import PublishedCalendars, PublishedCatalogue, PublishedLadders
from services.sla.domain.sheet import ClockSheet
from services.sla.domain.what_if import Comparison, Found, WhatIfPeriod
from services.sla.handlers.outcomes import MatterClocks
from services.sla.handlers.playing import HistoryPlayer, MatterHistory, PlayedSide
from services.sla.ports import AlreadyRunning, AppliedStandards, Calendars, Ladders, WhatIfCandidate, WhatIfProgress

log = structlog.get_logger()
ServiceOver = Callable[[Calendars, Ladders, AppliedStandards], Service[ClockSheet]]
"""The service with these calendars, ladders and applied standards behind its ports."""


class PublishedSides:
    """Today's configuration, alone or with a candidate over it."""

    def __init__(
        self,
        build: ServiceOver,
        calendars: PublishedCalendars,
        ladders: PublishedLadders,
        catalogue: PublishedCatalogue,
        applied: AppliedStandards,
    ) -> None:
        self._build, self._calendars, self._ladders = build, calendars, ladders
        self._catalogue, self._applied = catalogue, applied

    def side(self, candidate: WhatIfCandidate, at: datetime) -> PlayedSide:
        """As of one instant; without a candidate what holds then."""
        promises = PromisesAsOf(self._catalogue.standards(), at, candidate.standards)
        ladders = LaddersAsOf(self._ladders.sound(), at, candidate.ladders)
        calendars = CalendarsAsOf(self._calendars, candidate.calendars)
        applied = AppliedBeside(self._applied, candidate.standards)
        return PlayedSide(self._build(calendars, ladders, applied), promises.promise)


class LogWhatIfs:
    """The port, over the ticket log. One runs at a time."""

    def __init__(self, tail: Tail, sides: PublishedSides, now: Callable[[], datetime]) -> None:
        self._tail, self._sides, self._now = tail, sides, now
        self._runs = False

    async def run(
        self, candidate: WhatIfCandidate, period: WhatIfPeriod, division: str
    ) -> AsyncGenerator[WhatIfProgress | Comparison, None]:
        """How far it is after each partition, and at last the comparison."""
        if self._runs:
            raise AlreadyRunning
        self._runs = True
        try:
            run = WhatIfRun(self._sides, candidate, period, division, self._now())
            histories = TicketHistories(self._tail, run.models())
            span = await histories.span()
            for partition in range(len(span.ends)):
                yield WhatIfProgress(partition, len(span.ends), run.comparison.matters)
                for records in await histories.of(partition, span, period, division):
                    run.play(histories, records)
                    await asyncio.sleep(0)  # whoever asks for something else is answered in between
            yield run.comparison
        finally:
            self._runs = False


class WhatIfRun:
    """Both sides, and what came of the matters so far."""

    def __init__(
        self, sides: PublishedSides, candidate: WhatIfCandidate, period: WhatIfPeriod, division: str, now: datetime
    ) -> None:
        self._today, self._other = sides.side(WhatIfCandidate(), now), sides.side(candidate, now)
        self._period, self._division, self._now = period, division, now
        self.comparison = Comparison()

    def models(self) -> list[type[Body]]:
        """The messages that sla reacts to."""
        return list(self._today.service.reacts)

    def play(self, histories: TicketHistories, records: list[Incoming]) -> None:
        """One matter. What cannot be read, or played, is counted: the loop would have parked it."""
        try:
            self._play(histories.history(records))
        except Exception as bug:  # the handlers' own: it costs one matter and not the whole comparison
            log.error("matter_not_played", ticket=records[0].key, reason=traces.code_of(bug))
            self.comparison.unreadable += 1

    def _play(self, history: MatterHistory | None) -> None:
        if history is None:
            self.comparison.unreadable += 1
            return
        number, today = self._found(self._today, history)
        _, candidate = self._found(self._other, history)
        if number:
            self.comparison.add(number, today, candidate)

    def _found(self, side: PlayedSide, history: MatterHistory) -> tuple[str, Found]:
        """The number of the matter, "" where it lies in another division, and what its clocks came to."""
        player, clocks = HistoryPlayer(side, history), MatterClocks()
        for said in player.play(self._now):
            clocks.take(said.body)
        sheet = player.document
        is_here = sheet is not None and sheet.division.startswith(self._division)
        return (sheet.number if sheet and is_here else ""), clocks.found(self._period, self._now)
