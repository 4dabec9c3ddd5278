"""What the APIs say of a division, laid out: the worst first, so much of it as one page holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.vocabulary import COLOURS, Language
from services.portal import times
from services.portal.pages.services import Json

ROWS = 100  # of one list of the page
SEEN = 20  # of them at once; the rest is opened
LATE_ROWS = 50  # clocks of one office
WORST_FIRST = tuple(reversed(COLOURS))
WIDTH, LEAST = 100, 2  # of the longest bar, and of a colour that few matters show


@dataclass(frozen=True, slots=True)
class LightRow:
    """The matters of one office by colour. ``bar``: colour, begin and length of each piece."""

    code: str
    name: str
    counts: tuple[tuple[str, int], ...]
    bar: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class LateRow:
    """A clock that was late: how long, and whether it runs still."""

    number: str
    kind: str
    over: str
    due: str
    runs: bool


@dataclass(frozen=True, slots=True)
class LateOffice:
    """Who is named: how many clocks were late, how many run still, the longest; ``late``: so many as are shown."""

    code: str
    name: str
    overdue: int
    running: int
    longest: str
    late: tuple[LateRow, ...]


def lights(found: Json, what: str, places: Mapping[str, str]) -> list[LightRow]:
    """A row an office (``what``: unit or county), those with the most red first. ``places``: divisions by code."""
    rows = sorted(found["rows"], key=lambda each: ([-each[colour] for colour in WORST_FIRST], each[what]))
    most = max((_total(each) for each in rows), default=1)
    return [_light_row(each, what, most, places) for each in rows]


def red(rows: Iterable[LightRow]) -> int:
    """How many matters show red."""
    return sum(count for each in rows for colour, count in each.counts if colour == "red")


def units(found: Json, language: Language) -> list[LateOffice]:
    """点名: the units, as the report has them, the longest first in each."""
    return [_office(each, "unit", each["clocks"], language) for each in found["units"]]


def lead_units(found: Json, language: Language) -> list[LateOffice]:
    """The lead units, each with the clocks of the units below it."""
    below: dict[str, list[Json]] = {}
    for clock in (each for unit in found["units"] for each in unit["clocks"]):
        below.setdefault(clock["lead_unit"], []).append(clock)
    return [
        _office(each, "lead_unit", _longest_first(below.get(each["lead_unit"], ())), language)
        for each in found["lead_units"]
    ]


def names(*found: Json | None) -> Mapping[str, str]:
    """Code of a unit → its Chinese name, where one of the answers says it."""
    rows = (row for each in found if each for row in (*each.get("rows", ()), *each.get("units", ())))
    return {row["unit"]: row["unit_zh"] for row in rows if row.get("unit_zh")}


def _light_row(row: Json, what: str, most: int, places: Mapping[str, str]) -> LightRow:
    counts = tuple((colour, int(row[colour])) for colour in WORST_FIRST)
    name = row.get("unit_zh", "") or places.get(row[what], row[what])
    return LightRow(row[what], name, counts, tuple(_bar(counts, most)))


def _total(row: Json) -> int:
    return sum(int(row[colour]) for colour in COLOURS)


def _bar(counts: Sequence[tuple[str, int]], most: int) -> Iterator[tuple[str, float, float]]:
    at = 0.0
    for colour, count in counts:
        length = max(LEAST, WIDTH * count / most) if count else 0
        if count:
            yield colour, round(at, 2), round(length, 2)
        at += length


def _office(row: Json, what: str, late: Sequence[Json], language: Language) -> LateOffice:
    longest = _span(row["longest_seconds"], language)
    shown = tuple(_late(each, language) for each in late[:LATE_ROWS])
    name = row[f"{what}_zh"] or row[what]
    return LateOffice(row[what], name, int(row["overdue"]), int(row["running"]), longest, shown)


def _late(clock: Json, language: Language) -> LateRow:
    due = times.clock_time(datetime.fromisoformat(clock["due"]), language)
    over = _span(clock["overdue_seconds"], language)
    return LateRow(clock["number"], clock["kind"], over, due, clock["stopped"] is None)


def _longest_first(late: Iterable[Any]) -> list[Any]:
    return sorted(late, key=lambda each: (-each["overdue_seconds"], each["number"]))


def _span(seconds: float, language: Language) -> str:
    return times.span(timedelta(seconds=seconds), language)
