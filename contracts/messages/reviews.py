"""What is published of plans, and what feedback says and is asked of the review of the work (逐级验收, E4)."""

from datetime import datetime
from operator import not_

from pydantic import Field

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Evidence, ReviewerKind, ReviewLevel, Sealed


class CompletionSubmitted(Body):
    """送验收: the unit says it is done; the levels of the chain look at it, each by another person (E4)."""

    round: int
    unit: str
    chain: tuple[ReviewLevel, ...]
    explanation: Sealed
    evidence: tuple[Evidence, ...]
    talked_to: Sealed = Field(default="", exclude_if=not_)


class ReviewPassed(Body):
    """验收通过: a level of the chain, from 1, passed; ``next``: the first that is still to look at it, 0: none."""

    round: int
    level: int
    next: int
    kind: ReviewerKind = ""
    reviewer: str = ""


class ReviewRejected(Body):
    """验收退回: a level found the work wanting, on grounds of the list; ``count``: how often this matter's was."""

    round: int
    level: int
    grounds: tuple[str, ...]
    count: int
    kind: ReviewerKind = ""
    words: Sealed = ""


class PlanRulePublished(Body):
    """Which matters of a division, and of those inside it, need a plan that somebody reviews (E2).

    ``categories``: codes or their beginnings; ``standards``: codes. ``review_limit``: working days for the reviewer.
    """

    division: str
    version: int
    categories: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    review_limit: int = 2
    valid_from: datetime


class ReviewChainPublished(Body):
    """Who looks at the work of a division, and of those inside it, before its reporters do; no levels: nobody.

    ``category``: a code or its beginning, "": of any matter for which no narrower one is published.
    """

    division: str
    version: int
    category: str = ""
    levels: tuple[ReviewLevel, ...] = ()
    valid_from: datetime


class ReviewCompletion(Body):
    """A level of the chain passes the work of a round, or sends it back on grounds of the list."""

    round: int
    level: int
    passed: bool
    grounds: tuple[str, ...] = ()
    words: Sealed = ""


ENTRIES = (
    fact(CompletionSubmitted, "feedback", "sla notify portal"),
    fact(ReviewPassed, "feedback", "sla notify portal"),
    fact(ReviewRejected, "feedback", "sla notify portal"),
    fact(PlanRulePublished, "feedback", "routing feedback", "configuration"),
    fact(ReviewChainPublished, "feedback", "feedback", "configuration"),
    request(ReviewCompletion, "feedback", "feedback"),
)
"""Who says each message and who reads it."""
