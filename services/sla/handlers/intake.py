from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages.intake import SeatConfirmed, TicketWithdrawn
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import sheet as sheets
from services.sla.domain.sheet import ClockSheet
from services.sla.handlers.clocks import ClockHandlers, handed_over


class WithdrawalClocks(ClockHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (on(TicketWithdrawn, self.on_ticket_withdrawn), on(SeatConfirmed, self.on_seat_confirmed))

    def on_ticket_withdrawn(
        self, document: ClockSheet | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[ClockSheet]:
        return handed_over(document, now, sheets.NOBODY, "withdrawn")

    def on_seat_confirmed(
        self, document: ClockSheet | None, message: Message[SeatConfirmed], now: datetime
    ) -> Result[ClockSheet]:
        """确认席位: one more reports it; clocks that start from now on may stand on another step."""
        if document is None:
            return Ignore("unknown")
        return Change(replace(document, reporters=document.reporters + 1))
