"""A clock is given more time, and less again (C6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreTimeAskedStep:
    """``how``: a code of vocabulary.MORE_TIME; ``ground``: of vocabulary.MORE_TIME_GROUNDS."""

    kind: ClassVar = "more_time_asked"
    how: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreTimeGrantedStep:
    """The clock is due later; ``how`` and ``ground`` as in MoreTimeAskedStep."""

    kind: ClassVar = "more_time_granted"
    how: str
    ground: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreTimeRefusedStep:
    """``how`` and ``ground`` as in MoreTimeAskedStep."""

    kind: ClassVar = "more_time_refused"
    how: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseEndedStep:
    """The clock is due as it would have been without the rest of the pause."""

    kind: ClassVar = "pause_ended"
    due: datetime
