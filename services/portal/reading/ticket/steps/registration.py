"""From the submission until a unit has accepted; and what a matter is told, or loses, at any time."""

from dataclasses import dataclass
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
