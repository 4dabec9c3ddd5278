"""Requests of the unit that handles the matter: progress and completion."""

from dataclasses import replace
from datetime import datetime

from contracts import values
from contracts.envelope import Message
from contracts.messages import feedback, reviews
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import finding, motion
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.domain.completion import completion
from services.feedback.domain.plan import plans
from services.feedback.domain.review import chain
from services.feedback.handlers.review import completed
from services.feedback.handlers.shared import UnderPolicy, answer, by_of, exhibits, of_unit, refusal


class HandlingHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(feedback.ReportProgress, self.on_report_progress),
            on(feedback.CompleteTicket, self.on_complete_ticket),
        )

    def on_report_progress(
        self, document: Case | None, message: Message[feedback.ReportProgress], now: datetime
    ) -> Result[Case]:
        case = of_unit(document, message.actor)
        moved = case if isinstance(case, CaseRefused) else plans.decide_progress(case)
        if isinstance(moved, CaseRefused):
            return refusal(moved)
        moved = replace(motion.moved(moved, now, self._policy), heard_at=now)
        fact = feedback.ProgressReported(index=moved.progress, text=message.body.text, public=message.body.public)
        return Change(moved, (fact,), {"progress": str(moved.progress)})

    def on_complete_ticket(
        self, document: Case | None, message: Message[feedback.CompleteTicket], now: datetime
    ) -> Result[Case]:
        """办结: with evidence, or not at all (E3); before its reporters, to whoever reviews it (E4)."""
        case = of_unit(document, message.actor)
        if isinstance(case, CaseRefused):
            return refusal(case)
        shown = exhibits(message.body.evidence)
        wrong = completion.refused_completion(case, shown, now, self._policy, self._plan_rule(case, now))
        wrong = wrong or finding.refused_explanation(case, shown, talked=message.body.says_talked_to)
        if wrong:
            return refusal(wrong)
        levels = chain.chain_of(case, self._chain(case, now))
        if not levels:
            return completed(case, message.body, now, self._policy)
        under = chain.submitted(case, levels, message.body.model_dump_json(), by_of(message), now)
        return Change(under, (_submitted(under, message.body),), answer(under))


def _submitted(case: Case, body: feedback.CompleteTicket) -> reviews.CompletionSubmitted:
    levels = tuple(
        values.ReviewLevel(
            kind=each.kind,
            deputies=tuple(account.removeprefix("staff:") for account in each.deputies),
            working_days=each.working_days,
            together=each.together,
            reviewer=each.reviewer,
        )
        for each in case.review_levels
    )
    return reviews.CompletionSubmitted(
        round=case.round,
        unit=case.unit,
        chain=levels,
        explanation=body.explanation,
        evidence=body.evidence,
        talked_to=body.talked_to,
    )
