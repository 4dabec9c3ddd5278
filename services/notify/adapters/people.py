"""Who the reporters of a ticket are, as far as sending needs it: seat by seat, the later ones of one person marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from contracts.sealed import SealedContact, ShapeRefused, contacts_of
from runtime.identity.vault import Contacts
from services.notify.domain.channels import Recipient, routes
from services.notify.ports import Waiting

log = structlog.get_logger()
CONFLICTED = "conflicted"  # what tells a new code, whoever gets it


@dataclass(frozen=True, slots=True)
class SeatContact:
    """How to reach whoever holds a seat, with the code that is theirs; ``named_from``: as in SealedContact."""

    person: Recipient = field(default_factory=Recipient)
    code: str = ""
    language: str = ""
    named_from: str = ""

    @classmethod
    def of(cls, contact: SealedContact) -> "SeatContact":
        person = Recipient(contact.channel or "", contact.addresses)
        return cls(person, contact.code, contact.language or "", contact.named_from or "")

    def preferring(self, channel: str) -> "SeatContact":
        """With the channel that was asked for later; "" as before."""
        return replace(self, person=replace(self.person, channel=channel)) if channel else self

    @property
    def first_route(self) -> tuple[str, str] | None:
        """Where the person is written to."""
        found = routes(self.person)
        return (found[0][0], found[0][1].casefold()) if found else None


NOBODY = SeatContact()


@dataclass(frozen=True, slots=True)
class TicketPeople:
    """The contacts of a ticket by seat."""

    seats: Mapping[int, SeatContact] = field(default_factory=dict)

    def at(self, seat: int) -> SeatContact:
        return self.seats.get(seat, NOBODY)

    def is_repeat(self, seat: int) -> bool:
        """Whether the person holds an earlier seat, too."""
        route = self.at(seat).first_route
        return route is not None and any(
            earlier < seat and each.first_route == route for earlier, each in self.seats.items()
        )


async def known_people(contacts: Contacts, waiting: Sequence[Waiting]) -> dict[str, TicketPeople]:
    """The people of these tickets; those of erased ones are missing. Raises Unavailable."""
    if not waiting:
        return {}
    first = await contacts.of([each.ticket for each in waiting])
    later = {each.ticket: each.others for each in waiting if each.others}
    sealed = {ticket: [each.contact for each in others] for ticket, others in later.items()}
    opened = await contacts.others(sealed) if sealed else {}
    people = {ticket: dict(enumerate(_read(ticket, each))) for ticket, each in first.items()}
    for ticket, theirs in opened.items():
        seats = people.setdefault(ticket, {})
        for other, contact in zip(later[ticket], theirs, strict=True):
            if contact and (read := _read(ticket, contact)):
                seats[other.person] = read[0]
    return {ticket: TicketPeople(seats) for ticket, seats in people.items()}


def _read(ticket: str, opened: bytes) -> Sequence[SeatContact]:
    """The contacts of a ticket; of a shape that another build sealed nobody is written to, and that is said."""
    try:
        return [SeatContact.of(each) for each in contacts_of(opened)]
    except ShapeRefused as wrong:
        log.error("contact_refused", ticket=ticket, where=str(wrong))
        return ()
