"""What is published in a village: the packaged standards; reviews and plans for some kinds of matters."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from contracts.messages.standards import StandardPublished
from services.feedback.domain.case import ChainLevel
from services.feedback.domain.plan.class_plans import ClassPlanInForce
from services.feedback.domain.plan.plans import PlanRule
from services.sla.adapters import packaged
from services.sla.domain.rungs import Rung

DEPUTY = "a.deputy"
CHAINS: Sequence[tuple[ChainLevel, ...]] = (
    (),
    (ChainLevel(kind="unit_head", seat="", reviewer="", deputies=(f"staff:{DEPUTY}",)),),
    (
        ChainLevel(kind="unit_head", seat="", reviewer=""),
        ChainLevel(kind="lead", seat="", reviewer="", together=True),
        ChainLevel(kind="leader", seat="", reviewer="", together=True),
        ChainLevel(kind="supervision", seat="", reviewer=""),
    ),
)
"""By kind of matter: nobody reviews the work, its head does, or everybody."""
PLANNED = 3  # one kind of matter in so many needs a reviewed plan


class PackagedStandards:
    """The packaged catalogue, as routing folds it."""

    def published(self) -> Sequence[StandardPublished]:
        return packaged.standards()


class VillageRules:
    """A chain and a plan by the kind of matter, the same at every instant."""

    def plan_rule(self, division: str, category: str, standard: str, at: datetime) -> PlanRule:
        return PlanRule(asks=_nth(category, PLANNED) == 0)

    def asks(self, division: str, category: str, standard: str, at: datetime) -> bool:
        """The same, as routing asks."""
        return self.plan_rule(division, category, standard, at).asks

    def chain(self, division: str, category: str, at: datetime) -> tuple[ChainLevel, ...]:
        return CHAINS[_nth(f"chain/{category}", len(CHAINS))]

    def class_plan(self, unit: str, category: str, at: datetime) -> ClassPlanInForce | None:
        return None


TO_THE_UNIT, ONE_UP = 1, 2
LADDER = (
    Rung("before_due", ("unit", "head"), days=1),
    Rung("before_due", ("lead",), minutes=90, urgent=False, collective=True),
    Rung("before_due", ("unit", "supervision"), minutes=10, urgent=True),
    Rung("after_due", ("lead", "supervision"), ("complete_by", "rework_by"), days=1, do="order", level=ONE_UP),
    Rung("after_due", ("leader",), ("complete_by", "rework_by"), minutes=30, urgent=True, do="refer"),
    Rung("stuck", ("lead",), do="order", level=TO_THE_UNIT),
    Rung("rework", ("supervision",), reworks=2, do="order", level=ONE_UP),
)
"""A ladder whose steps begin with no colour."""


class VillageLadders:
    """The same ladder everywhere, in some villages."""

    def __init__(self, *, is_published: bool) -> None:
        self._rungs = LADDER if is_published else ()

    def rungs(self, division: str, at: datetime) -> Sequence[Rung]:
        return self._rungs


def _nth(text: str, of: int) -> int:
    return zlib.crc32(text.encode()) % of
