"""平台时限: what sla publishes of how long each step may take that no handling standard names."""

from datetime import datetime

from contracts.entries import fact
from contracts.envelope import Body
from contracts.values import StepLimit


class LimitsPublished(Body):
    """平台时限: how long steps may take in a division and those in it that published none; a step that is not named
    takes as long as everywhere (C3).
    """

    division: str
    version: int
    valid_from: datetime
    limits: tuple[StepLimit, ...] = ()


ENTRIES = (fact(LimitsPublished, "sla", "sla", "configuration"),)
"""Who says each message and who reads it."""
