"""Tried codes in memory, bounded: in tests, and of one process while the database is away."""

from collections import OrderedDict
from datetime import timedelta

from runtime.clock import Stopwatch
from runtime.identity.code_attempts import TRIES, TRIES_ANYWHERE, WITHIN

COUNTED_AT_MOST = 100_000  # digests


class InMemoryTriedCodes:
    """By digest, the tries of the last ten minutes: when, and what each is called."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._tries: OrderedDict[str, list[tuple[timedelta, str]]] = OrderedDict()

    async def begin(self, own: str, anywhere: str, name: str) -> bool:
        """Count it unless one has to wait."""
        before = len(self._lately(own))
        if before >= TRIES or (before and len(self._lately(anywhere)) >= TRIES_ANYWHERE):
            return False
        self._count(own, name, TRIES)
        return True

    async def forget(self, own: str, name: str) -> None:
        if own in self._tries:
            self._tries[own] = [each for each in self._tries[own] if each[1] != name]

    async def wrong(self, anywhere: str, name: str) -> None:
        self._count(anywhere, name, TRIES_ANYWHERE)

    def _count(self, digest: str, name: str, kept: int) -> None:
        lately = [*self._lately(digest), (self._stopwatch(), name)][-kept:]
        self._tries.pop(digest, None)
        self._tries[digest] = lately
        while len(self._tries) > COUNTED_AT_MOST:
            self._tries.popitem(last=False)

    def _lately(self, digest: str) -> list[tuple[timedelta, str]]:
        since = self._stopwatch() - WITHIN
        return [each for each in self._tries.get(digest, ()) if each[0] > since]
