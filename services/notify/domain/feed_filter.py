"""Which events of the public feed somebody gets: what may be seen and what was asked for, by headers alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

ERASED = "duban.ticket.erased.v1"
"""Whoever may have kept a copy hears of an erasure: it says a ticket id and nothing else, and passes every filter."""
READERS = ("partner", "unit", "lead", "supervisor", "auditor")
"""Roles that may read the feed by this service."""
OWN = ("partner", "unit")
"""Roles whose token, where it names a unit, is for that unit's matters alone."""


@dataclass(frozen=True, slots=True)
class FeedScope:
    """What a token is for. ``division``: a prefix of codes, "" for none at all; ``unit``: "" for all of it."""

    role: str
    division: str
    unit: str


class OutsideScope(ValueError):
    """What was asked for is not inside what the token is for."""


@dataclass(frozen=True, slots=True)
class FeedFilter:
    """Empty means any. ``division``: a prefix of codes; the others are whole codes."""

    division: str = ""
    units: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    def passes(self, kind: str, labels: Mapping[str, str]) -> bool:
        """Whether an event of this type and with these labels is among them."""
        if kind == ERASED:
            return True
        asked = (self.units, "unit"), (self.categories, "category"), (self.origins, "origin")
        return (
            labels["division"].startswith(self.division)
            and (not self.types or kind in self.types)
            and all(not wanted or labels[name] in wanted for wanted, name in asked)
        )


def within(scope: FeedScope, asked: FeedFilter) -> FeedFilter:
    """What was asked for, inside the scope: its division, and where it names a unit only that unit.

    Raises OutsideScope.
    """
    division = scope.division or "nowhere"
    if not (asked.division or division).startswith(division):
        raise OutsideScope(asked.division)
    return _of_its_unit(scope, replace(asked, division=asked.division or division))


def _of_its_unit(scope: FeedScope, asked: FeedFilter) -> FeedFilter:
    unit = scope.unit or ("nobody" if scope.role == "unit" else "")
    if scope.role not in OWN or not unit:
        return asked
    if outside := set(asked.units) - {unit}:
        raise OutsideScope(min(outside))
    return replace(asked, units=(unit,))
