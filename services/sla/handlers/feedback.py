"""Clocks of what feedback says: completion, rework, striking off."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages.feedback import ReworkOrdered, TicketCompleted, TicketStruckOff, TicketStuck
from contracts.vocabulary import COLOURS
from contracts.vocabulary.ladders import STUCK
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import order_numbers
from services.sla.domain import sheet as sheets
from services.sla.domain.sheet import REWORK_BY, YELLOW, ClockSheet, Start
from services.sla.handlers import statements, stepping
from services.sla.handlers.clocks import ALL, WORK, clocks_stopped, handed_over, limit_of
from services.sla.handlers.issuing import Cause, IssuingHandlers


class FeedbackClocks(IssuingHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(ReworkOrdered, self.on_rework_ordered),
            on(TicketCompleted, self.on_ticket_completed),
            on(TicketStruckOff, self.on_ticket_struck_off),
            on(TicketStuck, self.on_ticket_stuck),
        )

    def on_rework_ordered(
        self, document: ClockSheet | None, message: Message[ReworkOrdered], now: datetime
    ) -> Result[ClockSheet]:
        """重办: a clock of its own; after too many of them an order."""
        if document is None:
            return Ignore("unknown")
        body, lead_unit = message.body, sheets.lead_of(document)
        limit = self._ladder(document, now).complete_urgent if document.urgent else limit_of(body.standard)
        sheet = replace(sheets.hand_over(document, body.unit, now), levels=(), resting="")
        sheet, stopped = clocks_stopped(sheet, now, ALL, "rework")
        sheet, started = self._started(sheet, Start(REWORK_BY, body.unit, lead_unit, limit), now)
        sheet, order = self._reworked(sheet, body.count, now)
        return Change(sheet, (*stopped, *started, *order))

    def on_ticket_completed(
        self, document: ClockSheet | None, message: Message[TicketCompleted], now: datetime
    ) -> Result[ClockSheet]:
        """办结, with evidence: the one thing that stops an urgent clock. It is with the reporters now."""
        return handed_over(document, now, sheets.REPORTERS, "completed")

    def on_ticket_struck_off(
        self, document: ClockSheet | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[ClockSheet]:
        return handed_over(document, now, sheets.NOBODY, "struck_off")

    def on_ticket_stuck(
        self, document: ClockSheet | None, message: Message[TicketStuck], now: datetime
    ) -> Result[ClockSheet]:
        """久无进展: as the published ladder says; the platform's own says nothing of it."""
        steps = self._ladders.rungs(document.division, now) if document else ()
        if document is None or not document.responsible:
            return Ignore("unknown")
        if not (found := next((each for each in steps if each.fits(STUCK, document.case())), None)):
            return Ignore("no_step")
        sheet = replace(document, stuck=document.stuck + 1)
        colour = next((stepping.colour_at(each, now) for each in sheet.running(*WORK)), COLOURS[YELLOW])
        number = order_numbers.of_stuck(sheet.number, sheet.stuck)
        cause = Cause(number, statements.STUCK_ITEMS, colour)
        return Change(*self._matter_on(sheet, found, cause, now))
