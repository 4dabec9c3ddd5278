"""Clocks when urgency is judged: set anew from there, in minutes, or as they are without it."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.lifecycle import Phase, clocks_of
from contracts.messages.routing import UrgencyJudged
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain.limits import Limit
from services.sla.domain.sheet import (
    ACCEPT_BY,
    APPROVE_BY,
    ASSIGN_BY,
    CONTACT_BY,
    PLAN_BY,
    ClockSheet,
    SheetClock,
    Start,
)
from services.sla.handlers.clocks import WORK, Said, clocks_stopped
from services.sla.handlers.resting import RestingClocks

TIMED = (*clocks_of(Phase.ACCEPTANCE), *WORK)
"""Clocks that urgency sets anew. One that waits for more time stops: an urgent matter takes none. Orders run on."""


class UrgencyClocks(RestingClocks):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (on(UrgencyJudged, self.on_urgency_judged),)

    def on_urgency_judged(
        self, document: ClockSheet | None, message: Message[UrgencyJudged], now: datetime
    ) -> Result[ClockSheet]:
        """特急认定: every clock that runs is set anew from here; without urgency no work is timed before acceptance."""
        if document is None or document.urgent == message.body.urgent:
            return Ignore("same_clocks")
        running = document.running(*TIMED)
        sheet, facts = clocks_stopped(
            replace(document, urgent=message.body.urgent), now, (*TIMED, APPROVE_BY), "urgency_judged"
        )
        for clock in running:
            if (limit := self._limit_after(clock, sheet, now)) is not None:
                sheet, started = self._started(sheet, Start(clock.kind, clock.unit, clock.lead_unit, limit), now)
                facts = (*facts, *started)
        if running and not sheet.running(*WORK):
            sheet, day = self._day(sheet, running[-1].unit, running[-1].lead_unit, now)
            facts = (*facts, *day)
        sheet, reviewed = self._reviewed(sheet, now) if sheet.levels else (sheet, ())
        sheet, planned = self._plan_waits_no_more(sheet, now)
        sheet, contact = clocks_stopped(sheet, now, (CONTACT_BY,), "urgency_judged")
        return Change(sheet, (*facts, *reviewed, *planned, *contact))

    def _plan_waits_no_more(self, sheet: ClockSheet, now: datetime) -> Said:
        """What is urgent waits for no plan: the work goes on in minutes while somebody still reviews it."""
        sheet, asked = clocks_stopped(sheet, now, (PLAN_BY,), "urgency_judged")
        sheet, over = self._plan_review_over(sheet, now, "urgency_judged")
        sheet, work = self._gone_on(sheet, now) if over else (sheet, ())
        return sheet, (*asked, *over, *work)

    def _limit_after(self, clock: SheetClock, sheet: ClockSheet, now: datetime) -> Limit | None:
        """What a clock is set to once urgency was judged; None: without urgency there is no such clock yet."""
        if clock.kind == ASSIGN_BY:
            is_disputed = clock.limit.standard.startswith("arbitrate")
            return self._ladder(sheet, now).handing_out(urgent=sheet.urgent, disputed=is_disputed)
        if clock.kind == ACCEPT_BY:
            return self._ladder(sheet, now).accepting(urgent=sheet.urgent)
        return self._ladder(sheet, now).complete_urgent if sheet.urgent else sheet.promised
