"""What routing says: its values as facts; who asks, and how a refusal is said."""

from contracts import values
from contracts.envelope import Actor, Message
from contracts.messages import routing
from runtime.change import Reject
from services.routing.domain.assignment.assignment import (
    Assignment,
    AssignmentRefused,
    Giver,
)
from services.routing.domain.assignment.routes import Queue
from services.routing.domain.unit.units import Unit


def ticket_accepted(
    document: Assignment, unit: Unit, standard: values.HandlingStandard, *, plan_asked: bool
) -> routing.TicketAccepted:
    return routing.TicketAccepted(
        number=document.number,
        unit=unit.code,
        unit_zh=unit.zh,
        unit_en=unit.en,
        lead_unit=unit.lead_unit,
        division=document.division,
        category=document.category,
        standard=standard,
        voters=tuple(
            values.Voter(index=seat.index, code_digest=seat.code_digest, confirmed=seat.confirmed)
            for seat in document.voters
        ),
        registered_at=document.registered_at,
        urgent=document.urgent,
        plan_asked=plan_asked,
        traceable=document.reachable,
    )


def urgency_judged(document: Assignment, why: str, reason: str = "") -> routing.UrgencyJudged:
    return routing.UrgencyJudged(
        number=document.number,
        urgent=document.urgent,
        level=document.urgency_level,
        why=why,
        reason=reason,
        urgency=document.urgency_class,
        words=document.urgency_words,
        judge_by=document.judge_by,
    )


def assignment_queued(document: Assignment, queue: Queue) -> routing.AssignmentQueued:
    return routing.AssignmentQueued(
        reason=queue.reason,
        candidates=tuple(values.Candidate(unit=c.unit.code, score=c.score, why=c.why) for c in queue.candidates),
        division=document.division,
        category=document.category,
        lead_unit=document.lead_unit,
        places=document.places,
        number=document.number,
        urgent=document.urgent,
        reporters=document.reporters,
    )


def giver(actor: Actor | None) -> Giver:
    """Nobody in particular answers for nowhere."""
    if actor is None:
        return Giver("nowhere", is_supervision=False)
    return Giver(actor.division, actor.role == "supervisor", actor.unit)


def by_hand(assigned: Assignment, message: Message[routing.AssignTicket]) -> tuple[str, ...]:
    """Whose decision it was, and that a stand-in has it."""
    decided = f"{'arbitrated' if assigned.binding else 'by_hand'}:{unit_of(message.actor)}"
    return (decided,) if assigned.unit == message.body.unit else (decided, f"stand_in:{assigned.unit}")


def unit_of(actor: Actor | None) -> str:
    return actor.unit if actor else ""


def refusal(refused: AssignmentRefused) -> Reject:
    return Reject(refused.code, {"zh": refused.zh, "en": refused.en})
