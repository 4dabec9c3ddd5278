"""What goes wrong, drawn from a seed: crashes, lost and late acknowledgements, partial and shuffled batches, freezes.

Steps are driven by hand (no event loop), so a frozen one is simply not sent on until it wakes.
"""

import random
from collections import Counter
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from typing import Any

from runtime.clock import Clock
from runtime.delivery.ports import LogPartition, Unavailable
from runtime.delivery.records import Incoming, Outgoing, Record
from runtime.delivery.service import Service
from runtime.memory.log import InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.memory.store import InMemoryStore


class Crash(BaseException):
    """The simulated process dies at this point."""


class Freeze:
    """Awaited: the process is frozen until the world sends it on."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class Faults:
    """Draws faults and counts those that happened."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.happened: Counter[str] = Counter()
        self.on = True
        self.struck: Callable[[str], None] = lambda fault: None

    def strikes(self, fault: str, chance: float) -> bool:
        """Whether the fault happens now."""
        struck = self.on and self.rng.random() < chance
        self.happened[fault] += struck
        if struck:
            self.struck(fault)
        return struck

    def crash_point(self, point: str) -> None:
        """Called between each pair of steps."""
        if self.strikes(f"crash at {point}", 0.02):
            raise Crash(point)

    async def maybe_freeze(self) -> None:
        """A process may be frozen at each call to the outside."""
        if self.strikes("frozen", 0.02):
            await Freeze()


class FaultyReader(InMemoryReader):
    """Commits may fail or be lost; a frozen owner that wakes up is fenced, as by a group's generation."""

    def __init__(
        self,
        log: InMemoryLog,
        group: str,
        faults: Faults,
        owners: dict[str, object],
        topics: Sequence[str] = ("tickets",),
    ) -> None:
        super().__init__(log, group, topics)
        self._faults, self._owners, self._name = faults, owners, group
        owners[group] = self

    async def fetch(self, at_most: int) -> Sequence[Incoming]:
        await self._faults.maybe_freeze()
        return await super().fetch(self._faults.rng.choice((1, 2, 5, 50)) if self._faults.on else at_most)

    async def commit(self, next_offsets: Mapping[LogPartition, int]) -> None:
        await self._faults.maybe_freeze()
        if self._owners[self._name] is not self:
            raise Unavailable("fenced")
        if self._faults.strikes("commit failed", 0.05):
            raise Unavailable("commit")
        await super().commit(next_offsets)
        if self._faults.strikes("commit acknowledgement lost", 0.03):
            raise Unavailable("commit")


class FaultyWriter(InMemoryWriter):
    """A batch may arrive in part, mixed, without acknowledgement, or late; the order of a ticket is kept."""

    def __init__(self, log: InMemoryLog, faults: Faults, late: list[Outgoing]) -> None:
        super().__init__(log)
        self._faults, self._late = faults, late

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        if not batch:
            return
        await self._faults.maybe_freeze()
        mixed = self._mixed(batch)
        if self._faults.strikes("batch in part", 0.05):
            await super().publish(mixed[: self._faults.rng.randrange(len(mixed))])
            raise Unavailable("part")
        if self._faults.strikes("acknowledgement late", 0.05):
            self._late += mixed
            raise Unavailable("late")
        await super().publish(mixed)
        if self._faults.strikes("acknowledgement lost", 0.05):
            raise Unavailable("lost")

    def _mixed(self, batch: Sequence[Outgoing]) -> list[Outgoing]:
        """Partitions overtake one another, records of a ticket never."""
        tickets = [each.key for each in batch]
        self._faults.rng.shuffle(tickets)
        queues = {ticket: iter([each for each in batch if each.key == ticket]) for ticket in tickets}
        return [next(queues[ticket]) for ticket in tickets]


class MortalWriter(InMemoryWriter):
    """Of a process that dies before it writes, when ``dies``."""

    dies = False

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        if self.dies and batch:
            raise Crash("before it reports")
        await super().publish(batch)


class FaultyStore(InMemoryStore[Any]):
    """Writes may fail, or succeed without acknowledgement."""

    def __init__(self, service: Service[Any], clock: Clock, faults: Faults) -> None:
        super().__init__(service.wake_at, clock.now)
        self._faults = faults

    async def load(self, tickets: Any) -> dict[str, Record[Any]]:
        await self._faults.maybe_freeze()
        if self._faults.strikes("read failed", 0.02):
            raise Unavailable("load")
        return await super().load(tickets)

    async def save(self, records: Sequence[Record[Any]]) -> set[str]:
        await self._faults.maybe_freeze()
        if self._faults.strikes("write failed", 0.03):
            raise Unavailable("save")
        lost = await super().save(records)
        self._faults.happened["version guard refused"] += len(lost)
        if self._faults.strikes("write acknowledgement lost", 0.03):
            raise Unavailable("save")
        return lost


def ended(step: Coroutine[Any, Any, Any]) -> Any:
    """The result of a step that does not freeze."""
    try:
        step.send(None)
    except StopIteration as stopped:
        return stopped.value
    raise AssertionError("nothing freezes while the world settles")
