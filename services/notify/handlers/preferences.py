"""What reporters ask for themselves: by which channel they hear, and of what not."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages.notify import SetPreferences
from runtime.change import Change, Reject, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain.deliveries import MUTABLE, SeatPreferences, TicketDeliveries

NOT_MUTED = {
    "zh": f"只能静音：{'、'.join(MUTABLE)}；其余通知依法或依承诺必须告知。",
    "en": f"Only {', '.join(MUTABLE)} may be muted; law or promise asks for the others.",
}
NOBODY = {"zh": "没有这位反映人。", "en": "There is no such reporter."}


class Preferences:
    """Handlers of what reporters ask of notify."""

    def reacts(self) -> tuple[Reaction[TicketDeliveries], ...]:
        """Each message with the handler that is made for it."""
        return (on(SetPreferences, self.on_set_preferences),)

    def on_set_preferences(
        self, document: TicketDeliveries | None, message: Message[SetPreferences], now: datetime
    ) -> Result[TicketDeliveries]:
        """偏好: replaces what was asked for before."""
        body = message.body
        if document is None or body.voter not in document.acknowledged:
            return Reject("no_such_reporter", NOBODY)
        if not set(body.muted) <= set(MUTABLE):
            return Reject("not_muted", NOT_MUTED)
        wanted = SeatPreferences(body.voter, body.channel, tuple(sorted(set(body.muted))))
        return Change(document.with_preferences(wanted))
