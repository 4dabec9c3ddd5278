"""督办阶梯: what sla publishes of who hears of what, and that a step was reached."""

from datetime import datetime

from contracts.entries import fact
from contracts.envelope import Body
from contracts.values import LadderStep


class LadderPublished(Body):
    """督办阶梯: who hears of which colour, and what follows, in a division and those in it that published none (C7)."""

    division: str
    version: int
    valid_from: datetime
    steps: tuple[LadderStep, ...] = ()


class StepReached(Body):
    """A step of the published ladder was reached that begins with no colour; said once.

    ``step``: its name (before_due-2d, after_due-90m, stuck, rework-3); ``at``: its instant. ``clock``, ``due``: of the
    clock that stands on it, "" and None where the matter does. ``tell``: who hears; ``do`` and ``level``: what follows.
    """

    clock: str = ""
    unit: str
    lead_unit: str = ""
    step: str
    at: datetime
    tell: tuple[str, ...]
    do: str = ""
    level: int = 0
    due: datetime | None = None
    urgent: bool = False


ENTRIES = (
    fact(LadderPublished, "sla", "sla", "configuration"),
    fact(StepReached, "sla", "notify portal"),
)
"""Who says each message and who reads it."""
