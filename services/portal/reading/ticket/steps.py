"""The steps that a matter's story is made of, one class each; what a step says in words is in sentences.py.

``kind`` and the order of the fields are what documents hold (notes.py): neither is ever changed in place.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredStep:
    """``channel``: a code of vocabulary.CHANNELS."""

    kind: ClassVar = "registered"
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedOutStep:
    """The reason as it was told to the reporter."""

    kind: ClassVar = "screened_out"
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementedStep:
    kind: ClassVar = "supplemented"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictedStep:
    """Another submission came under the same key."""

    kind: ClassVar = "conflicted"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedStep:
    """``reason``: a code of vocabulary.QUEUED."""

    kind: ClassVar = "queued"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedStep:
    """``hop``: which assignment of this matter it is, from 1."""

    kind: ClassVar = "assigned"
    hop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyJudgedStep:
    """``level``: a code of vocabulary.URGENCY."""

    kind: ClassVar = "urgency_judged"
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedStep:
    """``ground``: a code of vocabulary.GROUNDS."""

    kind: ClassVar = "returned"
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedStep:
    """Returned once more; ``ground`` as in ReturnedStep."""

    kind: ClassVar = "disputed"
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedStep:
    """The name of the handling standard that the unit chose."""

    kind: ClassVar = "accepted"
    promise_zh: str
    promise_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStartedStep:
    """``clock``: a kind of lifecycle.CLOCKS."""

    kind: ClassVar = "deadline"
    clock: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LightTurnedStep:
    """``colour``: the one that shows from now on."""

    kind: ClassVar = "light"
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LightWithdrawnStep:
    """``colour``: the one that shows again."""

    kind: ClassVar = "light_withdrawn"
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedStep:
    """``order``: the number of the supervision order."""

    kind: ClassVar = "ordered"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWithdrawnStep:
    kind: ClassVar = "order_withdrawn"
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """``mode``: a code of vocabulary.MODES."""

    kind: ClassVar = "planned"
    mode: str


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
class RemindedStep:
    """The reporter was reminded to evaluate."""

    kind: ClassVar = "reminded"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackDueStep:
    """Nobody answered: somebody has to call."""

    kind: ClassVar = "look_back_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedStep:
    """``grade``: 1 (very dissatisfied) to 5 (very satisfied)."""

    kind: ClassVar = "evaluated"
    grade: int
    solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackStep:
    """What was said in a look-back; ``grade`` as in EvaluatedStep."""

    kind: ClassVar = "look_back"
    grade: int
    solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReworkStep:
    """``count``: which rework it is, from 1. ``reason``: a code of vocabulary.REWORK."""

    kind: ClassVar = "rework"
    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckOffStep:
    kind: ClassVar = "struck_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOpenedStep:
    """The supervision office looks at the matter again."""

    kind: ClassVar = "check_opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedStep:
    """Codes of vocabulary.CHECK_METHODS and CHECK_OUTCOMES."""

    kind: ClassVar = "checked"
    method: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnStep:
    """The reporter took the matter back."""

    kind: ClassVar = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedStep:
    kind: ClassVar = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStep:
    """``people`` were told of ``what`` (a code of sentences.NOTICES) over ``channel`` (vocabulary.CHANNELS)."""

    kind: ClassVar = "told"
    what: str
    channel: str
    people: int = 1


FoldedStep = (
    RegisteredStep
    | ScreenedOutStep
    | SupplementedStep
    | ConflictedStep
    | QueuedStep
    | AssignedStep
    | UrgencyJudgedStep
    | ReturnedStep
    | DisputedStep
    | AcceptedStep
    | ClockStartedStep
    | LightTurnedStep
    | LightWithdrawnStep
    | OrderedStep
    | OrderWithdrawnStep
    | PlannedStep
    | ContactedStep
    | NotReachedStep
    | AskedStep
    | ProgressStep
    | CompletedStep
    | RemindedStep
    | LookBackDueStep
    | EvaluatedStep
    | LookBackStep
    | ReworkStep
    | StruckOffStep
    | CheckOpenedStep
    | CheckedStep
    | WithdrawnStep
    | ErasedStep
    | ToldStep
)
"""Every step that the fold can write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownStep:
    """A step in a document that this build cannot read: a later one wrote it."""

    kind: str
