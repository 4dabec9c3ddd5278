"""What notify decides: who is told what, when, and once. 通知、减负."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
OPENS, CLOSES = time(9, 0), time(17, 0)
DELIVERIES_AT_MOST = 400  # of one ticket; later ones are not planned and counted as such
DAYS_AHEAD = 40  # the longest row of days off is shorter


@dataclass(frozen=True, slots=True)
class Office:
    """When staff may be told: days off and make-up workdays as they were published."""

    days_off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

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
    """One message to one person. States: planned, sent, failed, unknown, undeliverable.

    ``person`` is a voter's index or 0 for a unit's duty account; ``to`` names the unit, "" for reporters. ``values``
    fill the template and go when it is sent.
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


@dataclass(frozen=True, slots=True)
class Post:
    """Notify's document of a ticket. ``send_at``: when the earliest planned delivery may go, None: there is none."""

    number: str
    voters: int = 1
    urgent: bool = False
    unit: str = ""
    lead_unit: str = ""
    division: str = ""
    send_at: datetime | None = None
    items: tuple[Delivery, ...] = ()

    def with_planned(self, planned: Iterable[Delivery]) -> "Post":
        """The post with deliveries that are not there yet: one per person, kind and round (V4)."""
        there = {item.ref for item in self.items}
        fresh = {each.ref: each for each in planned if each.ref not in there}
        return replace(self, items=(*self.items, *fresh.values())[:DELIVERIES_AT_MOST]).timed()

    def with_outcome(self, ref: str, outcome: str, channel: str) -> "Post":
        """The post after a provider's receipt."""
        items = tuple(
            replace(item, state=outcome, channel=channel, values=()) if item.ref == ref else item for item in self.items
        )
        return replace(self, items=items).timed()

    def timed(self) -> "Post":
        """``send_at`` as the deliveries say."""
        return replace(self, send_at=min((i.not_before for i in self.items if i.state == "planned"), default=None))

    def find(self, ref: str) -> Delivery | None:
        """The delivery of a reference."""
        return next((item for item in self.items if item.ref == ref), None)


FINAL = ("sent", "failed", "undeliverable")


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
        )
        for person in note.people
    ]
