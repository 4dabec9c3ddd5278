"""A unit has accepted: feedback takes the baton."""

from dataclasses import replace
from datetime import datetime

from contracts import values
from contracts.envelope import Message
from contracts.messages import feedback, routing
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain import motion
from services.feedback.domain.case import Case, CaseVoter
from services.feedback.domain.plan import class_plans, review
from services.feedback.domain.plan.class_plans import ClassPlanInForce
from services.feedback.handlers.class_plans import stated as stated_measures
from services.feedback.handlers.shared import UnderPolicy, lapsed


class AcceptanceHandlers(UnderPolicy):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Case], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(routing.TicketAccepted, self.on_ticket_accepted),
            on(routing.UrgencyJudged, self.on_urgency_judged),
        )

    def on_ticket_accepted(
        self, document: Case | None, message: Message[routing.TicketAccepted], now: datetime
    ) -> Result[Case]:
        """受理: feedback takes the baton, and decides what was asked too early."""
        if document is not None:
            return Ignore("held_already")
        case = _case(message.body)
        plan = self._rules.class_plan(case.unit, case.category_code, now)
        case = class_plans.inherited(motion.moved(case, now, self._policy), plan)
        made = (_made(case, plan, now),) if plan and case.class_plan else ()
        return Change(case, made, takes_over=True)

    def on_urgency_judged(
        self, document: Case | None, message: Message[routing.UrgencyJudged], now: datetime
    ) -> Result[Case]:
        """特急认定: an urgent matter waits for no review, and nothing holds it back any more."""
        if document is None or document.is_urgent == message.body.urgent:
            return Ignore("nothing_changes")
        case = replace(document, is_urgent=message.body.urgent)
        if case.is_urgent and review.is_held(case):
            return Change(motion.moved(review.taken_up(case), now, self._policy), (lapsed(case),))
        return Change(case)


def _made(case: Case, plan: ClassPlanInForce, now: datetime) -> feedback.PlanMade:
    measures = [
        values.Measure(text="", person="", due=class_plans.due_of(each, now), of_class=stated)
        for each, stated in zip(plan.measures, stated_measures(plan.measures), strict=True)
    ]
    return feedback.PlanMade(
        mode=case.plan_mode, measures=tuple(measures), version=case.plan_version, class_plan=plan.name
    )


def _case(body: routing.TicketAccepted) -> Case:
    return Case(
        number=body.number,
        unit=body.unit,
        lead_unit=body.lead_unit,
        division=body.division,
        standard=body.standard.model_dump_json(exclude_defaults=True),
        voters=tuple(CaseVoter(**dict(voter)) for voter in body.voters),
        registered_at=body.registered_at,
        category_code=body.category,
        is_urgent=body.urgent,
    )
