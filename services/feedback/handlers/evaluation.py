"""Requests of reporters and of those who ask them: votes, look-backs, reopening."""

from datetime import datetime

from contracts.envelope import Actor, Message
from contracts.messages import feedback
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain.case import Case, CaseRefused, Vote
from services.feedback.domain.evaluation import rounds
from services.feedback.domain.evaluation.gate import FILER
from services.feedback.handlers.gate import NOBODY_COUNTED, rework, through_the_gate
from services.feedback.handlers.shared import UnderPolicy, answer, refusal


class EvaluationHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(feedback.EvaluateTicket, self.on_evaluate_ticket),
            on(feedback.RecordAttempt, self.on_record_attempt),
            on(feedback.RecordLookBack, self.on_record_look_back),
            on(feedback.ReopenTicket, self.on_reopen_ticket),
        )

    def on_evaluate_ticket(
        self, document: Case | None, message: Message[feedback.EvaluateTicket], now: datetime
    ) -> Result[Case]:
        """评价 (E5): one vote a voter and round, which may be changed for a while; the gate looks after each."""
        if document is None:
            return refusal(rounds.NOT_AWAITING)
        body = message.body
        vote = Vote(voter=body.voter, grade=body.grade, solved=body.solved)
        changed = any(each.voter == body.voter for each in document.votes)
        fact = feedback.TicketEvaluated(round=document.round, changed=changed, **dict(body))
        return through_the_gate(rounds.decide_vote(document, vote, now, self._policy), fact)

    def on_record_attempt(
        self, document: Case | None, message: Message[feedback.RecordAttempt], now: datetime
    ) -> Result[Case]:
        """回访未接通 (E5): three on three days, and nobody calls again."""
        if document is None:
            return refusal(rounds.NOT_AWAITING)
        method = message.body.method
        case = rounds.decide_attempt(document, method, asker_of(message.actor), now)
        if isinstance(case, CaseRefused):
            return refusal(case)
        attempts = len(case.call_days)
        fact = feedback.LookBackAttempted(
            round=case.round, method=method, attempts=attempts, unreached=case.is_unreached
        )
        return Change(case, (fact,), {"attempts": str(attempts)})

    def on_record_look_back(
        self, document: Case | None, message: Message[feedback.RecordLookBack], now: datetime
    ) -> Result[Case]:
        """回访 (E5): what the filer said when asked stands in for the vote; the unit at work never asks."""
        if document is None:
            return refusal(rounds.NOT_AWAITING)
        body = message.body
        vote = Vote(voter=FILER, grade=body.grade, solved=body.solved)
        fact = feedback.LookBackRecorded(round=document.round, **dict(body))
        counted = rounds.decide_look_back(document, vote, body.method, asker_of(message.actor), now, self._policy)
        return through_the_gate(counted, fact)

    def on_reopen_ticket(
        self, document: Case | None, message: Message[feedback.ReopenTicket], now: datetime
    ) -> Result[Case]:
        """复号 (E8): a failed check reopens a struck-off matter."""
        if document is None:
            return refusal(rounds.NOT_STRUCK_OFF)
        case = rounds.decide_reopening(document, message.body.reason, now)
        if isinstance(case, CaseRefused):
            return refusal(case)
        return Change(case, (rework(case, NOBODY_COUNTED, message.body.reason),), answer(case))


def asker_of(actor: Actor | None) -> rounds.Asker:
    return rounds.Asker(actor.role, actor.unit) if actor is not None else rounds.Asker("")
