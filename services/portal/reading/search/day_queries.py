"""What one day of the past was like, as MongoDB queries; ``day.seen`` is their meaning."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.lifecycle import TicketState
from services.portal.reading.board.counters import Standing
from services.portal.reading.board.day import SPOTS, DaySpan, HotSpot, PastCensus
from services.portal.reading.search.filters import Filters, TicketScope
from services.portal.reading.search.queries import CHANGED, REGISTERED, STATE, STRUCK_OFF, find, ran_out
from services.portal.reading.search.terms import DOCUMENT, Query
from services.portal.reading.ticket.document import ACCEPTING, WORKING

NAMES_OF_A_UNIT = ("unit_zh", "unit_en")


def moved(scope: TicketScope, span: DaySpan) -> Query:
    """Registered by the day's end, and changed since it began: their stories tell how they stood."""
    since = {CHANGED: {"$gte": span.begin}, REGISTERED: {"$lt": span.end}}
    return _and(scope, span, since)


def rested(scope: TicketScope, span: DaySpan, at: datetime) -> list[Query]:
    """Those that have not changed since the day began, by how they stood ``at`` an instant; late ones by unit."""
    overdue = {"$or": [ran_out("accept_by", ACCEPTING, at), ran_out("complete_by", WORKING, at)]}
    since = {CHANGED: {"$lt": span.begin}, REGISTERED: {"$lt": at}}
    named = {name: {"$cond": ["$overdue", f"${DOCUMENT}{name}", ""]} for name in NAMES_OF_A_UNIT}
    return [
        {"$match": _and(scope, span, since)},
        {"$set": {"overdue": overdue}},
        {"$group": {"_id": {"state": f"${STATE}", "overdue": "$overdue"} | named, "n": {"$sum": 1}}},
    ]


def census_of(rows: Sequence[Mapping[str, Any]]) -> PastCensus:
    """How matters stood, in the rows of ``rested``."""
    late = Tally[tuple[str, str]]()
    for row in rows:
        if row["_id"]["overdue"]:
            late[row["_id"]["unit_zh"], row["_id"]["unit_en"]] += int(row["n"])
    return PastCensus(census=tuple(map(_standing, rows)), late=late)


def _standing(row: Mapping[str, Any]) -> Standing:
    place = row["_id"]
    return Standing(state=TicketState(place["state"]), overdue=bool(place["overdue"]), tickets=int(row["n"]))


def registered(scope: TicketScope, span: DaySpan) -> Query:
    """Registered in the day and not screened out."""
    return _and(scope, span, {REGISTERED: _within(span), STATE: {"$ne": TicketState.INVALID.value}})


def struck_off(scope: TicketScope, span: DaySpan) -> Query:
    """Struck off in the day, and still so."""
    return _and(scope, span, {STATE: TicketState.STRUCK_OFF.value, STRUCK_OFF: _within(span)})


def kinds(scope: TicketScope, span: DaySpan) -> list[Query]:
    """The kinds of matter that most of the day's new ones are of."""
    named = {"code": "category", "zh": "category_zh", "en": "category_en"}
    return _most(registered(scope, span), {name: f"${DOCUMENT}{field}" for name, field in named.items()})


def places(scope: TicketScope, span: DaySpan, digits: int) -> list[Query]:
    """The places that most of the day's new ones came of; their names are found by their codes."""
    code = {"$substrCP": [f"${DOCUMENT}division", 0, digits]}
    return _most(registered(scope, span), {"code": code, "zh": "", "en": ""})


def _most(wanted: Query, by: Query) -> list[Query]:
    group = {"_id": {name: {"$literal": ""} if how == "" else how for name, how in by.items()}, "n": {"$sum": 1}}
    order = {"n": -1, "_id.code": 1, "_id.zh": 1}
    return [{"$match": wanted}, {"$group": group}, {"$sort": order}, {"$limit": SPOTS}]


def spots_of(rows: Sequence[Mapping[str, Any]]) -> tuple[HotSpot, ...]:
    """What is named, in the rows of ``kinds`` or ``places``."""
    return tuple(HotSpot(**row["_id"], tickets=int(row["n"])) for row in rows)


def _within(span: DaySpan) -> Query:
    return {"$gte": span.begin, "$lt": span.end}


def _and(scope: TicketScope, span: DaySpan, wanted: Query) -> Query:
    found = find(Filters(), scope, span.end)
    return {"$and": [found, wanted]} if found else wanted
