"""What notify decides: who is told what, when, and once. 通知、减负."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
OPENS, CLOSES = time(9, 0), time(17, 0)
DELIVERIES_AT_MOST = 200  # of one ticket: beyond that the oldest settled ones are forgotten, never one still to be sent
DAYS_AHEAD = 40  # the longest row of days off is shorter


@dataclass(frozen=True, slots=True)
class Office:
    """When staff may be told: days off and make-up workdays as they were published."""

    days_off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def under(self, days_off: frozenset[date], workdays: frozenset[date]) -> "Office":
        """With days of a narrower calendar over its own."""
        return Office(self.days_off - workdays | days_off, self.workdays - days_off | workdays)

    def works(self, on: date) -> bool:
        """Whether it is a working day."""
        return on in self.workdays or (on not in self.days_off and on.weekday() < 5)

    def next_open(self, now: datetime) -> datetime:
        """``now`` in office hours, else the next opening."""
        local = now.astimezone(CHINA)
        if self.works(local.date()) and OPENS <= local.time() < CLOSES:
            return now
        first = local.date() + timedelta(days=0 if local.time() < OPENS else 1)
        days = (first + timedelta(days=n) for n in range(DAYS_AHEAD))
        on = next((day for day in days if self.works(day)), first)
        return datetime.combine(on, OPENS, CHINA).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one person. States: planned, sent, failed, unknown, undeliverable, dropped.

    ``person`` is a voter's index or 0 for a unit's duty account; ``to`` names the unit, "" for reporters. ``values``
    fill the template and go when it is sent. ``urgent``: staff are told at any hour.
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

    def may_go(self, now: datetime, office: Office) -> bool:
        """Whether this hour is right (D3): reporters are told at any, staff in office hours unless it is urgent."""
        return self.audience == "reporter" or self.urgent or office.next_open(now) <= now


@dataclass(frozen=True, slots=True)
class Post:
    """Notify's document of a ticket. ``send_at``: when the earliest planned delivery may go, None: there is none.

    ``unknowns`` counts deliveries of which nobody knows; ``division`` is the door's until routing found the place.
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

    def with_planned(self, planned: Iterable[Delivery]) -> "Post":
        """The post with deliveries that are not there yet: one per person, kind and round (V4)."""
        there = {item.ref for item in self.items}
        fresh = {each.ref: each for each in planned if each.ref not in there}
        return replace(self, items=_newest((*self.items, *fresh.values()))).counted()

    def with_outcome(self, ref: str, outcome: str, channel: str) -> "Post":
        """The post after a provider's receipt."""
        return self.with_outcomes({ref: (outcome, channel)})

    def with_outcomes(self, outcomes: Mapping[str, tuple[str, str]]) -> "Post":
        """The post after receipts: reference → (outcome, channel)."""
        items = tuple(
            replace(item, state=outcomes[item.ref][0], channel=outcomes[item.ref][1], values=())
            if item.ref in outcomes
            else item
            for item in self.items
        )
        return replace(self, items=items).counted()

    def without(self, *audiences: str) -> "Post":
        """Nothing that is still planned for these audiences is sent: it was overtaken."""
        items = tuple(
            replace(item, state="dropped", values=())
            if item.audience in audiences and item.state == "planned"
            else item
            for item in self.items
        )
        return replace(self, items=items).counted()

    def counted(self) -> "Post":
        """``send_at`` and ``unknowns`` as the deliveries say."""
        first = min((item.not_before for item in self.items if item.state == "planned"), default=None)
        return replace(self, send_at=first, unknowns=sum(item.state == "unknown" for item in self.items))

    def find(self, ref: str) -> Delivery | None:
        """The delivery of a reference."""
        return next((item for item in self.items if item.ref == ref), None)

    def awaits(self, ref: str, outcome: str) -> bool:
        """Whether ``outcome`` is news of a delivery: unknown may still become known, what is final stays."""
        delivery = self.find(ref)
        return delivery is not None and delivery.state not in (*FINAL, outcome)


FINAL = ("sent", "failed", "undeliverable")
OPEN = ("planned", "unknown")
STAFF = ("unit", "lead", "supervision")


def _newest(items: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    """All that are open and the newest settled ones: facts come once, so what is forgotten is not planned again."""
    excess = len(items) - DELIVERIES_AT_MOST
    if excess <= 0:
        return items
    settled = [nth for nth, item in enumerate(items) if item.state not in OPEN]
    gone = frozenset(settled[:excess])
    return tuple(item for nth, item in enumerate(items) if nth not in gone)


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said: to whom, of what kind, in which round, with which values."""

    audience: str
    kind: str
    round: int = 1
    people: tuple[int, ...] = (0,)
    to: str = ""
    urgent: bool = False
    values: tuple[tuple[str, str], ...] = ()


def reference(ticket: str, audience: str, person: int, kind: str, round_: int, to: str = "") -> str:
    """The same message has the same reference for ever: providers refuse it twice."""
    parts = (ticket, audience, str(person), kind, str(round_), to)
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:24]


def plan(ticket: str, note: Note, now: datetime, office: Office) -> list[Delivery]:
    """Deliveries of a note. Reporters are told at once; staff in office hours, unless it is urgent (D3)."""
    at = now if note.audience == "reporter" or note.urgent else office.next_open(now)
    return [
        Delivery(
            ref=reference(ticket, note.audience, person, note.kind, note.round, note.to),
            audience=note.audience,
            person=person,
            kind=note.kind,
            round=note.round,
            not_before=at,
            to=note.to,
            values=note.values,
            urgent=note.urgent,
        )
        for person in note.people
    ]


@dataclass(frozen=True, slots=True)
class Breaker:
    """Whether a provider is tried at all: after a row of failures it rests, each time longer, up to a minute."""

    failures: int = 0
    rests_until: datetime | None = None

    def lets(self, now: datetime) -> bool:
        """Whether a message may be tried."""
        return self.rests_until is None or self.rests_until <= now

    def after(self, now: datetime, *, answered: bool) -> "Breaker":
        """The breaker after one more try. ``answered``: the provider said yes or no."""
        if answered:
            return Breaker()
        failures = self.failures + 1
        if failures < FAILURES_IN_A_ROW:
            return Breaker(failures)
        return Breaker(failures, now + min(FIRST_REST * 2 ** min(failures - FAILURES_IN_A_ROW, 10), LONGEST_REST))

    @property
    def suspects(self) -> bool:
        """Whether the last try failed: then a few messages find out, not all."""
        return self.failures > 0


FAILURES_IN_A_ROW = 5  # until a provider rests
FIRST_REST, LONGEST_REST = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Person:
    """How one person is reached: what intake sealed. ``channel``: as the person chose, "" when nothing was said."""

    channel: str = ""
    phone: str = ""
    email: str = ""


SMS_ALONE, SMS_PART = 70, 67  # characters of a message in one part, and of each part of a longer one (UCS-2)


def sms_parts(text: str) -> int:
    """What a gateway charges for: the parts in which a text is sent."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= SMS_ALONE else -(-units // SMS_PART)


def routes(person: Person) -> tuple[tuple[str, str], ...]:
    """(channel, address) in the order in which they are tried: the chosen one first, the other only if that refuses.

    Nobody who wants to be left alone is written to.
    """
    if person.channel == "none":
        return ()
    known = [("sms", person.phone), ("email", person.email)]
    ordered = sorted(known, key=lambda route: route[0] != (person.channel or "sms"))
    return tuple(route for route in ordered if route[1])
