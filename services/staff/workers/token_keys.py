"""Keys that sign tokens: one a day, made and certified ahead; the private half of an old one is destroyed.

The installation's own key is here and nowhere else: whoever holds one of a day can sign for that day.
"""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

from contracts.messages.staff import TokenKeyPublished
from runtime.clock import Clock
from runtime.delivery.ports import Writer
from runtime.identity.token_keys import PREFIX, TokenKey, certify
from runtime.identity.tokens import new_key_pair, public_half
from runtime.process.configuration import publication
from runtime.workers import repeated
from services.staff.ports import PrivateTokenKeys

AHEAD = 3  # days, today included: people sign in while the loop is down for two days
LOOK_EVERY = 600.0  # seconds
GRACE = timedelta(minutes=10)  # before and after its day: tokens live for five minutes, and clocks differ


class TokenKeyWorker:
    """Keeps the keys of today and the next days published. ``root``: private half of the installation's own key."""

    def __init__(self, keys: PrivateTokenKeys, writer: Writer, clock: Clock, root: str) -> None:
        self._keys, self._writer, self._clock, self._root = keys, writer, clock, root

    async def publish_ahead(self) -> None:
        """Make what is missing; publish all of them again (the topic is compacted). Raises Unavailable."""
        today = self._clock.wall().date()
        days = [today + timedelta(days=ahead) for ahead in range(-1, AHEAD)]
        privates = {day: await self._keys.ensure(day.isoformat(), new_key_pair()[0]) for day in days[1:]}
        await self._keys.keep_only(tuple(day.isoformat() for day in days))
        await self._writer.publish(
            [
                publication(f"{PREFIX}{day.isoformat()}", self._published(day, private), "staff", self._clock)
                for day, private in privates.items()
            ]
        )

    def _published(self, day: date, private: str) -> TokenKeyPublished:
        since = datetime.combine(day, time(), UTC)
        key = TokenKey(day.isoformat(), public_half(private), since - GRACE, since + timedelta(days=1) + GRACE)
        return TokenKeyPublished(kid=key.kid, certificate=certify(self._root, key))

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("token-keys", self.publish_ahead, LOOK_EVERY)(stop)
