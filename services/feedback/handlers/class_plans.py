"""What is asked of a class plan, in the log of affairs: a unit proposes, its lead unit or supervision reviews."""

from datetime import datetime

from contracts import values
from contracts.envelope import Message
from contracts.messages import class_plans as said
from runtime.change import Change, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain.case import APPROVED, CaseRefused
from services.feedback.domain.plan import class_plans
from services.feedback.domain.plan.class_plans import ClassPlan, ClassPlanDraft, StatedMeasure
from services.feedback.domain.plan.review import PlanVerdict
from services.feedback.handlers.shared import NOT_YOURS, by_of, refusal, seats
from services.feedback.ports import LeadUnits


class ClassPlanHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, leads: LeadUnits) -> None:
        self._leads = leads

    def reacts(self) -> tuple[Reaction[ClassPlan], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(said.ProposeClassPlan, self.on_propose_class_plan),
            on(said.ReviewClassPlan, self.on_review_class_plan),
        )

    def on_propose_class_plan(
        self, document: ClassPlan | None, message: Message[said.ProposeClassPlan], _now: datetime
    ) -> Result[ClassPlan]:
        """报类方案: what was in force stays so until another person has approved it."""
        actor, body = message.actor, message.body
        if actor is None or actor.unit != body.unit:
            return refusal(NOT_YOURS)
        draft = ClassPlanDraft(
            unit=body.unit,
            division=actor.division,
            category=body.category,
            measures=tuple(StatedMeasure(**dict(each)) for each in body.measures),
            lead_unit=self._leads.lead_of(body.unit),
            by=by_of(message),
        )
        plan = class_plans.propose(document, draft)
        if isinstance(plan, CaseRefused):
            return refusal(plan)
        proposed = said.ClassPlanProposed(
            **dict(body), division=plan.division, version=plan.version, reviewer=plan.reviewer
        )
        return Change(plan, (proposed,), {"version": str(plan.version), "reviewer": plan.reviewer})

    def on_review_class_plan(
        self, document: ClassPlan | None, message: Message[said.ReviewClassPlan], _now: datetime
    ) -> Result[ClassPlan]:
        """审核类方案: by whom the proposal names, and not by who proposed it."""
        body = message.body
        verdict = PlanVerdict(body.version, body.approved, body.grounds, seats(message.actor), by_of(message))
        plan = class_plans.review(document, verdict)
        if isinstance(plan, CaseRefused):
            return refusal(plan)
        return Change(plan, (_said(plan, body.grounds),), {"plan": plan.review})


def _said(plan: ClassPlan, grounds: tuple[str, ...]) -> said.ClassPlanApproved | said.ClassPlanRejected:
    if plan.review == APPROVED:
        return said.ClassPlanApproved(
            unit=plan.unit, category=plan.category, version=plan.version, measures=stated(plan.measures)
        )
    return said.ClassPlanRejected(
        unit=plan.unit, category=plan.category, version=plan.version, grounds=grounds, redrafts=plan.redrafts
    )


def stated(measures: tuple[StatedMeasure, ...]) -> tuple[values.ClassMeasure, ...]:
    """Measures as a message carries them."""
    return tuple(values.ClassMeasure(text=each.text, post=each.post, days=each.days) for each in measures)
