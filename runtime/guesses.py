"""Guessing is limited: after some wrong tries for one thing, nobody may try for a while. In memory, bounded."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

TRIES = 8  # wrong tries
WITHIN = timedelta(minutes=10)
THINGS_AT_MOST = 100_000


class Guesses:
    """Counts wrong tries per thing (a registration number, an address)."""

    def __init__(self, wall: Callable[[], datetime]) -> None:
        self._wall = wall
        self._wrong: OrderedDict[str, list[datetime]] = OrderedDict()

    def too_many(self, thing: str) -> bool:
        """Whether the next try must wait."""
        since = self._wall() - WITHIN
        return sum(at > since for at in self._wrong.get(thing, ())) >= TRIES

    def wrong(self, thing: str) -> None:
        """One more wrong try."""
        self._wrong[thing] = [*self._wrong.pop(thing, []), self._wall()][-TRIES:]
        while len(self._wrong) > THINGS_AT_MOST:
            self._wrong.popitem(last=False)
