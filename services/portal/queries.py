"""Filters and scope as MongoDB queries. Built from typed values only: no user dictionary ever becomes a filter."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.portal.domain import counters, filters
from services.portal.domain.filters import Filters, Scope
from services.portal.domain.lights import Light
from services.portal.domain.ticket import ACCEPTING, WORKING, State

Query = dict[str, Any]
NO_TICKET: Query = {"_id": {"$in": []}}


def find(asked: Filters, scope: Scope, now: datetime) -> Query:
    """The MongoDB filter that means the same as ``filters.matches``; the scope is inside it."""
    parts = [*_scope(scope), *_fields(asked), *_computed(asked, now), *_times(asked), *_text(asked)]
    return {"$and": parts} if parts else {}


def counting(scope: Scope, now: datetime) -> list[Query]:
    """One aggregation whose rows {_id: {state, overdue}, n} give all six counters at one instant."""
    overdue = {"$or": [_ran_out("accept_by", ACCEPTING, now), _ran_out("complete_by", WORKING, now)]}
    match = find(Filters(), scope, now)
    return [{"$match": match}, {"$group": {"_id": {"state": "$state", "overdue": overdue}, "n": {"$sum": 1}}}]


def counted(rows: Sequence[Mapping[str, Any]]) -> counters.Counters:
    """The counters in the rows of ``counting``."""
    totals = dict.fromkeys(counters.Counter, 0)
    for row in rows:
        counter = counters.counter_for(State(row["_id"]["state"]), bool(row["_id"]["overdue"]))
        if counter is not None:
            totals[counter] += int(row["n"])
    return counters.Counters(**{counter.value: total for counter, total in totals.items()})


def _ran_out(field: str, states: tuple[State, ...], now: datetime) -> Query:
    in_state = {"$in": ["$state", [state.value for state in states]]}
    # a missing or null due compares below every date in an aggregation, hence the type check
    dated = {"$eq": [{"$type": f"${field}"}, "date"]}
    return {"$and": [in_state, dated, {"$lte": [f"${field}", now]}]}


def _scope(scope: Scope) -> list[Query]:
    parts: list[Query] = [NO_TICKET] if scope.nothing else []
    parts += [_starts("division", scope.division)] if scope.division else []
    parts += [{"unit": scope.unit}] if scope.unit is not None else []
    parts += [{"lead_unit": scope.lead_unit}] if scope.lead_unit is not None else []
    return parts + ([] if scope.invalid_too else [{"state": {"$ne": State.INVALID.value}}])


def _fields(asked: Filters) -> list[Query]:
    parts = [_starts(name, getattr(asked, name)) for name in filters.PREFIXES if getattr(asked, name)]
    parts += [{name: getattr(asked, name)} for name in filters.EQUALS if getattr(asked, name)]
    parts += [{name: getattr(asked, name)} for name in filters.FLAGS if getattr(asked, name) is not None]
    for name, of in filters.COUNTS.items():
        wanted = getattr(asked, name)
        parts += [] if wanted is None else [{of: {"$gt": 0} if wanted else {"$lte": 0}}]
    return parts


def _computed(asked: Filters, now: datetime) -> list[Query]:
    parts: list[Query] = []
    if asked.states:
        parts.append({"state": {"$in": [state.value for state in asked.states]}})
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
    return [{field: {operator: instant}} for field, operator, instant in bounds if instant is not None]


def _text(asked: Filters) -> list[Query]:
    if not asked.text:
        return []
    literal = {"$regex": re.escape(asked.text)}
    return [{"$or": [{"title": literal}, {"summary": literal}]}]


def _starts(field: str, prefix: str) -> Query:
    return {field: {"$regex": "^" + re.escape(prefix)}}


def _in(states: tuple[State, ...]) -> Query:
    return {"state": {"$in": [state.value for state in states]}}


def _overdue(now: datetime, wanted: bool) -> Query:
    late = [{"$and": [_in(ACCEPTING), {"accept_by": {"$lte": now}}]}]
    late.append({"$and": [_in(WORKING), {"complete_by": {"$lte": now}}]})
    return {"$or": late} if wanted else {"$nor": late}


def _shows(light: Light, now: datetime) -> Query:
    """A light shows when a clock reached its instant and none reached a worse one."""
    if light is Light.NONE:
        return {"clocks": {"$size": 0}}
    order = (Light.YELLOW, Light.ORANGE, Light.RED)
    worse = order[order.index(light) + 1 :] if light in order else order
    reached: list[Query] = (
        [{"clocks": {"$ne": []}}] if light is Light.GREEN else [{f"clocks.{light.value}": {"$lte": now}}]
    )
    not_worse = [{"$nor": [{f"clocks.{colour.value}": {"$lte": now}} for colour in worse]}] if worse else []
    return {"$and": [*reached, *not_worse]}
