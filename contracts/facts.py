"""What has happened, past tense. Facts carry values, never references or increments. Free text is always ``Sealed``."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from contracts.envelope import Body

Sealed = str
"""Ciphertext under the ticket's words key, as text (runtime.seals). Free text holds names whatever we do."""

Light = Literal["green", "yellow", "orange", "red"]
ClockKind = Literal["assign_by", "accept_by", "complete_by", "rework_by"]


class Voter(Body):
    """One person who may see and evaluate the matter; index 0 filed it. ``code_digest``: keyed digest of the code."""

    index: int
    code_digest: str


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


class Measure(Body):
    """One measure of a plan, with the person responsible and its own date."""

    text: Sealed
    person: Sealed
    due: datetime


class OrderItem(Body):
    """One numbered demand of a supervision order and the instant by which it must be answered."""

    index: int
    zh: str
    en: str
    answer_by: datetime


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
    limit_unit: Literal["minutes", "office_hours", "working_days", "calendar_days"]
    counts_from: Literal["today", "next_day"] = "next_day"
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


class SubmissionReceived(Body):
    """A submission came through a door. The only message of ``submissions``; sealed to the day key."""

    number: str
    channel: str
    door: str
    principal: str
    body_digest: str
    body_form: int
    day_key: str
    sealed: str
    on_behalf: bool = False


class TicketRegistered(Body):
    """登记: screening passed; routing holds the baton now. ``words`` = sealed JSON {title, content, category, …}.

    ``urgency``: the class of what is urgent (fire, gas, missing …), never a word of the reporter's. ``supplements``:
    what was added before the matter was valid, oldest first.
    """

    number: str
    channel: str
    door: str
    division_given: str = ""
    on_behalf: bool = False
    words: Sealed
    voters: tuple[Voter, ...]
    urgent: bool = False
    urgency: str = ""
    traceable: bool = True
    scope_version: str = ""
    supplements: tuple[Sealed, ...] = ()


class TicketScreenedOut(Body):
    """甄别: screened out by a written rule; the reporter can add to it. ``round``: of how many rules so far."""

    number: str
    channel: str
    door: str
    rule: str
    reason_zh: str
    reason_en: str
    redirected_to: str = ""
    words: Sealed
    voters: tuple[Voter, ...]
    traceable: bool = True
    round: int = 1


class SubmissionConflicted(Body):
    """The same key came with another body: kept word for word as a supplement, and a work item."""

    first_digest: str
    second_digest: str
    words: Sealed
    voter: Voter


class TicketSupplemented(Body):
    """The reporter added facts."""

    voter: int
    index: int
    words: Sealed


class TicketWithdrawn(Body):
    """撤回: the reporter took the matter back; decided by whoever held the baton."""

    voter: int
    state: str


class TicketErased(Body):
    """The keys are destroyed: every projection scrubs its clear copies and indexes."""


class AssignmentQueued(Body):
    """待交办: no unambiguous unit; a lead unit decides in time. ``places``: codes of those that it may be about."""

    reason: str
    candidates: tuple[Candidate, ...] = ()
    division: str = ""
    category: str = ""
    lead_unit: str = ""
    places: tuple[str, ...] = ()
    number: str = ""
    urgent: bool = False


class TicketAssigned(Body):
    """交办: the matter is with a unit, for these reasons. ``hop`` counts from 1; ``explanation``: of a decision."""

    number: str
    unit: str
    unit_zh: str
    unit_en: str
    level: str
    lead_unit: str
    division: str
    division_zh: str
    category: str
    category_zh: str
    category_en: str
    taxonomy_version: str
    reasons: tuple[str, ...]
    hop: int
    binding: bool = False
    urgent: bool = False
    explanation: Sealed = ""


class TicketReturned(Body):
    """退回: the unit gave it back with a ground; from the second on the supervision office decides."""

    unit: str
    ground: str
    explanation: Sealed
    count: int
    disputed: bool


class TicketAccepted(Body):
    """受理: the unit took it under a standard; feedback holds the baton now."""

    number: str
    unit: str
    unit_zh: str
    unit_en: str
    lead_unit: str
    division: str
    category: str
    standard: HandlingStandard
    voters: tuple[Voter, ...]
    registered_at: datetime
    urgent: bool = False


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


class PlanMade(Body):
    """办理方案: one of four modes, with measures and dates. ``quotes_rule`` also where erasure left no words of it."""

    mode: Literal["at_once", "within_limit", "in_phases", "held_by_policy"]
    measures: tuple[Measure, ...]
    rule_quoted: Sealed = ""
    quotes_rule: bool = False
    review_on: datetime | None = None
    version: int = 1


class ProgressReported(Body):
    """办理进展."""

    index: int
    text: Sealed
    public: bool = True


class TicketCompleted(Body):
    """办结: the unit says it is done, with evidence; the reporters evaluate now."""

    round: int
    unit: str
    explanation: Sealed
    evidence: tuple[Evidence, ...]
    voters: int


class EvaluationReminded(Body):
    """A voter was silent: one reminder a round, then a look-back call."""

    round: int
    outstanding: tuple[int, ...]
    look_back: bool = False


class TicketEvaluated(Body):
    """评价: one vote."""

    round: int
    voter: int
    grade: int
    solved: bool
    words: Sealed = ""


class LookBackRecorded(Body):
    """回访: staff asked the reporter; stands in for the filer's own vote."""

    round: int
    method: str
    grade: int
    solved: bool
    note: Sealed = ""


class ReworkOrdered(Body):
    """重办: the gate stayed shut, or a check failed; a fresh round with its own clock."""

    round: int
    unit: str
    votes: int
    dissatisfied: int
    reason: str
    count: int
    reviewer: str
    standard: HandlingStandard


class TicketStruckOff(Body):
    """销号: the gate opened."""

    number: str
    round: int
    votes: int
    satisfied: int
    unit: str


class PersonNotified(Body):
    """A person was told. ``person`` is a voter's or staff slot's index, never a person."""

    audience: Literal["reporter", "unit", "lead", "supervision"]
    person: int
    kind: str
    round: int
    channel: str
    outcome: Literal["sent", "failed", "undeliverable"]
    reference: str


class DeliveryUnknown(Body):
    """Nobody knows whether the message arrived: a person looks; it is never sent again blindly."""

    audience: Literal["reporter", "unit", "lead", "supervision"]
    person: int
    kind: str
    round: int
    channel: str
    reference: str


class UnitPublished(Body):
    """A unit of the directory, as it is from ``valid_from`` on."""

    code: str
    version: int
    name_zh: str
    name_en: str
    level: str
    division: str
    lead_unit: str = ""
    duties: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    operators: int = 1
    stand_in: str = ""
    valid_from: datetime
    valid_to: datetime | None = None


class StandardPublished(Body):
    """A handling standard of the catalogue. ``duties``: category codes it is for, ``*`` for any."""

    standard: HandlingStandard
    duties: tuple[str, ...] = ()


class CalendarPublished(Body):
    """A year of a calendar: days off and make-up workdays (ISO dates). ``provisional``: not yet announced.

    ``code``: cn, or a division whose own days stand over the country's. ``names``: the holiday of a date. Its key has
    the version in it (calendar/cn-2026@1): an edition is never forgotten, and the last one said of a year stands.
    """

    code: str
    year: int
    version: str
    provisional: bool
    days_off: tuple[str, ...]
    workdays: tuple[str, ...]
    names: dict[str, str] = Field(default_factory=dict)


class DayKeyPublished(Body):
    """The public half of a day key (X25519, base64); doors seal submissions to it."""

    key: str
    day: str
    public: str
