"""办理方案: the unit drafts, its reviewer approves, measures are reported, what is held back comes back."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import feedback
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import motion
from services.feedback.domain.case import NOT_WORKING, Case, CaseRefused
from services.feedback.domain.plan import measures, plans, review
from services.feedback.handlers.shared import UnderPolicy, by_of, exhibits, lapsed, of_unit, refusal, seats


class PlanHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(feedback.PlanTicket, self.on_plan_ticket),
            on(feedback.ReviewPlan, self.on_review_plan),
            on(feedback.ReportMeasure, self.on_report_measure),
        )

    def on_plan_ticket(
        self, document: Case | None, message: Message[feedback.PlanTicket], now: datetime
    ) -> Result[Case]:
        """制定方案: in force at once, or with its reviewer. Who plans what policy held back until now takes it up."""
        case = of_unit(document, message.actor)
        if isinstance(case, CaseRefused):
            return refusal(case)
        rule = self._plan_rule(case, now)
        planned = plans.decide_plan(case, _draft(message), now, self._policy, rule)
        if isinstance(planned, CaseRefused):
            return refusal(planned)
        limit = rule.review_limit if planned.plan_reviewer else 0
        fact = feedback.PlanMade(
            **dict(message.body), version=planned.plan_version, reviewer=planned.plan_reviewer, review_limit=limit
        )
        planned = motion.moved(planned, now, self._policy)
        resumed = (lapsed(case),) if review.is_held(case) else ()
        return Change(planned, (*resumed, fact), {"version": str(planned.plan_version)})

    def on_review_plan(
        self, document: Case | None, message: Message[feedback.ReviewPlan], now: datetime
    ) -> Result[Case]:
        """方案审核: the control point between a plan and the work (E2)."""
        if document is None:
            return refusal(NOT_WORKING)
        reviewed = review.decide_plan_review(document, _verdict(message))
        if isinstance(reviewed, CaseRefused):
            return refusal(reviewed)
        fact = feedback.PlanReviewed(
            **dict(message.body),
            redrafts=reviewed.redrafts,
            mode=reviewed.plan_mode,
            until=reviewed.held_until if review.is_held(reviewed) else None,
        )
        return Change(reviewed, (fact,), {"plan": reviewed.plan_review})

    def on_report_measure(
        self, document: Case | None, message: Message[feedback.ReportMeasure], now: datetime
    ) -> Result[Case]:
        """措施办理情况: how far one measure is."""
        body, case = message.body, of_unit(document, message.actor)
        if isinstance(case, CaseRefused):
            return refusal(case)
        shown = exhibits(body.evidence)
        reported = measures.decide_measure(case, body.index, shown, now, self._policy, done=body.done)
        if isinstance(reported, CaseRefused):
            return refusal(reported)
        reported = motion.moved(reported, now, self._policy)
        return Change(reported, (feedback.MeasureReported(**dict(body), plan=case.plan_version),))


def _draft(message: Message[feedback.PlanTicket]) -> plans.Draft:
    body = message.body
    return plans.Draft(
        mode=plans.Mode(body.mode),
        due=tuple(measure.due for measure in body.measures),
        quotes_rule=body.quotes_rule,
        review_on=body.review_on,
        by=by_of(message),
    )


def _verdict(message: Message[feedback.ReviewPlan]) -> review.PlanVerdict:
    body = message.body
    return review.PlanVerdict(body.version, body.approved, body.grounds, seats(message.actor), by_of(message))
