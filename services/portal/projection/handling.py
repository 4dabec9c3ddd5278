"""What routing and feedback say: who is to do it, what was promised, done, voted and struck off."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts import facts
from contracts.envelope import Message
from runtime.change import Ignore
from services.portal.domain.ticket import (
    WORDS_SHOWN,
    Promise,
    State,
    Ticket,
    Vote,
)
from services.portal.projection.folding import Folded, Given, timed, told


def on_assignment_queued(ticket: Ticket, message: Message[facts.AssignmentQueued], now: datetime) -> Folded:
    body = message.body
    found: dict[str, Any] = {"division": body.division or ticket.division, "category": body.category or ticket.category}
    return told(ticket, message, "queued", body.reason, state=State.QUEUED, lead_unit=body.lead_unit, **found)


def on_ticket_assigned(ticket: Ticket, message: Message[facts.TicketAssigned], now: datetime) -> Folded:
    body = message.body
    same = ("unit", "unit_zh", "unit_en", "level", "lead_unit", "division", "division_zh", "category", "category_zh")
    fields = {name: getattr(body, name) for name in (*same, "category_en")}
    urgent = ticket.urgent or body.urgent
    return told(
        ticket, message, "assigned", str(body.hop), state=State.ASSIGNED, hops=body.hop, urgent=urgent, **fields
    )


def on_ticket_returned(ticket: Ticket, message: Message[facts.TicketReturned], now: datetime) -> Folded:
    """The story says who gave it back; from now on it is nobody's, and that unit reads it no more."""
    body = message.body
    kind, state = ("disputed", State.DISPUTED) if body.disputed else ("returned", State.QUEUED)
    back = told(ticket, message, kind, body.ground, state=state, returns=body.count)
    return replace(back, document=replace(back.document, unit="", unit_zh="", unit_en=""))


def on_ticket_accepted(ticket: Ticket, message: Message[facts.TicketAccepted], now: datetime) -> Folded:
    standard = message.body.standard
    promised: dict[str, Any] = {"state": State.IN_HAND, "promise": _promise(standard)}
    return told(ticket, message, "accepted", f"{standard.name_zh}|{standard.name_en}", **promised)


def _promise(standard: facts.HandlingStandard) -> Promise:
    return Promise(
        code=standard.code,
        name_zh=standard.name_zh,
        name_en=standard.name_en,
        limit=standard.limit,
        limit_unit=standard.limit_unit,
    )


def on_plan_made(ticket: Ticket, message: Message[facts.PlanMade], now: datetime) -> Folded:
    return told(ticket, message, "planned", message.body.mode)


def on_progress_reported(ticket: Ticket, message: Message[facts.ProgressReported], now: datetime) -> Folded:
    return told(ticket, message, "progress", words=_shown(ticket, message) if message.body.public else "")


def on_ticket_completed(ticket: Ticket, message: Message[facts.TicketCompleted], now: datetime) -> Folded:
    body, words = message.body, _shown(ticket, message)
    state = State.AWAITING_EVALUATION
    return told(ticket, message, "completed", str(len(body.evidence)), words, state=state, round=body.round)


def _shown(ticket: Ticket, message: Given) -> str:
    return "" if ticket.erased else str(message.given or "")[:WORDS_SHOWN]


def on_evaluation_reminded(ticket: Ticket, message: Message[facts.EvaluationReminded], now: datetime) -> Folded:
    return told(ticket, message, "look_back_due" if message.body.look_back else "reminded")


def on_ticket_evaluated(ticket: Ticket, message: Message[facts.TicketEvaluated], now: datetime) -> Folded:
    body = message.body
    vote = Vote(round=body.round, voter=body.voter, grade=body.grade, solved=body.solved)
    return told(ticket, message, "evaluated", _grade(body.grade, body.solved), votes=(*ticket.votes, vote))


def on_look_back_recorded(ticket: Ticket, message: Message[facts.LookBackRecorded], now: datetime) -> Folded:
    body = message.body
    vote = Vote(round=body.round, voter=0, grade=body.grade, solved=body.solved, look_back=True)
    return told(ticket, message, "look_back", _grade(body.grade, body.solved), votes=(*ticket.votes, vote))


def _grade(grade: int, solved: bool) -> str:
    return f"{grade}|{'solved' if solved else 'unsolved'}"


def on_rework_ordered(ticket: Ticket, message: Message[facts.ReworkOrdered], now: datetime) -> Folded:
    body = message.body
    again: dict[str, Any] = {
        "state": State.REWORK,
        "reworks": body.count,
        "promise": _promise(body.standard),
        "struck_off_at": None,
    }
    return told(ticket, message, "rework", str(body.count), **again)


def on_ticket_struck_off(ticket: Ticket, message: Message[facts.TicketStruckOff], now: datetime) -> Folded:
    return told(timed(ticket, ()), message, "struck_off", state=State.STRUCK_OFF, struck_off_at=message.at)


def on_person_notified(ticket: Ticket, message: Message[facts.PersonNotified], now: datetime) -> Folded:
    body = message.body
    if body.audience != "reporter" or body.outcome != "sent":
        return Ignore("not_shown")
    return told(ticket, message, "told", f"{body.kind}|{body.channel}")


def on_delivery_unknown(ticket: Ticket, message: Message[facts.DeliveryUnknown], now: datetime) -> Folded:
    return Ignore("not_shown")
