"""Notify's document of a ticket: who is told what, when, and once. 通知."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.topics import partition_of
from services.notify.domain.office_hours import Office

DELIVERIES_AT_MOST = 200  # of one ticket: beyond that the oldest settled ones are forgotten, never one still to be sent
OTHERS_AT_MOST = 20  # as many bodies of one key as intake tells apart
NAMED_AT_ONCE = 3  # strangers of one matter who are written to before one of them has confirmed
SEAT_NAMED = "seat_named"  # the notice that asks a stranger whether the seat is theirs
FINAL = ("sent", "delivered", "failed", "undeliverable")
PAGE = "page"  # the channel of whoever is not written to: they read it there
MUTABLE = ("assigned", "progress", "remind")  # law and promise ask for the others
PERSON = "person"  # the channel of what a person found out
RECEIVED = ("delivered", "failed")  # what its provider says later of a letter that it had taken
OPEN = ("planned", "unknown")
NEVER_SENT = ("dropped", "withdrawn")
REPORTER = "reporter"
STAFF = ("unit", "lead", "supervision", "leader")
ORDERS = ("order", "order_withdrawn", "order_answered", "order_lifted", "order_sent_back", "step_ordered")
"""Kinds that say an order (督办), what becomes of one, or that one is given: no digest holds them back."""
TURN = "turn"  # what a notice is about that says whose turn it is: overtaken by whatever moves the matter on
RESEND = "resend"  # not taken, for sure or as a person found out: it goes again under the same reference
REFUSE_TWICE = ("sms",)  # channels whose provider takes a reference once: elsewhere a resend might arrive twice
REMEMBERED = timedelta(days=1)  # how long such a provider knows a reference, at least


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one person. States: planned, sent, delivered, failed, unknown, undeliverable, dropped, withdrawn.

    ``person`` is a voter's index or 0 for a unit's duty account; ``to`` names the unit, "" for reporters. ``values``
    fill the template and go when it has been sent. ``urgent``: staff are told at any hour. ``about``: what may
    overtake it (a clock, an order, ``TURN``). ``attempt``: how often it was decided to send it again. ``letter``: the
    one that it went in with others, "" when it is alone or has not gone. ``digest``: it goes together with what else is
    due for its account, over all tickets; ``until``: by when something is to be done about it, as a digest says.

    Of staff alone: ``caused_by``: the office whose act caused it, "" where a clock or a rule did. ``asks``: what it
    demands; ``again``: how much of that had been demanded shortly before. ``told_at``: when it was reported as sent;
    ``outside``: outside office hours.
    """

    ref: str
    audience: str
    person: int
    kind: str
    round: int
    not_before: datetime
    to: str = ""
    state: str = "planned"
    channel: str = ""
    values: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    about: str = ""
    attempt: int = 0
    letter: str = ""
    digest: bool = False
    until: datetime | None = None
    caused_by: str = ""
    asks: tuple[str, ...] = ()
    again: int = 0
    told_at: datetime | None = None
    outside: bool = False

    @property
    def waits_for_others(self) -> bool:
        """Whether the digest of its account tells it, once it is due."""
        return self.state == "planned" and self.digest

    @property
    def went_in_digest(self) -> bool:
        """Whether its letter told of other things, too."""
        return self.digest and bool(self.letter)

    @property
    def sent_as(self) -> str:
        """The reference that its provider knows it by."""
        return self.letter or self.ref

    def may_go(self, now: datetime, office: Office) -> bool:
        """Whether this hour is right (D3): reporters are told at any, staff in office hours unless it is urgent."""
        return self.audience == "reporter" or self.urgent or office.next_open(now) <= now


@dataclass(frozen=True, slots=True)
class Report:
    """What was said of a delivery's ``attempt``: an outcome, or ``RESEND``. ``letter``: the one that it went in."""

    outcome: str
    channel: str
    attempt: int = 0
    letter: str = ""


@dataclass(frozen=True, slots=True)
class DigestPlace:
    """That something waits for the digest of an account, due ``at``; ``partition``: who holds it sends the digest."""

    account: str
    at: datetime
    partition: int

    @classmethod
    def of(cls, delivery: Delivery) -> "DigestPlace":
        return cls(delivery.to, delivery.not_before, partition_of(delivery.to))


