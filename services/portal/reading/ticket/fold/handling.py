"""What routing and feedback say: who is to do it, what was promised, done, voted and struck off."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts import values
from contracts.envelope import Message
from contracts.lifecycle import TicketState
from contracts.messages import draws, feedback, notify, routing
from runtime.change import Change, Ignore
from services.portal.reading.ticket import notes, steps
from services.portal.reading.ticket.document import (
    SaidWords,
    ShownEvidence,
    ShownPromise,
    ShownVote,
    Ticket,
    Unheard,
)
from services.portal.reading.ticket.fold.folding import Folded, follows, stored, told, with_step
from services.portal.reading.ticket.fold.verification import with_whom
from services.portal.reading.ticket.fold.words import clear, said

UNHEARD_KEPT = 20  # messages; more of one matter are found with the first


def on_assignment_queued(ticket: Ticket, message: Message[routing.AssignmentQueued], now: datetime) -> Folded:
    body = message.body
    found: dict[str, Any] = {"division": body.division or ticket.division, "category": body.category or ticket.category}
    step = steps.QueuedStep(reason=body.reason)
    return told(ticket, message, step, state=TicketState.QUEUED, lead_unit=body.lead_unit, **found)


def on_ticket_assigned(ticket: Ticket, message: Message[routing.TicketAssigned], now: datetime) -> Folded:
    body = message.body
    same = ("unit", "unit_zh", "unit_en", "level", "lead_unit", "division", "division_zh", "category", "category_zh")
    fields = {name: getattr(body, name) for name in (*same, "category_en")}
    urgent = ticket.urgent or body.urgent
    moved: dict[str, Any] = {"state": TicketState.ASSIGNED, "hops": body.hop, "urgent": urgent}
    why = said(ticket, message, inward=True)
    return told(ticket, message, steps.AssignedStep(hop=body.hop), why, **moved, **fields)


def on_urgency_judged(ticket: Ticket, message: Message[routing.UrgencyJudged], now: datetime) -> Folded:
    """Staff read the reason; everybody reads that it is dealt with as urgent, or no longer."""
    body = message.body
    why = said(ticket, message, inward=True)
    step = steps.UrgencyJudgedStep(level=body.level)
    return told(ticket, message, step, why, urgent=body.urgent, urgency_level=body.level)


def on_ticket_returned(ticket: Ticket, message: Message[routing.TicketReturned], now: datetime) -> Folded:
    """The story says who gave it back; from now on it is nobody's, and that unit reads it no more."""
    body = message.body
    step = steps.DisputedStep(ground=body.ground) if body.disputed else steps.ReturnedStep(ground=body.ground)
    state = TicketState.DISPUTED if body.disputed else TicketState.QUEUED
    back = told(ticket, message, step, said(ticket, message, inward=True), state=state, returns=body.count)
    return replace(back, document=replace(back.document, unit="", unit_zh="", unit_en=""))


def on_ticket_accepted(ticket: Ticket, message: Message[routing.TicketAccepted], now: datetime) -> Folded:
    standard = message.body.standard
    promised: dict[str, Any] = {"state": TicketState.IN_HAND, "promise": _promise(standard)}
    step = steps.AcceptedStep(promise_zh=standard.name_zh, promise_en=standard.name_en)
    return told(ticket, message, step, **promised)


def _promise(standard: values.HandlingStandard) -> ShownPromise:
    return ShownPromise(
        code=standard.code,
        name_zh=standard.name_zh,
        name_en=standard.name_en,
        limit=standard.limit,
        limit_unit=standard.limit_unit,
    )


def on_reporter_contacted(ticket: Ticket, message: Message[feedback.ReporterContacted], now: datetime) -> Folded:
    method = message.body.method
    reached = message.body.reached
    return told(ticket, message, steps.ContactedStep(method=method) if reached else steps.NotReachedStep(method=method))


def on_reporter_asked(ticket: Ticket, message: Message[feedback.ReporterAsked], now: datetime) -> Folded:
    return told(ticket, message, steps.AskedStep(until=message.body.until), said(ticket, message))


