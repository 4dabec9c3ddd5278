"""What the reporters say, and what comes of it."""

from dataclasses import dataclass
from typing import ClassVar


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
class VoteChangedStep:
    """A vote took the place of an earlier one; fields as in EvaluatedStep."""

    kind: ClassVar = "vote_changed"
    grade: int
    solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyAnsweredStep:
    """Staff asked the reporter for the ``attempts``-th time, and nobody answered."""

    kind: ClassVar = "nobody_answered"
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreachedStep:
    """Nobody answered so often that nobody calls again."""

    kind: ClassVar = "unreached"
    attempts: int
