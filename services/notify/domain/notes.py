"""What is to be said, and the deliveries that come of it: when, to whom, under which reference."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.deliveries import ORDERS, REPORTER, Delivery
from services.notify.domain.office_hours import Office


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said: to whom, of what kind, in which round, with which values.

    ``caused_by``, ``asks``, ``again``: as a delivery to staff keeps them.
    """

    audience: str
    kind: str
    round: int = 1
    people: tuple[int, ...] = (0,)
    to: str = ""
    urgent: bool = False
    values: tuple[tuple[str, str], ...] = ()
    about: str = ""
    until: datetime | None = None
    caused_by: str = ""
    asks: tuple[str, ...] = ()
    again: int = 0

    def waits_for_others(self, office: Office) -> bool:
        """Whether it is told in a digest: staff, of what is neither urgent nor an order (D3)."""
        pressing = self.urgent or self.kind in ORDERS
        return bool(office.slots) and self.audience != REPORTER and not pressing


def reference(ticket: str, audience: str, person: int, kind: str, round_: int, to: str = "") -> str:
    """The same message has the same reference for ever: providers refuse it twice."""
    parts = (ticket, audience, str(person), kind, str(round_), to)
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:24]


def plan(ticket: str, note: Note, now: datetime, office: Office) -> list[Delivery]:
    """Deliveries of a note. Reporters are told at once; staff in office hours, unless it is urgent, and together with
    what else there is at the next slot of digests (D3)."""
    digest = note.waits_for_others(office)
    at = now if note.audience == "reporter" or note.urgent else office.next_open(now)
    return [
        Delivery(
            ref=reference(ticket, note.audience, person, note.kind, note.round, note.to),
            audience=note.audience,
            person=person,
            kind=note.kind,
            round=note.round,
            not_before=office.next_slot(now) if digest else at,
            to=note.to,
            values=note.values,
            urgent=note.urgent,
            about=note.about,
            digest=digest,
            until=note.until if digest else None,
            caused_by=note.caused_by,
            asks=note.asks,
            again=note.again,
        )
        for person in note.people
    ]
