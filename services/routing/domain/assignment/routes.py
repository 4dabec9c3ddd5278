"""Whose duty: from division and category to a unit, or to the work list with candidates (B4, B5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.routing.domain.kind.categories import Classification
from services.routing.domain.place.divisions import DivisionFinding
from services.routing.domain.unit.units import Unit, present, responsible

EMERGENCY = "SAF.04"  # 突发险情: whoever has this duty takes what is urgent and whose duty it is is not clear
CANDIDATES_AT_MOST = 10
Reason = Literal[
    "division_unknown",
    "outside_the_platform",
    "category_unknown",
    "category_ambiguous",
    "no_unit",
    "several_units",
    "unit_unattended",
    "unit_not_live",
]
"""Why a person has to look."""


@dataclass(frozen=True, slots=True)
class Route:
    """Unambiguous: assigned at once, with the reasons."""

    unit: Unit
    category: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoredUnit:
    """A unit that might be responsible, how much speaks for it (0–1), and what."""

    unit: Unit
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Somebody has to look: why, and who might be it."""

    reason: Reason
    candidates: tuple[ScoredUnit, ...] = ()


def decide_route(
    place: DivisionFinding, kind: Classification, units: Sequence[Unit], now: datetime, *, urgent: bool = False
) -> Route | Queue:
    """One clear place, one unit whichever of the likely categories it is: assigned. ``units``: of that county.

    What is urgent (A9) does not wait on a list that no clock watches: while its place is known, the emergency desk
    of the county has it.
    """
    route = _by_duty(place, kind, units, now)
    if not (urgent and place.county and isinstance(route, Queue)):
        return route
    return _emergency(place, kind, units, now, route) or route


def _by_duty(place: DivisionFinding, kind: Classification, units: Sequence[Unit], now: datetime) -> Route | Queue:
    if not place.county:
        return Queue("division_unknown")
    if not kind.code:
        return Queue("category_unknown")
    likely = (kind.code,) if kind.clear else (kind.code, *kind.runners_up)
    candidates = _candidates(place, kind, likely, units, now)
    if not candidates:
        return Queue("no_unit")
    if len(candidates) > 1:
        return Queue("several_units" if kind.clear else "category_ambiguous", candidates)
    unit = present(candidates[0].unit, units, now)
    if unit is None or not unit.is_live:
        return Queue("unit_not_live" if unit else "unit_unattended", candidates)
    return Route(unit, kind.code, _reasons(place, kind, candidates[0].unit, unit))


def _emergency(
    place: DivisionFinding, kind: Classification, units: Sequence[Unit], now: datetime, queue: Queue
) -> Route | None:
    """To the emergency desk (应急管理局), and why not to a unit whose duty it is; None where there is no desk."""
    for desk in responsible(units, EMERGENCY, place.code, now):
        unit = present(desk, units, now)
        if unit and unit.is_live:
            said = _reasons(place, replace(kind, code=EMERGENCY), desk, unit)
            return Route(unit, EMERGENCY, (*said, f"urgent:{queue.reason}"))
    return None


def _candidates(
    place: DivisionFinding, kind: Classification, likely: Sequence[str], units: Sequence[Unit], now: datetime
) -> tuple[ScoredUnit, ...]:
    found: dict[str, ScoredUnit] = {}
    for nth, category in enumerate(likely):
        score = round(kind.confidence if nth == 0 else (1 - kind.confidence) / (nth + 1), 2)
        for unit in responsible(units, category, place.code, now):
            found.setdefault(unit.code, ScoredUnit(unit, score, category))
    return tuple(found.values())[:CANDIDATES_AT_MOST]


def _reasons(place: DivisionFinding, kind: Classification, duty: Unit, unit: Unit) -> tuple[str, ...]:
    reasons = (f"place:{place.why}", f"words:{'、'.join(kind.words)}", f"duty:{kind.code}@{duty.code}")
    return reasons if duty.code == unit.code else (*reasons, f"stand_in:{unit.code}")
