"""A knock turns colours and orders supervision."""

from datetime import datetime

from contracts.envelope import Body, Message, WakeUp
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import transitions
from services.sla.domain.sheet import ClockSheet
from services.sla.handlers import measures
from services.sla.handlers.issuing import IssuingHandlers
from services.sla.handlers.rebasing import RebasingClocks


class TimerClocks(IssuingHandlers, RebasingClocks):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (on(WakeUp, self.on_wake_up),)

    def on_wake_up(self, document: ClockSheet | None, message: Message[WakeUp], now: datetime) -> Result[ClockSheet]:
        """亮灯、督办: everything due, in order, each once; what rests on an older calendar is first set anew, and
        what an order is about.
        """
        if document is None:
            return Ignore("unknown")
        sheet, moved = self._rebased(document, now)
        sheet, due = transitions.decide_due(sheet, now)
        sheet, lit = measures.turned(sheet, now)
        if sheet == document:
            return Ignore("settled")
        facts = list[Body](moved)
        for each in due:
            sheet, said = self._announced(sheet, each, now)
            facts += said
        return Change(sheet, (*facts, *lit))
