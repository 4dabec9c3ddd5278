"""What intake says: registered, screened out, supplemented, withdrawn, erased."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.envelope import Message
from contracts.lifecycle import TicketState
from contracts.messages import intake
from contracts.sealed import ShapeRefused, SubmittedWords, words_of
from contracts.values import Voter
from runtime.change import Change
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.document import Ticket, VoterCode, scrubbed, worded
from services.portal.reading.ticket.fold.folding import Folded, Given, begins, follows, told
from services.portal.reading.ticket.fold.words import clear, own, own_of_all, said
from services.portal.reading.ticket.masking import mask
from services.portal.reading.ticket.searchable import with_added

VOTERS_KEPT = 64  # codes a ticket opens to: 51 reporters and some conflicting submissions


def on_ticket_registered(ticket: Ticket | None, message: Message[intake.TicketRegistered], now: datetime) -> Folded:
    body = message.body
    begun = _begun(ticket, message, body.number, body.channel, body.door, body.division_given)
    voters = _voters(body.voters)
    registered = replace(
        begun,
        state=TicketState.REGISTERED,
        urgent=body.urgent,
        urgency_level=body.urgency_level,
        traceable=body.traceable,
        on_behalf=body.on_behalf,
        voters=voters,
        collective=_are_several(voters),
    )
    return told(registered, message, steps.RegisteredStep(channel=body.channel))


def on_ticket_screened_out(ticket: Ticket | None, message: Message[intake.TicketScreenedOut], now: datetime) -> Folded:
    body = message.body
    begun = _begun(ticket, message, body.number, body.channel, body.door, "")
    found = replace(begun, state=TicketState.INVALID, traceable=body.traceable, voters=_voters(body.voters))
    return told(found, message, steps.ScreenedOutStep(reason_zh=body.reason_zh, reason_en=body.reason_en))


def _voters(voters: Iterable[Voter]) -> tuple[VoterCode, ...]:
    return tuple(VoterCode(index=each.index, digest=each.code_digest, confirmed=each.confirmed) for each in voters)


def _are_several(voters: Iterable[VoterCode]) -> bool:
    """Whether it is a joint matter: seats count once they are confirmed, whoever sent another body has none."""
    return sum(each.confirmed and not each.part for each in voters) > 1


def on_seat_confirmed(ticket: Ticket, message: Message[intake.SeatConfirmed], now: datetime) -> Folded:
    seat = message.body.voter
    voters = tuple(replace(each, confirmed=each.confirmed or each.index == seat) for each in ticket.voters)
    return Change(replace(ticket, voters=voters, collective=_are_several(voters)))


def _begun(ticket: Ticket | None, message: Given, number: str, channel: str, door: str, division: str) -> Ticket:
    words = _words(message)
    begun = ticket or Ticket(
        id=message.key,
        number=number,
        state=TicketState.REGISTERED,
        registered_at=message.at,
        changed_at=message.at,
        channel=channel,
        door=door,
        division=division or number[:6],
    )
    if begun.erased or words is None:
        return begun
    if begun.searched:  # it was shown before, while it was not valid: what came meanwhile stays with it
        return begun
    hide = (message.body.hide,) if message.body.hide else begun.hide
    said_of: dict[str, Any] = {"category_said": words.category, "hide": hide}
    said_of |= {"place": words.place, "latitude": words.latitude, "longitude": words.longitude}
    return worded(begun, words.title, words.content, own(message), **said_of)


def _words(message: Given) -> SubmittedWords | None:
    """The submission's words; None once they are erased, or of a shape that is not guessed at."""
    try:
        return words_of(clear(message)) if clear(message) else None
    except ShapeRefused:
        return None


def on_ticket_supplemented(ticket: Ticket, message: Message[intake.TicketSupplemented], now: datetime) -> Folded:
    added, searched = said(ticket, message), _searched_with(ticket, message)
    more = ticket.supplements + 1
    return told(ticket, message, steps.SupplementedStep(), added, supplements=more, searched=searched)


def _searched_with(ticket: Ticket, message: Message[intake.TicketSupplemented]) -> str:
    """What a search looks at, with what was added; words that came without what is to be hidden in them stay out."""
    words, lists = clear(message), len(message.body.hide)
    if ticket.erased or not (ticket.searched and words and lists):
        return ticket.searched
    return with_added(ticket.searched, mask(words, own_of_all(message, lists)))


def on_submission_conflicted(ticket: Ticket, message: Message[intake.SubmissionConflicted], now: datetime) -> Folded:
    voter = message.body.voter
    words = None if ticket.erased else _words(message)
    part = VoterCode(index=voter.index, digest=voter.code_digest, part=True, words=words.content if words else "")
    voters = (*ticket.voters, part)[-VOTERS_KEPT:]
    hide = () if ticket.erased else tuple(filter(None, (*ticket.hide, message.body.hide)))[-VOTERS_KEPT:]
    ticket = replace(ticket, supplements=ticket.supplements + 1, conflicts=ticket.conflicts + 1, hide=hide)
    searched = mask(ticket.searched, own(message))
    return told(ticket, message, steps.ConflictedStep(), voters=voters, searched=searched)


def on_ticket_withdrawn(ticket: Ticket, message: Message[intake.TicketWithdrawn], now: datetime) -> Folded:
    return told(ticket, message, steps.WithdrawnStep(), state=TicketState.WITHDRAWN)


def on_ticket_erased(ticket: Ticket, message: Message[intake.TicketErased], now: datetime) -> Folded:
    return told(scrubbed(ticket), message, steps.ErasedStep(), erased=True)


REACTS = (
    begins(intake.TicketRegistered, on_ticket_registered),
    begins(intake.TicketScreenedOut, on_ticket_screened_out),
    follows(intake.TicketSupplemented, on_ticket_supplemented),
    follows(intake.SubmissionConflicted, on_submission_conflicted),
    follows(intake.SeatConfirmed, on_seat_confirmed),
    follows(intake.TicketWithdrawn, on_ticket_withdrawn),
    follows(intake.TicketErased, on_ticket_erased),
)
"""Each fact with the fold that is made for it."""
