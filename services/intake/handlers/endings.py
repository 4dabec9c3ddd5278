"""Another service ended the matter, or took it up again."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages.feedback import ReworkOrdered, TicketStruckOff
from contracts.messages.intake import (
    TicketWithdrawn,
)
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.intake.domain.submission import Registration


class EndingHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Registration], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(TicketStruckOff, self.on_ticket_struck_off),
            on(ReworkOrdered, self.on_rework_ordered),
            on(TicketWithdrawn, self.on_ticket_withdrawn),
        )

    def on_ticket_struck_off(
        self, document: Registration | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[Registration]:
        """销号: nothing more can be added."""
        return Ignore("unknown") if document is None else Change(document.became("closed"))

    def on_rework_ordered(
        self, document: Registration | None, message: Message[ReworkOrdered], now: datetime
    ) -> Result[Registration]:
        """重办 of what was struck off: the reporter may add to it again."""
        if document is None or document.state != "closed":
            return Ignore("unknown" if document is None else "open")
        return Change(document.became("registered"))

    def on_ticket_withdrawn(
        self, document: Registration | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[Registration]:
        """Another holder let the reporter withdraw. What intake itself said comes back here too."""
        if document is None or document.state == "withdrawn":
            return Ignore("unknown" if document is None else "own")
        return Change(document.became("closed"))
