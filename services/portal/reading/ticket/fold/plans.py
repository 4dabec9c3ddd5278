"""Folds of the plan: made, reviewed, reported on, and what policy held back."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages import feedback, schemes
from contracts.vocabulary import HELD_BY_POLICY
from runtime.change import Change, Ignore
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.document import SaidWords, ShownEvidence, Ticket
from services.portal.reading.ticket.fold.folding import Folded, follows, told
from services.portal.reading.ticket.fold.words import clear, said
from services.portal.reading.ticket.planned import ShownMeasure, ShownPlan


def on_plan_made(ticket: Ticket, message: Message[feedback.PlanMade], now: datetime) -> Folded:
    plan = None if ticket.erased else _plan(message)
    until = None if message.body.reviewer else _held_until(message.body)
    return told(ticket, message, steps.PlannedStep(mode=message.body.mode), plan=plan, held_until=until)


def _held_until(plan: feedback.PlanMade | ShownPlan | None) -> datetime | None:
    """When a plan that is in force has the matter looked at again; None when it holds nothing back."""
    return plan.review_on if plan and plan.mode == HELD_BY_POLICY else None


def _plan(message: Message[feedback.PlanMade]) -> ShownPlan:
    """The plan with its words in the order of ``sealed_in``: the rule, then what and who of each measure."""
    body = message.body
    return ShownPlan(
        version=body.version,
        mode=body.mode,
        at=message.at,
        rule=clear(message),
        review_on=body.review_on,
        plan_review="pending" if body.reviewer else "approved" if body.class_plan else "",
        measures=tuple(_measure(message, nth) for nth in range(len(body.measures))),
        class_plan=body.class_plan,
    )


def _measure(message: Message[feedback.PlanMade], nth: int) -> ShownMeasure:
    """A measure that a class plan brought says itself what is done, and by which post."""
    measure = message.body.measures[nth]
    if stated := measure.of_class:
        return ShownMeasure(text=stated.text, person=stated.post, due=measure.due)
    return ShownMeasure(text=clear(message, 2 * nth + 1), person=clear(message, 2 * nth + 2), due=measure.due)


def on_plan_reviewed(ticket: Ticket, message: Message[feedback.PlanReviewed], now: datetime) -> Folded:
    """Staff read the reviewer's words; everybody reads what came of it. What a conference decided was told as that."""
    body, why = message.body, said(ticket, message, inward=True)
    if body.by_conference:
        stands, until = _at(ticket, "overtaken"), ticket.held_until
        if not body.approved:
            stands, until = _at(ticket, "redraft"), None
        return Change(replace(ticket, plan=stands, held_until=until, changed_at=max(ticket.changed_at, message.at)))
    if body.approved:
        approved, until = steps.PlanApprovedStep(version=body.version), _held_until(ticket.plan)
        return told(ticket, message, approved, why, plan=_at(ticket, "approved"), held_until=until)
    rejected = steps.PlanRejectedStep(version=body.version, ground=next(iter(body.grounds), ""))
    return told(ticket, message, rejected, why, plan=_at(ticket, "redraft"), held_until=None)


def on_plan_lapsed(ticket: Ticket, message: Message[feedback.PlanLapsed], now: datetime) -> Folded:
    return told(ticket, message, steps.PlanLapsedStep(), plan=_at(ticket, "lapsed"), held_until=None)


def _at(ticket: Ticket, review: str) -> ShownPlan | None:
    return replace(ticket.plan, plan_review=review) if ticket.plan else None


def on_measure_reported(ticket: Ticket, message: Message[feedback.MeasureReported], now: datetime) -> Folded:
    body = message.body
    if not body.done:
        return told(ticket, message, steps.MeasureGoesOnStep(index=body.index), _shown(ticket, message))
    plan = ticket.plan and replace(ticket.plan, measures_done=(*ticket.plan.measures_done, body.index))
    return told(ticket, message, steps.MeasureDoneStep(index=body.index), _shown(ticket, message), plan=plan)


def on_measures_timed(ticket: Ticket, message: Message[schemes.MeasuresTimed], now: datetime) -> Folded:
    """The light of each is compared where it is read: nothing is told of its beginning."""
    plan = ticket.plan
    if plan is None or plan.version != message.body.plan:
        return Ignore("another_plan")
    timed = {each.index: each for each in message.body.items}
    measures = tuple(_timed(each, timed.get(nth)) for nth, each in enumerate(plan.measures, 1))
    return Change(replace(ticket, plan=replace(plan, measures=measures)))


def _timed(measure: ShownMeasure, timed: schemes.TimedMeasure | None) -> ShownMeasure:
    return replace(measure, yellow=timed.yellow, orange=timed.orange, red=timed.red) if timed else measure


def _shown(ticket: Ticket, message: Message[feedback.MeasureReported]) -> SaidWords | None:
    evidence = tuple(ShownEvidence(**dict(each)) for each in message.body.evidence)
    words = clear(message)
    return None if ticket.erased or not (words or evidence) else SaidWords(words=words, evidence=evidence)


REACTS = (
    follows(feedback.PlanMade, on_plan_made),
    follows(feedback.PlanReviewed, on_plan_reviewed),
    follows(feedback.PlanLapsed, on_plan_lapsed),
    follows(feedback.MeasureReported, on_measure_reported),
    follows(schemes.MeasuresTimed, on_measures_timed),
)
"""Each fact with the fold that is made for it."""
