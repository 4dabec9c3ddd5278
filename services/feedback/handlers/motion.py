"""Whether a matter moves: somebody asks how far it is, and its light."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages import feedback, sla
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import motion
from services.feedback.domain.case import NOT_WORKING, WORKING, Case, CaseRefused
from services.feedback.handlers.shared import UnderPolicy, refusal

RED = "red"


class MotionHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(feedback.AskProgress, self.on_ask_progress),
            on(sla.LightChanged, self.on_light_changed),
            on(sla.LightWithdrawn, self.on_light_withdrawn),
        )

    def on_ask_progress(
        self, document: Case | None, message: Message[feedback.AskProgress], now: datetime
    ) -> Result[Case]:
        """催办, by exception: not when it was reported, or asked for, these days."""
        case = NOT_WORKING if document is None else motion.decide_request(document, now, self._policy)
        if isinstance(case, CaseRefused):
            return refusal(case)
        return Change(case, (feedback.ProgressAsked(words=message.body.words),))

    def on_light_changed(
        self, document: Case | None, message: Message[sla.LightChanged], now: datetime
    ) -> Result[Case]:
        """亮红灯: whoever asks now need not wait."""
        if document is None or document.state not in WORKING or message.body.new != RED:
            return Ignore("not_red")
        return Change(replace(document, is_red=True))

    def on_light_withdrawn(
        self, document: Case | None, message: Message[sla.LightWithdrawn], now: datetime
    ) -> Result[Case]:
        if document is None or not document.is_red:
            return Ignore("not_red")
        return Change(replace(document, is_red=False))
