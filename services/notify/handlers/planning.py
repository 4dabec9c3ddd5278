"""What every notice is planned with: the office hours of the matter's division."""

from collections.abc import Iterable
from datetime import datetime

from contracts.envelope import Body, Message
from runtime.change import Change
from services.notify.domain.deliveries import REPORTER, SEAT_NAMED, Delivery, TicketDeliveries
from services.notify.domain.notes import Note, plan
from services.notify.ports import OfficeHours


class Planning:
    """Pure: (document, message, now) → what comes of it."""

    def __init__(self, offices: OfficeHours) -> None:
        self._offices = offices

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
        planned = (each for note in notes for each in plan(message.key, note, now, office))
        return Change(post.with_planned(each for each in planned if not _is_muted(post, each)))


def _is_muted(post: TicketDeliveries, delivery: Delivery) -> bool:
    return delivery.audience == REPORTER and post.mutes(delivery.person, delivery.kind)
