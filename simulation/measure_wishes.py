"""What units say of the measures of their plans: done, in time or late, that they go on, or nothing."""

from collections.abc import Iterator
from typing import Any

from contracts.envelope import Actor, Message
from contracts.messages import feedback, schemes
from simulation.clock_wishes import ClockWish, DrawnWishes

DONE = 0.7  # of measures: the others are never reported
GOES_ON = 0.2  # of those that are: said to go on
HOURS = 12  # within which a unit reports


class MeasureWishes(DrawnWishes):
    """Units report the measures of a plan that is in force."""

    def __init__(self, seed: int) -> None:
        super().__init__("measures", seed, HOURS)

    def _wanted(self, message: Message[Any]) -> Iterator[ClockWish]:
        body = message.body
        if not isinstance(body, schemes.MeasuresTimed):
            return
        clerk = Actor(role="unit", unit=body.unit, principal=f"staff:{body.unit}")
        for each in body.items:
            if self._rng.random() < DONE:
                done = self._rng.random() >= GOES_ON
                yield self._after(), feedback.ReportMeasure(index=each.index, done=done), clerk