def on_progress_asked(ticket: Ticket, message: Message[feedback.ProgressAsked], now: datetime) -> Folded:
    return told(ticket, message, steps.ProgressAskedStep(), said(ticket, message, inward=True))


def on_ticket_stuck(ticket: Ticket, message: Message[feedback.TicketStuck], now: datetime) -> Folded:
    return told(ticket, message, steps.StuckStep(since=message.body.since))


def on_progress_reported(ticket: Ticket, message: Message[feedback.ProgressReported], now: datetime) -> Folded:
    return told(ticket, message, steps.ProgressStep(), said(ticket, message, inward=not message.body.public))


def on_ticket_completed(ticket: Ticket, message: Message[feedback.TicketCompleted], now: datetime) -> Folded:
    body, state = message.body, TicketState.AWAITING_EVALUATION
    step = steps.CompletedStep(evidence=len(body.evidence))
    done = told(ticket, message, step, _shown(ticket, message), state=state, round=body.round, chain=())
    return with_whom(done, message)


def _shown(ticket: Ticket, message: Message[feedback.TicketCompleted]) -> SaidWords | None:
    """What the unit says it did, and what it shows for it."""
    evidence = tuple(ShownEvidence(**dict(each)) for each in message.body.evidence)
    return None if ticket.erased else SaidWords(words=clear(message), evidence=evidence)


def on_evaluation_reminded(ticket: Ticket, message: Message[feedback.EvaluationReminded], now: datetime) -> Folded:
    return told(ticket, message, steps.LookBackDueStep() if message.body.look_back else steps.RemindedStep())


def on_ticket_evaluated(ticket: Ticket, message: Message[feedback.TicketEvaluated], now: datetime) -> Folded:
    body = message.body
    vote = ShownVote(round=body.round, voter=body.voter, grade=body.grade, solved=body.solved)
    own = said(ticket, message, by=body.voter)
    if not body.changed:
        step = steps.EvaluatedStep(grade=body.grade, solved=body.solved)
        return told(ticket, message, step, own, votes=(*ticket.votes, vote))
    others = (each for each in ticket.votes if (each.round, each.voter) != (body.round, body.voter))
    changed = steps.VoteChangedStep(grade=body.grade, solved=body.solved)
    return told(ticket, message, changed, own, votes=(*others, vote))


def on_look_back_attempted(ticket: Ticket, message: Message[feedback.LookBackAttempted], now: datetime) -> Folded:
    attempts = message.body.attempts
    if message.body.unreached:
        return told(ticket, message, steps.UnreachedStep(attempts=attempts))
    return told(ticket, message, steps.NobodyAnsweredStep(attempts=attempts))


def on_look_back_recorded(ticket: Ticket, message: Message[feedback.LookBackRecorded], now: datetime) -> Folded:
    body = message.body
    vote = ShownVote(round=body.round, voter=0, grade=body.grade, solved=body.solved, look_back=True)
    noted = said(ticket, message, inward=True)
    step = steps.LookBackStep(grade=body.grade, solved=body.solved)
    return told(ticket, message, step, noted, votes=(*ticket.votes, vote))


def on_rework_ordered(ticket: Ticket, message: Message[feedback.ReworkOrdered], now: datetime) -> Folded:
    body = message.body
    again: dict[str, Any] = {
        "state": TicketState.REWORK,
        "reworks": body.count,
        "promise": _promise(body.standard),
        "struck_off_at": None,
    }
    return told(ticket, message, steps.ReworkStep(count=body.count, reason=body.reason), **again)


def on_check_opened(ticket: Ticket, message: Message[draws.CheckOpened], now: datetime) -> Folded:
    return told(ticket, message, steps.CheckOpenedStep())


def on_check_recorded(ticket: Ticket, message: Message[draws.CheckRecorded], now: datetime) -> Folded:
    body = message.body
    step = steps.CheckedStep(method=body.method, outcome="passed" if body.passed else "failed")
    return told(ticket, message, step, said(ticket, message, inward=True))


