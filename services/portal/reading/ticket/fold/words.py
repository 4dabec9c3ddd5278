"""What people wrote, as it comes to the fold: sealed in a fact, in clear beside it."""

from collections.abc import Iterable, Mapping

import orjson

from contracts.envelope import Body, Message
from contracts.messages import feedback, intake, routing
from services.portal.reading.ticket.document import SaidWords, Ticket
from services.portal.reading.ticket.fold.sealed import Sealed
from services.portal.reading.ticket.masking import Own

HIDE = "hide"
SUBMITTED = (intake.TicketRegistered, intake.TicketScreenedOut, intake.SubmissionConflicted)
"""Facts that bring what reporters gave of themselves beside the words: it is hidden in them."""

WRITTEN: Mapping[type[Body], tuple[str, str]] = {
    intake.TicketRegistered: ("words", "words"),
    intake.TicketScreenedOut: ("words", "words"),
    intake.SubmissionConflicted: ("words", "words"),
    intake.TicketSupplemented: ("words", "supplement"),
    routing.TicketAssigned: ("explanation", "reason"),
    routing.TicketReturned: ("explanation", "explanation"),
    feedback.ProgressReported: ("text", "progress"),
    feedback.TicketCompleted: ("explanation", "explanation"),
    feedback.TicketEvaluated: ("words", "evaluation"),
    feedback.LookBackRecorded: ("note", "note"),
}
"""Fact → the attribute that is sealed, and the field that it was sealed for."""


def sealed_in(body: Body) -> tuple[Sealed, ...]:
    """What people wrote in a fact, in a fixed order; a text is "" where nothing was written."""
    if isinstance(body, feedback.PlanMade):
        parts = (part for each in body.measures for part in (("measure", each.text), ("person", each.person)))
        return (Sealed("rule_quoted", body.rule_quoted), *(Sealed(*part) for part in parts))
    if type(body) not in WRITTEN:
        return ()
    attribute, field = WRITTEN[type(body)]
    words = Sealed(field, getattr(body, attribute))
    return (words, Sealed(HIDE, body.hide)) if isinstance(body, SUBMITTED) else (words,)


def clear(message: Message[Body], at: int = 0) -> str:
    """One of the clear words that came with a fact, in the order of ``sealed_in``; "" when they are erased."""
    words = message.given
    return str(words[at]) if isinstance(words, tuple) and at < len(words) else ""


def own(message: Message[Body]) -> Own:
    """What the reporters of a submission gave of themselves."""
    return own_of([clear(message, 1)])


def own_of(lists: Iterable[str]) -> Own:
    """From JSON lists as intake seals them; what is no such list, or is erased, names nobody."""
    return Own(tuple(value for each in lists for value in _values(each)))


def _values(opened: str) -> list[str]:
    try:
        read = orjson.loads(opened or "[]")
    except orjson.JSONDecodeError:
        return []
    return [value for value in read if isinstance(value, str)] if isinstance(read, list) else []


def said(ticket: Ticket, message: Message[Body], *, by: int | None = None, inward: bool = False) -> SaidWords | None:
    """The fact's words, None when there are none; after an erasure nothing more is kept."""
    words = "" if ticket.erased else clear(message)
    return SaidWords(words=words, by=by, inward=inward) if words else None
