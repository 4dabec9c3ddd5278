"""督办阶梯: what sla publishes of who hears of which colour."""

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


ENTRIES = (fact(LadderPublished, "sla", "sla", "configuration"),)
"""Who says each message and who reads it."""
