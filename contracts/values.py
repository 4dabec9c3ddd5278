"""Values that several messages carry."""

from datetime import datetime
from operator import not_
from typing import Annotated

from pydantic import Field

from contracts.envelope import Body
from contracts.vocabulary import STATUTORY_DAYS

Sealed = Annotated[str, "sealed"]
"""Ciphertext under the ticket's words key, as text (runtime.identity.seals). Free text holds names whatever we do."""


Light = str
"""Open; known values: vocabulary.COLOURS."""

ClockKind = str
"""Open; known values: lifecycle.CLOCKS. A reader lets a kind that it does not know count while somebody must act."""

LimitUnit = str
"""Open; known values: vocabulary.LIMIT_UNITS."""

PlanMode = str
"""Open; known values: vocabulary.MODES."""

ContactMethod = str
"""Open; known values: vocabulary.METHODS."""

ReviewerKind = str
"""Open; known values: vocabulary.REVIEWERS."""

Audience = str
"""Open; known values: vocabulary.AUDIENCES."""

DeliveryOutcome = str
"""Open; known values: vocabulary.OUTCOMES."""

CountsFrom = str
"""Open; known values: vocabulary.COUNTS_FROM."""


class Voter(Body):
    """One person who may see and evaluate the matter; index 0 filed it. ``code_digest``: keyed digest of the code.

    ``confirmed``: false of a seat that somebody who is not signed in gave to another, until that person confirms it.
    """

    index: int
    code_digest: str
    confirmed: bool = True


class Candidate(Body):
    """A unit that might be responsible, and why."""

    unit: str
    score: float
    why: str


class Evidence(Body):
    """One piece of evidence: a URI or the SHA-256 of a document, and the instant it shows."""

    kind: str
    uri: str = ""
    digest: str = ""
    dated: datetime


class ClassMeasure(Body):
    """One measure of the plan of a class: what, by which post, within how many days of acceptance. Nobody's words."""

    text: str
    post: str
    days: int


class Measure(Body):
    """One measure of a plan, with the person responsible and its own date.

    ``of_class``: what a class plan brought, in clear; nothing is sealed then.
    """

    text: Sealed
    person: Sealed
    due: datetime
    of_class: ClassMeasure | None = Field(default=None, exclude_if=not_)


class ReviewLevel(Body):
    """One level of a review (验收). ``deputies``: accounts that may act for it; ``together``: in any order with the
    levels beside it that say so too; ``reviewer``: the unit or office, once a completion was submitted.
    """

    kind: ReviewerKind
    deputies: tuple[str, ...] = ()
    working_days: int = 3
    together: bool = False
    reviewer: str = ""


class OrderItem(Body):
    """One numbered demand of a supervision order and the instant by which it must be answered."""

    index: int
    zh: str
    en: str
    answer_by: datetime


class OrderCheck(Body):
    """One item of an order by hand: a code of vocabulary.CHECKS or ChecksPublished, and by when it must be answered."""

    check: str
    answer_by: datetime


class NamedCheck(Body):
    """One thing that an order by hand may demand (五查): its code, and the text, Chinese and English."""

    code: str
    zh: str
    en: str


class LadderStep(Body):
    """A step of a ladder: those of ``tell`` hear (codes of vocabulary.TOLD) at the colour ``when``, or at a moment.

    ``when`` as a moment (a code of vocabulary.MOMENTS): so many working ``days``, or ``minutes``, before or after it is
    due; from the rework of the number ``reworks`` on. ``kinds``: of clocks, any where none is named; ``urgent``,
    ``collective``: None where it is for both; ``category``: with what the code of the category begins, "" for any.
    ``do``: what follows (a code of vocabulary.LADDER_DEEDS), "": as the platform's own ladder says; ``level``: of an
    order, 1 to the unit, 2 one up.
    """

    when: str
    tell: tuple[str, ...]
    kinds: tuple[ClockKind, ...] = ()
    urgent: bool | None = None
    do: str = ""
    level: int = 0
    days: int = Field(default=0, exclude_if=not_)
    minutes: int = Field(default=0, exclude_if=not_)
    reworks: int = Field(default=0, exclude_if=not_)
    category: str = Field(default="", exclude_if=not_)
    collective: bool | None = Field(default=None, exclude_if=lambda asked: asked is None)


class StepInstant(Body):
    """When a clock stands on a step of the published ladder, which begins before or after it is due."""

    step: str
    at: datetime


class StepLimit(Body):
    """One of the platform's own limits as a division sets it: of a step (sla's ladder), in its usual unit where none is
    named.
    """

    step: str
    amount: int
    limit_unit: str = ""


class GrantedPause(Body):
    """中止: what a clock does not count. ``ground``: a code of vocabulary.MORE_TIME_GROUNDS; ``approver``: a role."""

    since: datetime
    until: datetime
    ground: str
    approver: str = ""


class HandlingStandard(Body):
    """办理标准, by value: the promise to the reporter.

    Colours begin at a share of the limit (``…_at``) or, where ``…_left`` is above 0 and the limit has so many, so many
    days before its end.
    """

    code: str
    version: int
    name_zh: str
    name_en: str
    limit: int
    limit_unit: LimitUnit
    counts_from: CountsFrom = "next_day"
    yellow_at: float = 0.5
    orange_at: float = 0.8
    yellow_left: int = 0
    orange_left: int = 0
    extension_cap: int = 0
    extension_approver: str = ""
    fee: str = ""
    procedure: str = ""
    legal_basis: str = ""
    valid_from: datetime


class OfficeSession(Body):
    """From the opening of offices to their closing (HH:MM, China time), on one day."""

    opens: str
    closes: str


class OfficeSeason(Body):
    """The sessions of a working day, in order, in a part of the year.

    ``since`` to ``until``: MM-DD, both included, over New Year where it begins later than it ends.
    """

    sessions: tuple[OfficeSession, ...]
    since: str = "01-01"
    until: str = "12-31"


class FixedDay(Body):
    """A day off by statute with a fixed date (``on``: MM-DD), from the year ``since`` on."""

    on: str
    name: str
    since: int = 0


FIXED_DAYS = tuple(FixedDay(on=each.on, name=each.name, since=each.since) for each in STATUTORY_DAYS)
