"""Filters and scope as MongoDB queries, and the few queries of the live page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from contracts.lifecycle import Lane, TicketState
from services.portal.reading.board import counters, selection
from services.portal.reading.board.board import LANES
from services.portal.reading.board.counters import Standing
from services.portal.reading.search import cursors
from services.portal.reading.search.cursors import Cursor
from services.portal.reading.search.filters import FILTERS, Filters, TicketScope
from services.portal.reading.search.terms import DOCUMENT, Query, is_, starts
from services.portal.reading.ticket.document import ACCEPTING, OPEN, WORKING
from services.portal.reading.ticket.work import OF_A_UNIT, OFFICES, field_of

NO_TICKET: Query = {"_id": {"$in": []}}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # any instant is later, a missing one is not
NEWEST_FIRST = [(f"{DOCUMENT}changed_at", -1), ("_id", 1)]
OLDEST_FIRST = [(key, -way) for key, way in NEWEST_FIRST]
STATE, DIVISION, CHANGED = f"{DOCUMENT}state", f"{DOCUMENT}division", f"{DOCUMENT}changed_at"
ACCEPT_BY, COMPLETE_BY, REGISTERED = f"{DOCUMENT}accept_by", f"{DOCUMENT}complete_by", f"{DOCUMENT}registered_at"
STRUCK_OFF = f"{DOCUMENT}struck_off_at"
Index = tuple[list[tuple[str, int]], Query]


def in_turn(office: str) -> list[tuple[str, int]]:
    """The order of an inbox."""
    turn = f"{DOCUMENT}{field_of(office)}"
    return [(f"{turn}.rank", 1), (f"{turn}.at", 1), ("_id", 1)]


def _to_do(office: str) -> Query:
    return {f"{DOCUMENT}{field_of(office)}.at": {"$exists": True}}


def inbox_index(office: str) -> Index:
    """The inbox in its order; a division is looked up in the index itself."""
    keys = in_turn(office)
    return ([(f"{DOCUMENT}unit", 1), *keys] if office in OF_A_UNIT else [*keys, (DIVISION, 1)]), _to_do(office)


LISTS: tuple[Index, ...] = (
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
OF_A_PARTITION = [("p", 1), ("_id", 1)]
INDEXES = (*LISTS, *(inbox_index(office) for office in OFFICES), (OF_A_PARTITION, {}))
LATEST = [(CHANGED, -1)]


def find(asked: Filters, scope: TicketScope, now: datetime) -> Query:
    """The MongoDB filter that means the same as ``filters.matches``; the scope is inside it."""
    wanted = ((FILTERS[name], value) for name, value in asked.asked.items())
    parts = [*_scope(scope), *(row.kind.query(row.field, value, now) for row, value in wanted)]
    return {"$and": parts} if parts else {}


def beyond(wanted: Query, after: Cursor | None, before: Cursor | None) -> Query:
    """What a query finds behind one place of its list, and before another."""
    parts = [wanted] if wanted else []
    parts += [cursors.older(after)] if after else []
    parts += [cursors.newer(before)] if before else []
    return {"$and": parts} if parts else {}


def inbox(office: str, scope: TicketScope, unit: str) -> Query:
    """What an office of a unit has to do within the scope; a document of an earlier build names no unit."""
    own = {f"{DOCUMENT}{field_of(office)}.unit": {"$in": [None, "", unit]}}
    return {"$and": [_to_do(office), own, *_scope(scope)]}


def counting(scope: TicketScope, now: datetime) -> list[Query]:
    """One aggregation over the open tickets whose rows, with those of ``ended``, are the census at one instant."""
    overdue = {"$or": [ran_out("accept_by", ACCEPTING, now), ran_out("complete_by", WORKING, now)]}
    counted = {"n": {"$sum": 1}, "oldest": {"$min": f"${REGISTERED}"}}
    return [
        {"$match": find(Filters(state=OPEN), scope, now)},
        {"$group": {"_id": {"state": f"${STATE}", "overdue": overdue}} | counted},
    ]


def ended(scope: TicketScope, now: datetime) -> list[Query]:
    """What has ended has no clock: it is counted from the index, and no document of it is looked at."""
    states = tuple(state for state in TicketState if state not in OPEN)
    return [
        {"$match": find(Filters(state=states), scope, now)},
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
    """The bounded queries that find what ``selection.seen`` finds."""
    for lane in Lane:
        states = selection.states_of(lane)
        standing = find(Filters(state=states), scope, now)
        yield from (First(_timed(standing, ends), [(ends, 1)], selection.PRESSING) for ends in _ends_of(states))
        yield First(standing, LATEST, selection.SHOWN)
    for flagged in (Filters(state=selection.TO_DO, ordered=True), Filters(state=selection.TO_DO, urgent=True)):
        yield First(find(flagged, scope, now), LATEST, selection.FLAGGED)
    yield First(find(Filters(state=tuple(LANES)), scope, now), LATEST, selection.NEWS)


def _ends_of(states: tuple[TicketState, ...]) -> tuple[str, ...]:
    if states[0] in ACCEPTING:
        return (ACCEPT_BY,)
    return (COMPLETE_BY,) if states[0] in WORKING else ()


def _timed(standing: Query, ends: str) -> Query:
    return {"$and": [standing, {ends: {"$gt": EPOCH}}]}


def registered_since(scope: TicketScope, now: datetime) -> Query:
    """Registered today and not screened out."""
    since = find(Filters(registered_from=selection.begin_of_day(now)), scope, now)
    return {"$and": [since, is_("state", {"$ne": TicketState.INVALID.value})]}


def struck_off_since(scope: TicketScope, now: datetime) -> Query:
    """Struck off today, and still so."""
    since = is_("struck_off_at", {"$gte": selection.begin_of_day(now)})
    return {"$and": [find(Filters(state=(TicketState.STRUCK_OFF,)), scope, now), since]}


def ran_out(field: str, states: tuple[TicketState, ...], now: datetime) -> Query:
    """Within an aggregation: whether the due instant that counts in these states has passed at ``now``."""
    in_state = {"$in": [f"${DOCUMENT}state", [state.value for state in states]]}
    # a missing or null due compares below every date in an aggregation, hence the type check
    dated = {"$eq": [{"$type": f"${DOCUMENT}{field}"}, "date"]}
    return {"$and": [in_state, dated, {"$lte": [f"${DOCUMENT}{field}", now]}]}


def _scope(scope: TicketScope) -> list[Query]:
    parts: list[Query] = [NO_TICKET] if scope.nothing else []
    parts += [starts("division", scope.division)] if scope.division else []
    parts += [is_("unit", scope.unit)] if scope.unit is not None else []
    parts += [is_("lead_unit", scope.lead_unit)] if scope.lead_unit is not None else []
    return parts + ([] if scope.invalid_too else [is_("state", {"$ne": TicketState.INVALID.value})])
