"""Who hears of progress, completion, evaluation, rework and striking off."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages.feedback import (
    EvaluationReminded,
    ProgressReported,
    ReporterAsked,
    ReworkOrdered,
    TicketCompleted,
    TicketStruckOff,
)
from runtime.change import Ignore, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain import audiences
from services.notify.domain.deliveries import STAFF, Note, TicketDeliveries
from services.notify.handlers.planning import Planning


class FeedbackNotices(Planning):
    """Handlers of what feedback says."""

    def reacts(self) -> tuple[Reaction[TicketDeliveries], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(ReporterAsked, self.on_reporter_asked),
            on(ProgressReported, self.on_progress_reported),
            on(TicketCompleted, self.on_ticket_completed),
            on(EvaluationReminded, self.on_evaluation_reminded),
            on(ReworkOrdered, self.on_rework_ordered),
            on(TicketStruckOff, self.on_ticket_struck_off),
        )

    def on_reporter_asked(
        self, document: TicketDeliveries | None, message: Message[ReporterAsked], now: datetime
    ) -> Result[TicketDeliveries]:
        """请补充情况: each voter hears until when; what is asked is read on the page."""
        if document is None:
            return Ignore("unknown")
        until = audiences.due(message.body.until)
        return self._plan(message, document, now, [self._all(document, "asked", message.seq, until)])

    def on_progress_reported(
        self, document: TicketDeliveries | None, message: Message[ProgressReported], now: datetime
    ) -> Result[TicketDeliveries]:
        """进展, when it is public."""
        if document is None or not message.body.public:
            return Ignore("not_public")
        return self._plan(message, document, now, [self._all(document, "progress", message.body.index)])

    def on_ticket_completed(
        self, document: TicketDeliveries | None, message: Message[TicketCompleted], now: datetime
    ) -> Result[TicketDeliveries]:
        """办结: each voter is asked to evaluate; a reminder that still waits for the office to open is dropped."""
        if document is None:
            return Ignore("unknown")
        post = document.without(*STAFF)
        return self._plan(message, post, now, [self._all(post, "evaluate", message.body.round)])

    def on_evaluation_reminded(
        self, document: TicketDeliveries | None, message: Message[EvaluationReminded], now: datetime
    ) -> Result[TicketDeliveries]:
        """催评: those who are silent; then staff call."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        if body.look_back:
            to = audiences.supervision(document)
            note = Note("supervision", "look_back", body.round, to=to, urgent=document.urgent)
        else:
            note = Note("reporter", "remind", body.round, people=body.outstanding)
        return self._plan(message, document, now, [note])

    def on_rework_ordered(
        self, document: TicketDeliveries | None, message: Message[ReworkOrdered], now: datetime
    ) -> Result[TicketDeliveries]:
        """重办: the reporters and the unit."""
        if document is None:
            return Ignore("unknown")
        body = message.body
        to_unit = Note("unit", "rework", body.round, to=body.unit, urgent=document.urgent)
        notes = [self._all(document, "rework", body.round), to_unit]
        return self._plan(message, document, now, notes)

    def on_ticket_struck_off(
        self, document: TicketDeliveries | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[TicketDeliveries]:
        """销号; nothing more is sent to staff."""
        if document is None:
            return Ignore("unknown")
        post = document.without(*STAFF)
        return self._plan(message, post, now, [self._all(post, "struck_off", message.body.round, to_others=True)])
