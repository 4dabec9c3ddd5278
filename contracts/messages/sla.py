"""What sla says: by when, which light, supervision orders; the standards and calendars.

Facts are past tense and carry values, never references or increments; requests are imperative. Free text is ``Sealed``.
"""

from datetime import datetime

from pydantic import Field

from contracts.entries import fact
from contracts.envelope import Body
from contracts.values import FIXED_DAYS, ClockKind, FixedDay, HandlingStandard, Light, OrderItem


class DeadlineSet(Body):
    """A clock runs. ``yellow``, ``orange`` and ``red`` are the instants at which each colour begins."""

    clock: str
    kind: ClockKind
    unit: str
    start: datetime
    due: datetime
    yellow: datetime | None = None
    orange: datetime | None = None
    red: datetime
    calendar_version: str
    provisional: bool = False
    standard: str = ""


class DeadlineMoved(Body):
    """A notice, or a correction of the calendar, moved a deadline: whoever was promised it is told (C2)."""

    clock: str
    kind: ClockKind
    unit: str
    before: datetime
    due: datetime
    calendar_version: str


class ClockStopped(Body):
    """A clock stopped. ``held`` is how long the unit held the matter, in seconds of domain time."""

    clock: str
    unit: str
    met: bool
    held: int
    reason: str


class LightChanged(Body):
    """亮灯: a clock reached the instant of a colour."""

    clock: str
    unit: str
    old: Light
    new: Light
    due: datetime
    urgent: bool = False
    lead_unit: str = ""


class LightWithdrawn(Body):
    """A light was false: a fact with an earlier instant came late."""

    clock: str
    unit: str
    old: Light
    new: Light
    reason: str


class SupervisionOrdered(Body):
    """督办: an order of the supervision office to the unit that is overdue."""

    order: str
    clock: str
    unit: str
    lead_unit: str = ""
    colour: Light
    level: int
    items: tuple[OrderItem, ...]
    urgent: bool = False


class OrderWithdrawn(Body):
    """The order rested on a light that was false."""

    order: str
    unit: str
    reason: str


class StandardPublished(Body):
    """A handling standard of the catalogue. ``duties``: category codes it is for, ``*`` for any."""

    standard: HandlingStandard
    duties: tuple[str, ...] = ()


class CalendarPublished(Body):
    """A year of a calendar: days off and make-up workdays (ISO dates). ``provisional``: not yet announced.

    ``code``: cn, or a division whose own days stand over the country's. ``names``: the holiday of a date. Its key has
    the version in it (calendar/cn-2026@1): an edition is never forgotten, and the last one said of a year stands.
    ``fixed``: all that is off in a year for which nothing is announced; the country's last year says it.
    """

    code: str
    year: int
    version: str
    provisional: bool
    days_off: tuple[str, ...]
    workdays: tuple[str, ...]
    names: dict[str, str] = Field(default_factory=dict)
    fixed: tuple[FixedDay, ...] = FIXED_DAYS


ENTRIES = (
    fact(DeadlineSet, "sla", "portal"),
    fact(DeadlineMoved, "sla", "notify"),
    fact(ClockStopped, "sla", "notify portal"),
    fact(LightChanged, "sla", "notify portal"),
    fact(LightWithdrawn, "sla", "notify portal"),
    fact(SupervisionOrdered, "sla", "notify portal"),
    fact(OrderWithdrawn, "sla", "notify portal"),
    fact(StandardPublished, "sla", "routing sla", "configuration"),
    fact(CalendarPublished, "sla", "sla notify", "configuration"),
)
"""Who says each message and who reads it."""
