"""A village in memory: all services over one log, the simulated people, a clock that jumps, and what goes wrong."""

import asyncio
import functools
import heapq
import itertools
import random
from collections.abc import Callable, Collection, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import catalogue
from contracts.envelope import Actor, Message, decode, type_of
from contracts.messages.feedback import ReworkOrdered
from contracts.messages.intake import EraseIdentity, TicketScreenedOut, WithdrawTicket
from contracts.messages.routing import TicketReturned
from contracts.topics import LEDGER
from contracts.vocabulary import OF_A_UNIT
from runtime.clock import Clock
from runtime.delivery.loop import Loop
from runtime.delivery.ports import Unavailable
from runtime.delivery.records import Incoming, Outgoing
from runtime.delivery.service import Service
from runtime.delivery.timers import Timers
from runtime.identity import seals
from runtime.identity.seals import KeyWrap
from runtime.identity.vault import Contacts, InMemoryVault, Keys, WordKeys
from runtime.memory.log import InMemoryLog, InMemoryReader, InMemoryWriter
from runtime.memory.store import InMemoryStore
from services.feedback import wiring as feedback
from services.intake import wiring as intake
from services.intake.adapters.memory import InMemoryDayKeys, InMemoryErasures, InMemoryLedger
from services.intake.adapters.signing import Signer, export_lines
from services.intake.adapters.unsealing import SubmissionOpening as IntakeOpening
from services.intake.workers.ledger import LedgerLoop
from services.notify import wiring as notify
from services.portal import wiring as portal
from services.portal.reading.adapters.mongo import VaultWords
from services.routing import wiring as routing
from services.routing.adapters.packaged import directory
from services.routing.adapters.unsealing import WordsOpening as RoutingOpening
from services.routing.domain.unit.standards import allowed
from services.routing.ports import offered
from services.sla import wiring as sla
from services.sla.adapters import packaged as sla_packaged
from simulation.clock_wishes import ClockWishes
from simulation.conference_wishes import ConferenceWishes
from simulation.delivering import SETTLES_AFTER, MortalDeliverer
from simulation.faults import Crash, Faults, FaultyReader, FaultyStore, FaultyWriter, ended
from simulation.filing import DAY_KEY, SECRET, Filing
from simulation.log_view import Watcher, body_of
from simulation.measure_wishes import MeasureWishes
from simulation.people import Act, People, Wish
from simulation.rules import PackagedStandards, VillageLadders, VillageRules
from simulation.sample_matters import Matter, stream

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday morning in China
A_WHILE = timedelta(seconds=30)  # between two looks of a village that comes to rest
DISCOURAGING = (TicketScreenedOut, TicketReturned, ReworkOrdered)
GIVES_UP = 0.15  # of reporters who hear of it
RETURNS = 0.3  # of assignments, where every transition is to be met
LADDERED = 3  # one village in so many has published a ladder of its own
CHECKED = 0.2  # of struck-off matters, where every transition is to be met
LEDGER_KEY = "bGxsbGxsbGxsbGxsbGxsbGxsbGxsbGxsbGxsbGxsbGw="


@dataclass(order=True)
class PlannedEvent:
    """Something that happens at an instant."""

    at: datetime
    nth: int
    do: Callable[[], None] = field(compare=False)


