"""What routing says and what is asked of it: who handles a matter; the units and their duties.

Facts are past tense and carry values, never references or increments; requests are imperative. Free text is ``Sealed``.
"""

from datetime import datetime
from functools import partial
from operator import is_, not_

from pydantic import Field

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Candidate, HandlingStandard, Sealed, Voter


def alone(reporters: int) -> bool:
    """Whether there is one reporter, as messages mean that leave the number out."""
    return reporters == 1


class AssignmentQueued(Body):
    """待交办: no unambiguous unit; a lead unit decides in time. ``places``: codes of those that it may be about.

    ``reporters``: how many confirmed that they report it.
    """

    reason: str
    candidates: tuple[Candidate, ...] = ()
    division: str = ""
    category: str = ""
    lead_unit: str = ""
    places: tuple[str, ...] = ()
    number: str = ""
    urgent: bool = False
    reporters: int = Field(default=1, exclude_if=alone)


class TicketAssigned(Body):
    """交办: the matter is with a unit, for these reasons. ``hop`` counts from 1; ``explanation``: of a decision.

    ``reporters``: how many confirmed that they report it.
    """

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
    reporters: int = Field(default=1, exclude_if=alone)


class TicketReturned(Body):
    """退回: the unit gave it back with a ground; from the second on the supervision office decides."""

    unit: str
    ground: str
    explanation: Sealed
    count: int
    disputed: bool


class TicketAccepted(Body):
    """受理: the unit took it under a standard; feedback holds the baton now.

    ``plan_asked``: a rule of the division asks for a plan (PlanRulePublished). ``traceable``: whether any of the
    reporters can be reached; None: of a build that did not say.
    """

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
    plan_asked: bool = Field(default=False, exclude_if=not_)
    traceable: bool | None = Field(default=None, exclude_if=partial(is_, None))


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


class AssignTicket(Body):
    """A lead unit hands the matter to a unit; while disputed, the supervision office decides with it, bindingly.

    ``gives_reason``: once keys are destroyed no words are kept.
    """

    unit: str
    category: str = ""
    reason: Sealed = ""
    gives_reason: bool = False


class JudgeUrgency(Body):
    """特急认定: staff say whether a matter is urgent, raising or lowering it; ``reason``: why, sealed."""

    urgent: bool
    reason: Sealed
    gives_reason: bool = False


class UrgencyJudged(Body):
    """特急认定: from here on clocks run in minutes, or no longer do.

    ``level``: "now", "perhaps" (a person's word is awaited, until ``judge_by``) or "no". ``why``: "person" (``reason``
    says more), "silence" (nobody said a word in time: it counts as *now*) or "added" (what a reporter added).
    ``urgency`` and ``words``: the class, and the words of the tables that it rests on, no word of the reporter's.
    """

    number: str
    urgent: bool
    level: str
    why: str
    reason: Sealed = ""
    urgency: str = ""
    words: tuple[str, ...] = ()
    judge_by: datetime | None = None


class AcceptTicket(Body):
    """The responsible unit takes the matter under a standard of the catalogue."""

    standard: str


class ReturnTicket(Body):
    """The responsible unit gives it back with a ground from the list."""

    ground: str
    explanation: Sealed


ENTRIES = (
    fact(AssignmentQueued, "routing", "sla notify portal"),
    fact(TicketAssigned, "routing", "sla notify portal"),
    fact(TicketReturned, "routing", "sla notify portal"),
    fact(TicketAccepted, "routing", "sla notify feedback portal"),
    fact(UrgencyJudged, "routing", "sla notify feedback portal"),
    request(AssignTicket, "routing", "routing"),
    request(AcceptTicket, "routing", "routing"),
    request(ReturnTicket, "routing", "routing"),
    request(JudgeUrgency, "routing", "routing"),
    fact(UnitPublished, "routing", "routing sla notify feedback", "configuration"),
)
"""Who says each message and who reads it."""
