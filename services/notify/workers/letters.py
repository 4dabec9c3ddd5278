"""Forming letters: who of a turn is written to, by which routes, of what together, in which words."""

from collections.abc import Collection, Sequence

from runtime.identity.vault import Contacts
from services.notify.adapters.people import CONFLICTED, SeatContact, TicketPeople, known_people
from services.notify.adapters.templates import JOINED, Templates, named
from services.notify.domain.channels import Recipient, routes
from services.notify.domain.deliveries import SEAT_NAMED, Delivery
from services.notify.domain.digests import DIGEST, TITLE, TOLD_AT_MOST, DigestLine, digest_values
from services.notify.domain.letters import formed, letter_of
from services.notify.ports import Duties, Letter, Waiting
from services.notify.workers.dispatch import Errand, entry_of

Seat = tuple[str, int, str]
"""Who hears: audience, person, unit."""


class LetterForming:
    """``channels``: those that there are providers for."""

    def __init__(self, contacts: Contacts, templates: Templates, duties: Duties, channels: Collection[str]) -> None:
        self._contacts, self._templates, self._duties, self._channels = contacts, templates, duties, channels

    async def errands(self, waiting: Sequence[Waiting]) -> list[Errand]:
        """The letters of what may go. Raises Unavailable."""
        wanted = [each for each in waiting if any(item.audience == "reporter" for item in each.deliveries)]
        people = await known_people(self._contacts, wanted)
        return [errand for each in waiting for errand in self._of_ticket(each, people.get(each.ticket, TicketPeople()))]

    def digest(self, account: str, waiting: Sequence[Waiting]) -> list[Errand]:
        """The letter of what is due for an account over these tickets; alone what is alone, or goes again."""
        person, found = SeatContact(self._duties.of(account)), [(at, each) for at in waiting for each in at.deliveries]
        fresh = [(at, each) for at, each in found if not each.attempt][:TOLD_AT_MOST]
        alone = [(at, each) for at, each in found if each.attempt or len(fresh) == 1]
        errands = [self._errand(at, (each,), person, is_repeat=False) for at, each in alone]
        return errands if len(fresh) < 2 else [*errands, self._digest(fresh, person)]

    def _digest(self, found: Sequence[tuple[Waiting, Delivery]], contact: SeatContact) -> Errand:
        letter = tuple(each for _, each in found)
        matters = {each.ref: (at.ticket, at.number) for at, each in found}
        reference, ways = letter_of([entry_of(each) for each in letter]), self._usable(contact.person)
        return Errand("", TITLE[0], reference, letter, ways, matters=matters)

    def _of_ticket(self, waiting: Waiting, people: TicketPeople) -> list[Errand]:
        by_seat: dict[Seat, list[Delivery]] = {}
        for each in waiting.deliveries:
            by_seat.setdefault((each.audience, each.person, each.to), []).append(each)
        return [errand for seat, theirs in by_seat.items() for errand in self._of_seat(waiting, seat, theirs, people)]

    def _of_seat(self, waiting: Waiting, seat: Seat, theirs: Sequence[Delivery], people: TicketPeople) -> list[Errand]:
        audience, person, unit = seat
        contact = people.at(person) if audience == "reporter" else SeatContact(self._duties.of(unit))
        if audience == "reporter":
            wanted = (each.channel for each in waiting.preferences if each.person == person)
            contact = contact.preferring(next(wanted, ""))
        is_repeat = audience == "reporter" and people.is_repeat(person)
        letters = formed(theirs, self._templates.joins if audience == "reporter" else ())
        return [self._errand(waiting, letter, contact, is_repeat=is_repeat) for letter in letters]

    def _errand(
        self, waiting: Waiting, letter: tuple[Delivery, ...], contact: SeatContact, *, is_repeat: bool
    ) -> Errand:
        """Whoever holds several seats hears once: a later seat of theirs has no route."""
        one = letter[0]
        ways = () if is_repeat and one.kind != CONFLICTED else self._usable(contact.person)
        reference = one.sent_as if one.attempt else letter_of([entry_of(each) for each in letter])
        whom = contact.code, contact.language, contact.named_from if one.kind == SEAT_NAMED else ""
        return Errand(waiting.ticket, waiting.number, reference, letter, ways, *whom)

    def _usable(self, person: Recipient) -> tuple[tuple[str, str], ...]:
        return tuple(route for route in routes(person) if route[0] in self._channels)

    def written(self, errand: Errand, channel: str, address: str) -> Letter:
        if errand.matters:
            return self._written_digest(errand, channel, address)
        values = {"number": errand.number, "code": errand.code}
        values |= {name: value for each in errand.deliveries for name, value in each.values}
        name = named(JOINED.join(each.kind for each in errand.deliveries), errand.deliveries[0].audience)
        text = self._templates.render(name, errand.language, values, channel, errand.number[:6])
        subject = self._templates.subject(errand.language, values)
        return Letter(errand.reference, address, subject, text, tuple(each.ref for each in errand.deliveries))

    def _written_digest(self, errand: Errand, channel: str, address: str) -> Letter:
        deliveries = [(errand.matters[each.ref][1], each) for each in errand.deliveries]
        lines = [DigestLine(number, each.kind, each.not_before, each.until) for number, each in deliveries]
        values, county = digest_values(lines, channel), lines[0].number[:6]
        text = self._templates.render(DIGEST, errand.language, values, channel, county)
        subject = self._templates.subject(errand.language, {"number": errand.number})
        return Letter(errand.reference, address, subject, text, tuple(errand.matters))
