"""晨报: one day that is over, its six counters and how they changed, what is late, where most came from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from contracts.lifecycle import OfficialCounter
from contracts.vocabulary import CHINA
from services.portal.reading.board.counters import Counters, counted
from services.portal.reading.board.day import DayFlow, DaySelection, DaySpan, HotSpot, PastCensus

UNITS_NAMED = 50  # with overdue matters, those with the most first
EARLIEST = date(2000, 1, 1)
DAY = "2026-03-01"


class DayMalformed(ValueError):
    """What was typed is no day."""

    code = "date_malformed"
    zh = f"日期应写成 {DAY}，不早于 2000 年。"

    def __init__(self) -> None:
        super().__init__(f"a day is written as {DAY}, and is not before the year 2000")


def parse_day(typed: str) -> str:
    """The day as it is spelt. Raises DayMalformed."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise DayMalformed from None
    if typed != day.isoformat() or day < EARLIEST:
        raise DayMalformed
    return day.isoformat()


def yesterday(now: datetime) -> date:
    """The last day in China that is over."""
    return DaySpan(now.astimezone(CHINA).date()).before.day


@dataclass(frozen=True, slots=True, kw_only=True)
class LateUnit:
    """A unit with overdue matters; without a name: matters that no unit has yet."""

    zh: str
    en: str
    tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The morning brief of ``day``. ``counters``: when it ended, ``before``: when it began; both None where they cannot
    be known any more. ``untold``: matters that the counters lack, because nobody knows how they stood.
    """

    day: date
    counters: Counters | None
    before: Counters | None
    flow: DayFlow
    flow_before: DayFlow
    late: tuple[LateUnit, ...]
    late_units: int
    kinds: tuple[HotSpot, ...]
    places: tuple[HotSpot, ...]
    untold: int

    @property
    def differences(self) -> Mapping[OfficialCounter, int] | None:
        """What each counter became more by in the day."""
        if self.counters is None or self.before is None:
            return None
        return {each: self.counters.of(each) - self.before.of(each) for each in OfficialCounter}


def made(span: DaySpan, found: DaySelection) -> Brief:
    """The brief of what one look found."""
    late = _late(found.ended) if found.ended else ()
    return Brief(
        day=span.day,
        counters=counted(found.ended.census) if found.ended else None,
        before=counted(found.begun.census) if found.begun else None,
        flow=found.flow,
        flow_before=found.flow_before,
        late=late[:UNITS_NAMED],
        late_units=len(late),
        kinds=found.kinds,
        places=found.places,
        untold=max(each.untold if each else 0 for each in (found.ended, found.begun)),
    )


def _late(ended: PastCensus) -> tuple[LateUnit, ...]:
    units = (LateUnit(zh=zh, en=en, tickets=n) for (zh, en), n in ended.late.items())
    return tuple(sorted(units, key=lambda each: (-each.tickets, each.zh)))


def figures(told: Brief) -> dict[str, object]:
    """The brief as JSON has it."""
    counters = told.counters and {**asdict(told.counters), "valid": told.counters.valid}
    before = told.before and {**asdict(told.before), "valid": told.before.valid}
    changes = None if told.differences is None else {each.value: n for each, n in told.differences.items()}
    return {
        "date": told.day,
        "counters": counters,
        "before": before,
        "differences": changes,
        "untold": told.untold,
        "flow": told.flow,
        "flow_before": told.flow_before,
        "late": told.late,
        "late_units": told.late_units,
        "kinds": told.kinds,
        "places": told.places,
    }
