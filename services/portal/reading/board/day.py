"""What one day of the past was like: how matters stood when it ended and when it began, what came, and where from."""

from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from contracts.lifecycle import TicketState
from contracts.vocabulary import CHINA
from services.portal.reading.board import as_of
from services.portal.reading.board.counters import Census, Standing
from services.portal.reading.ticket.document import Ticket

SPOTS = 5  # kinds of matter, and places, that are named
MOVED_AT_MOST = 20_000  # matters whose stories are read for one day; where more have moved since, nobody knows

UnitName = tuple[str, str]
"""Chinese and English; both empty: no unit's yet."""


@dataclass(frozen=True, slots=True)
class DaySpan:
    """A day in China, from its first instant to that of the next."""

    day: date

    @property
    def before(self) -> "DaySpan":
        return DaySpan(self.day - timedelta(days=1))

    @property
    def begin(self) -> datetime:
        """The midnight it begins with."""
        return datetime.combine(self.day, time(), CHINA)

    @property
    def end(self) -> datetime:
        """The midnight that is no part of it any more."""
        return datetime.combine(self.day + timedelta(days=1), time(), CHINA)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCensus:
    """How matters stood at an instant. ``late``: the overdue ones by unit; ``untold``: of how many nobody knows."""

    census: Census = ()
    late: Tally[UnitName] = field(default_factory=Tally)
    untold: int = 0

    def __add__(self, other: "PastCensus") -> "PastCensus":
        both = self.census + other.census, self.late + other.late, self.untold + other.untold
        return PastCensus(census=both[0], late=both[1], untold=both[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFlow:
    """Valid matters registered in a day, and those struck off in it that still are."""

    registered: int = 0
    struck_off: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HotSpot:
    """A kind of matter, or a place, and how many came of it; ``code``: "" is not classified yet."""

    code: str
    zh: str
    en: str
    tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySelection:
    """All that one look at a day finds. ``ended`` and ``begun``: None where too many matters have moved since."""

    ended: PastCensus | None
    begun: PastCensus | None
    flow: DayFlow
    flow_before: DayFlow
    kinds: tuple[HotSpot, ...] = ()
    places: tuple[HotSpot, ...] = ()


def stood(tickets: Iterable[Ticket], at: datetime) -> PastCensus:
    """How those of the tickets stood ``at`` an instant that were registered before it."""
    tally, late, untold = Tally[tuple[TicketState, bool]](), Tally[UnitName](), 0
    for ticket in tickets:
        if ticket.registered_at >= at:
            continue
        if (found := as_of.stood(ticket, at)) is None:
            untold += 1
            continue
        tally[found.state, found.overdue] += 1
        late[found.unit_zh, found.unit_en] += found.overdue
    census = tuple(Standing(state=state, overdue=overdue, tickets=n) for (state, overdue), n in tally.items())
    return PastCensus(census=census, late=+late, untold=untold)


def flow(tickets: Iterable[Ticket], span: DaySpan) -> DayFlow:
    """What came in a day, and what was struck off."""
    kept = list(tickets)
    struck = (each.struck_off_at for each in kept if each.state is TicketState.STRUCK_OFF)
    return DayFlow(
        registered=sum(_came(each, span) for each in kept),
        struck_off=sum(at is not None and span.begin <= at < span.end for at in struck),
    )


def _came(ticket: Ticket, span: DaySpan) -> bool:
    return ticket.state is not TicketState.INVALID and span.begin <= ticket.registered_at < span.end


def seen(tickets: Sequence[Ticket], span: DaySpan, digits: int) -> DaySelection:
    """The look at ``tickets``, all of a scope. ``digits``: how far the code of a place is told."""
    came = [each for each in tickets if _came(each, span)]
    kinds = Tally((each.category, each.category_zh, each.category_en) for each in came)
    places = Tally((each.division[:digits], "", "") for each in came)
    moved = sum(each.changed_at >= span.begin and each.registered_at < span.end for each in tickets)
    is_known = moved <= MOVED_AT_MOST
    return DaySelection(
        ended=stood(tickets, span.end) if is_known else None,
        begun=stood(tickets, span.begin) if is_known else None,
        flow=flow(tickets, span),
        flow_before=flow(tickets, span.before),
        kinds=hottest(kinds.items()),
        places=hottest(places.items()),
    )


def hottest(found: Iterable[tuple[tuple[str, str, str], int]]) -> tuple[HotSpot, ...]:
    """The most frequent first, those of one number by their code."""
    spots = (HotSpot(code=code, zh=zh, en=en, tickets=n) for (code, zh, en), n in found)
    return tuple(sorted(spots, key=lambda each: (-each.tickets, each.code, each.zh))[:SPOTS])
