"""A world that goes wrong, from a seed: crashes between each pair of steps, lost and late acknowledgements, partial and
shuffled batches, zombies that wake up, replays from offset 0, a restored older database, poison.

Steps are driven by hand (no event loop), so a frozen one is simply not sent on until it wakes.
"""

import random
from collections.abc import Coroutine
from copy import deepcopy
from datetime import timedelta
from typing import Any

from runtime.clock import Clock
from runtime.delivery.dead_letters import DeadLetters, ReplayLost
from runtime.delivery.loop import Loop
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Outgoing, Parked, ParkedAt, Record
from runtime.delivery.timers import Timers
from runtime.http.requests import outgoing
from runtime.memory.log import InMemoryLog, InMemoryWriter
from simulation.faults import Crash, Faults, FaultyReader, FaultyStore, FaultyWriter, ended
from tests.harness import MONDAY, request
from tests.simulation.loop_chain import Chain, HeardByLink, StartChain, Stop

KEYS = {"tickets": ("T1", "T2", "T3"), "affairs": ("draw/1", "draw/2", "year/1")}  # by topic


class World:
    """The chain of three services over the logs of two kinds of document. The teeth tests take a guard away."""

    loop_class: type[Loop[Any]] = Loop
    store_class: type[FaultyStore] = FaultyStore
    reader_class: type[FaultyReader] = FaultyReader
    writer_class: type[FaultyWriter] = FaultyWriter
    dead_letters_class: type[DeadLetters[Any]] = DeadLetters
    replays = 0.04  # of all moves are an operator's

    def __init__(self, seed: int) -> None:
        self.faults, self.rng = Faults(seed), random.Random(seed + 1)
        self.now = MONDAY
        self.clock = Clock(wall=lambda: self.now)
        self.log, self.late = InMemoryLog(), list[Outgoing]()
        self.chain = Chain(poisoned=frozenset({2}) if self.rng.random() < 0.3 else frozenset())
        self.services = {service.label: service for service in self.chain.services()}
        self.stores = {name: self.store_class(each, self.clock, self.faults) for name, each in self.services.items()}
        self.owners: dict[str, object] = {}
        self.loops = {name: self._fresh(name) for name in self.services}
        self.frozen: list[tuple[str, Coroutine[Any, Any, Any]]] = []
        self.backup: dict[str, tuple[dict[str, Record[HeardByLink]], dict[ParkedAt, Parked]]] = {}
        self.requests: list[str] = []
        self.facts: dict[tuple[str, str], dict[int, Any]] = {}

    def _fresh(self, name: str) -> tuple[Loop[Any], FaultyReader]:
        service = self.services[name]
        reader = self.reader_class(self.log, service.group, self.faults, self.owners, service.logs)
        writer = self.writer_class(self.log, self.faults, self.late)
        loop = self.loop_class(service, reader, writer, self.stores[name], self.clock.wall, self.faults.crash_point)
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
        elif roll < 0.32 + self.replays:
            self._drive(self._replay_letters(), "")
        else:
            name = self.rng.choice(list(self.services))
            self._drive(self.loops[name][0].step(), name)

    def submit(self) -> None:
        """Somebody starts or stops something, and may send it twice."""
        topic = self.rng.choice(list(KEYS))
        key, nth = self.rng.choice(KEYS[topic]), len(self.requests)
        body = Stop() if self.rng.random() < 0.3 else StartChain(number=self.rng.randrange(4))
        to = ("middle", "tail") if isinstance(body, Stop) else ("head",)
        message = request(body, self.now, id=f"r{nth}", key=key, to=to)
        self.requests.append(message.id)
        for _ in range(2 if self.rng.random() < 0.2 else 1):
            self.log.append(outgoing(message, topic))

    def log_late(self) -> None:
        """What was sent long ago arrives now."""
        for late in self.late:
            self.log.append(late)
        self.faults.happened["late copies arrived"] += len(self.late)
        self.late.clear()

    def _knock(self) -> None:
        for name in ("tail", "tail.affairs"):
            _, reader = self.loops[name]
            timers = Timers(self.services[name], self.stores[name], reader, InMemoryWriter(self.log), self.clock)
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
                return  # the same process goes on
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
        self.log.positions[self.services[name].group].clear()
        self.loops[name] = self._fresh(name)

    def _back_up_or_restore(self) -> None:
        """A database is backed up and restored whole, and with the build that was running (ADR 19)."""
        name = self.rng.choice(list(self.services))
        store = self.stores[name]
        if name not in self.backup:
            self.backup[name] = deepcopy((store.records, store.letters))
            return
        self.faults.happened["older database restored"] += 1
        store.records, store.letters = self.backup.pop(name)
        self.frozen = [each for each in self.frozen if each[0] != name]  # the runbook: all its processes stopped first
        self._replay_from_zero(name)

    async def _replay_letters(self) -> None:
        """An operator takes dead letters again while everything goes wrong; now and then the poison is understood."""
        waiting = sorted(
            {(name, each.message.key) for name, store in self.stores.items() for each in store.letters.values()}
        )
        if not waiting:
            return
        name, key = self.rng.choice(waiting)
        if not self.chain.mended and self.rng.random() < 0.2:
            self.chain.mended = True
            self.backup.clear()  # of another build: it would not say again what that one said
        writer = self.writer_class(self.log, self.faults, self.late)
        dead = self.dead_letters_class(self.services[name], self.stores[name], writer, self.clock.wall)
        self.faults.happened["dead letters replayed"] += 1
        try:
            await dead.replay(key)
        except ReplayLost:
            self.faults.happened["replay lost to a loop"] += 1

    def settle(self) -> None:
        """Everything runs, nothing fails, until there is nothing left to read."""
        for _ in range(200):
            self.now += timedelta(seconds=60)
            self._knock()
            if not sum(ended(loop.step()) for loop, _ in self.loops.values()):
                return
        raise AssertionError("the services do not come to rest")

    def mend(self) -> None:
        """The poison is understood: dead letters are replayed, twice."""
        self.chain.mended = True
        for name, service in self.services.items():
            dead = DeadLetters(service, self.stores[name], InMemoryWriter(self.log), self.clock.wall)
            for key in KEYS[service.says] * 2:
                assert ended(dead.replay(key)) == 0
