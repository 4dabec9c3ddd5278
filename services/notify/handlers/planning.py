"""What every notice is planned with: the office hours of the matter's division, and whose act it comes of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from contracts.envelope import Actor, Body, Message
from runtime.change import Change
from services.notify.domain.burden import office_of
from services.notify.domain.deliveries import REPORTER, SEAT_NAMED, Delivery, TicketDeliveries
from services.notify.domain.notes import Note, plan
from services.notify.ports import OfficeHours

ASKED_AGAIN = timedelta(days=5)
NOBODY = Actor(role="")


class Planning:
    """Pure: (document, message, now) → what comes of it. ``asked_again``: how soon a demand is one made twice."""

    def __init__(self, offices: OfficeHours, asked_again: timedelta = ASKED_AGAIN) -> None:
        self._offices, self._asked_again = offices, asked_again

    def _all(
        self,
        post: TicketDeliveries,
        kind: str,
        round_: int = 1,
        values: tuple[tuple[str, str], ...] = (),
        *,
        to_others: bool = False,
    ) -> Note:
        people = post.acknowledged if to_others else post.seated
        return Note("reporter", kind, round_, people=people, values=values)

    def _named(self, post: TicketDeliveries) -> Note:
        return Note("reporter", SEAT_NAMED, people=post.asked_to_confirm)

    def _plan(
        self, message: Message[Body], post: TicketDeliveries, now: datetime, notes: Iterable[Note]
    ) -> Change[TicketDeliveries]:
        office = self._offices.office(post.division)
        actor = message.actor or NOBODY
        by = office_of(actor.role, actor.unit, post.division)
        marked = (self._marked(post, note, by, now) for note in notes)
        planned = (each for note in marked for each in plan(message.key, note, now, office))
        return Change(post.with_planned(each for each in planned if not _is_muted(post, each)))

    def _marked(self, post: TicketDeliveries, note: Note, by: str, now: datetime) -> Note:
        """A note to staff with whose act it comes of, and how much of it was demanded shortly before."""
        if note.audience == REPORTER:
            return note
        return replace(note, caused_by=by, again=post.demanded(note.to, note.asks, now - self._asked_again))


def _is_muted(post: TicketDeliveries, delivery: Delivery) -> bool:
    return delivery.audience == REPORTER and post.mutes(delivery.person, delivery.kind)
