"""How many matters show which colour now, by unit or by county (C4): a matter counts once, with its worst clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.vocabulary import county_of
from services.sla.domain.sheet import ClockSheet, light

UNIT, COUNTY = "unit", "county"


@dataclass(frozen=True, slots=True)
class LightCount:
    """``matters`` of ``office`` (a unit, or a county) show the colour of this index."""

    office: str
    colour: int
    matters: int


def count_lights(sheets: Iterable[ClockSheet], by: str, now: datetime, unit: str = "") -> tuple[LightCount, ...]:
    """Of the clocks that run, of one ``unit`` where it is named; in the order of offices and colours."""
    counts: dict[tuple[str, int], int] = {}
    for sheet in sheets:
        for shown in _worst(sheet, by, now, unit).items():
            counts[shown] = counts.get(shown, 0) + 1
    return tuple(LightCount(office, colour, matters) for (office, colour), matters in sorted(counts.items()))


def _worst(sheet: ClockSheet, by: str, now: datetime, unit: str) -> dict[str, int]:
    worst: dict[str, int] = {}
    for clock in sheet.running():
        if unit not in ("", clock.unit):
            continue
        office = clock.unit if by == UNIT else county_of(sheet.division)
        worst[office] = max(worst.get(office, 0), light(clock.instants, now))
    return worst
