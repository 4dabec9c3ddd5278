"""A submission becomes a ticket or is screened out."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages.intake import (
    SubmissionReceived,
)
from runtime.change import Change, Ignore, Reject, Result
from runtime.delivery.service import Reaction, on
from services.intake.domain.screening import screen
from services.intake.domain.submission import Registration
from services.intake.handlers.registration import conflict, erased_before, registration_of, screened
from services.intake.ports import ErasedSubmission, OpenedSubmission


class SubmissionHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Registration], ...]:
        """Each message with the handler that is made for it."""
        return (on(SubmissionReceived, self.on_submission_received),)

    def on_submission_received(
        self, document: Registration | None, message: Message[SubmissionReceived], now: datetime
    ) -> Result[Registration]:
        """登记. The same body again changes nothing; another body under the same key becomes a supplement."""
        if document is not None and document.knows(message.body.body_digest, message.body.former_digest):
            return Ignore("sent_again")
        if isinstance(message.given, ErasedSubmission):
            return Ignore("erased") if document is not None else Change(erased_before(message.body), takes_over=True)
        if not isinstance(message.given, OpenedSubmission):
            return Reject("not_opened")
        if document is not None:
            return conflict(document, message.body, message.given)
        registration = registration_of(message.body, message.given)
        return replace(screened(registration, screen(registration.signals)), takes_over=True)
