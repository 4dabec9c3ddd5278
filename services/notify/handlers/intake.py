"""What the reporters hear of their registration, withdrawal and erasure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages.intake import (
    SeatConfirmed,
    SubmissionConflicted,
    TicketErased,
    TicketRegistered,
    TicketScreenedOut,
    TicketWithdrawn,
)
from contracts.values import Voter
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.notify.domain.deliveries import SEAT_NAMED, STAFF, TicketDeliveries
from services.notify.domain.notes import Note
from services.notify.handlers.planning import Planning


class IntakeNotices(Planning):
    """Handlers of what intake says."""

    def reacts(self) -> tuple[Reaction[TicketDeliveries], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(TicketRegistered, self.on_ticket_registered),
            on(TicketScreenedOut, self.on_ticket_screened_out),
            on(SubmissionConflicted, self.on_submission_conflicted),
            on(SeatConfirmed, self.on_seat_confirmed),
            on(TicketWithdrawn, self.on_ticket_withdrawn),
            on(TicketErased, self.on_ticket_erased),
        )

    def on_ticket_registered(
        self, document: TicketDeliveries | None, message: Message[TicketRegistered], now: datetime
    ) -> Result[TicketDeliveries]:
        """登记: everybody who reported gets number and code; strangers who were named are asked, a few at a time."""
        body = message.body
        before = document or TicketDeliveries(number=body.number, division=body.door)
        post = replace(before, voters=len(body.voters), urgent=body.urgent, unconfirmed=_unconfirmed(body.voters))
        return self._plan(message, post, now, [self._all(post, "registered"), self._named(post)])

    def on_ticket_screened_out(
        self, document: TicketDeliveries | None, message: Message[TicketScreenedOut], now: datetime
    ) -> Result[TicketDeliveries]:
        """无效: the rule and the reason, and that it can be added to."""
        body = message.body
        begun = document or TicketDeliveries(number=body.number, voters=len(body.voters), division=body.door)
        post = replace(begun, unconfirmed=_unconfirmed(body.voters))
        values = (("reason_zh", body.reason_zh), ("reason_en", body.reason_en))
        return self._plan(message, post, now, [self._all(post, "screened_out", body.round, values)])

    def on_submission_conflicted(
        self, document: TicketDeliveries | None, message: Message[SubmissionConflicted], now: datetime
    ) -> Result[TicketDeliveries]:
        """Another body under the key: its sender was answered 201, and hears what became of it, and of the end."""
        if document is None or not message.body.contact:
            return Ignore("unknown" if document is None else "no_contact")
        person = message.body.voter.index
        post = document.with_other(person, message.body.contact)
        return self._plan(message, post, now, [Note("reporter", "conflicted", people=(person,))])

    def on_seat_confirmed(
        self, document: TicketDeliveries | None, message: Message[SeatConfirmed], now: datetime
    ) -> Result[TicketDeliveries]:
        """确认席位: told like the others from now on; the next stranger is asked."""
        if document is None:
            return Ignore("unknown")
        left = tuple(seat for seat in document.unconfirmed if seat != message.body.voter)
        post = replace(document, unconfirmed=left)
        return self._plan(message, post, now, [self._named(post)])

    def on_ticket_withdrawn(
        self, document: TicketDeliveries | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[TicketDeliveries]:
        """撤回: the receipt; nothing more is sent to staff."""
        if document is None:
            return Ignore("unknown")
        post = document.without(*STAFF).dropping(lambda item: item.kind == SEAT_NAMED)
        return self._plan(message, post, now, [self._all(post, "withdrawn", to_others=True)])

    def on_ticket_erased(
        self, document: TicketDeliveries | None, message: Message[TicketErased], now: datetime
    ) -> Result[TicketDeliveries]:
        """Nothing can be sent to a reporter any more; staff still are told."""
        if document is None:
            return Ignore("unknown")
        return Change(replace(document.without("reporter"), others=()))


def _unconfirmed(voters: Iterable[Voter]) -> tuple[int, ...]:
    return tuple(each.index for each in voters if not each.confirmed)