class Village:
    """One history, from a seed. ``faulty`` False: nothing goes wrong but what people do."""

    def __init__(
        self, seed: int, *, faulty: bool = True, begin: datetime = BEGIN, log: InMemoryLog | None = None
    ) -> None:
        self.rng, self.faults = random.Random(seed), Faults(seed + 1)
        self.faults.on = faulty
        self.begin = self.now = begin
        self.clock = Clock(wall=lambda: self.now)
        self.log, self.late = log or InMemoryLog(), list[Outgoing]()
        self.vault, self.wrap = InMemoryVault(), KeyWrap(b"k" * 32, self.rng.randbytes)
        self.words = WordKeys(self.vault, self.wrap, self.clock.stopwatch)
        self.day_keys, self.ledger, self.erasures = InMemoryDayKeys(), InMemoryLedger(), InMemoryErasures()
        private: bytes = ended(self.day_keys.ensure(DAY_KEY, self.rng.randbytes(32)))
        self.counter = Filing(self.log, self.clock, self.rng, self.words, seals.public_half(private))
        self.ladders = VillageLadders(is_published=seed % LADDERED == 0)
        self.services = {service.name: service for service in self._services()}
        self.stores = {name: FaultyStore(each, self.clock, self.faults) for name, each in self.services.items()}
        self.owners: dict[str, object] = {}
        self.loops = {name: self._fresh(name) for name in self.services}
        self.frozen: list[Coroutine[Any, Any, Any]] = []
        self.delivering = self._deliverer()
        self._mirror = LedgerLoop(InMemoryReader(self.log, "intake.ledger", LEDGER), self.ledger)
        self.people = Watcher(People(seed, returns=RETURNS, checked=CHECKED) if faulty else People(seed))
        self.clock_wishes, self.conference_wishes = ClockWishes(seed), ConferenceWishes(seed)
        self.measure_wishes = MeasureWishes(seed)
        self._planned: list[PlannedEvent] = []
        self._count = itertools.count()
        self.exported: list[bytes] = []
        self.events = asyncio.new_event_loop()

    def _services(self) -> Iterator[Service[Any]]:
        opening = IntakeOpening(self.day_keys, Keys(self.vault, self.wrap), self.words, SECRET, self.erasures)
        yield intake.build(opening.prepare)
        yield routing.build(PackagedStandards(), RoutingOpening(self.words).prepare, plans=VillageRules())
        yield sla.build(ladders=self.ladders)
        yield replace(notify.build(), stored=lambda stored: self.delivering.sender.hear(stored))
        yield feedback.build(rules=VillageRules())
        yield portal.build(VaultWords(self.words))

    def _fresh(self, name: str) -> tuple[Loop[Any], FaultyReader]:
        service = self.services[name]
        reader = FaultyReader(self.log, f"{name}.loop", self.faults, self.owners, service.logs)
        writer = FaultyWriter(self.log, self.faults, self.late)
        loop = Loop(service, reader, writer, self.stores[name], self.clock.wall, self.faults.crash_point)
        return loop, reader

    def _deliverer(self) -> MortalDeliverer:
        def held() -> Collection[int]:
            return self.loops["notify"][1].partitions()

        service, store = self.services["notify"], self.stores["notify"]
        return MortalDeliverer(service, store, self.log, self.clock, Contacts(self.vault, self.wrap), held)

    def at(self, instant: datetime, do: Callable[[], None]) -> None:
        heapq.heappush(self._planned, PlannedEvent(instant, next(self._count), do))

    def live(self, tickets: int, days: int) -> None:
        """People bring so many matters over half of the days; the village lives to the end of them."""
        matters = stream(self.rng.randrange(1 << 30))
        for _ in range(tickets):
            brought = self.begin + timedelta(days=days / 2) * self.rng.random()
            self.at(brought, functools.partial(self.submit, next(matters)))
        end = self.begin + timedelta(days=days)
        while self.now < end:
            self._hour(end)
        self.rest()

    def _hour(self, end: datetime) -> None:
        """Go to the next thing that happens: something planned, or a knock that a document wants."""
        following = self._planned[0].at if self._planned else end
        wakes = (wake for name, store in self.stores.items() if (wake := self._wake(name, store)) is not None)
        self.now = max(self.now, min([following, end, *wakes])) + timedelta(seconds=self.rng.randrange(1, 600))
        while self._planned and self._planned[0].at <= self.now:
            heapq.heappop(self._planned).do()
        self.bustle()

    def _wake(self, name: str, store: InMemoryStore[Any]) -> datetime | None:
        wake_at = self.services[name].wake_at
        found = (wake_at(record.document) for record in store.records.values() if record.document is not None)
        return min((wake for wake in found if wake is not None), default=None)

    def bustle(self) -> None:
        """Everybody works for a while, badly; what people see makes them act."""
        for _ in range(6):
            names = list(self.services)
            self.rng.shuffle(names)
            done = sum(self._step(name) for name in names)
            done += self._knock() + self.delivering.deliver(self.events, self.faults)
            if self.rng.random() < 0.1:
                self._something_old()
            self._look()
            if not done and not self.faults.on:
                return

    def _step(self, name: str) -> int:
        """How many records it read to the end."""
        step = self.loops[name][0].step()
        try:
            step.send(None)
            self.frozen.append(step)
        except StopIteration as stopped:
            return int(stopped.value)
        except (Unavailable, Crash):
            pass
        self.loops[name] = self._fresh(name)
        return 0

    def _knock(self) -> int:
        return sum(ended(self._timers(name).sweep()) for name in ("sla", "feedback"))

    def _timers(self, name: str) -> Timers:
        return Timers(self.services[name], self.stores[name], self.loops[name][1], InMemoryWriter(self.log), self.clock)

    def _something_old(self) -> None:
        """Late copies arrive, a zombie wakes up, a group is put back to 0."""
        for late in self.late:
            self.log.append(late)
        self.faults.happened["late copies arrived"] += len(self.late)
        self.late.clear()
        if self.frozen:
            self._wake_zombie(self.frozen.pop())
        if self.faults.strikes("replay from offset 0", 0.05):
            name = self.rng.choice(list(self.services))
            self.log.positions[f"{name}.loop"].clear()
            self.loops[name] = self._fresh(name)

    def _wake_zombie(self, step: Coroutine[Any, Any, Any]) -> None:
        self.faults.happened["zombie woke up"] += 1
        try:
            step.send(None)
        except (StopIteration, Unavailable, Crash):
            step.close()

    def rest(self) -> None:
        """Nothing fails any more, until there is nothing left to do."""
        self.faults.on = False
        for step in self.frozen:
            self._wake_zombie(step)
        self.frozen.clear()
        self._something_old()
        self.loops = {name: self._fresh(name) for name in self.services}
        for nth in range(300):
            read = sum(ended(loop.step()) for loop, _ in self.loops.values())
            self._knock()
            self.now += A_WHILE
            done = read + self.events.run_until_complete(self.delivering.sender.sweep())
            if not done and nth > SETTLES_AFTER / A_WHILE:  # what was under way when its process died is asked after
                break
        while ended(self._mirror.step()):
            continue
        self.exported = self.events.run_until_complete(self._export())

    async def _export(self) -> list[bytes]:
        signer = Signer(self.ledger, LEDGER_KEY)
        return [line async for line in export_lines(self.ledger, signer)]

    def submit(self, matter: Matter) -> None:
        """登记; some have second thoughts: they add to it, withdraw, or want their identity destroyed."""
        ticket = self.counter.submit(matter)
        later = self.now + timedelta(days=self.rng.uniform(0, 8))
        roll = self.rng.random()
        if roll < 0.1:
            self.at(later, functools.partial(self._withdraw, ticket))
        elif roll < 0.25:
            clear = self.rng.random() < 0.5
            self.at(later, lambda: self.counter.supplement(ticket, clear=clear))
        elif roll < 0.28:
            self.at(later, lambda: self.counter.ask(ticket, EraseIdentity(voter=0), ("intake",)))

    def _withdraw(self, ticket: str) -> None:
        self.counter.ask(ticket, WithdrawTicket(voter=0), ("intake", "routing", "feedback"))

    def _look(self) -> None:
        """What is new in the log makes people act."""
        for record in self.fresh_records():
            message = read(record)
            if isinstance(message.body, DISCOURAGING) and self.rng.random() < GIVES_UP:
                soon = self.now + timedelta(hours=self.rng.uniform(0, 6))
                self.at(soon, functools.partial(self._withdraw, record.key))
            for after, body, actor in (*self.clock_wishes.look(message), *self.conference_wishes.look(message)):
                self.at(self.now + after, functools.partial(self.counter.ask, record.key, body, ("sla",), actor))
            for after, body, actor in self.measure_wishes.look(message):
                self.at(self.now + after, functools.partial(self.counter.ask, record.key, body, ("feedback",), actor))
            for seen, wish in self.people.look(message):
                self.at(self.now + wish.after, lambda seen=seen, wish=wish: self._do(seen, wish))  # type: ignore[misc]

    def fresh_records(self) -> list[Incoming]:
        """Records of the ticket log that nobody has looked at."""
        return self.people.unread(self.log.records, f"tickets/{self.log.epoch}")

    def _do(self, ticket: str, wish: Wish) -> None:
        text = self.counter.sealed(ticket, "note", wish.words or "—")
        if wish.act is Act.ACCEPT:
            wish = replace(wish, standard=self._standard(ticket, wish.unit))
        if text is not None:
            body, service = body_of(wish, text, self.clock.now())
            unit = wish.unit if wish.role in (*OF_A_UNIT, "lead") else ""
            account = f"staff:{wish.account or f'{wish.role}.{wish.unit}'}"
            actor = Actor(role=wish.role, unit=unit, principal=account)
            self.counter.ask(ticket, body, (service,), actor)

    def _standard(self, ticket: str, unit: str) -> str:
        """The first that the unit may choose, as the list of its workbench shows it."""
        found, category = directory().unit(unit), self.people.tickets[ticket].category
        choices = allowed(
            found.standards if found else (), category, offered(sla_packaged.standards()), self.clock.now()
        )
        return choices[0].code if choices else ""


def read(record: Incoming) -> Message[Any]:
    """The message in a record of the ticket log."""
    return decode(record.key, record.value, record.headers, catalogue.BY_NAME[type_of(record.headers)].body)
