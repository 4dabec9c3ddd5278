"""Clocks of what routing says: queued, assigned, accepted, returned."""

from dataclasses import replace
from datetime import datetime

from contracts import vocabulary
from contracts.envelope import Message
from contracts.messages.routing import AssignmentQueued, TicketAccepted, TicketAssigned, TicketReturned
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import sheet as sheets
from services.sla.domain.sheet import ACCEPT_BY, APPROVE_BY, ASSIGN_BY, COMPLETE_BY, ClockSheet, Start
from services.sla.handlers.clocks import ClockHandlers, bought_by_returning, clocks_stopped, limit_of, sheet_of

UNTIL_ACCEPTANCE = (ASSIGN_BY, ACCEPT_BY, APPROVE_BY)
"""What acceptance ends; more time that was asked for until then wants no answer any more."""


class RoutingClocks(ClockHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(AssignmentQueued, self.on_assignment_queued),
            on(TicketAssigned, self.on_ticket_assigned),
            on(TicketAccepted, self.on_ticket_accepted),
            on(TicketReturned, self.on_ticket_returned),
        )

    def on_assignment_queued(
        self, document: ClockSheet | None, message: Message[AssignmentQueued], now: datetime
    ) -> Result[ClockSheet]:
        """待交办: the lead unit that is named has so long to hand it out; the supervision office where none is."""
        body = message.body
        sheet = document or ClockSheet(body.number, body.division)
        division, urgent = body.division or sheet.division, sheet.urgent or body.urgent
        number, category = sheet.number or body.number, body.category or sheet.category_code
        sheet = replace(sheet, number=number, division=division, urgent=urgent, category_code=category)
        sheet = replace(sheet, reporters=body.reporters)
        desk = body.lead_unit or vocabulary.supervision_of(division)
        return Change(*self._to_desk(sheet, now, (desk, desk), disputed=False, reason="queued"))

    def on_ticket_assigned(
        self, document: ClockSheet | None, message: Message[TicketAssigned], now: datetime
    ) -> Result[ClockSheet]:
        """交办: the unit has a working day to accept; when it is urgent half an hour, and a day until it is done.

        The day of an urgent matter runs from when it was first with somebody, a unit or a desk: the next one gets what
        is left of it.
        """
        body = message.body
        sheet, in_time = clocks_stopped(sheet_of(document, body, now), now, (ASSIGN_BY,), "assigned")
        sheet, stopped = clocks_stopped(sheet, now, bought_by_returning(sheet), "assigned_again")
        accept = Start(ACCEPT_BY, body.unit, body.lead_unit, self._ladder(sheet, now).accepting(urgent=sheet.urgent))
        sheet, accept_by = self._started(sheet, accept, now)
        sheet, day = self._day(sheet, body.unit, body.lead_unit, now)
        return Change(sheet, (*in_time, *stopped, *accept_by, *day))

    def on_ticket_accepted(
        self, document: ClockSheet | None, message: Message[TicketAccepted], now: datetime
    ) -> Result[ClockSheet]:
        """受理: the promise begins. An urgent matter's clock runs on: "收到" buys no time, and it waits for no plan.

        Nor has it a time to speak to its reporters; and whoever cannot be reached need not be.
        """
        body = message.body
        sheet, stopped = clocks_stopped(sheet_of(document, body, now), now, UNTIL_ACCEPTANCE, "accepted")
        sheet = replace(sheet, promised=limit_of(body.standard), plan_asked=body.plan_asked)
        if sheet.running(COMPLETE_BY):
            return Change(sheet, stopped)
        limit = self._ladder(sheet, now).complete_urgent if sheet.urgent else limit_of(body.standard)
        sheet, started = self._started(sheet, Start(COMPLETE_BY, body.unit, body.lead_unit, limit), now)
        sheet, plan = self._plan_asked(sheet, now) if body.plan_asked else (sheet, ())
        is_owed = bool(body.traceable) and not sheet.urgent
        sheet, contact = self._contact_due(sheet, now) if is_owed else (sheet, ())
        return Change(sheet, (*stopped, *started, *plan, *contact))

    def on_ticket_returned(
        self, document: ClockSheet | None, message: Message[TicketReturned], now: datetime
    ) -> Result[ClockSheet]:
        """退回: the unit's clocks freeze; the lead unit hands out anew, or the supervision office decides (B6).

        The day of an urgent matter runs on, and the lead unit answers for it: only substantive action stops it (A9).
        """
        if document is None:
            return Ignore("unknown")
        supervision, disputed = vocabulary.supervision_of(document.division), message.body.disputed
        lead = sheets.lead_of(document) or supervision
        desks = (supervision if disputed else lead, lead)
        return Change(*self._to_desk(document, now, desks, disputed=disputed, reason="returned"))
