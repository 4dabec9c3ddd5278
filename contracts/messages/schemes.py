"""灯色方案: what sla publishes of when which colour begins, and by when each measure of a plan is due."""

from datetime import datetime
from operator import not_

from pydantic import Field

from contracts.entries import fact
from contracts.envelope import Body
from contracts.values import Light


class SchemePoint(Body):
    """Where a colour begins: at a share of the time, or so many days before its end; one of the two."""

    share: float | None = None
    days_left: int | None = None


class SchemePublished(Body):
    """灯色方案: the colours of clocks, or of measures, in a division and those in it that published none (C4).

    ``applies_to``: a code of vocabulary.SCHEMED. ``orange`` None: there is no orange. ``begins``: the colour at the
    start, of vocabulary.COLOURS_AT_FIRST; where it is yellow, ``yellow`` names no point; where it is "", without
    points, none holds any more.
    """

    division: str
    version: int
    valid_from: datetime
    applies_to: str
    yellow: SchemePoint | None = None
    orange: SchemePoint | None = None
    begins: Light = "green"


class TimedMeasure(Body):
    """The instants at which the colours of one measure begin, by its ``index`` in the plan, from 1."""

    index: int
    yellow: datetime
    orange: datetime | None = None
    red: datetime


class MeasuresTimed(Body):
    """措施计时: the measures of a version of a plan count from now on, each by its own date."""

    plan: int
    unit: str
    items: tuple[TimedMeasure, ...]
    scheme: str = Field(default="", exclude_if=not_)


class MeasureLightChanged(Body):
    """措施亮灯: these measures of a plan, which are not done, reached the instant of a colour."""

    plan: int
    unit: str
    indices: tuple[int, ...]
    new: Light
    urgent: bool = False


ENTRIES = (
    fact(SchemePublished, "sla", "sla", "configuration"),
    fact(MeasuresTimed, "sla", "portal"),
    fact(MeasureLightChanged, "sla", "notify"),
)
"""Who says each message and who reads it."""
