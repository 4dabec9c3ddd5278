"""A knock: silent voters are reminded, what was held back comes back, what does not move is said."""

from datetime import datetime

from contracts.envelope import Message, WakeUp
from contracts.messages import feedback
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import motion
from services.feedback.domain.case import Case
from services.feedback.domain.evaluation import rounds
from services.feedback.domain.plan import review
from services.feedback.handlers.gate import outcome
from services.feedback.handlers.shared import UnderPolicy, lapsed


class CaseTimer(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (on(WakeUp, self.on_wake_up),)

    def on_wake_up(self, document: Case | None, message: Message[WakeUp], now: datetime) -> Result[Case]:
        """What is due at ``now``, whichever instant the knock was for."""
        if document is None:
            return Ignore("not_due")
        resumed = review.decide_lapse(document, now)
        if resumed is not None:
            return Change(motion.moved(resumed, now, self._policy), (lapsed(resumed),))
        stuck = motion.decide_stuck(document, now)
        if stuck is not None:
            return Change(stuck, (feedback.TicketStuck(since=stuck.moved_at or now),))
        return self._silence(document, now)

    def _silence(self, document: Case, now: datetime) -> Result[Case]:
        """催评: remind the silent once, then the time for votes is over. Silence is neither yes nor no."""
        found = rounds.decide_silence(document, now, self._policy)
        if found is None:
            return Ignore("not_due")
        if isinstance(found, rounds.Counted):
            return Change(found.case, outcome(found))
        case = found.case
        reminded = feedback.EvaluationReminded(
            round=case.round, outstanding=found.outstanding, look_back=found.look_back
        )
        return Change(case, (reminded,))
