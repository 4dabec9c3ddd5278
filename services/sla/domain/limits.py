"""A limit (时限): how much time of which kind, counted from when, and where its warning points lie."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabulary import LIMIT_UNITS

MINUTES, OFFICE_HOURS, WORKING_DAYS, CALENDAR_DAYS = "minutes", "office_hours", "working_days", "calendar_days"
GIVEN = "given"  # an instant that somebody named; no standard is promised in it
LONGEST = {MINUTES: 525_600, OFFICE_HOURS: 8_000, WORKING_DAYS: 2_500, CALENDAR_DAYS: 3_660}
"""The longest limit of each unit, about ten years (a year for minutes): bounds all that is computed from one."""
TODAY, NEXT_DAY = "today", "next_day"


@dataclass(frozen=True, slots=True)
class Limit:
    """``amount`` of ``unit``, counted from the day of the start or the next one.

    A warning point is a share of the limit (``yellow_at``, ``orange_at``: 0 to 1) or, where ``yellow_left`` and
    ``orange_left`` are above 0, so many days before the end. Days left that the limit does not have mean nothing
    (20 days on a five-day limit): then the share stands. ``standard``: code@version with its name, or a code of our own
    (ladder.NAMES). ``cap``: by how much it may be extended in all, in its own unit; ``approver``: the role that may.
    ``until``: of one that is an instant which somebody named. ``scheme``: of its colours, as published, "": none;
    ``begins_yellow``: it is never green; ``has_orange``: whether it is ever orange.
    """

    amount: int
    unit: str = WORKING_DAYS
    counts_from: str = NEXT_DAY
    yellow_at: float = 0.5
    orange_at: float = 0.8
    yellow_left: int = 0
    orange_left: int = 0
    standard: str = ""
    name_zh: str = ""
    name_en: str = ""
    cap: int = 0
    approver: str = ""
    until: datetime | None = None
    scheme: str = ""
    begins_yellow: bool = False
    has_orange: bool = True

    @property
    def counts_days(self) -> bool:
        """Whether it is counted in days."""
        return self.unit in (WORKING_DAYS, CALENDAR_DAYS)

    def has(self, days: int) -> bool:
        """Whether so many days before its end mean anything: it is counted in days, and in more than these."""
        return 0 < days < self.amount and self.counts_days


def reviewing(working_days: int) -> Limit:
    """The limit of a level that looks at the work, as its chain says."""
    return Limit(min(max(working_days, 1), LONGEST[WORKING_DAYS]), standard="review")


def reviewing_plan(working_days: int) -> Limit:
    """The limit of whoever reviews a plan, as the rule of the division says."""
    return replace(reviewing(working_days), standard="plan-review")


def named(until: datetime) -> Limit:
    """The limit of an order whose date the supervision office names."""
    return Limit(1, GIVEN, standard="answer-given", until=until)


def held(until: datetime) -> Limit:
    """The limit of what is held back until a date of review; no colour warns of it."""
    return Limit(1, GIVEN, yellow_at=1, orange_at=1, standard="held", until=until)


def problems(limit: Limit) -> tuple[str, ...]:
    """What is wrong with a limit, by code; empty when it can be promised."""
    longest = LONGEST.get(limit.unit, 0)
    checks = {
        "unit_unknown": limit.unit in LIMIT_UNITS,
        "amount_out_of_range": 1 <= limit.amount <= (longest or limit.amount),
        "start_unknown": limit.counts_from in (TODAY, NEXT_DAY),
        "warnings_out_of_order": 0 < limit.yellow_at <= limit.orange_at <= 1,
        "days_left_negative": limit.orange_left >= 0 and limit.yellow_left >= 0,
    }
    return tuple(code for code, holds in checks.items() if not holds)