@dataclass(frozen=True, slots=True)
class OtherSender:
    """Whoever sent another body under the key: acknowledged as well. ``contact``: sealed, as intake gave it."""

    person: int
    contact: str


@dataclass(frozen=True, slots=True)
class SeatPreferences:
    """How whoever holds a seat wants to hear. ``channel``: "" as the contact says, ``PAGE``: by no message."""

    person: int
    channel: str = ""
    muted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketDeliveries:
    """Notify's document of a ticket. ``send_at``: when the earliest planned delivery may go, None: there is none; what
    waits for a digest is in ``digests`` instead.

    ``unknowns`` counts deliveries of which nobody knows; ``division`` is the door's until routing found the place.
    ``others``: who sent another body under the key; they hear that it was kept, and of the end. ``unconfirmed``: seats
    that somebody who is not signed in gave to others, in order.
    """

    number: str
    voters: int = 1
    urgent: bool = False
    unit: str = ""
    lead_unit: str = ""
    division: str = ""
    send_at: datetime | None = None
    unknowns: int = 0
    items: tuple[Delivery, ...] = ()
    others: tuple[OtherSender, ...] = ()
    unconfirmed: tuple[int, ...] = ()
    preferences: tuple[SeatPreferences, ...] = ()
    digests: tuple[DigestPlace, ...] = ()

    @property
    def seated(self) -> tuple[int, ...]:
        """The reporters who are told what happens; who is still to confirm the seat is asked to, and hears no more."""
        return tuple(seat for seat in range(self.voters) if seat not in self.unconfirmed)

    @property
    def asked_to_confirm(self) -> tuple[int, ...]:
        """Those whose turn it is to be asked: each who confirms lets one more in."""
        return self.unconfirmed[:NAMED_AT_ONCE]

    def mutes(self, person: int, kind: str) -> bool:
        """Whether a reporter wants not to hear of this kind."""
        return any(kind in each.muted for each in self.preferences if each.person == person)

    def with_preferences(self, wanted: SeatPreferences) -> "TicketDeliveries":
        """The post as a reporter wants it from now on: what they mute and still waits is not sent."""
        kept = tuple(each for each in self.preferences if each.person != wanted.person)
        post = replace(self, preferences=(*kept, wanted))
        return post.dropping(lambda item: item.audience == REPORTER and post.mutes(item.person, item.kind))

    @property
    def acknowledged(self) -> tuple[int, ...]:
        """Everybody who was answered with a number and a code."""
        return (*self.seated, *(each.person for each in self.others))

    def with_other(self, person: int, contact: str) -> "TicketDeliveries":
        """One more who was acknowledged; of very many the last ones."""
        kept = [each for each in self.others if each.person != person]
        return replace(self, others=(*kept, OtherSender(person, contact))[-OTHERS_AT_MOST:])

    def with_planned(self, planned: Iterable[Delivery]) -> "TicketDeliveries":
        """The post with deliveries that are not there yet: one per person, kind and round (V4). What was dropped, and
        is to be said after all, is planned anew."""
        told = {item.ref for item in self.items if item.state not in NEVER_SENT}
        fresh = {each.ref: each for each in planned if each.ref not in told}
        kept = (item for item in self.items if item.ref not in fresh)
        return replace(self, items=_newest((*kept, *fresh.values()))).counted()

    def with_reports(self, reports: Mapping[str, Report]) -> "TicketDeliveries":
        """The post after what providers, or a person, said of deliveries, by reference."""
        items = (_after(item, reports[item.ref]) if item.ref in reports else item for item in self.items)
        return replace(self, items=tuple(items)).counted()

    def told(self, refs: Collection[str], at: datetime, *, outside: bool = False) -> "TicketDeliveries":
        """The post with the instant at which staff were told of these, the first that was said."""
        items = (
            replace(item, told_at=at, outside=outside)
            if item.ref in refs and item.audience in STAFF and item.told_at is None
            else item
            for item in self.items
        )
        return replace(self, items=tuple(items))

    def demanded(self, account: str, demands: Collection[str], since: datetime) -> int:
        """How many of these demands were put to an account from then on."""
        put = (item for item in self.items if item.to == account and item.state not in NEVER_SENT)
        asked = {each for item in put if item.not_before >= since for each in item.asks}
        return len(asked.intersection(demands))

    def without(self, *audiences: str) -> "TicketDeliveries":
        """Nothing that is still planned for these audiences is sent: it was overtaken."""
        return self.dropping(lambda item: item.audience in audiences)

    def dropping(self, is_overtaken: Callable[[Delivery], bool]) -> "TicketDeliveries":
        """Nothing of this that is still planned is sent."""
        gone = {item.ref for item in self.items if item.state == "planned" and is_overtaken(item)}
        if not gone:
            return self
        items = (replace(item, state="dropped", values=()) if item.ref in gone else item for item in self.items)
        return replace(self, items=tuple(items)).counted()

    def withdrawing(self, order: str) -> "TicketDeliveries":
        """An order that was taken back is not sent any more; who has got it stays on record."""
        items = (
            replace(item, state="withdrawn", values=())
            if item.about == order and item.state in ("planned", *NEVER_SENT)
            else item
            for item in self.items
        )
        return replace(self, items=tuple(items)).counted()

    def counted(self) -> "TicketDeliveries":
        """``send_at``, ``digests`` and ``unknowns`` as the deliveries say."""
        alone = (item.not_before for item in self.items if item.state == "planned" and not item.digest)
        digests = tuple(dict.fromkeys(DigestPlace.of(item) for item in self.items if item.waits_for_others))
        unknowns = sum(item.state == "unknown" for item in self.items)
        return replace(self, send_at=min(alone, default=None), digests=digests, unknowns=unknowns)

    def find(self, ref: str) -> Delivery | None:
        """The delivery of a reference."""
        return next((item for item in self.items if item.ref == ref), None)

    def awaits(self, ref: str, report: Report, now: datetime) -> bool:
        """Whether a report is news of a delivery: unknown may still become known, what is final stays."""
        delivery = self.find(ref)
        return delivery is not None and _is_news(delivery, report, now)


