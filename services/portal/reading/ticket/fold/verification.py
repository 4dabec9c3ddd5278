"""Folds of what was found of a matter (核实), and of whom the unit talked to."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import feedback, reviews, verification
from runtime.change import Change
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.document import SaidWords, ShownEvidence, Ticket
from services.portal.reading.ticket.fold.folding import Folded, follows, stored, told, with_step
from services.portal.reading.ticket.fold.words import clear

Done = feedback.TicketCompleted | reviews.CompletionSubmitted


def on_matter_verified(ticket: Ticket, message: Message[verification.MatterVerified], now: datetime) -> Folded:
    """Everybody reads what was found; staff read the words and see what shows it."""
    body = message.body
    shown = steps.VerifiedStep if body.stands else steps.FoundByUnitStep
    also = "lacks_explanation" if body.lacks_explanation else ""
    evidence = tuple(ShownEvidence(**dict(each)) for each in body.evidence)
    words = SaidWords(words=clear(message), evidence=evidence, inward=True)
    step = shown(finding=body.finding, method=body.method, also=also)
    return told(ticket, message, step, None if ticket.erased else words)


def with_whom(folded: Change[Ticket], message: Message[Done]) -> Change[Ticket]:
    """A line more where the unit says whom it talked to: staff read who that was."""
    ticket = folded.document
    if not message.body.talked_to:
        return folded
    who = "" if ticket.erased else clear(message, 1)
    said = SaidWords(words=who, inward=True) if who else None
    names = {"unit_zh": ticket.unit_zh, "unit_en": ticket.unit_en}
    return Change(with_step(ticket, stored(steps.ExplainedStep(), message.at, **names, said=said)))


REACTS = (follows(verification.MatterVerified, on_matter_verified),)
"""Each fact with the fold that is made for it."""
