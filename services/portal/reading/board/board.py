"""What the live page shows: lanes, public cards, the rates of counties. Everything here may be seen by anybody."""

import re
from dataclasses import dataclass
from datetime import datetime

from contracts import lifecycle
from contracts.lifecycle import Lane, TicketState
from services.portal.reading.board.counters import Census, Counters
from services.portal.reading.ticket import lights
from services.portal.reading.ticket.document import ShownClock, Ticket

DOT = " · "
ENDS = re.compile(r"(?<=[省市县区州旗盟])")
NAME_FROM = 3  # characters: what is shorter (区, 中区) is only the end of a name


LANES = {state: row.lane for state, row in lifecycle.STATES.items() if row.lane}
"""States without a lane (invalid, withdrawn) are not on the board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A matter as the public sees it, without a word of its reporter.

    ``title``: what kind of matter it is and where. ``promise``: the handling standard that the unit chose. ``start``
    and ``due`` of its most pressing clock.
    """

    number: str
    title_zh: str
    title_en: str
    promise_zh: str
    promise_en: str
    state: TicketState
    lane: Lane
    light: lights.Light
    unit_zh: str
    unit_en: str
    urgent: bool
    collective: bool
    ordered: bool
    returns: int
    reworks: int
    start: datetime | None
    due: datetime | None
    registered_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Matters registered, moved and struck off in a county in the last minute; ``series``: movements by 5 seconds."""

    county: str
    registered: int
    moved: int
    struck_off: int
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Matters registered, and struck off, since the last midnight in China."""

    registered: int = 0
    struck_off: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The live page at one domain instant.

    ``waiting_since``: when the oldest matter that no unit has accepted was registered. ``totals``: how many stand in
    each lane. ``lanes``, ``attention`` (red, ordered, urgent) and ``news``: numbers of ``cards`` as they are laid out.
    """

    now: datetime
    counters: Counters
    today: Today
    withdrawn: int
    invalid: int
    waiting_since: datetime | None
    totals: dict[Lane, int]
    lanes: dict[Lane, tuple[str, ...]]
    attention: tuple[str, ...]
    news: tuple[str, ...]
    cards: tuple[Card, ...]

    @property
    def overdue(self) -> int:
        """How many are overdue, accepted or not."""
        return self.counters.overdue_unfinished + self.counters.overdue_unaccepted


def card(ticket: Ticket, now: datetime, home: str = "") -> Card | None:
    """The public card of a ticket on the board of ``home``, None when it is in no lane."""
    lane = LANES.get(ticket.state)
    if lane is None:
        return None
    clock, promise = pressing(ticket), ticket.promise
    title_zh, title_en = public_title(ticket, home)
    return Card(
        number=ticket.number,
        title_zh=title_zh,
        title_en=title_en,
        promise_zh=promise.name_zh if promise else "",
        promise_en=promise.name_en if promise else "",
        state=ticket.state,
        lane=lane,
        light=lights.light(ticket, now),
        unit_zh=ticket.unit_zh,
        unit_en=ticket.unit_en,
        urgent=ticket.urgent,
        collective=ticket.collective,
        ordered=ticket.ordered,
        returns=ticket.returns,
        reworks=ticket.reworks,
        start=clock.start if clock else None,
        due=clock.due if clock else None,
        registered_at=ticket.registered_at,
        changed_at=ticket.changed_at,
    )


def public_title(ticket: Ticket, home: str = "") -> tuple[str, str]:
    """路灯 · 高村镇: category and place, which goes without saying where it is the place whose board it is.

    Reporters' own titles name people: no pattern takes that out of them (E11).
    """
    place = "" if ticket.division == home else own_name(ticket.division_zh)
    zh, en = (DOT.join(filter(None, (kind, place))) for kind in (ticket.category_zh, ticket.category_en))
    return (zh, en) if ticket.category_zh else ("", "")


def own_name(division: str) -> str:
    """The last name in a full one: 高村镇 in 湖南省怀化市麻阳苗族自治县高村镇."""
    name = ""
    for part in reversed(ENDS.split(division)):
        name = part + name
        if len(name) >= NAME_FROM:
            break
    return name


def pressing(ticket: Ticket) -> ShownClock | None:
    """The running clock that is due first."""
    return min(ticket.clocks, key=lambda clock: clock.due, default=None)


def lane_totals(standings: Census) -> dict[Lane, int]:
    """How many tickets stand in each lane."""
    totals = dict.fromkeys(Lane, 0)
    for standing in standings:
        lane = LANES.get(standing.state)
        if lane is not None:
            totals[lane] += standing.tickets
    return totals
