"""Intake's handlers: a submission becomes a ticket or is screened out; the reporter adds, withdraws, erases."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.facts import (
    SubmissionConflicted,
    SubmissionReceived,
    TicketErased,
    TicketRegistered,
    TicketScreenedOut,
    TicketStruckOff,
    TicketSupplemented,
    TicketWithdrawn,
    Voter,
)
from contracts.requests import EraseIdentity, SupplementTicket, WithdrawTicket
from runtime.change import Change, Ignore, Keep, Reject, Result
from services.intake.domain.screening import SCOPE_VERSION, Screening, screen
from services.intake.domain.submission import Registration, Seat
from services.intake.ports import Added, Erased, Opened

SUPPLEMENTS_AT_MOST = 50
ENDED = ("withdrawn", "closed")


class Handlers:
    """Pure: (document, message, now) → what comes of it."""

    def on_submission_received(
        self, document: Registration | None, message: Message[SubmissionReceived], now: datetime
    ) -> Result[Registration]:
        """登记. The same body again changes nothing; another body under the same key becomes a supplement."""
        if document is not None and message.body.body_digest in (document.body_digest, *document.bodies):
            return Ignore("sent_again")
        if isinstance(message.given, Erased):
            return Ignore("erased")
        if not isinstance(message.given, Opened):
            return Reject("seal_broken")
        if document is not None:
            return _conflict(document, message.body, message.given)
        return _screened(_registration(message.body, message.given), screen(message.given.signals))

    def on_supplement_ticket(
        self, document: Registration | None, message: Message[SupplementTicket], now: datetime
    ) -> Result[Registration]:
        """补充. What the reporter adds to an invalid matter may make it valid."""
        if document is None:
            return Keep()
        if document.state in ENDED or document.supplements >= SUPPLEMENTS_AT_MOST:
            return Reject("ended", {"zh": "此事已结束，不能再补充。", "en": "The matter has ended."})
        index = document.supplements + 1
        fact = TicketSupplemented(voter=message.body.voter, index=index, words=message.body.words)
        grown = replace(document, supplements=index)
        if document.state != "invalid" or not isinstance(message.given, Added):
            return Change(grown, (fact,), {"supplement": str(index)})
        grown = replace(grown, signals=document.signals.and_also(message.given.signals))
        again = _screened(grown, screen(grown.signals))
        return Change(again.document, (fact, *again.facts), {"supplement": str(index), "state": again.document.state})

    def on_withdraw_ticket(
        self, document: Registration | None, message: Message[WithdrawTicket], now: datetime
    ) -> Result[Registration]:
        """撤回. Intake decides only while it holds the baton: an invalid matter."""
        if document is None:
            return Keep()
        if document.state != "invalid":
            return Ignore("handed_on")
        return Change(document.became("withdrawn"), (TicketWithdrawn(voter=message.body.voter, state="invalid"),))

    def on_erase_identity(
        self, document: Registration | None, message: Message[EraseIdentity], now: datetime
    ) -> Result[Registration]:
        """The keys are gone already (``prepare`` destroyed them); now everybody scrubs."""
        if document is None:
            return Keep()
        if document.erased:
            return Reject("erased_already", {"zh": "身份信息已销毁。", "en": "The identity is destroyed already."})
        return Change(replace(document, erased=True, identity="", words=""), (TicketErased(),))

    def on_ticket_struck_off(
        self, document: Registration | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[Registration]:
        """销号: nothing more can be added."""
        return Ignore("unknown") if document is None else Change(document.became("closed"))

    def on_ticket_withdrawn(
        self, document: Registration | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[Registration]:
        """Another holder let the reporter withdraw."""
        return Ignore("unknown") if document is None else Change(document.became("withdrawn"))


def _registration(body: SubmissionReceived, opened: Opened) -> Registration:
    return Registration(
        number=body.number,
        channel=body.channel,
        door=body.door,
        state="registered",
        body_digest=body.body_digest,
        words=opened.words,
        identity=opened.identity,
        voters=tuple(Seat(index, digest) for index, digest in enumerate(opened.code_digests)),
        division_given=opened.division,
        hint=opened.hint,
        on_behalf=opened.on_behalf,
        signals=opened.signals,
    )


def _conflict(document: Registration, body: SubmissionReceived, opened: Opened) -> Change[Registration]:
    voter = Voter(index=1000 + len(document.bodies), code_digest=opened.code_digests[0])
    fact = SubmissionConflicted(
        first_digest=document.body_digest, second_digest=body.body_digest, words=opened.words, voter=voter
    )
    return Change(document.with_body(body.body_digest), (fact,))


def _screened(registration: Registration, screening: Screening) -> Change[Registration]:
    voters = tuple(Voter(index=seat.index, code_digest=seat.code_digest) for seat in registration.voters)
    if not screening.is_valid:
        return Change(registration.became("invalid"), (_screened_out(registration, screening, voters),))
    return Change(registration.became("registered"), (_registered(registration, screening, voters),))


def _registered(registration: Registration, screening: Screening, voters: tuple[Voter, ...]) -> TicketRegistered:
    return TicketRegistered(
        number=registration.number,
        channel=registration.channel,
        door=registration.door,
        division_given=registration.division_given,
        hint=registration.hint,
        on_behalf=registration.on_behalf,
        words=registration.words,
        voters=voters,
        urgent=bool(screening.urgency),
        urgency=screening.urgency,
        traceable=screening.traceable,
        scope_version=SCOPE_VERSION,
    )


def _screened_out(registration: Registration, screening: Screening, voters: tuple[Voter, ...]) -> TicketScreenedOut:
    return TicketScreenedOut(
        number=registration.number,
        channel=registration.channel,
        door=registration.door,
        rule=screening.rule,
        reason_zh=screening.reason_zh,
        reason_en=screening.reason_en,
        redirected_to=screening.redirected_to,
        words=registration.words,
        voters=voters,
        traceable=screening.traceable,
    )
