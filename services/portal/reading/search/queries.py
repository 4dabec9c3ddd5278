"""Filters and scope as MongoDB queries. Built from typed values only: no user dictionary ever becomes a filter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contracts.lifecycle import Lane, TicketState
from services.portal.reading.board import counters, selection
from services.portal.reading.board.board import LANES
from services.portal.reading.board.counters import Standing
from services.portal.reading.search import filters
from services.portal.reading.search.filters import Filters, TicketScope
from services.portal.reading.ticket.document import ACCEPTING, OPEN, WORKING
from services.portal.reading.ticket.lights import Light

Query = dict[str, Any]
NO_TICKET: Query = {"_id": {"$in": []}}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # any instant is later, a missing one is not
DOCUMENT = "doc."  # the runtime's store keeps the document beside its own bookkeeping
NEWEST_FIRST = [(f"{DOCUMENT}changed_at", -1), ("_id", 1)]
STATE, DIVISION, CHANGED = f"{DOCUMENT}state", f"{DOCUMENT}division", f"{DOCUMENT}changed_at"
ACCEPT_BY, COMPLETE_BY, REGISTERED = f"{DOCUMENT}accept_by", f"{DOCUMENT}complete_by", f"{DOCUMENT}registered_at"
STRUCK_OFF = f"{DOCUMENT}struck_off_at"
Index = tuple[list[tuple[str, int]], Query]
INDEXES: tuple[Index, ...] = (
    (NEWEST_FIRST, {}),
    ([(STATE, 1), (ACCEPT_BY, 1), (DIVISION, 1), (COMPLETE_BY, 1), (REGISTERED, 1)], {}),
    ([(STATE, 1), (COMPLETE_BY, 1), (DIVISION, 1)], {}),
    ([(STATE, 1), (CHANGED, -1), (DIVISION, 1)], {}),
    ([(DIVISION, 1), (STATE, 1), (CHANGED, -1)], {}),
    ([(f"{DOCUMENT}unit", 1), (STATE, 1), (CHANGED, -1)], {}),
    ([(REGISTERED, -1), (STATE, 1), (DIVISION, 1)], {}),
    ([(STRUCK_OFF, -1), (DIVISION, 1)], {STATE: TicketState.STRUCK_OFF.value}),
    ([(f"{DOCUMENT}ordered", 1), (STATE, 1), (CHANGED, -1)], {f"{DOCUMENT}ordered": True}),
    ([(f"{DOCUMENT}urgent", 1), (STATE, 1), (CHANGED, -1)], {f"{DOCUMENT}urgent": True}),
)
"""What the lists, the counters and the live page lean on: keys, and which tickets are in it ({}: all)."""
LATEST = [(CHANGED, -1)]


def find(asked: Filters, scope: TicketScope, now: datetime) -> Query:
    """The MongoDB filter that means the same as ``filters.matches``; the scope is inside it."""
    parts = [*_scope(scope), *_fields(asked), *_computed(asked, now), *_times(asked), *_text(asked)]
    return {"$and": parts} if parts else {}


def counting(scope: TicketScope, now: datetime) -> list[Query]:
    """One aggregation over the open tickets whose rows, with those of ``ended``, are the census at one instant."""
    overdue = {"$or": [_ran_out("accept_by", ACCEPTING, now), _ran_out("complete_by", WORKING, now)]}
    counted = {"n": {"$sum": 1}, "oldest": {"$min": f"${REGISTERED}"}}
    return [
        {"$match": find(Filters(states=OPEN), scope, now)},
        {"$group": {"_id": {"state": f"${STATE}", "overdue": overdue}} | counted},
    ]


def ended(scope: TicketScope, now: datetime) -> list[Query]:
    """What has ended has no clock: it is counted from the index, and no document of it is looked at."""
    states = tuple(state for state in TicketState if state not in OPEN)
    return [
        {"$match": find(Filters(states=states), scope, now)},
        {"$group": {"_id": {"state": f"${STATE}"}, "n": {"$sum": 1}}},
    ]


def standings(rows: Sequence[Mapping[str, Any]]) -> counters.Census:
    """The census in the rows of ``counting`` and ``ended``."""
    return tuple(
        Standing(
            state=TicketState(row["_id"]["state"]),
            overdue=bool(row["_id"].get("overdue")),
            tickets=int(row["n"]),
            oldest=row.get("oldest"),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class First:
    """The first ``limit`` of a query in an order that an index has."""

    query: Query
    order: list[tuple[str, int]]
    limit: int


def worth_a_look(scope: TicketScope, now: datetime) -> Iterator[First]:
    """The bounded queries that find what ``looks.seen`` finds."""
    for lane in Lane:
        states = selection.states_of(lane)
        standing = find(Filters(states=states), scope, now)
        yield from (First(_timed(standing, ends), [(ends, 1)], selection.PRESSING) for ends in _ends_of(states))
        yield First(standing, LATEST, selection.SHOWN)
    for flagged in (Filters(states=selection.TO_DO, ordered=True), Filters(states=selection.TO_DO, urgent=True)):
        yield First(find(flagged, scope, now), LATEST, selection.FLAGGED)
    yield First(find(Filters(states=tuple(LANES)), scope, now), LATEST, selection.NEWS)


def _ends_of(states: tuple[TicketState, ...]) -> tuple[str, ...]:
    if states[0] in ACCEPTING:
        return (ACCEPT_BY,)
    return (COMPLETE_BY,) if states[0] in WORKING else ()


def _timed(standing: Query, ends: str) -> Query:
    return {"$and": [standing, {ends: {"$gt": EPOCH}}]}


def registered_since(scope: TicketScope, now: datetime) -> Query:
    """Registered today and not screened out."""
    since = find(Filters(registered_from=selection.begin_of_day(now)), scope, now)
    return {"$and": [since, _is("state", {"$ne": TicketState.INVALID.value})]}


def struck_off_since(scope: TicketScope, now: datetime) -> Query:
    """Struck off today, and still so."""
    since = _is("struck_off_at", {"$gte": selection.begin_of_day(now)})
    return {"$and": [find(Filters(states=(TicketState.STRUCK_OFF,)), scope, now), since]}


def _ran_out(field: str, states: tuple[TicketState, ...], now: datetime) -> Query:
    in_state = {"$in": [f"${DOCUMENT}state", [state.value for state in states]]}
    # a missing or null due compares below every date in an aggregation, hence the type check
    dated = {"$eq": [{"$type": f"${DOCUMENT}{field}"}, "date"]}
    return {"$and": [in_state, dated, {"$lte": [f"${DOCUMENT}{field}", now]}]}


def _scope(scope: TicketScope) -> list[Query]:
    parts: list[Query] = [NO_TICKET] if scope.nothing else []
    parts += [_starts("division", scope.division)] if scope.division else []
    parts += [_is("unit", scope.unit)] if scope.unit is not None else []
    parts += [_is("lead_unit", scope.lead_unit)] if scope.lead_unit is not None else []
    return parts + ([] if scope.invalid_too else [_is("state", {"$ne": TicketState.INVALID.value})])


def _fields(asked: Filters) -> list[Query]:
    parts = [_starts(name, getattr(asked, name)) for name in filters.PREFIXES if getattr(asked, name)]
    parts += [_is(name, getattr(asked, name)) for name in filters.EQUALS if getattr(asked, name)]
    parts += [_is(name, getattr(asked, name)) for name in filters.FLAGS if getattr(asked, name) is not None]
    for name, of in filters.COUNTS.items():
        wanted = getattr(asked, name)
        parts += [] if wanted is None else [_is(of, {"$gt": 0} if wanted else {"$lte": 0})]
    return parts


def _computed(asked: Filters, now: datetime) -> list[Query]:
    parts: list[Query] = []
    if asked.states:
        parts.append(_in(asked.states))
    if asked.lights:
        parts.append({"$or": [_shows(light, now) for light in asked.lights]})
    if asked.counter is not None:
        parts += [_in(counters.STATES[asked.counter]), _overdue(now, asked.counter in counters.OVERDUE)]
    if asked.overdue is not None:
        parts.append(_overdue(now, asked.overdue))
    return parts


def _times(asked: Filters) -> list[Query]:
    bounds = (
        ("registered_at", "$gte", asked.registered_from),
        ("registered_at", "$lt", asked.registered_to),
        ("changed_at", "$gte", asked.changed_from),
    )
    return [_is(field, {operator: instant}) for field, operator, instant in bounds if instant is not None]


def _text(asked: Filters) -> list[Query]:
    """Only what staff are shown: a search of the words themselves would confirm a telephone number digit by digit."""
    if not asked.text:
        return []
    return [_is("masked", {"$regex": re.escape(asked.text)})]


def _is(field: str, wanted: Any) -> Query:
    return {f"{DOCUMENT}{field}": wanted}


def _starts(field: str, prefix: str) -> Query:
    return _is(field, {"$regex": "^" + re.escape(prefix)})


def _in(states: tuple[TicketState, ...]) -> Query:
    return _is("state", {"$in": [state.value for state in states]})


def _overdue(now: datetime, wanted: bool) -> Query:
    late = [{"$and": [_in(ACCEPTING), _is("accept_by", {"$lte": now})]}]
    late.append({"$and": [_in(WORKING), _is("complete_by", {"$lte": now})]})
    return {"$or": late} if wanted else {"$nor": late}


def _shows(light: Light, now: datetime) -> Query:
    """A light shows when a clock reached its instant and none reached a worse one."""
    if light is Light.NONE:
        return _is("clocks", {"$size": 0})
    order = (Light.YELLOW, Light.ORANGE, Light.RED)
    worse = order[order.index(light) + 1 :] if light in order else order
    reached: list[Query] = (
        [_is("clocks", {"$ne": []})] if light is Light.GREEN else [_is(f"clocks.{light.value}", {"$lte": now})]
    )
    not_worse = [{"$nor": [_is(f"clocks.{colour.value}", {"$lte": now}) for colour in worse]}] if worse else []
    return {"$and": [*reached, *not_worse]}
