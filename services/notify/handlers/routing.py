"""Who hears that a matter was queued, assigned, returned or accepted."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages.routing import AssignmentQueued, TicketAccepted, TicketAssigned, TicketReturned, UrgencyJudged
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain import audiences
from services.notify.domain.deliveries import TURN, TicketDeliveries
from services.notify.domain.notes import Note
from services.notify.handlers.planning import Planning


class RoutingNotices(Planning):
    """Handlers of what routing says."""

    def reacts(self) -> tuple[Reaction[TicketDeliveries], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(AssignmentQueued, self.on_assignment_queued),
            on(TicketAssigned, self.on_ticket_assigned),
            on(TicketReturned, self.on_ticket_returned),
            on(TicketAccepted, self.on_ticket_accepted),
            on(UrgencyJudged, self.on_urgency_judged),
        )

    def on_assignment_queued(
        self, document: TicketDeliveries | None, message: Message[AssignmentQueued], now: datetime
    ) -> Result[TicketDeliveries]:
        """待交办: the desk that hands out hears what waits for it."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        where, urgent = body.division or document.division, document.urgent or body.urgent
        post = replace(document.dropping(audiences.was_somebodys_turn), division=where, urgent=urgent)
        nth = 1 + sum(item.kind == "queued" for item in post.items)
        return self._plan(message, post, now, [audiences.to_desk(post, "queued", nth, body.lead_unit)])

    def on_urgency_judged(
        self, document: TicketDeliveries | None, message: Message[UrgencyJudged], now: datetime
    ) -> Result[TicketDeliveries]:
        """特急认定: from here on staff are told at any hour, or in office hours again."""
        if document is None or document.urgent == message.body.urgent:
            return Ignore("same_hours")
        return Change(replace(document, urgent=message.body.urgent))

    def on_ticket_assigned(
        self, document: TicketDeliveries | None, message: Message[TicketAssigned], now: datetime
    ) -> Result[TicketDeliveries]:
        """交办: the reporters and the unit hear of it."""
        body = message.body
        before = (document or TicketDeliveries(number=body.number)).dropping(audiences.was_somebodys_turn)
        urgent = before.urgent or body.urgent
        post = replace(before, unit=body.unit, lead_unit=body.lead_unit, division=body.division, urgent=urgent)
        values = (("unit_zh", body.unit_zh), ("unit_en", body.unit_en))
        notes = [
            self._all(post, "assigned", body.hop, values),
            Note("unit", "assigned", body.hop, to=body.unit, urgent=body.urgent, about=TURN),
        ]
        return self._plan(message, post, now, notes)

    def on_ticket_returned(
        self, document: TicketDeliveries | None, message: Message[TicketReturned], now: datetime
    ) -> Result[TicketDeliveries]:
        """退回: the desk hears that it is its turn again; of a dispute the supervision office, which decides."""
        if document is None:
            return Ignore("unknown")
        body, post = message.body, document.dropping(audiences.was_somebodys_turn)
        kind, desk = ("disputed", "") if body.disputed else ("returned", post.lead_unit)
        return self._plan(message, post, now, [audiences.to_desk(post, kind, body.count, desk)])

    def on_ticket_accepted(
        self, document: TicketDeliveries | None, message: Message[TicketAccepted], now: datetime
    ) -> Result[TicketDeliveries]:
        """受理: the promise, with its time. What warned the unit to accept is overtaken."""
        body = message.body
        if document is None:
            return Ignore("unknown")
        values = (
            ("unit_zh", body.unit_zh),
            ("unit_en", body.unit_en),
            ("standard_zh", body.standard.name_zh),
            ("standard_en", body.standard.name_en),
            *audiences.promise(body.standard.limit, body.standard.limit_unit, urgent=body.urgent or document.urgent),
        )
        post = document.dropping(audiences.was_somebodys_turn)
        return self._plan(message, post, now, [self._all(post, "accepted", values=values)])
