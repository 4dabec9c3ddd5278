"""A world that goes wrong, from a seed: crashes between each pair of steps, lost and late acknowledgements, partial and
shuffled batches, zombies that wake up, replays from offset 0, a restored older database, poison.

Steps are driven by hand (no event loop), so a frozen one is simply not sent on until it wakes.
"""

import random
from collections import Counter
from collections.abc import Coroutine, Generator, Mapping, Sequence
from copy import deepcopy
from datetime import timedelta
from typing import Any

from runtime.clock import Clock
from runtime.dead_letters import DeadLetters
from runtime.loop import Loop
from runtime.memory import InMemoryLog, InMemoryReader, InMemoryStore, InMemoryWriter
from runtime.ports import Place, Unavailable
from runtime.records import Incoming, Outgoing, Record
from runtime.requests import outgoing
from runtime.service import Service
from runtime.timers import Timers
from tests.harness import MONDAY, request
from tests.simulation.loop_chain import Chain, Heard, Start, Stop

TICKETS = ("T1", "T2", "T3")


class Crash(BaseException):
    """The process dies here."""


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

    def strikes(self, fault: str, chance: float) -> bool:
        """Whether the fault happens now."""
        struck = self.on and self.rng.random() < chance
        self.happened[fault] += struck
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

    def __init__(self, log: InMemoryLog, group: str, faults: Faults, owners: dict[str, object]) -> None:
        super().__init__(log, group, ["tickets"])
        self._faults, self._owners, self._name = faults, owners, group
        owners[group] = self

    async def fetch(self, at_most: int) -> Sequence[Incoming]:
        await self._faults.maybe_freeze()
        return await super().fetch(self._faults.rng.choice((1, 2, 5, 50)) if self._faults.on else at_most)

    async def commit(self, next_offsets: Mapping[Place, int]) -> None:
        await self._faults.maybe_freeze()
        if self._owners[self._name] is not self:
            raise Unavailable("fenced")
        if self._faults.strikes("commit failed", 0.05):
            raise Unavailable("commit")
        await super().commit(next_offsets)
        if self._faults.strikes("commit acknowledgement lost", 0.03):
            raise Unavailable("commit")


class FaultyWriter(InMemoryWriter):
    """A batch may arrive in part, shuffled, without acknowledgement, or late."""

    def __init__(self, log: InMemoryLog, faults: Faults, late: list[Outgoing]) -> None:
        super().__init__(log)
        self._faults, self._late = faults, late

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        if not batch:
            return
        await self._faults.maybe_freeze()
        mixed = list(batch)
        self._faults.rng.shuffle(mixed)
        if self._faults.strikes("batch in part", 0.05):
            await super().publish(mixed[: self._faults.rng.randrange(len(mixed))])
            raise Unavailable("part")
        if self._faults.strikes("acknowledgement late", 0.05):
            self._late += mixed
            raise Unavailable("late")
        await super().publish(mixed)
        if self._faults.strikes("acknowledgement lost", 0.05):
            raise Unavailable("lost")


class FaultyStore(InMemoryStore[Heard]):
    """Writes may fail, or succeed without acknowledgement."""

    def __init__(self, service: Service[Heard], clock: Clock, faults: Faults) -> None:
        super().__init__(service.wake_at, clock.now)
        self._faults = faults

    async def load(self, tickets: Any) -> dict[str, Record[Heard]]:
        await self._faults.maybe_freeze()
        if self._faults.strikes("read failed", 0.02):
            raise Unavailable("load")
        return await super().load(tickets)

    async def save(self, records: Sequence[Record[Heard]]) -> set[str]:
        await self._faults.maybe_freeze()
        if self._faults.strikes("write failed", 0.03):
            raise Unavailable("save")
        lost = await super().save(records)
        self._faults.happened["version guard refused"] += len(lost)
        if self._faults.strikes("write acknowledgement lost", 0.03):
            raise Unavailable("save")
        return lost


