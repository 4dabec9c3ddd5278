"""The plan: made, reviewed, its measures done, held back and taken up again."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """``mode``: a code of vocabulary.MODES."""

    kind: ClassVar = "planned"
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApprovedStep:
    """The plan's ``version`` is in force."""

    kind: ClassVar = "plan_approved"
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRejectedStep:
    """``ground``: the first one, a code of vocabulary.PLAN_GROUNDS."""

    kind: ClassVar = "plan_rejected"
    version: int
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLapsedStep:
    """What policy held back is in hand again."""

    kind: ClassVar = "plan_lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDoneStep:
    """``index``: of the measure in its plan, from 1."""

    kind: ClassVar = "measure_done"
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureGoesOnStep:
    """There is news of a measure that is not done; ``index`` as in MeasureDoneStep."""

    kind: ClassVar = "measure_goes_on"
    index: int
