"""The unit speaks to the reporters before the end; a supplement is their answer."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages import feedback, intake
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import contact
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.handlers.shared import of_unit, refusal


class ContactHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(feedback.RecordContact, self.on_record_contact),
            on(feedback.AskReporter, self.on_ask_reporter),
            on(intake.TicketSupplemented, self.on_ticket_supplemented),
        )

    def on_record_contact(
        self, document: Case | None, message: Message[feedback.RecordContact], now: datetime
    ) -> Result[Case]:
        """联系反映人: reached or not, it is said."""
        case = of_unit(document, message.actor)
        case = case if isinstance(case, CaseRefused) else contact.decide_contact(case, message.body.method)
        if isinstance(case, CaseRefused):
            return refusal(case)
        return Change(case, (feedback.ReporterContacted(**dict(message.body)),))

    def on_ask_reporter(
        self, document: Case | None, message: Message[feedback.AskReporter], now: datetime
    ) -> Result[Case]:
        """请补充情况: one question at a time."""
        case = of_unit(document, message.actor)
        case = case if isinstance(case, CaseRefused) else contact.decide_question(case, message.body.until, now)
        if isinstance(case, CaseRefused):
            return refusal(case)
        return Change(case, (feedback.ReporterAsked(**dict(message.body)),))

    def on_ticket_supplemented(
        self, document: Case | None, message: Message[intake.TicketSupplemented], now: datetime
    ) -> Result[Case]:
        """The reporters answered: the unit may ask again."""
        if document is None or document.asked_until is None:
            return Ignore("not_asked")
        return Change(replace(document, asked_until=None))