class World:
    """The chain of three services over one log. Subclasses in the teeth tests take a guard away."""

    loop_class: type[Loop[Any]] = Loop
    store_class: type[FaultyStore] = FaultyStore

    def __init__(self, seed: int) -> None:
        self.faults, self.rng = Faults(seed), random.Random(seed + 1)
        self.now = MONDAY
        self.clock = Clock(wall=lambda: self.now)
        self.log, self.late = InMemoryLog(), list[Outgoing]()
        self.chain = Chain(poisoned=frozenset({2}) if self.rng.random() < 0.3 else frozenset())
        self.services = {service.name: service for service in self.chain.services()}
        self.stores = {name: self.store_class(each, self.clock, self.faults) for name, each in self.services.items()}
        self.owners: dict[str, object] = {}
        self.loops = {name: self._fresh(name) for name in self.services}
        self.frozen: list[tuple[str, Coroutine[Any, Any, Any]]] = []
        self.backup: dict[str, dict[str, Record[Heard]]] = {}
        self.requests: list[str] = []
        self.facts: dict[tuple[str, str], dict[int, Any]] = {}

    def _fresh(self, name: str) -> tuple[Loop[Any], FaultyReader]:
        reader = FaultyReader(self.log, f"{name}.loop", self.faults, self.owners)
        writer = FaultyWriter(self.log, self.faults, self.late)
        loop = self.loop_class(
            self.services[name], reader, writer, self.stores[name], self.clock.wall, self.faults.crash_point
        )
        return loop, reader

    def play(self, moves: int) -> None:
        """Go wrong for a while, then let everything come to rest."""
        for _ in range(moves):
            self._move()
        self.faults.on = False
        self._wake_all()
        self.log_late()
        self.settle()
        self.mend()
        self.settle()

    def _move(self) -> None:
        self.now += timedelta(seconds=1)
        roll = self.rng.random()
        if roll < 0.2:
            self.submit()
        elif roll < 0.23:
            self._knock()
        elif roll < 0.26:
            self.log_late()
        elif roll < 0.3 and self.frozen:
            self._drive(self.frozen.pop(self.rng.randrange(len(self.frozen)))[1], "")
        elif roll < 0.31:
            self._replay_from_zero(self.rng.choice(list(self.services)))
        elif roll < 0.32:
            self._back_up_or_restore()
        else:
            name = self.rng.choice(list(self.services))
            self._drive(self.loops[name][0].step(), name)

    def submit(self) -> None:
        """Somebody starts or stops a matter, and may send it twice."""
        ticket, nth = self.rng.choice(TICKETS), len(self.requests)
        body = Stop() if self.rng.random() < 0.3 else Start(number=self.rng.randrange(4))
        to = ("middle", "tail") if isinstance(body, Stop) else ("head",)
        message = request(body, self.now, id=f"r{nth}", ticket=ticket, to=to)
        self.requests.append(message.id)
        for _ in range(2 if self.rng.random() < 0.2 else 1):
            self.log.append(outgoing(message))

    def log_late(self) -> None:
        """What was sent long ago arrives now."""
        for late in self.late:
            self.log.append(late)
        self.faults.happened["late copies arrived"] += len(self.late)
        self.late.clear()

    def _knock(self) -> None:
        _, reader = self.loops["tail"]
        timers = Timers("tail", self.stores["tail"], reader, InMemoryWriter(self.log), self.clock)
        self._drive(timers.sweep(), "")

    def _drive(self, step: Coroutine[Any, Any, Any], name: str) -> None:
        """Run a step until it ends, dies or freezes; a fresh process takes over from one that is not well."""
        try:
            step.send(None)
            self.frozen.append((name, step))
        except StopIteration:
            return
        except Unavailable:
            if name and self.rng.random() < 0.5:
                self._drive(self.loops[name][1].rewind(), "")
                return
        except Crash:
            pass
        if name:
            self.loops[name] = self._fresh(name)

    def _wake_all(self) -> None:
        for _, step in self.frozen:
            self.faults.happened["zombie woke up"] += 1
            try:
                step.send(None)
            except (StopIteration, Unavailable, Crash):
                continue
        self.frozen.clear()
        self.loops = {name: self._fresh(name) for name in self.services}

    def _replay_from_zero(self, name: str) -> None:
        self.faults.happened["replay from offset 0"] += 1
        self.log.positions[f"{name}.loop"].clear()
        self.loops[name] = self._fresh(name)

    def _back_up_or_restore(self) -> None:
        name = self.rng.choice(list(self.services))
        if name not in self.backup:
            self.backup[name] = deepcopy(self.stores[name].records)
            return
        self.faults.happened["older database restored"] += 1
        self.stores[name].records = self.backup.pop(name)
        self.frozen = [each for each in self.frozen if each[0] != name]  # the runbook: all its processes stopped first
        self._replay_from_zero(name)

    def settle(self) -> None:
        """Everything runs, nothing fails, until there is nothing left to read."""
        for _ in range(200):
            self.now += timedelta(seconds=60)
            self._knock()
            if not sum(_ended(loop.step()) for loop, _ in self.loops.values()):
                return
        raise AssertionError("the services do not come to rest")

    def mend(self) -> None:
        """The poison is understood: dead letters are replayed, twice."""
        self.chain.mended = True
        for name, service in self.services.items():
            dead = DeadLetters(service, self.stores[name], InMemoryWriter(self.log), self.clock.wall)
            for ticket in TICKETS * 2:
                assert _ended(dead.replay(ticket)) == 0


def _ended(step: Coroutine[Any, Any, Any]) -> Any:
    try:
        step.send(None)
    except StopIteration as stopped:
        return stopped.value
    raise AssertionError("nothing freezes while the world settles")
