"""Requests of the unit that handles the matter: plan, progress, completion."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import feedback
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain.case import Case, CaseRefused
from services.feedback.domain.completion import completion
from services.feedback.domain.plan import plans
from services.feedback.handlers.shared import UnderPolicy, of_unit, refusal


class HandlingHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(feedback.PlanTicket, self.on_plan_ticket),
            on(feedback.ReportProgress, self.on_report_progress),
            on(feedback.CompleteTicket, self.on_complete_ticket),
        )

    def on_plan_ticket(
        self, document: Case | None, message: Message[feedback.PlanTicket], now: datetime
    ) -> Result[Case]:
        body = message.body
        draft = plans.Draft(
            mode=plans.Mode(body.mode),
            due=tuple(measure.due for measure in body.measures),
            quotes_rule=body.quotes_rule,
            review_on=body.review_on,
        )
        case = of_unit(document, message.actor)
        planned = case if isinstance(case, CaseRefused) else plans.decide_plan(case, draft, now, self._policy)
        if isinstance(planned, CaseRefused):
            return refusal(planned)
        fact = feedback.PlanMade(**dict(body), version=planned.plan_version)
        return Change(planned, (fact,), {"version": str(planned.plan_version)})

    def on_report_progress(
        self, document: Case | None, message: Message[feedback.ReportProgress], now: datetime
    ) -> Result[Case]:
        case = of_unit(document, message.actor)
        moved = case if isinstance(case, CaseRefused) else plans.decide_progress(case)
        if isinstance(moved, CaseRefused):
            return refusal(moved)
        fact = feedback.ProgressReported(index=moved.progress, text=message.body.text, public=message.body.public)
        return Change(moved, (fact,), {"progress": str(moved.progress)})

    def on_complete_ticket(
        self, document: Case | None, message: Message[feedback.CompleteTicket], now: datetime
    ) -> Result[Case]:
        """办结: with evidence, or not at all (E3)."""
        exhibits = [completion.Exhibit(**dict(each)) for each in message.body.evidence]
        case = of_unit(document, message.actor)
        done = (
            case if isinstance(case, CaseRefused) else completion.decide_completion(case, exhibits, now, self._policy)
        )
        if isinstance(done, CaseRefused):
            return refusal(done)
        fact = feedback.TicketCompleted(
            round=done.round,
            unit=done.unit,
            explanation=message.body.explanation,
            evidence=message.body.evidence,
            voters=len(done.voters),
        )
        return Change(done, (fact,), {"round": str(done.round), "state": done.state.value})
