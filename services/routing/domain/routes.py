"""Whose duty: from division and category to a unit, or to the work list with candidates. 交办、退回、裁定."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.routing.domain.categories import Classification
from services.routing.domain.divisions import Finding

RETURNS_UNTIL_DISPUTE = 2  # *ours*: from the second return on, the supervision office decides, bindingly
GROUNDS = {
    "not_our_duty": ("不属于本单位职责", "Not this unit's duty"),
    "wrong_division": ("不属于本辖区", "Not in this division"),
    "already_handled": ("已由其他单位办理", "Another unit handles it already"),
    "facts_unclear": ("事实不清，无法办理", "The facts are unclear"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the directory. ``duties``: category codes; ``standards``: codes it may choose from."""

    code: str
    zh: str
    en: str
    level: str
    division: str
    lead_unit: str
    duties: tuple[str, ...]
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A voter, passed on by value."""

    index: int
    code_digest: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Routing's document. States: queued, assigned, disputed, handed_over, withdrawn."""

    number: str
    state: str
    division: str
    registered_at: datetime
    voters: tuple[Seat, ...] = ()
    urgent: bool = False
    category: str = ""
    unit: str = ""
    lead_unit: str = ""
    hop: int = 0
    returns: int = 0
    binding: bool = False
    reason: str = ""
    candidates: tuple[str, ...] = ()

    def given_to(self, unit: Unit, category: str, *, binding: bool) -> "Assignment":
        """交办: the next hop."""
        return replace(
            self,
            state="assigned",
            unit=unit.code,
            lead_unit=unit.lead_unit,
            category=category,
            hop=self.hop + 1,
            binding=binding,
            candidates=(),
        )

    def given_back(self) -> "Assignment":
        """退回: to the lead unit, from the second time on to the supervision office."""
        state = "disputed" if self.returns + 1 >= RETURNS_UNTIL_DISPUTE else "queued"
        return replace(self, state=state, returns=self.returns + 1, unit="", reason="returned")


@dataclass(frozen=True, slots=True)
class Route:
    """Unambiguous: assigned at once, with the reasons."""

    unit: Unit
    category: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """Somebody has to look: why, and who might be it."""

    reason: str
    candidates: tuple[Unit, ...]


def decide_route(place: Finding, kind: Classification, units: Mapping[str, Sequence[Unit]]) -> Route | Queue:
    """``units``: the units of the county by category. One clear place, one clear kind, one unit: assigned."""
    if not place.county:
        return Queue("division_unknown", ())
    mine = list(units.get(kind.code, ()))
    if not kind.code:
        return Queue("category_unknown", ())
    if not kind.clear:
        others = [unit for code in kind.runners_up for unit in units.get(code, ())]
        return Queue("category_ambiguous", tuple(dict.fromkeys([*mine, *others])))
    if len(mine) != 1:
        return Queue("no_unit" if not mine else "several_units", tuple(mine))
    words = "、".join(kind.words)
    return Route(mine[0], kind.code, (f"division: {place.why}", f"category: {words}", f"duty: {mine[0].code}"))
