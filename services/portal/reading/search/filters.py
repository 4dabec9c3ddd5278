"""What a reader may ask for (filters) and may see at all (scope). The predicate here is the meaning of both.

A filter is a row of FILTERS: from it follow the predicate, the MongoDB query (queries.py), the field of the API
(api/fields.py) and, where it is public, its place in the form of the public list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.lifecycle import TicketState
from contracts.vocabulary import Pair
from services.portal.reading.search import kinds
from services.portal.reading.search.kinds import FilterKind
from services.portal.reading.ticket.document import Ticket

DIGITS = r"^[0-9]*$"
EMPTY: tuple[Any, ...] = (None, "", (), [])


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the lists. ``public``: anybody may ask for it. ``of``: the field it looks at, where not its name."""

    name: str
    kind: FilterKind
    label: Pair
    public: bool = False
    of: str = ""
    pattern: str | None = None
    longest: int = 64  # characters of what is asked for
    help: str | None = None

    @property
    def field(self) -> str:
        """The field of the ticket that it looks at."""
        return self.of or self.name


FILTERS: Mapping[str, Filter] = {
    row.name: row
    for row in (
        Filter("counter", kinds.COUNTER, ("状态", "State"), public=True),
        Filter("light", kinds.LIGHT, ("灯号", "Light"), public=True, help="One or more lights, as they show now"),
        Filter("overdue", kinds.OVERDUE, ("逾期", "Overdue"), public=True),
        Filter("urgent", kinds.FLAG, ("紧急", "Urgent"), public=True),
        Filter("collective", kinds.FLAG, ("联名", "Joint"), public=True),
        Filter("ordered", kinds.FLAG, ("督办件", "Under order"), public=True),
        Filter("reworked", kinds.HAPPENED, ("重办", "Done again"), public=True, of="reworks"),
        Filter("state", kinds.STATE, ("办理状态", "Stage"), help="One or more states"),
        Filter("division", kinds.PREFIX, ("属地", "Place"), pattern=DIGITS, help="Prefix of the division code"),
        Filter("unit", kinds.EXACT, ("责任单位", "Responsible unit")),
        Filter("lead_unit", kinds.EXACT, ("牵头单位", "Lead unit")),
        Filter("category", kinds.PREFIX, ("类别", "Category"), help="Prefix of the category code"),
        Filter("channel", kinds.EXACT, ("来源", "Received by")),
        Filter("door", kinds.EXACT, ("受理窗口", "Door")),
        Filter("number", kinds.NUMBER, ("登记号", "Number")),
        Filter("level", kinds.EXACT, ("办理层级", "Level")),
        Filter("traceable", kinds.FLAG, ("留有联系方式", "Can be reached")),
        Filter("on_behalf", kinds.FLAG, ("代为登记", "On behalf")),
        Filter("returned", kinds.HAPPENED, ("退回过", "Was returned"), of="returns"),
        Filter("supplemented", kinds.HAPPENED, ("补充过", "Was supplemented"), of="supplements"),
        Filter(
            "conflicted",
            kinds.HAPPENED,
            ("内容冲突", "Conflicting"),
            of="conflicts",
            help="The work list of matters to which another one came under the same key",
        ),
        Filter("registered_from", kinds.SINCE, ("登记不早于", "Registered from"), of="registered_at"),
        Filter("registered_to", kinds.BEFORE, ("登记早于", "Registered before"), of="registered_at"),
        Filter("changed_from", kinds.SINCE, ("变化不早于", "Changed from"), of="changed_at"),
        # only what staff are shown: a search of the words themselves would confirm a telephone number digit by digit
        Filter(
            "text",
            kinds.TEXT,
            ("文字", "Words"),
            of="searched",
            longest=100,
            help="Words in any order, of the matter as it is shown",
        ),
    )
}


class Filters:
    """What is asked for, by the name of the filter; combined by *and*. None or nothing asks for nothing."""

    __slots__ = ("asked",)

    def __init__(self, **asked: Any) -> None:
        unknown = asked.keys() - FILTERS.keys()
        if unknown:
            raise TypeError(f"no such filter: {', '.join(sorted(unknown))}; add a row to FILTERS")
        self.asked: Mapping[str, Any] = {name: value for name, value in asked.items() if value not in EMPTY}

    def __repr__(self) -> str:
        return f"Filters({', '.join(f'{name}={value!r}' for name, value in self.asked.items())})"


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
    wanted = ((FILTERS[name], value) for name, value in filters.asked.items())
    return in_scope(ticket, scope) and all(row.kind.fits(ticket, row.field, value, now) for row, value in wanted)
