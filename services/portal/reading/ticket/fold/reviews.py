"""Folds of the review: submitted, passed level by level, sent back."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.lifecycle import TicketState
from contracts.messages import reviews
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.document import SaidWords, ShownEvidence, ShownLevel, Ticket
from services.portal.reading.ticket.fold.folding import Folded, follows, told
from services.portal.reading.ticket.fold.verification import with_whom
from services.portal.reading.ticket.fold.words import clear, said


def on_completion_submitted(ticket: Ticket, message: Message[reviews.CompletionSubmitted], now: datetime) -> Folded:
    """Staff read what is reviewed; its reporters read it once the last level has passed it."""
    body = message.body
    evidence = tuple(ShownEvidence(**dict(each)) for each in body.evidence)
    shown = None if ticket.erased else SaidWords(words=clear(message), evidence=evidence, inward=True)
    step = steps.SubmittedStep(evidence=len(body.evidence), levels=len(body.chain))
    chain = tuple(ShownLevel(kind=each.kind, reviewer=each.reviewer, together=each.together) for each in body.chain)
    return with_whom(told(ticket, message, step, shown, state=TicketState.UNDER_REVIEW, chain=chain), message)


def on_review_passed(ticket: Ticket, message: Message[reviews.ReviewPassed], now: datetime) -> Folded:
    at, step = message.body.level - 1, steps.ReviewPassedStep(level=message.body.level, reviewer=message.body.kind)
    chain = tuple(replace(each, passed=each.passed or nth == at) for nth, each in enumerate(ticket.chain))
    return told(ticket, message, step, chain=chain)


def on_review_rejected(ticket: Ticket, message: Message[reviews.ReviewRejected], now: datetime) -> Folded:
    """Back where the work came from; staff read the reviewer's words."""
    body = message.body
    ground = next(iter(body.grounds), "")
    step = steps.ReviewRejectedStep(level=body.level, reviewer=body.kind, ground=ground)
    state = TicketState.REWORK if body.round > 1 else TicketState.IN_HAND
    return told(ticket, message, step, said(ticket, message, inward=True), state=state, chain=())


REACTS = (
    follows(reviews.CompletionSubmitted, on_completion_submitted),
    follows(reviews.ReviewPassed, on_review_passed),
    follows(reviews.ReviewRejected, on_review_rejected),
)
"""Each fact with the fold that is made for it."""
