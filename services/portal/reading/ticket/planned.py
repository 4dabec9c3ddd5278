"""办理方案, as a matter shows it: its measures, each with its own date."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMeasure:
    """One measure of a plan: what, who, until when. ``yellow`` to ``red``: when its colours begin, once it is timed."""

    text: str
    person: str
    due: datetime
    yellow: datetime | None = None
    orange: datetime | None = None
    red: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlan:
    """办理方案 as it stands. ``rule``: the policy quoted where it is held back by one, with its date of review.

    ``plan_review``: "" where nobody is asked, "pending", "approved", "redraft"; "lapsed" once its date has come,
    "overtaken" where a joint conference holds the matter back.
    ``class_plan``: the name of the class plan that it is inherited from, "" where the unit made it.
    """

    version: int
    mode: str
    at: datetime
    measures: tuple[ShownMeasure, ...] = ()
    rule: str = ""
    review_on: datetime | None = None
    plan_review: str = ""
    measures_done: tuple[int, ...] = ()
    class_plan: str = ""