def on_ticket_struck_off(ticket: Ticket, message: Message[feedback.TicketStruckOff], now: datetime) -> Folded:
    return told(ticket, message, steps.StruckOffStep(), state=TicketState.STRUCK_OFF, struck_off_at=message.at)


def on_person_notified(ticket: Ticket, message: Message[notify.PersonNotified], now: datetime) -> Folded:
    body = message.body
    heard = tuple(each for each in ticket.unheard if each.reference != body.reference)
    is_shown = body.audience == "reporter" and body.outcome == "sent"
    if not is_shown and heard == ticket.unheard:
        return Ignore("not_shown")
    known = replace(ticket, unheard=heard)
    step = steps.ToldStep(what=body.kind, channel=body.channel)
    return Change(_noticed(known, step, message.at) if is_shown else known)


def on_people_notified(ticket: Ticket, message: Message[notify.PeopleNotified], now: datetime) -> Folded:
    shown = [
        each for each in message.body.told if each.audience == "reporter" and each.outcome in ("sent", "delivered")
    ]
    if not shown:
        return Ignore("not_shown")
    after = ticket
    for each in shown:
        after = _noticed(after, steps.ToldStep(what=each.kind, channel=each.channel), message.at)
    return Change(after)


def _noticed(ticket: Ticket, notice: steps.ToldStep, at: datetime) -> Ticket:
    """One more person was told: a count in the line of those told of the same in the same way. Nothing has changed."""
    for nth in range(len(ticket.history) - 1, -1, -1):
        line = ticket.history[nth]
        told_before = notes.step_of(line.kind, line.note)
        if not isinstance(told_before, steps.ToldStep):
            break
        if (told_before.what, told_before.channel) == (notice.what, notice.channel):
            more = replace(told_before, people=told_before.people + 1)
            counted = replace(line, note=notes.note_of(more))
            return replace(ticket, history=(*ticket.history[:nth], counted, *ticket.history[nth + 1 :]))
    return with_step(ticket, stored(notice, at))


def on_delivery_unknown(ticket: Ticket, message: Message[notify.DeliveryUnknown], now: datetime) -> Folded:
    """Nobody is told of it; somebody of the office has to find out."""
    found = Unheard(reference=message.body.reference, since=message.at)
    others = tuple(each for each in ticket.unheard if each.reference != found.reference)
    return Change(replace(ticket, unheard=(*others, found)[-UNHEARD_KEPT:]))


REACTS = (
    follows(routing.AssignmentQueued, on_assignment_queued),
    follows(routing.TicketAssigned, on_ticket_assigned),
    follows(routing.TicketReturned, on_ticket_returned),
    follows(routing.TicketAccepted, on_ticket_accepted),
    follows(routing.UrgencyJudged, on_urgency_judged),
    follows(feedback.ReporterContacted, on_reporter_contacted),
    follows(feedback.ReporterAsked, on_reporter_asked),
    follows(feedback.ProgressAsked, on_progress_asked),
    follows(feedback.TicketStuck, on_ticket_stuck),
    follows(feedback.ProgressReported, on_progress_reported),
    follows(feedback.TicketCompleted, on_ticket_completed),
    follows(feedback.EvaluationReminded, on_evaluation_reminded),
    follows(feedback.TicketEvaluated, on_ticket_evaluated),
    follows(feedback.LookBackAttempted, on_look_back_attempted),
    follows(feedback.LookBackRecorded, on_look_back_recorded),
    follows(feedback.ReworkOrdered, on_rework_ordered),
    follows(feedback.TicketStruckOff, on_ticket_struck_off),
    follows(draws.CheckOpened, on_check_opened),
    follows(draws.CheckRecorded, on_check_recorded),
    follows(notify.PersonNotified, on_person_notified),
    follows(notify.PeopleNotified, on_people_notified),
    follows(notify.DeliveryUnknown, on_delivery_unknown),
)
"""Each fact with the fold that is made for it."""
