"""What comes of replies by SMS that were not taken."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages.notify import ExplainReply
from runtime.change import Reject, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain.deliveries import REPORTER, TicketDeliveries
from services.notify.domain.notes import Note
from services.notify.domain.questions import REPLY_HELP, asks
from services.notify.handlers.planning import Planning

NOT_ASKED = {"zh": "此人此轮未被请求评价。", "en": "This reporter is not asked to evaluate in this round."}


class Replies(Planning):
    """Handlers of what the door for replies asks."""

    def reacts(self) -> tuple[Reaction[TicketDeliveries], ...]:
        """Each message with the handler that is made for it."""
        return (on(ExplainReply, self.on_explain_reply),)

    def on_explain_reply(
        self, document: TicketDeliveries | None, message: Message[ExplainReply], now: datetime
    ) -> Result[TicketDeliveries]:
        """短信评价说明: once a reporter and round, however many replies were not understood."""
        body = message.body
        if document is None or not asks(document, body.voter, body.round):
            return Reject("not_asked", NOT_ASKED)
        return self._plan(message, document, now, [Note(REPORTER, REPLY_HELP, body.round, people=(body.voter,))])
