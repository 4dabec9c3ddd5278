"""What intake says: registered, screened out, supplemented, withdrawn, erased."""

from dataclasses import replace
from datetime import datetime

import orjson

from contracts import facts
from contracts.envelope import Body, Message
from services.portal.domain.ticket import (
    WORDS_SHOWN,
    State,
    Ticket,
    VoterCode,
    worded,
)
from services.portal.ports import Sealed
from services.portal.projection.folding import Folded, Given, timed, told

VOTERS_KEPT = 64  # codes a ticket opens to: 51 reporters and some conflicting submissions


def on_ticket_registered(ticket: Ticket | None, message: Message[facts.TicketRegistered], now: datetime) -> Folded:
    body = message.body
    begun = _begun(ticket, message, body.number, body.channel, body.door, body.division_given)
    voters = tuple(VoterCode(index=voter.index, digest=voter.code_digest) for voter in body.voters)
    registered = replace(
        begun,
        state=State.REGISTERED,
        urgent=body.urgent,
        traceable=body.traceable,
        on_behalf=body.on_behalf,
        voters=voters,
        collective=len(voters) > 1,
    )
    return told(registered, message, "registered", body.channel)


def on_ticket_screened_out(ticket: Ticket | None, message: Message[facts.TicketScreenedOut], now: datetime) -> Folded:
    body = message.body
    begun = _begun(ticket, message, body.number, body.channel, body.door, "")
    voters = tuple(VoterCode(index=voter.index, digest=voter.code_digest) for voter in body.voters)
    found = replace(begun, state=State.INVALID, traceable=body.traceable, voters=voters)
    return told(found, message, "screened_out", f"{body.reason_zh}|{body.reason_en}")


def _begun(ticket: Ticket | None, message: Given, number: str, channel: str, door: str, division: str) -> Ticket:
    words = _words(message)
    begun = ticket or Ticket(
        id=message.ticket,
        number=number,
        state=State.REGISTERED,
        registered_at=message.at,
        changed_at=message.at,
        channel=channel,
        door=door,
        division=division or number[:6],
    )
    if begun.erased or not words:
        return begun
    return worded(begun, words.get("title", ""), words.get("content", "")[:WORDS_SHOWN])


def _words(message: Given) -> dict[str, str]:
    """The submission's words: sealed JSON; anything else is shown as nothing rather than guessed at."""
    try:
        parsed = orjson.loads(message.given or "{}")
    except orjson.JSONDecodeError:
        return {}
    return {key: value for key, value in parsed.items() if isinstance(value, str)} if isinstance(parsed, dict) else {}


def on_ticket_supplemented(ticket: Ticket, message: Message[facts.TicketSupplemented], now: datetime) -> Folded:
    words = "" if ticket.erased else (_words(message).get("text") or str(message.given or ""))[:WORDS_SHOWN]
    return told(ticket, message, "supplemented", words=words, supplements=ticket.supplements + 1)


def on_submission_conflicted(ticket: Ticket, message: Message[facts.SubmissionConflicted], now: datetime) -> Folded:
    voter, words = message.body.voter, _words(message)
    said = "" if ticket.erased else words.get("content", "")[:WORDS_SHOWN]
    part = VoterCode(index=voter.index, digest=voter.code_digest, part=True, words=said)
    voters = (*ticket.voters, part)[-VOTERS_KEPT:]
    ticket = replace(ticket, supplements=ticket.supplements + 1, conflicts=ticket.conflicts + 1)
    return told(ticket, message, "conflicted", voters=voters)


def on_ticket_withdrawn(ticket: Ticket, message: Message[facts.TicketWithdrawn], now: datetime) -> Folded:
    return told(timed(ticket, ()), message, "withdrawn", state=State.WITHDRAWN)


def on_ticket_erased(ticket: Ticket, message: Message[facts.TicketErased], now: datetime) -> Folded:
    history = tuple(replace(step, words="") for step in ticket.history)
    voters = tuple(replace(voter, words="") for voter in ticket.voters)
    return told(worded(ticket, "", ""), message, "erased", erased=True, history=history, voters=voters)


def sealed_in(body: Body) -> Sealed | None:
    """The words in a fact that its reporter may read, None when it has none."""
    match body:
        case facts.TicketRegistered() | facts.TicketScreenedOut() | facts.SubmissionConflicted():
            return Sealed("words", body.words)
        case facts.TicketSupplemented():
            return Sealed("supplement", body.words)
        case facts.ProgressReported() if body.public:
            return Sealed("progress", body.text)
        case facts.TicketCompleted():
            return Sealed("explanation", body.explanation)
        case _:
            return None
