"""What people wrote, as it comes to the fold: sealed in a fact, in clear beside it."""

from collections.abc import Iterable

import orjson

from contracts.envelope import Body, Message
from contracts.messages import feedback, intake
from contracts.sealed import MEASURED, WRITTEN, SealField
from services.portal.reading.ticket.document import SaidWords, Ticket
from services.portal.reading.ticket.fold.sealed import Sealed
from services.portal.reading.ticket.masking import Own


def sealed_in(body: Body) -> tuple[Sealed, ...]:
    """What people wrote in a fact, in a fixed order; a text is "" where nothing was written."""
    parts = [Sealed(field, getattr(body, name)) for name, field in WRITTEN.get(type(body), {}).items()]
    if isinstance(body, feedback.PlanMade):
        parts += [Sealed(field, getattr(each, name)) for each in body.measures for name, field in MEASURED.items()]
    if isinstance(body, intake.TicketSupplemented):
        parts += [Sealed(SealField.HIDE, each) for each in body.hide]
    return tuple(parts)


def clear(message: Message[Body], at: int = 0) -> str:
    """One of the clear words that came with a fact, in the order of ``sealed_in``; "" when they are erased."""
    words = message.given
    return str(words[at]) if isinstance(words, tuple) and at < len(words) else ""


def own(message: Message[Body]) -> Own:
    """What the reporters of a submission gave of themselves."""
    return own_of([clear(message, 1)])


def own_of_all(message: Message[Body], lists: int) -> Own:
    """What the reporters of a matter gave of themselves, from the lists that came with what was added to it."""
    return own_of(clear(message, at) for at in range(1, lists + 1))


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
