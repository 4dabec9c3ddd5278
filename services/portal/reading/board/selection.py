"""What one look at the documents finds, and what of it is laid out on the live page: the stuck first, then the new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from contracts.lifecycle import Lane, TicketState
from contracts.vocabulary import CHINA
from services.portal.reading.board import counters
from services.portal.reading.board.board import LANES, Board, Card, Today, card, lane_totals
from services.portal.reading.board.counters import Census
from services.portal.reading.ticket.document import ACCEPTING, WORKING, Ticket
from services.portal.reading.ticket.lights import SEVERITY, Light

SHOWN = 4  # cards a lane has room for
STUCK = 2  # of them kept for the worst, so that the lane still shows what moves
PRESSING = 8  # tickets of a lane that are looked at because their time runs out first
FLAGGED = 8  # ordered or urgent ones looked at
ATTENTION = 8  # on the rail
NEWS = 14  # newest changes
WARNED = SEVERITY.index(Light.ORANGE)
TO_DO = (*ACCEPTING, *WORKING)
"""States in which an office has to act; a matter that waits for its reporter's evaluation calls for nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSelection:
    """All that one look finds, as of one instant of the store.

    ``tickets``: of each lane those whose time runs out first and the newest, of those to do the ordered and urgent
    ones, and the newest changes of all; each once, in no order.
    """

    census: Census
    today: Today
    tickets: tuple[Ticket, ...]


def begin_of_day(now: datetime) -> datetime:
    """The last midnight in China."""
    return datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)


def due(ticket: Ticket) -> datetime | None:
    """When the time that counts in its state runs out."""
    if ticket.state in ACCEPTING:
        return ticket.accept_by
    return ticket.complete_by if ticket.state in WORKING else None


def states_of(lane: Lane) -> tuple[TicketState, ...]:
    """The states whose tickets stand in a lane."""
    return tuple(state for state, each in LANES.items() if each is lane)


def seen(newest: Sequence[Ticket], now: datetime) -> BoardSelection:
    """The look at ``newest``: all tickets of a scope, newest change first."""
    day, found = begin_of_day(now), dict[str, Ticket]()
    for each in _worth_a_look(newest):
        found[each.id] = each
    today = Today(
        registered=sum(each.registered_at >= day and each.state is not TicketState.INVALID for each in newest),
        struck_off=sum(each.struck_off_at is not None and each.struck_off_at >= day for each in newest),
    )
    return BoardSelection(census=counters.census(newest, now), today=today, tickets=tuple(found.values()))


def _worth_a_look(newest: Sequence[Ticket]) -> Iterable[Ticket]:
    laned = [each for each in newest if each.state in LANES]
    for lane in Lane:
        standing = [each for each in laned if LANES[each.state] is lane]
        timed = [(ends, each) for each in standing if (ends := due(each)) is not None]
        yield from (each for _, each in sorted(timed, key=lambda pair: pair[0])[:PRESSING])
        yield from standing[:SHOWN]
    for flag in ("ordered", "urgent"):
        yield from [each for each in laned if each.state in TO_DO and getattr(each, flag)][:FLAGGED]
    yield from laned[:NEWS]


def lay(found: BoardSelection, now: datetime, home: str = "") -> Board:
    """The board of ``home`` at ``now``: only what is laid out has a card."""
    newest = sorted(found.tickets, key=lambda ticket: ticket.changed_at, reverse=True)
    cards = {each.number: each for ticket in newest if (each := card(ticket, now, home))}
    lanes = {lane: _lane([each for each in cards.values() if each.lane is lane]) for lane in Lane}
    attention = _attention(cards.values(), {each.number for each in found.tickets if each.state in TO_DO})
    news = tuple(cards)[:NEWS]
    laid = {*attention, *news}.union(*lanes.values())
    return Board(
        now=now,
        counters=counters.counted(found.census),
        today=found.today,
        withdrawn=_of_state(found.census, TicketState.WITHDRAWN),
        invalid=_of_state(found.census, TicketState.INVALID),
        waiting_since=min(
            (each.oldest for each in found.census if each.oldest and each.state in ACCEPTING), default=None
        ),
        totals=lane_totals(found.census),
        lanes=lanes,
        attention=attention,
        news=news,
        cards=tuple(each for number, each in cards.items() if number in laid),
    )


def _lane(newest: Sequence[Card]) -> tuple[str, ...]:
    """The worst ones, then the newest."""
    stuck = sorted((each for each in newest if SEVERITY.index(each.light) >= WARNED), key=_worst_first)[:STUCK]
    return tuple(each.number for each in (*stuck, *(each for each in newest if each not in stuck)))[:SHOWN]


def _attention(cards: Iterable[Card], to_do: set[str]) -> tuple[str, ...]:
    """Red, ordered and urgent ones, worst first."""
    calling = [
        each for each in cards if each.number in to_do and (each.light is Light.RED or each.ordered or each.urgent)
    ]
    return tuple(each.number for each in sorted(calling, key=_worst_first)[:ATTENTION])


def _worst_first(each: Card) -> tuple[bool, datetime, datetime]:
    """Red ones by how long they are over, then by how little time is left."""
    never = datetime.max.replace(tzinfo=each.changed_at.tzinfo)
    return each.light is not Light.RED, each.due or never, each.changed_at


def _of_state(census: Census, state: TicketState) -> int:
    return sum(each.tickets for each in census if each.state is state)