def _is_news(delivery: Delivery, report: Report, now: datetime) -> bool:
    """What is final counts whenever it comes, all else only of the attempt that was made last."""
    if _is_receipt(delivery, report):
        return True
    if delivery.state in FINAL or (report.outcome not in FINAL and report.attempt != delivery.attempt):
        return False
    return may_be_resent(delivery, now) if report.outcome == RESEND else report.outcome != delivery.state


def _is_receipt(delivery: Delivery, report: Report) -> bool:
    """Whether its provider says what became of the letter that it had taken: no other letter, and no other channel."""
    same = (report.letter, report.channel) == (delivery.sent_as, delivery.channel)
    return same and delivery.state == "sent" and report.outcome in RECEIVED and report.channel != PERSON


def may_be_resent(delivery: Delivery, now: datetime) -> bool:
    """Whether sending again is sure to reach nobody twice (D2): nobody knows, and its provider knows the reference.

    Never a digest: of the tickets that it told of each is decided by itself, so its set could not be kept.
    """
    if delivery.went_in_digest:
        return False
    return delivery.state == "unknown" and delivery.channel in REFUSE_TWICE and now - delivery.not_before < REMEMBERED


def _after(delivery: Delivery, report: Report) -> Delivery:
    if report.outcome == RESEND:
        return replace(delivery, state="planned", attempt=delivery.attempt + 1)
    shown = report.outcome == "undeliverable" and bool(report.letter)  # of builds that have a page to read it on
    values = delivery.values if shown or report.outcome == "unknown" else ()
    letter = "" if report.letter == delivery.ref else report.letter or delivery.letter
    return replace(delivery, state=report.outcome, channel=report.channel, values=values, letter=letter)


def _newest(items: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    """All that are open and the newest settled ones: facts come once, so what is forgotten is not planned again."""
    excess = len(items) - DELIVERIES_AT_MOST
    if excess <= 0:
        return items
    settled = [nth for nth, item in enumerate(items) if item.state not in OPEN]
    gone = frozenset(settled[:excess])
    return tuple(item for nth, item in enumerate(items) if nth not in gone)
