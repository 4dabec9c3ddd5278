"""The kinds of filters. Each says twice what it means, side by side: of a ticket in memory, and as a MongoDB query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from contracts import lifecycle, vocabulary
from contracts.lifecycle import OfficialCounter, TicketState
from contracts.vocabulary import Pair
from services.portal.reading.board import counters
from services.portal.reading.search import terms, wording
from services.portal.reading.search.terms import Query
from services.portal.reading.ticket.document import Ticket
from services.portal.reading.ticket.lights import Light, light

ANY: Mapping[str, Pair] = {}


class FilterKind(Protocol):
    """What a filter compares. ``of``: the field of the ticket; ``wanted``: never empty."""

    @property
    def value(self) -> type:
        """The type of one wanted value."""

    @property
    def many(self) -> bool:
        """Whether several values may be wanted; one of them must fit."""

    @property
    def options(self) -> Mapping[str, Pair]:
        """The values that a form offers, with their names; none: it is typed or ticked."""

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        """Whether the ticket is asked for."""

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        """The same, as a query for MongoDB."""


@dataclass(frozen=True, slots=True)
class _Valued:
    value: type = str
    many: bool = False

    @property
    def options(self) -> Mapping[str, Pair]:
        return ANY


class Equals(_Valued):
    """The field is the wanted text or flag."""

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return bool(getattr(ticket, of) == wanted)

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return terms.is_(of, wanted)


class StartsWith(_Valued):
    """The field begins with the wanted code: what lies inside a division or a category."""

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return str(getattr(ticket, of)).startswith(wanted)

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return terms.starts(of, wanted)


class HoldsWords(_Valued):
    """Every wanted word stands in the matter, in whatever order, script, width and case."""

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return wording.fits(ticket, wanted)

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return wording.query(wanted)


class AboveZero(_Valued):
    """Whether it happened at all: the field counts how often."""

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return bool((getattr(ticket, of) > 0) == wanted)

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return terms.is_(of, {"$gt": 0} if wanted else {"$lte": 0})


class Since(_Valued):
    """The field is the wanted instant or later."""

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return bool(getattr(ticket, of) >= wanted)

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return terms.is_(of, {"$gte": wanted})


class Before(_Valued):
    """The field is earlier than the wanted instant."""

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return bool(getattr(ticket, of) < wanted)

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return terms.is_(of, {"$lt": wanted})


class InState(_Valued):
    """The ticket stands in one of the wanted states."""

    @property
    def options(self) -> Mapping[str, Pair]:
        return lifecycle.STATE_NAMES

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return ticket.state in wanted

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return terms.among(wanted)


class Shows(_Valued):
    """One of the wanted lights shows at ``now``."""

    @property
    def options(self) -> Mapping[str, Pair]:
        return {colour: vocabulary.LIGHTS[colour] for colour in vocabulary.COLOURS}

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return light(ticket, now) in wanted

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return {"$or": [terms.shows(each, now) for each in wanted]}


class InCounter(_Valued):
    """The ticket is counted in the wanted one of the six official counters at ``now``."""

    @property
    def options(self) -> Mapping[str, Pair]:
        return lifecycle.COUNTERS

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return counters.counter_of(ticket, now) is wanted

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return {"$and": [terms.among(counters.STATES[wanted]), terms.overdue(now, wanted in counters.OVERDUE)]}


class IsOverdue(_Valued):
    """Whether the clock that counts in the ticket's state has run out at ``now``."""

    def fits(self, ticket: Ticket, of: str, wanted: Any, now: datetime) -> bool:
        return wanted is counters.is_overdue(ticket.state, ticket.accept_by, ticket.complete_by, now)

    def query(self, of: str, wanted: Any, now: datetime) -> Query:
        return terms.overdue(now, wanted)


EXACT, FLAG, PREFIX, TEXT = Equals(str), Equals(bool), StartsWith(str), HoldsWords(str)
NUMBER = Equals(str)  # a registration number, typed in any way
HAPPENED, SINCE, BEFORE = AboveZero(bool), Since(datetime), Before(datetime)
STATE, LIGHT = InState(TicketState, many=True), Shows(Light, many=True)
COUNTER, OVERDUE = InCounter(OfficialCounter), IsOverdue(bool)
