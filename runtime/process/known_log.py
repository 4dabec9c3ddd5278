"""The log of this process: looked at when it connects and every few seconds, and refused when it is another one."""

import asyncio
from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

import structlog

from runtime.delivery.log_identity import KnownIdentity, LogIdentity, refuse_older, refuse_other
from runtime.delivery.ports import LogLost, LogPartition, Unavailable
from runtime.telemetry import metrics
from runtime.workers import repeated

log = structlog.get_logger()
LOOK_EVERY = 5.0  # seconds
RECALLS_WITHIN = 1.0  # seconds in which a database that is not needed must answer
SAY_EVERY = 12  # looks: a lost log is said once a minute


class Finder(Protocol):
    """Says which log there is."""

    async def found(self) -> LogIdentity:
        """As it is now; a topic that is not there is left out. Raises Unavailable."""

    async def ends(self, places: Collection[LogPartition]) -> Mapping[LogPartition, int]:
        """The offset that follows the last record of each of these places; others are left out. Raises Unavailable."""


class Recalled(NamedTuple):
    """What the database remembers of the log, and how far its documents have read it; whether it answered."""

    identity: LogIdentity | None
    reached: Mapping[LogPartition, int]
    is_there: bool


class KnownLog:
    """What a process knows of its log. Everything that reads or writes asks here first.

    What the database remembers goes before what was seen. ``alone``: the process works without its database; while
    that is away, the first log that was seen holds.
    """

    def __init__(
        self, service: str, finder: Finder, remembered: KnownIdentity, topics: Collection[str], *, alone: bool = False
    ) -> None:
        self._finder, self._remembered, self._topics = finder, remembered, frozenset(topics)
        self._alone = alone
        self.last: LogIdentity | None = None
        self.reached: Mapping[LogPartition, int] = {}
        self._why: Unavailable | None = Unavailable("kafka: not seen yet")
        self._was_silent, self._looking = False, asyncio.Lock()
        self._said = 0
        self._gauge = metrics.LOG_LOST.labels(service)

    @property
    def is_sound(self) -> bool:
        """Whether the log was seen, has all its topics, and is the one that the documents know."""
        return self._why is None

    async def seen(self) -> LogIdentity:
        """The log that may be read and written; looks unless it is known to be sound. Raises LogLost, Unavailable."""
        if self._is_in_doubt:
            async with self._looking:
                if self._is_in_doubt:
                    await self.look()
        assert self.last is not None
        return self.last

    @property
    def _is_in_doubt(self) -> bool:
        """Also after Kafka was silent: whoever comes back may be another."""
        return self._why is not None or self._was_silent or self.last is None

    async def look(self) -> None:
        """Compare what there is with what is known. Raises LogLost, Unavailable."""
        self._was_silent = True  # until it has said all that is asked
        found = await self._finder.found()
        try:
            await self._compare(found)
        except Unavailable as why:
            self._note(why)
            raise
        self._note(None)
        self.last, self._was_silent = found, False

    async def _compare(self, found: LogIdentity) -> None:
        remembered, reached, is_there = await self._recall()
        refuse_other(remembered or self.last, found)
        if missing := sorted(self._topics - found.topics.keys()):
            raise Unavailable(f"kafka has no topic {', '.join(missing)}: `duban topics` makes them")
        if is_there and (remembered is None or found.topics.keys() - remembered.topics.keys()):
            refuse_other(await self._remembered.remember(found), found)
        refuse_older(reached, await self._finder.ends(reached.keys()))
        self.reached = reached

    async def _recall(self) -> Recalled:
        """What the database remembers. Raises Unavailable unless the process works alone."""
        if not self._alone:
            return await self._remember()
        try:
            return await asyncio.wait_for(self._remember(), RECALLS_WITHIN)
        except (TimeoutError, Unavailable):
            return Recalled(None, self.reached, is_there=False)

    async def _remember(self) -> Recalled:
        return Recalled(await self._remembered.known(), await self._remembered.reached(), is_there=True)

    def _note(self, why: Unavailable | None) -> None:
        lost = isinstance(why, LogLost)
        if lost and (str(why) != str(self._why) or self._said % SAY_EVERY == 0):
            log.error("log_lost", why=str(why), runbook="log-lost")
        if why is None and isinstance(self._why, LogLost):
            log.warning("log_found_again")
        self._said = self._said + 1 if lost else 0
        self._why = why
        self._gauge.set(1 if lost else 0)

    async def run(self, stop: asyncio.Event) -> None:
        """Look every few seconds until stopped."""
        await repeated("log", self.look, LOOK_EVERY, LOOK_EVERY)(stop)
