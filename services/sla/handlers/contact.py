"""The unit speaks to the reporters, in time or not (C3). A question does it, too: with the pauses, in more_time."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages.feedback import ReporterContacted
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain.sheet import CONTACT_BY, ClockSheet
from services.sla.handlers.clocks import ClockHandlers, clocks_stopped


class ContactClocks(ClockHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (on(ReporterContacted, self.on_reporter_contacted),)

    def on_reporter_contacted(
        self, document: ClockSheet | None, message: Message[ReporterContacted], now: datetime
    ) -> Result[ClockSheet]:
        """即时沟通: whoever called in time and found nobody has done what can be asked of them (ADR 49)."""
        if document is None:
            return Ignore("unknown")
        reason = "contacted" if message.body.reached else "not_reached"
        sheet, facts = clocks_stopped(document, now, (CONTACT_BY,), reason)
        return Change(sheet, facts) if facts else Ignore("nothing_waits")
