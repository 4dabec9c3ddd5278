"""What sla says: by when, which light, supervision orders; the calendars.

Facts are past tense and carry values, never references or increments; requests are imperative. Free text is ``Sealed``.
"""

from datetime import datetime
from operator import not_

from pydantic import Field

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import (
    FIXED_DAYS,
    ClockKind,
    Evidence,
    FixedDay,
    GrantedPause,
    Light,
    OfficeSeason,
    OrderCheck,
    OrderItem,
    Sealed,
    StepInstant,
)


class DeadlineSet(Body):
    """A clock runs. ``yellow``, ``orange`` and ``red`` are the instants at which each colour begins.

    ``pauses``: what it does not count; ``extended``: by how much its limit was extended, in the limit's own unit.
    ``continues``: the first clock of those whose time it goes on with; "": it is the first. ``steps``: of the
    published ladder, around the deadline. ``orange`` None: its ``scheme`` has no such colour.
    """

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
    pauses: tuple[GrantedPause, ...] = ()
    extended: int = 0
    continues: str = Field(default="", exclude_if=not_)
    steps: tuple[StepInstant, ...] = Field(default=(), exclude_if=not_)
    scheme: str = Field(default="", exclude_if=not_)


class DeadlineMoved(Body):
    """A notice, or a correction of the calendar, moved a deadline: whoever was promised it is told (C2).

    ``standard``: of an order that applied it to what ran (C1); "": it is the calendar that moved.
    """

    clock: str
    kind: ClockKind
    unit: str
    before: datetime
    due: datetime
    calendar_version: str
    standard: str = Field(default="", exclude_if=not_)


class ClockStopped(Body):
    """A clock stopped. ``held`` is how long the unit held the matter, in seconds of domain time.

    ``met_as_promised``: whether it stopped by what was promised first, without extensions and pauses; ``left``: seconds
    until it was due, below 0 when it was overdue. None: said by a build that told neither.
    """

    clock: str
    unit: str
    met: bool
    held: int
    reason: str
    met_as_promised: bool | None = None
    left: int | None = None


class LightChanged(Body):
    """亮灯: a clock reached the instant of a colour.

    ``tell``: who hears by the ladder that the division published; empty where it says nothing: then by the usual one.
    """

    clock: str
    unit: str
    old: Light
    new: Light
    due: datetime
    urgent: bool = False
    lead_unit: str = ""
    tell: tuple[str, ...] = ()


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


class OrderAnswered(Body):
    """答复督办: one item of an order was answered, with evidence. ``left``: the items that are still open."""

    order: str
    unit: str
    index: int
    left: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    words: Sealed = ""


class OrderDecided(Body):
    """销督: the order is lifted, or goes back to be answered anew by ``answer_by``."""

    order: str
    unit: str
    lifted: bool
    answer_by: datetime | None = None
    words: Sealed = ""


class AnswerOrder(Body):
    """The unit that was ordered answers one item, with evidence."""

    order: str
    index: int
    evidence: tuple[Evidence, ...] = ()
    words: Sealed = ""


class DecideOrder(Body):
    """The supervision office lifts an order that is answered, or sends it back, by a date it names or the usual one."""

    order: str
    lifted: bool
    answer_by: datetime | None = None
    words: Sealed = ""


class OrderSupervision(Body):
    """立即督办: the supervision office orders the unit that has the matter, by hand."""

    items: tuple[OrderCheck, ...]


class MoreTimeAsked(Body):
    """A unit asked for more time: a pause until ``until``, or an extension by ``amount`` of the limit's own unit.

    ``approver``: the role that decides, ``approver_unit``: whose clock for it runs. Silence is no.
    """

    more_time: str
    clock: str
    kind: ClockKind
    unit: str
    how: str
    ground: str
    amount: int = 0
    until: datetime | None = None
    approver: str
    approver_unit: str
    evidence: tuple[Evidence, ...] = ()
    words: Sealed = ""


class MoreTimeDecided(Body):
    """More time was granted, or not. ``due``: the deadline as it is now; ``before``: as it was."""

    more_time: str
    clock: str
    kind: ClockKind
    unit: str
    how: str
    ground: str
    amount: int = 0
    until: datetime | None = None
    approved: bool
    approver: str
    before: datetime
    due: datetime
    words: Sealed = ""


class PauseEnded(Body):
    """A pause is over, or others have looked at the work. ``due``: the deadline as it is now; ``before``: as it was."""

    more_time: str
    clock: str
    kind: ClockKind
    unit: str
    ground: str
    before: datetime
    due: datetime


class AskMoreTime(Body):
    """The unit whose clock it is asks for a pause or an extension, before it is due."""

    clock: str
    how: str
    ground: str
    amount: int = 0
    until: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    words: Sealed = ""


class DecideMoreTime(Body):
    """The approver grants it or not."""

    more_time: str
    approved: bool
    words: Sealed = ""


class EndPause(Body):
    """The ground of a pause is gone: the unit, or whoever may approve, ends it."""

    more_time: str


class CalendarPublished(Body):
    """A year of a calendar: days off and make-up workdays (ISO dates). ``provisional``: not yet announced.

    ``code``: cn, or a division whose own days stand over the country's. ``names``: the holiday of a date. Its key has
    the version in it (calendar/cn-2026@1): an edition is never forgotten, and the last one said of a year stands.
    ``fixed``: all that is off in a year for which nothing is announced; the country's last year says it.
    ``sessions``: office hours by season, from this year on, until a later year of the same code says others; what no
    season holds is as the division around it has it, or as it always was (contracts.office_hours).
    """

    code: str
    year: int
    version: str
    provisional: bool
    days_off: tuple[str, ...]
    workdays: tuple[str, ...]
    names: dict[str, str] = Field(default_factory=dict)
    fixed: tuple[FixedDay, ...] = FIXED_DAYS
    sessions: tuple[OfficeSeason, ...] = Field(default=(), exclude_if=not_)


ENTRIES = (
    fact(DeadlineSet, "sla", "portal"),
    fact(DeadlineMoved, "sla", "notify"),
    fact(ClockStopped, "sla", "notify portal"),
    fact(LightChanged, "sla", "notify feedback portal"),
    fact(LightWithdrawn, "sla", "notify feedback portal"),
    fact(SupervisionOrdered, "sla", "notify portal"),
    fact(OrderWithdrawn, "sla", "notify portal"),
    fact(OrderAnswered, "sla", "notify portal"),
    fact(OrderDecided, "sla", "notify portal"),
    request(AnswerOrder, "sla", "sla"),
    request(DecideOrder, "sla", "sla"),
    request(OrderSupervision, "sla", "sla"),
    fact(MoreTimeAsked, "sla", "portal"),
    fact(MoreTimeDecided, "sla", "notify portal"),
    fact(PauseEnded, "sla", "notify portal"),
    request(AskMoreTime, "sla", "sla"),
    request(DecideMoreTime, "sla", "sla"),
    request(EndPause, "sla", "sla"),
    fact(CalendarPublished, "sla", "sla notify", "configuration"),
)
"""Who says each message and who reads it."""
