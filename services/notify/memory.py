"""Notify's outside in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from runtime.memory import InMemoryStore
from services.notify.domain import Post
from services.notify.ports import Attempt, Letter, Outcome, Place, Unknown, Waiting, in_a_row


class InMemoryMessenger:
    """Keeps what was sent; ``next_outcomes`` says what happens to the next messages."""

    def __init__(self, channel: str = "sms") -> None:
        self.channel = channel
        self.sent: dict[str, Letter] = {}
        self.next_outcomes: list[Outcome] = []

    async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        """SENT, unless the test wants something else; UNKNOWN here means: it did arrive."""
        return {letter.reference: self._send(letter) for letter in letters}

    def _send(self, letter: Letter) -> Outcome:
        outcome = self.next_outcomes.pop(0) if self.next_outcomes else Outcome.SENT
        if outcome in (Outcome.SENT, Outcome.UNKNOWN):
            assert letter.reference not in self.sent, "the same message was sent twice"
            self.sent[letter.reference] = letter
        return outcome

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        """As a good gateway answers."""
        return {each: Outcome.SENT if each in self.sent else Outcome.NOT_SENT for each in references}

    async def close(self) -> None:
        """Nothing is open."""


class InMemoryOutbox:
    """Reads the store's records; attempts in a dict. ``reads``: how often posts were read."""

    def __init__(self, store: InMemoryStore[Post]) -> None:
        self._store = store
        self._attempts: dict[str, Attempt] = {}
        self.reads = 0

    async def due(
        self, now: datetime, partitions: Collection[int], at_most: int, after: Place | None = None
    ) -> list[Place]:
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

    async def attempt(self, references: Sequence[str], at: datetime) -> set[str]:
        """Write attempts down."""
        there = {reference for reference in references if reference in self._attempts}
        self._attempts.update({reference: Attempt(at) for reference in references if reference not in there})
        return there

    async def attempted(self, references: Collection[str]) -> Mapping[str, Attempt]:
        """The journal."""
        return {each: self._attempts[each] for each in references if each in self._attempts}

    async def record(self, outcomes: Mapping[str, tuple[str, str]]) -> None:
        """Write outcomes down."""
        for each, (outcome, channel) in outcomes.items():
            if each in self._attempts:
                self._attempts[each] = Attempt(self._attempts[each].at, outcome, channel)

    async def withdraw(self, references: Collection[str]) -> None:
        """Forget them."""
        for each in references:
            self._attempts.pop(each, None)

    async def unknown(self, division: str, at_most: int) -> list[Unknown]:
        """Deliveries of which nobody knows."""
        posts = [(ticket, record.document) for ticket, record in self._store.records.items()]
        inside = [(ticket, post) for ticket, post in posts if post is not None and post.division.startswith(division)]
        return [each for ticket, post in inside for each in unknown_of(ticket, post)][:at_most]


def unknown_of(ticket: str, post: Post) -> list[Unknown]:
    """The deliveries of a post of which nobody knows."""
    return [
        Unknown(ticket, post.number, item.ref, item.audience, item.person, item.kind, item.round, item.channel)
        for item in post.items
        if item.state == "unknown"
    ]
