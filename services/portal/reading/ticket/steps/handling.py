"""The work: contact with the reporter, progress, completion."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactedStep:
    """``method``: a code of vocabulary.METHODS."""

    kind: ClassVar = "contacted"
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReachedStep:
    """Nobody answered the unit; ``method`` as in ContactedStep."""

    kind: ClassVar = "not_reached"
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedStep:
    """The unit asked the reporters something; they may answer ``until`` then."""

    kind: ClassVar = "asked"
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressStep:
    kind: ClassVar = "progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedStep:
    """``evidence``: how many pieces came with it."""

    kind: ClassVar = "completed"
    evidence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedStep:
    """The work is with ``levels`` of reviewers before its reporters; ``evidence`` as in CompletedStep."""

    kind: ClassVar = "submitted"
    evidence: int
    levels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPassedStep:
    """``reviewer``: a code of vocabulary.REVIEWERS; ``level``: from 1."""

    kind: ClassVar = "review_passed"
    level: int
    reviewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRejectedStep:
    """``ground``: the first one, a code of vocabulary.REVIEW_GROUNDS; the others as in ReviewPassedStep."""

    kind: ClassVar = "review_rejected"
    level: int
    reviewer: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressAskedStep:
    """Whoever watches over the unit asked how far it is."""

    kind: ClassVar = "progress_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckStep:
    """Nothing has moved ``since`` then."""

    kind: ClassVar = "stuck"
    since: datetime
