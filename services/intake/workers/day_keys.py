"""Day keys: made ahead and published for the doors; the private half of an old one is destroyed.

A key is destroyed when its retention has passed, when intake's loop has come past every record that may be sealed to
it, and when no dead letter is. Until all three are so it stays.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import orjson
import structlog

from contracts.messages.intake import DayKeyPublished
from runtime.clock import Clock
from runtime.delivery.ports import GroupProgress, LogPartition, Writer
from runtime.delivery.records import Parked
from runtime.identity import seals
from runtime.process.configuration import publication
from runtime.workers import repeated
from services.intake.ports import DayKeys

log = structlog.get_logger()
AHEAD = 3  # days, today included: doors outlive a loop that is down for two days
LOOK_EVERY = 600.0  # seconds
LEARNT_AFTER = timedelta(hours=1)  # so long after newer keys were published no door seals to an older one
LETTERS_AT_MOST = 1000  # dead letters that are looked through; while there are more, nothing is destroyed
Letters = Callable[[int], Awaitable[Sequence[Parked]]]


class DayKeyWorker:
    """Keeps the keys of today and the next days published, and destroys what nobody needs any more."""

    def __init__(self, day_keys: DayKeys, writer: Writer, clock: Clock, random: seals.Random) -> None:
        self._day_keys, self._writer, self._clock, self._random = day_keys, writer, clock, random

    async def publish_ahead(self) -> None:
        """Make what is missing; publish all of them again (the topic is compacted). Raises Unavailable."""
        today = self._clock.wall().date()
        days = [(today + timedelta(days=ahead)).isoformat() for ahead in range(AHEAD)]
        keys = {day: await self._day_keys.ensure(day, self._random(seals.KEY)) for day in days}
        await self._writer.publish(
            [
                publication(
                    f"day-key/{day}",
                    DayKeyPublished(key=day, day=day, public=seals.to_text(seals.public_half(private))),
                    "intake",
                    self._clock,
                )
                for day, private in keys.items()
            ]
        )

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("day-keys", self.publish_ahead, LOOK_EVERY)(stop)


class DayKeyDestroyer:
    """Destroys the private halves of days that are over. ``letters``: the first so many of intake's dead letters."""

    def __init__(
        self, day_keys: DayKeys, progress: GroupProgress, letters: Letters, clock: Clock, retention: timedelta
    ) -> None:
        self._day_keys, self._progress, self._letters = day_keys, progress, letters
        self._clock, self._retention = clock, retention
        self._began = clock.stopwatch()
        self._marks: Mapping[LogPartition, int] | None = None

    async def look(self) -> list[str]:
        """The keys that were destroyed now. Raises Unavailable."""
        old = await self._old()
        if not old or not await self._is_past():
            return []
        needed = _named(await self._letters(LETTERS_AT_MOST))
        destroyed = [key for key in old if needed is not None and key not in needed]
        for key in destroyed:
            await self._day_keys.destroy(key)
            log.info("day_key_destroyed", day=key)
        return destroyed

    async def _old(self) -> list[str]:
        first_kept = (self._clock.wall().date() - self._retention).isoformat()
        return [key for key in await self._day_keys.kept() if key < first_kept]

    async def _is_past(self) -> bool:
        """Whether the loop is past a mark that was set when every door had learnt a newer key."""
        if self._marks is None:
            if self._learnt(self._clock.stopwatch()):
                self._marks = await self._progress.ends()
            return False
        committed = await self._progress.committed()
        return all(committed.get(place, 0) >= end for place, end in self._marks.items())

    def _learnt(self, now: timedelta) -> bool:
        return now - self._began >= LEARNT_AFTER

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("old-day-keys", self.look, LOOK_EVERY)(stop)


def _named(letters: Sequence[Parked]) -> frozenset[str] | None:
    """The day keys that dead letters are sealed to; None when there are too many to tell."""
    if len(letters) >= LETTERS_AT_MOST:
        return None
    return frozenset(_day_key(letter.message.value) for letter in letters)


def _day_key(value: bytes) -> str:
    try:
        return str(orjson.loads(value)["day_key"])
    except (ValueError, KeyError, TypeError):
        return ""
