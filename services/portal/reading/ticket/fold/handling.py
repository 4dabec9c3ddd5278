"""What routing and feedback say: who is to do it, what was promised, done, voted and struck off."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts import values
from contracts.envelope import Message
from contracts.lifecycle import TicketState
from contracts.messages import feedback, notify, routing
from runtime.change import Change, Ignore
from services.portal.reading.ticket.document import (
    SaidWords,
    ShownEvidence,
    ShownMeasure,
    ShownPlan,
    ShownPromise,
    ShownVote,
    Step,
    Ticket,
)
from services.portal.reading.ticket.fold.folding import Folded, told, with_step
from services.portal.reading.ticket.fold.words import clear, said

NOTICE = "told"


def on_assignment_queued(ticket: Ticket, message: Message[routing.AssignmentQueued], now: datetime) -> Folded:
    body = message.body
    found: dict[str, Any] = {"division": body.division or ticket.division, "category": body.category or ticket.category}
    return told(ticket, message, "queued", body.reason, state=TicketState.QUEUED, lead_unit=body.lead_unit, **found)


def on_ticket_assigned(ticket: Ticket, message: Message[routing.TicketAssigned], now: datetime) -> Folded:
    body = message.body
    same = ("unit", "unit_zh", "unit_en", "level", "lead_unit", "division", "division_zh", "category", "category_zh")
    fields = {name: getattr(body, name) for name in (*same, "category_en")}
    urgent = ticket.urgent or body.urgent
    moved: dict[str, Any] = {"state": TicketState.ASSIGNED, "hops": body.hop, "urgent": urgent}
    return told(ticket, message, "assigned", str(body.hop), said(ticket, message, inward=True), **moved, **fields)


def on_ticket_returned(ticket: Ticket, message: Message[routing.TicketReturned], now: datetime) -> Folded:
    """The story says who gave it back; from now on it is nobody's, and that unit reads it no more."""
    body = message.body
    kind, state = ("disputed", TicketState.DISPUTED) if body.disputed else ("returned", TicketState.QUEUED)
    why = said(ticket, message, inward=True)
    back = told(ticket, message, kind, body.ground, why, state=state, returns=body.count)
    return replace(back, document=replace(back.document, unit="", unit_zh="", unit_en=""))


def on_ticket_accepted(ticket: Ticket, message: Message[routing.TicketAccepted], now: datetime) -> Folded:
    standard = message.body.standard
    promised: dict[str, Any] = {"state": TicketState.IN_HAND, "promise": _promise(standard)}
    return told(ticket, message, "accepted", f"{standard.name_zh}|{standard.name_en}", **promised)


def _promise(standard: values.HandlingStandard) -> ShownPromise:
    return ShownPromise(
        code=standard.code,
        name_zh=standard.name_zh,
        name_en=standard.name_en,
        limit=standard.limit,
        limit_unit=standard.limit_unit,
    )


def on_plan_made(ticket: Ticket, message: Message[feedback.PlanMade], now: datetime) -> Folded:
    return told(ticket, message, "planned", message.body.mode, plan=None if ticket.erased else _plan(message))


def _plan(message: Message[feedback.PlanMade]) -> ShownPlan:
    """The plan with its words in the order of ``sealed_in``: the rule, then what and who of each measure."""
    body = message.body
    return ShownPlan(
        version=body.version,
        mode=body.mode,
        at=message.at,
        rule=clear(message),
        review_on=body.review_on,
        measures=tuple(
            ShownMeasure(text=clear(message, 2 * nth + 1), person=clear(message, 2 * nth + 2), due=each.due)
            for nth, each in enumerate(body.measures)
        ),
    )


def on_progress_reported(ticket: Ticket, message: Message[feedback.ProgressReported], now: datetime) -> Folded:
    return told(ticket, message, "progress", said=said(ticket, message, inward=not message.body.public))


def on_ticket_completed(ticket: Ticket, message: Message[feedback.TicketCompleted], now: datetime) -> Folded:
    body = message.body
    state = TicketState.AWAITING_EVALUATION
    return told(
        ticket, message, "completed", str(len(body.evidence)), _shown(ticket, message), state=state, round=body.round
    )


def _shown(ticket: Ticket, message: Message[feedback.TicketCompleted]) -> SaidWords | None:
    """What the unit says it did, and what it shows for it."""
    evidence = tuple(ShownEvidence(**dict(each)) for each in message.body.evidence)
    return None if ticket.erased else SaidWords(words=clear(message), evidence=evidence)


def on_evaluation_reminded(ticket: Ticket, message: Message[feedback.EvaluationReminded], now: datetime) -> Folded:
    return told(ticket, message, "look_back_due" if message.body.look_back else "reminded")


def on_ticket_evaluated(ticket: Ticket, message: Message[feedback.TicketEvaluated], now: datetime) -> Folded:
    body = message.body
    vote = ShownVote(round=body.round, voter=body.voter, grade=body.grade, solved=body.solved)
    own = said(ticket, message, by=body.voter)
    return told(ticket, message, "evaluated", _grade(body.grade, body.solved), own, votes=(*ticket.votes, vote))


def on_look_back_recorded(ticket: Ticket, message: Message[feedback.LookBackRecorded], now: datetime) -> Folded:
    body = message.body
    vote = ShownVote(round=body.round, voter=0, grade=body.grade, solved=body.solved, look_back=True)
    noted = said(ticket, message, inward=True)
    return told(ticket, message, "look_back", _grade(body.grade, body.solved), noted, votes=(*ticket.votes, vote))


def _grade(grade: int, solved: bool) -> str:
    return f"{grade}|{'solved' if solved else 'unsolved'}"


def on_rework_ordered(ticket: Ticket, message: Message[feedback.ReworkOrdered], now: datetime) -> Folded:
    body = message.body
    again: dict[str, Any] = {
        "state": TicketState.REWORK,
        "reworks": body.count,
        "promise": _promise(body.standard),
        "struck_off_at": None,
    }
    return told(ticket, message, "rework", f"{body.count}|{body.reason}", **again)


def on_ticket_struck_off(ticket: Ticket, message: Message[feedback.TicketStruckOff], now: datetime) -> Folded:
    return told(ticket, message, "struck_off", state=TicketState.STRUCK_OFF, struck_off_at=message.at)


def on_person_notified(ticket: Ticket, message: Message[notify.PersonNotified], now: datetime) -> Folded:
    body = message.body
    if body.audience != "reporter" or body.outcome != "sent":
        return Ignore("not_shown")
    return Change(_noticed(ticket, f"{body.kind}|{body.channel}", message.at))


def _noticed(ticket: Ticket, note: str, at: datetime) -> Ticket:
    """One more person was told: a count in the line of those told of the same in the same way. Nothing has changed."""
    for nth in range(len(ticket.history) - 1, -1, -1):
        step = ticket.history[nth]
        if step.kind != NOTICE:
            break
        if step.note == note or step.note.startswith(f"{note}|"):
            counted = replace(step, note=f"{note}|{_people(step) + 1}")
            return replace(ticket, history=(*ticket.history[:nth], counted, *ticket.history[nth + 1 :]))
    return with_step(ticket, Step(at=at, kind=NOTICE, note=note))


def _people(step: Step) -> int:
    """How many a notice went to: "kind|channel" to one, "kind|channel|51" to so many."""
    return int(step.note.split("|")[2]) if step.note.count("|") == 2 else 1


def on_delivery_unknown(ticket: Ticket, message: Message[notify.DeliveryUnknown], now: datetime) -> Folded:
    return Ignore("not_shown")
