"""What people want of clocks: more time, too much of it, of a clock not theirs; and what is decided about it."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import Actor, Body, Message
from contracts.lifecycle import PROMISED
from contracts.messages import sla
from contracts.values import Evidence

ASKS, ANSWERS, ENDS = 0.6, 0.9, 0.5  # shares: of clocks, of askings, of pauses that were granted
HOURS = 40  # within which somebody acts
LEAD = Actor(role="lead", division="43", principal="staff:lead")

ClockWish = tuple[timedelta, Body, Actor]


class DrawnWishes(ABC):
    """Draws from a seed of its own, so that what others do stays as it is. ``hours``: within which somebody acts."""

    def __init__(self, name: str, seed: int, hours: float) -> None:
        self._rng, self._seen, self._hours = random.Random(f"{name}/{seed}"), set[str](), hours

    def look(self, message: Message[Any]) -> Iterator[ClockWish]:
        """What somebody wants now that this was said for the first time, and after how long."""
        if message.id not in self._seen:
            self._seen.add(message.id)
            yield from self._wanted(message)

    @abstractmethod
    def _wanted(self, message: Message[Any]) -> Iterator[ClockWish]: ...

    def _after(self) -> timedelta:
        return timedelta(hours=self._rng.uniform(0, self._hours))


class ClockWishes(DrawnWishes):
    """More time: asked for, decided, ended early."""

    def __init__(self, seed: int) -> None:
        super().__init__("clocks", seed, HOURS)

    def _wanted(self, message: Message[Any]) -> Iterator[ClockWish]:
        match message.body:
            case sla.DeadlineSet() if message.body.kind in PROMISED and self._rng.random() < ASKS:
                yield self._asking(message.body, message.at)
            case sla.MoreTimeAsked() if self._rng.random() < ANSWERS:
                approved = self._rng.random() < 0.7
                yield self._after(), sla.DecideMoreTime(more_time=message.body.more_time, approved=approved), LEAD
            case sla.MoreTimeDecided() if message.body.until and self._rng.random() < ENDS:
                yield self._after(), sla.EndPause(more_time=message.body.more_time), _clerk(message.body.unit)

    def _asking(self, clock: sla.DeadlineSet, at: datetime) -> ClockWish:
        """A pause or an extension; now and then beyond the cap, or by another unit."""
        after, notice = self._after(), Evidence(kind="documents", digest="0" * 64, dated=at)
        until = at + after + timedelta(hours=self._rng.uniform(-5, 300))
        how: dict[str, Any] = {"how": "pause", "ground": "force_majeure", "until": until}
        if self._rng.random() < 0.5:
            how = {"how": "extension", "ground": "complex", "amount": self._rng.randrange(5)}
        by = _clerk(clock.unit if self._rng.random() < 0.9 else "431226-XX")
        return after, sla.AskMoreTime(clock=clock.clock, evidence=(notice,), **how), by


def _clerk(unit: str) -> Actor:
    return Actor(role="unit", unit=unit, principal=f"staff:{unit}")
