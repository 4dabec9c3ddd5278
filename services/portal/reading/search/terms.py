"""The terms that MongoDB queries over ticket documents are made of. Typed values only: no user dictionary gets in."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from contracts.lifecycle import TicketState
from services.portal.reading.ticket.document import ACCEPTING, WORKING
from services.portal.reading.ticket.lights import Light

Query = dict[str, Any]
DOCUMENT = "doc."  # the runtime's store keeps the document beside its own bookkeeping
WORSENING = (Light.YELLOW, Light.ORANGE, Light.RED)


def is_(field: str, wanted: Any) -> Query:
    """The field equals ``wanted``, or fits the operator in it."""
    return {f"{DOCUMENT}{field}": wanted}


def starts(field: str, prefix: str) -> Query:
    """The field begins with ``prefix``, taken literally."""
    return is_(field, {"$regex": "^" + re.escape(prefix)})


def contains(field: str, text: str) -> Query:
    """``text`` stands somewhere in the field, taken literally."""
    return is_(field, {"$regex": re.escape(text)})


def among(states: Iterable[TicketState]) -> Query:
    """The ticket is in one of the states."""
    return is_("state", {"$in": [state.value for state in states]})


def overdue(now: datetime, wanted: bool) -> Query:
    """The clock that counts in the ticket's state has run out at ``now``, or has not."""
    late = [{"$and": [among(ACCEPTING), is_("accept_by", {"$lte": now})]}]
    late.append({"$and": [among(WORKING), is_("complete_by", {"$lte": now})]})
    return {"$or": late} if wanted else {"$nor": late}


def shows(light: Light, now: datetime) -> Query:
    """A light shows when a clock reached its instant and none reached a worse one."""
    if light is Light.NONE:
        return is_("clocks", {"$size": 0})
    worse = WORSENING[WORSENING.index(light) + 1 :] if light in WORSENING else WORSENING
    reached = is_("clocks", {"$ne": []}) if light is Light.GREEN else is_(f"clocks.{light.value}", {"$lte": now})
    not_worse = [{"$nor": [is_(f"clocks.{colour.value}", {"$lte": now}) for colour in worse]}] if worse else []
    return {"$and": [reached, *not_worse]}
