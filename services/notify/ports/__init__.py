"""What notify needs from outside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from services.notify.domain.burden import Burden, BurdenAsked
from services.notify.domain.channels import Recipient
from services.notify.domain.deliveries import REMEMBERED, Delivery, OtherSender, SeatPreferences, TicketDeliveries
from services.notify.domain.office_hours import Office


class Outcome(StrEnum):
    """What became of a message. NOT_SENT: it certainly did not go, and may be tried again; FAILED: refused for good.

    PENDING: its provider has not got it yet, and will know for sure later; no provider says so, the couriers do.
    """

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed to a provider. ``reference`` makes it once. ``deliveries``: by reference, what it tells."""

    reference: str
    address: str
    subject: str
    text: str
    deliveries: tuple[str, ...] = ()


NTH = "#"  # in the name of an entry, before how often its delivery had gone
NAMED_AN_HOUR = 3  # strangers who are written to because somebody of one network named them
BATCH = 100  # letters, or references, of one call to a provider


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What a provider promises of references: it takes each once, and it can be asked which it took.

    ``settles_after``: what it has not taken so long after the call, it never takes from that call: NOT_SENT is certain
    then. ``remembers_for``: after that it may have forgotten, and NOT_SENT says nothing any more.
    """

    settles_after: timedelta
    remembers_for: timedelta = REMEMBERED

    def is_certain(self, waited: timedelta) -> bool:
        """Whether "not there", so long after the call, means that nobody got it."""
        return self.settles_after <= waited < self.remembers_for


class Messenger(Protocol):
    """A provider. Both calls always return: a time-out is UNKNOWN. One bad letter costs the others nothing.

    ``promise``: None where a reference may be taken twice, or "not there" is never certain (SMTP): then what is unknown
    goes to a person. With it, what was certainly not taken is sent again under the same reference.
    """

    channel: str
    promise: Guarantee | None

    async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        """Reference → any outcome, for each of at most ``BATCH`` letters."""

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        """Reference → SENT, NOT_SENT or UNKNOWN, for each of at most ``BATCH``."""

    async def close(self) -> None:
        """Give every connection to the provider back."""


class OfficeHours(Protocol):
    """When staff may be told."""

    def office(self, division: str) -> Office:
        """The office hours of a division, by the calendar as it was published last."""


class Duties(Protocol):
    """How a unit's duty account (值班) is reached.

    ``monitored``: the accounts that are monitoring points of burden (减负监测点).
    """

    monitored: Collection[str]

    def of(self, unit: str) -> Recipient:
        """Its telephone and e-mail; neither: nobody can write to it."""


class LocalDuties:
    """Of the local gateway, which keeps an inbox for ``unit:<code>``. No other gateway knows such an address."""

    monitored: Collection[str] = ()

    def of(self, unit: str) -> Recipient:
        return Recipient(addresses={"phone": f"unit:{unit}"})


class Weekdays:
    """Monday to Friday, until a calendar is published. ``slots``: when digests go."""

    def __init__(self, slots: tuple[time, ...] = ()) -> None:
        self._slots = slots

    def office(self, division: str) -> Office:
        return Office(slots=self._slots)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket's deliveries that may go now. ``since``: the instant of the earliest, by which they come in order."""

    ticket: str
    number: str
    deliveries: tuple[Delivery, ...]
    since: datetime
    division: str = ""
    others: tuple[OtherSender, ...] = ()
    preferences: tuple[SeatPreferences, ...] = ()

    @classmethod
    def of(cls, ticket: str, post: TicketDeliveries, now: datetime) -> "Waiting":
        """The deliveries of a post that may go now, and wait for no digest."""
        alone = (item for item in post.items if item.state == "planned" and not item.digest)
        may_go = tuple(item for item in alone if item.not_before <= now)
        since = post.send_at or now
        return cls(ticket, post.number, may_go, since, post.division, post.others, post.preferences)

    @classmethod
    def for_digest(cls, ticket: str, post: TicketDeliveries, account: str, now: datetime) -> "Waiting":
        """What of a post is due in the digest of an account."""
        theirs = (item for item in post.items if item.waits_for_others and item.to == account)
        due = tuple(item for item in theirs if item.not_before <= now)
        return cls(ticket, post.number, due, min((item.not_before for item in due), default=now), post.division)

    @classmethod
    def unsettled(cls, ticket: str, post: TicketDeliveries) -> "Waiting":
        """The deliveries of a post of which nobody knows: at least one."""
        unknown = tuple(item for item in post.items if item.state == "unknown")
        return cls(ticket, post.number, unknown, min(item.not_before for item in unknown), post.division)

    @property
    def place(self) -> "QueuePosition":
        """Where it stands in the row of all that wait."""
        return self.since, self.ticket


