"""Notify's outside in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from runtime.memory import InMemoryStore
from services.notify.domain import Post
from services.notify.ports import Letter, Outcome, Waiting


class InMemoryMessenger:
    """Keeps what was sent; ``next_outcomes`` says what happens to the next messages."""

    def __init__(self, channel: str = "sms") -> None:
        self.channel = channel
        self.sent: dict[str, Letter] = {}
        self.next_outcomes: list[Outcome] = []

    async def send(self, letter: Letter) -> Outcome:
        """SENT, unless the test wants something else; UNKNOWN here means: it did arrive."""
        outcome = self.next_outcomes.pop(0) if self.next_outcomes else Outcome.SENT
        if outcome in (Outcome.SENT, Outcome.UNKNOWN):
            assert letter.reference not in self.sent, "the same message was sent twice"
            self.sent[letter.reference] = letter
        return outcome

    async def look_up(self, reference: str) -> Outcome:
        """As a good gateway answers."""
        return Outcome.SENT if reference in self.sent else Outcome.NOT_SENT


class InMemoryOutbox:
    """Reads the store's records; attempts in a dict."""

    def __init__(self, store: InMemoryStore[Post]) -> None:
        self._store = store
        self._attempts: dict[str, tuple[datetime, str]] = {}

    async def waiting(self, now: datetime, partitions: Collection[int], at_most: int) -> list[Waiting]:
        """Tickets with deliveries that may go."""
        found = []
        for ticket, record in self._store.records.items():
            post = record.document
            if post is not None and post.send_at is not None and post.send_at <= now:
                found.append(waiting_of(ticket, post, now))
        return found[:at_most]

    async def attempt(self, references: Sequence[str], at: datetime) -> set[str]:
        """Write attempts down."""
        there = {reference for reference in references if reference in self._attempts}
        self._attempts.update({reference: (at, "") for reference in references if reference not in there})
        return there

    async def outcomes(self, references: Collection[str]) -> Mapping[str, tuple[datetime, str]]:
        """The journal."""
        return {each: self._attempts[each] for each in references if each in self._attempts}

    async def record(self, outcomes: Mapping[str, str]) -> None:
        """Write outcomes down."""
        self._attempts.update({each: (self._attempts[each][0], outcome) for each, outcome in outcomes.items()})

    async def unknown(self, at_most: int) -> list[dict[str, object]]:
        """Deliveries of which nobody knows."""
        posts = [(ticket, record.document) for ticket, record in self._store.records.items()]
        found: list[dict[str, object]] = [
            {"ticket": ticket, "number": post.number, "reference": item.ref, "kind": item.kind, "channel": item.channel}
            for ticket, post in posts
            if post is not None
            for item in post.items
            if item.state == "unknown"
        ]
        return found[:at_most]


def waiting_of(ticket: str, post: Post, now: datetime) -> Waiting:
    """The deliveries of a post that may go now."""
    may_go = tuple(item for item in post.items if item.state == "planned" and item.not_before <= now)
    return Waiting(ticket, post.number, may_go)
