from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from runtime.identity.tokens import Scope
from runtime.memory.store import InMemoryStore
from services.notify.domain.burden import Burden, BurdenAsked, counted
from services.notify.domain.deliveries import Delivery, TicketDeliveries
from services.notify.ports import (
    Attempt,
    Guarantee,
    JournalEntry,
    Letter,
    Outcome,
    QueuePosition,
    SentLetter,
    UnknownLetter,
    Waiting,
    in_a_row,
    naming_places,
)

KEPT_AT_MOST = 10_000  # letters


class InMemoryMessenger:
    """Keeps what was sent last; ``next_outcomes`` says what happens to the next messages."""

    def __init__(self, channel: str = "sms", promise: Guarantee | None = None) -> None:
        self.channel, self.promise = channel, promise
        self.sent: dict[str, Letter] = {}
        self.told: set[str] = set()  # deliveries of what was sent
        self.next_outcomes: list[Outcome] = []

    async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        """SENT, unless the test wants something else; UNKNOWN here means: it did arrive."""
        return {letter.reference: self._send(letter) for letter in letters}

    def _send(self, letter: Letter) -> Outcome:
        outcome = self.next_outcomes.pop(0) if self.next_outcomes else Outcome.SENT
        if outcome in (Outcome.SENT, Outcome.UNKNOWN):
            assert self.promise or letter.reference not in self.sent, "the same message was sent twice"
            if letter.reference not in self.sent:
                self._take(letter)
        return outcome

    def _take(self, letter: Letter) -> None:
        assert self.told.isdisjoint(letter.deliveries), "the same was told in two letters"
        self.sent[letter.reference] = letter
        self.told.update(letter.deliveries)
        if len(self.sent) > KEPT_AT_MOST:
            self.told.difference_update(self.sent.pop(next(iter(self.sent))).deliveries)

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        """As a good gateway answers."""
        return {each: Outcome.SENT if each in self.sent else Outcome.NOT_SENT for each in references}

    async def close(self) -> None:
        """It holds no connection to close."""


