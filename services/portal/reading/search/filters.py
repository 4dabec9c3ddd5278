"""What a reader may ask for (filters) and may see at all (scope). The predicate here is the meaning of both."""

from dataclasses import dataclass
from datetime import datetime

from contracts.lifecycle import OfficialCounter, TicketState
from services.portal.reading.board.counters import counter_of, is_overdue
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.lights import Light, light


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketScope:
    """What a reader may see: a division prefix ("" is everywhere) and, where given, only one unit or one lead unit."""

    division: str = ""
    unit: str | None = None
    lead_unit: str | None = None
    invalid_too: bool = True
    nothing: bool = False


EVERYTHING = TicketScope()
PUBLIC = TicketScope(invalid_too=False)
NOTHING = TicketScope(nothing=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Combined by *and*; an empty tuple or None asks for nothing in particular. Prefixes: division, category."""

    states: tuple[TicketState, ...] = ()
    lights: tuple[Light, ...] = ()
    counter: OfficialCounter | None = None
    division: str = ""
    unit: str = ""
    lead_unit: str = ""
    category: str = ""
    channel: str = ""
    door: str = ""
    number: str = ""
    level: str = ""
    urgent: bool | None = None
    collective: bool | None = None
    traceable: bool | None = None
    on_behalf: bool | None = None
    overdue: bool | None = None
    reworked: bool | None = None
    returned: bool | None = None
    ordered: bool | None = None
    supplemented: bool | None = None
    conflicted: bool | None = None
    registered_from: datetime | None = None
    registered_to: datetime | None = None
    changed_from: datetime | None = None
    text: str = ""


PREFIXES = ("division", "category")
EQUALS = ("unit", "lead_unit", "channel", "door", "number", "level")
FLAGS = ("urgent", "collective", "traceable", "on_behalf", "ordered")
COUNTS = {
    "reworked": "reworks",
    "returned": "returns",
    "supplemented": "supplements",
    "conflicted": "conflicts",
}
"""Filters that ask whether a count is above zero."""


def in_scope(ticket: Ticket, scope: TicketScope) -> bool:
    """Whether the reader may see the ticket at all: deny by default."""
    return (
        not scope.nothing
        and ticket.division.startswith(scope.division)
        and scope.unit in (None, ticket.unit)
        and scope.lead_unit in (None, ticket.lead_unit)
        and (scope.invalid_too or ticket.state is not TicketState.INVALID)
    )


def matches(ticket: Ticket, filters: Filters, scope: TicketScope, now: datetime) -> bool:
    """Whether the ticket is in the list that ``filters`` ask for."""
    return (
        in_scope(ticket, scope)
        and _fields_match(ticket, filters)
        and _computed_match(ticket, filters, now)
        and _times_match(ticket, filters)
        and filters.text in ticket.masked
    )


def _fields_match(ticket: Ticket, filters: Filters) -> bool:
    return (
        all(getattr(ticket, name).startswith(getattr(filters, name)) for name in PREFIXES)
        and all(getattr(filters, name) in ("", getattr(ticket, name)) for name in EQUALS)
        and all(getattr(filters, name) in (None, getattr(ticket, name)) for name in FLAGS)
        and all(getattr(filters, name) in (None, getattr(ticket, of) > 0) for name, of in COUNTS.items())
    )


def _computed_match(ticket: Ticket, filters: Filters, now: datetime) -> bool:
    overdue = is_overdue(ticket.state, ticket.accept_by, ticket.complete_by, now)
    return (
        (not filters.states or ticket.state in filters.states)
        and (not filters.lights or light(ticket, now) in filters.lights)
        and (filters.counter is None or counter_of(ticket, now) is filters.counter)
        and filters.overdue in (None, overdue)
    )


def _times_match(ticket: Ticket, filters: Filters) -> bool:
    return (
        (filters.registered_from is None or ticket.registered_at >= filters.registered_from)
        and (filters.registered_to is None or ticket.registered_at < filters.registered_to)
        and (filters.changed_from is None or ticket.changed_at >= filters.changed_from)
    )
