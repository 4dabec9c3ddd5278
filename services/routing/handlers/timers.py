"""A knock: what may be urgent has waited long enough for a person's word."""

from datetime import datetime

from contracts.envelope import Message, WakeUp
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.routing.domain.assignment import urgency as urgencies
from services.routing.domain.assignment.assignment import (
    Assignment,
)
from services.routing.handlers.directory import WithDirectory
from services.routing.handlers.statements import urgency_judged


class UrgencyTimer(WithDirectory):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Assignment], ...]:
        """Each message with the handler that is made for it."""
        return (on(WakeUp, self.on_wake_up),)

    def on_wake_up(self, document: Assignment | None, message: Message[WakeUp], now: datetime) -> Result[Assignment]:
        """Nobody said whether it is urgent: it is."""
        judged = None if document is None else urgencies.unanswered(document, now)
        return Ignore("not_due") if judged is None else Change(judged, (urgency_judged(judged, "silence"),))