class InMemoryOutbox:
    """Reads the store's records; attempts in a dict. ``reads``: how often posts were read."""

    def __init__(self, store: InMemoryStore[TicketDeliveries]) -> None:
        self._store = store
        self._attempts: dict[str, Attempt] = {}
        self._tickets: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._places: dict[str, str] = {}
        self.reads = 0

    async def due(
        self, now: datetime, partitions: Collection[int], at_most: int, after: QueuePosition | None = None
    ) -> list[QueuePosition]:
        """Places of the tickets with deliveries that may go."""
        row = sorted(
            (post.send_at, ticket)
            for ticket, record in self._store.records.items()
            for post in (record.document,)
            if post is not None and post.send_at is not None and post.send_at <= now and record.partition in partitions
        )
        return [place for place in row if after is None or place > after][:at_most]

    async def waiting(self, tickets: Collection[str], now: datetime) -> list[Waiting]:
        """What may go of these."""
        self.reads += 1
        posts = [(ticket, self._store.records[ticket].document) for ticket in tickets if ticket in self._store.records]
        return in_a_row(Waiting.of(ticket, post, now) for ticket, post in posts if post is not None)

    async def digests(
        self, now: datetime, partitions: Collection[int], but_not: Collection[str], at_most: int
    ) -> list[str]:
        places = (place for _, post in self._posts() for place in post.digests)
        due = {each.account for each in places if each.at <= now and each.partition in partitions}
        return sorted(due - set(but_not))[:at_most]

    async def due_for(self, account: str, now: datetime, at_most: int) -> list[Waiting]:
        found = (Waiting.for_digest(ticket, post, account, now) for ticket, post in self._posts())
        return in_a_row([each for each in found if each.deliveries][:at_most])

    async def attempt(self, entries: Sequence[JournalEntry], at: datetime) -> set[str]:
        there = {each.name for each in entries if each.name in self._attempts}
        fresh = (each for each in entries if each.name not in there)
        for each in fresh:
            self._attempts[each.name] = Attempt(at, letter=each.letter)
            self._tickets[each.name] = each.ticket
        return there

    async def letters(self, references: Collection[str]) -> list[SentLetter]:
        found: dict[tuple[str, str], list[str]] = {}
        for name, attempt in self._attempts.items():
            if attempt.letter in references:
                found.setdefault((attempt.letter, self._tickets[name]), []).append(name)
        return [SentLetter.of(letter, ticket, names) for (letter, ticket), names in found.items()]

    async def attempted(self, names: Collection[str]) -> Mapping[str, Attempt]:
        return {each: self._attempts[each] for each in names if each in self._attempts}

    async def record(self, outcomes: Mapping[str, tuple[str, str]]) -> None:
        for each, (outcome, channel) in outcomes.items():
            if each in self._attempts:
                self._attempts[each] = replace(self._attempts[each], outcome=outcome, channel=channel)

    async def withdraw(self, entries: Collection[JournalEntry]) -> None:
        for each in entries:
            attempt = self._attempts.get(each.name)
            if attempt and attempt.letter in ("", each.letter):
                del self._attempts[each.name]

    async def may_name(self, network: str, reference: str, at: datetime) -> bool:
        return _place(self._named, naming_places(network, at), reference)

    async def take_place(self, places: Sequence[str], reference: str, at: datetime) -> bool:
        return _place(self._places, places, reference)

    async def give_places_back(self, references: Collection[str]) -> None:
        self._places = {name: taken for name, taken in self._places.items() if taken not in references}

    async def unsettled(self, partitions: Collection[int], at_most: int, after: str = "") -> list[Waiting]:
        held = {ticket for ticket, record in self._store.records.items() if record.partition in partitions}
        found = [
            (ticket, post) for ticket, post in self._posts() if post.unknowns and ticket in held and ticket > after
        ]
        return [Waiting.unsettled(ticket, post) for ticket, post in found][:at_most]

    async def burden(self, asked: BurdenAsked, by: str, at_most: int) -> list[Burden]:
        return counted((each for _, post in self._posts() for each in asked.told_in(post)), by)[:at_most]

    async def unknown(self, division: str, at_most: int) -> list[UnknownLetter]:
        """Letters of which nobody knows."""
        inside = [(ticket, post) for ticket, post in self._posts() if post.division.startswith(division)]
        return [each for ticket, post in inside for each in unknown_of(ticket, post)][:at_most]

    async def post(
        self, prefix: str, number: str, division: str, unit: str = ""
    ) -> tuple[str, TicketDeliveries] | None:
        """The one that all of it is true of."""
        for ticket, post in self._posts():
            is_it = ticket.startswith(prefix) and post.number == number
            if is_it and Scope(division, unit).allows(post.division, post.unit):
                return ticket, post
        return None

    def _posts(self) -> list[tuple[str, TicketDeliveries]]:
        records = sorted(self._store.records.items())
        return [(ticket, record.document) for ticket, record in records if record.document is not None]


def unknown_of(ticket: str, post: TicketDeliveries) -> list[UnknownLetter]:
    """The letters of a post of which nobody knows."""
    letters: dict[str, list[Delivery]] = {}
    for item in post.items:
        if item.state == "unknown":
            letters.setdefault(item.sent_as, []).append(item)
    return [_listed(ticket, post.number, reference, theirs) for reference, theirs in letters.items()]


def _listed(ticket: str, number: str, reference: str, deliveries: Sequence[Delivery]) -> UnknownLetter:
    one, kinds = deliveries[0], tuple(each.kind for each in deliveries)
    return UnknownLetter(ticket, number, reference, one.audience, one.person, one.kind, one.round, one.channel, kinds)


def _place(taken: dict[str, str], places: Sequence[str], reference: str) -> bool:
    """Whether the reference has one of these places, the first that is free; a store that is full begins anew."""
    if len(taken) > KEPT_AT_MOST:
        taken.clear()
    if reference in (taken.get(place) for place in places):
        return True
    free = next((place for place in places if place not in taken), None)
    if free is not None:
        taken[free] = reference
    return free is not None