def in_a_row(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Those with something that may go, oldest first."""
    return sorted((each for each in waiting if each.deliveries), key=lambda each: each.place)


QueuePosition = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What is written down of a delivery before it goes: in which letter, of which ticket."""

    name: str
    letter: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the journal says of an entry, by wall time. ``outcome`` and ``channel``: "" unless they were written down.

    ``letter``: "" in an entry of a build that knew no letters: it went alone.
    """

    at: datetime
    outcome: str = ""
    channel: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class UnknownLetter:
    """A letter of which nobody knows. Indices, never persons. ``kind`` and ``round``: of its first delivery."""

    ticket: str
    number: str
    reference: str
    audience: str
    person: int
    kind: str
    round: int
    channel: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter as the journal has it. ``deliveries``: by reference, without regard to how often it was sent."""

    reference: str
    ticket: str
    deliveries: tuple[str, ...]

    @classmethod
    def of(cls, reference: str, ticket: str, names: Iterable[str]) -> "SentLetter":
        """From the names of its entries."""
        return cls(reference, ticket, tuple(sorted({name.partition(NTH)[0] for name in names})))


def naming_places(network: str, at: datetime) -> list[str]:
    """The places of an hour for strangers who were named from a network."""
    return [f"{network}/{at:%Y-%m-%dT%H}/{nth}" for nth in range(NAMED_AN_HOUR)]


class Outbox(Protocol):
    """Planned deliveries, and the journal of attempts. An attempt is written down before it is made.

    A delivery that is sent again has a new entry, and goes in the same letter under the same reference.
    """

    async def due(
        self, now: datetime, partitions: Collection[int], at_most: int, after: QueuePosition | None = None
    ) -> list[QueuePosition]:
        """Where tickets with deliveries that may go stand, oldest first, from ``after`` on. Raises Unavailable."""

    async def waiting(self, tickets: Collection[str], now: datetime) -> list[Waiting]:
        """What may go of these tickets, oldest first. Raises Unavailable."""

    async def digests(
        self, now: datetime, partitions: Collection[int], but_not: Collection[str], at_most: int
    ) -> list[str]:
        """Accounts of these partitions for which a digest is due, without some. Raises Unavailable."""

    async def due_for(self, account: str, now: datetime, at_most: int) -> list[Waiting]:
        """What is due for an account in its digest, over all tickets, oldest first. Raises Unavailable."""

    async def attempt(self, entries: Sequence[JournalEntry], at: datetime) -> set[str]:
        """Write attempts down, each entry once; the names of those that were there. Raises Unavailable."""

    async def attempted(self, names: Collection[str]) -> Mapping[str, Attempt]:
        """The attempts that were written down, by the names of their entries. Raises Unavailable."""

    async def letters(self, references: Collection[str]) -> list[SentLetter]:
        """The letters under these references, as far as the journal remembers them. Raises Unavailable."""

    async def record(self, outcomes: Mapping[str, tuple[str, str]]) -> None:
        """Write (outcome, channel) down: the log could not be told. Raises Unavailable."""

    async def withdraw(self, entries: Collection[JournalEntry]) -> None:
        """Forget attempts that certainly reached nobody: they may be made again, in any letter. Raises Unavailable.

        What is in another letter by now stays.
        """

    async def may_name(self, network: str, reference: str, at: datetime) -> bool:
        """Whether a stranger may be written to who was named from this network: ``NAMED_AN_HOUR`` by the wall's hour.

        Whoever asks again with a reference that got a place has it still. Raises Unavailable.
        """

    async def take_place(self, places: Sequence[str], reference: str, at: datetime) -> bool:
        """Whether a letter got one of these places, the first that is free. ``at``: by the wall, for forgetting it.

        Whoever asks again with a reference that got one has it still. Raises Unavailable.
        """

    async def give_places_back(self, references: Collection[str]) -> None:
        """Free the places of these letters: nobody got them. Raises Unavailable."""

    async def unsettled(self, partitions: Collection[int], at_most: int, after: str = "") -> list[Waiting]:
        """Tickets from ``after`` on, by id, with their deliveries of which nobody knows. Raises Unavailable."""

    async def burden(self, asked: BurdenAsked, by: str, at_most: int) -> list[Burden]:
        """What staff were told, of each account, cause or kind, the most letters first; ``by`` "": all together. Raises
        Unavailable."""

    async def unknown(self, division: str, at_most: int) -> list[UnknownLetter]:
        """Letters inside a division of which nobody knows: for a person to look at. Raises Unavailable."""

    async def post(
        self, prefix: str, number: str, division: str, unit: str = ""
    ) -> tuple[str, TicketDeliveries] | None:
        """The ticket whose id begins so, and its post, if it has this number and lies in the division; with ``unit``
        only if it is that unit's. Raises Unavailable."""
