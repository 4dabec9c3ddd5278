"""Day keys: made ahead, the private half wrapped in intake's database, the public half published for the doors."""

import asyncio
from datetime import timedelta

import structlog

from contracts.facts import DayKeyPublished
from runtime import seals
from runtime.clock import Clock
from runtime.configuration import publication
from runtime.ports import Unavailable, Writer
from runtime.waits import AGAIN, pause
from services.intake.ports import DayKeys

log = structlog.get_logger()
AHEAD = 3  # days, today included: doors outlive a loop that is down for two days
LOOK_EVERY = 600.0  # seconds


class DayKeyWorker:
    """Keeps the keys of today and the next days published."""

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
        """Until stopped."""
        while not stop.is_set():
            wait = LOOK_EVERY
            try:
                await self.publish_ahead()
            except Unavailable as why:
                log.warning("day_keys_wait", why=str(why))
                wait = AGAIN
            await pause(wait, stop)
