"""A county in memory that is recorded: the services with their HTTP, people who act on what they read, a clock."""

import asyncio
import heapq
import itertools
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx2

from cli.demo.offices import COUNTY, PATHS, body_of
from contracts import catalogue, topics
from contracts.envelope import MalformedMessage, decode, type_of
from contracts.identifiers import query_code
from runtime.clock import to_milliseconds
from runtime.delivery.records import Outgoing
from runtime.identity.tokens import Principal, issue
from runtime.identity.vault import Wrapped
from runtime.process.platform import vault_of
from runtime.workers import Worker
from services.notify.adapters.memory import InMemoryMessenger
from services.notify.ports import Outcome
from simulation.log_view import Watcher
from simulation.people import Act, People, Wish
from simulation.sample_matters import Matter
from tests.recorded.recording import Documents, RecordedLine
from tests.recorded.system import CONFIGURED, RecordedSystem, wiring

TURNS = 20  # of the event loop, in which a worker does once what it does
MOMENT = timedelta(seconds=3)  # after an instant that somebody waits for


async def once(worker: Worker) -> None:
    """Run a worker until it waits for the first time."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(worker.work(stop))
    for _ in range(TURNS):
        await asyncio.sleep(0)
    stop.set()
    await task


class GatewayWithoutLookUp(InMemoryMessenger):
    """Never knows what became of what it was given: where it does not say so at once, nobody knows."""

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        return dict.fromkeys(references, Outcome.NOT_SENT)


class RecordedCounty:
    """``change``: what somebody does in place of what they would; None: nothing."""

    def __init__(self, seed: int, begin: datetime, settings: Mapping[str, str]) -> None:
        self.rng, self.system, self.lines = random.Random(seed), RecordedSystem(begin), list[RecordedLine]()
        self.settings = settings
        self.snapshots: dict[int, Documents] = {}
        self.vault: dict[str, Wrapped] = {}
        self.tickets: dict[str, str] = {}  # number → ticket
        self.change: Callable[[str, Wish], Wish | None] = lambda _number, wish: wish
        self._watcher = Watcher(People(seed, returns=0.0, checked=0.0))
        self._planned: list[tuple[datetime, int, Callable[[], Awaitable[object]]]] = []
        self._count = itertools.count()
        self._read = 0

    async def open(self) -> None:
        """Put everything together and publish the configuration."""
        platform = self.system.platform
        await self.system.start()
        self.apps = {name: await wiring(name).api(platform) for name in topics.TICKETS.consumers}
        self.clients = {name: _client(app) for name, app in self.apps.items()}
        workers = {name: await wiring(name).workers(platform) for name in topics.TICKETS.consumers}
        self.workers = {(name, each.name): each for name, all_ in workers.items() for each in all_}
        self.gateway = wiring("notify").parts_of(platform).messengers["sms"] = GatewayWithoutLookUp()
        self.deliverer = wiring("notify")._deliverer(platform, wiring("notify").parts_of(platform))
        for name in CONFIGURED:
            await wiring(name).configuration_of(platform).catch_up()
        for work in (("intake", "day-keys"), ("routing", "units"), ("sla", "publication")):
            await once(self.workers[work])
        await self.rest()

    @property
    def now(self) -> datetime:
        return self.system.wall

    def at(self, after: timedelta, do: Callable[[], Awaitable[object]]) -> None:
        heapq.heappush(self._planned, (self.now + after, next(self._count), do))

    async def go(self, span: timedelta) -> None:
        """Live so long: from one instant at which something happens to the next."""
        until = self.now + span
        while self.now < until:
            planned = [self._planned[0][0]] if self._planned else []
            wakes = [wake for wake in self._wakes() if wake > self.now]
            following = min([until, *planned, *wakes])
            self.system.wall = to_milliseconds(min(until, max(self.now, following) + MOMENT))
            while self._planned and self._planned[0][0] <= self.now:
                await heapq.heappop(self._planned)[2]()
                await self.rest()
            await self._knock()

    def _wakes(self) -> list[datetime]:
        found = [
            service.wake_at(record.document)
            for name, service in self.system.services.items()
            for record in self.system.store(name).records.values()
            if record.document is not None
        ]
        posts = [record.document.send_at for record in self.system.store("notify").records.values() if record.document]
        return [wake for wake in (*found, *posts) if wake is not None]

    async def _knock(self) -> None:
        for name in ("sla", "feedback"):
            await once(self.workers[name, "timers"])
        await self.rest()

    async def rest(self) -> None:
        """Everything that was said is written and read, and what came of it, until nobody says anything."""
        while await self._take_all():
            await self.deliverer.sweep()
        await once(self.apps["intake"].state.background[0])

    async def _take_all(self) -> int:
        said, began = self.system.captured.said, self._read
        while self._read < len(said):
            by, record = said[self._read]
            self._read += 1
            digests = await self.system.take(record)
            self.lines.append(RecordedLine(by, self.system.platform.clock.wall(), record, digests))
            await self._note_keys(record.key)
            self._look(record)
        return self._read - began

    async def _note_keys(self, ticket: str) -> None:
        """As they were made: a replay needs them before they are destroyed."""
        for each, wrapped in (await vault_of(self.system.platform, "vault").read([ticket])).items():
            self.vault.setdefault(each, wrapped)

    async def snapshot(self) -> None:
        """Keep all documents as they are now."""
        self.snapshots[len(self.lines)] = await self.system.documents()

    def put(self, *records: Outgoing) -> None:
        """Records that come from nobody's loop."""
        self.system.captured.said += [("", record) for record in records]

    def held(self) -> list[Outgoing]:
        """Take back all that was said and is not in the log yet: it arrives when it is ``put``."""
        said = self.system.captured.said
        late = [record for _, record in said[self._read :]]
        del said[self._read :]
        return late

    def _look(self, record: Outgoing) -> None:
        """Let people act on a record that they see for the first time."""
        if record.topic != "tickets":
            return
        try:
            model = catalogue.BY_NAME[type_of(record.headers)].body
            message = decode(record.key, record.value, record.headers, model)
        except MalformedMessage:
            return
        for ticket, wish in self._watcher.look(message):
            self.at(wish.after, lambda ticket=ticket, wish=wish: self.do(ticket, wish))  # type: ignore[misc]

    async def do(self, ticket: str, wish: Wish) -> None:
        """Somebody acts on what they read."""
        number = self.number_of(ticket)
        changed = self.change(number, wish)
        if changed is None:
            return
        if changed.act is Act.ACCEPT:
            changed = replace(changed, standard=await self._standard(number, changed.unit))
        service, path = PATHS[changed.act]
        code = self.code_of(ticket, changed.voter) if changed.role == "reporter" else ""
        who = None if code else principal(changed.role, changed.unit if changed.role == "unit" else "")
        await self.ask(service, f"/v1/tickets/{number}/{path}", body_of(changed, self.now), who, code)

    async def _standard(self, number: str, unit: str) -> str:
        headers = self._headers(principal("unit", unit))
        answer = await self.clients["routing"].get(f"/v1/tickets/{number}/standards", headers=headers)
        return str(answer.json()[0]["code"])

    async def submit(self, matter: Matter, *also: Matter) -> str:
        """登记; ``also``: other matters under the same key, before anybody has read the first. The number."""
        key, who = str(uuid.UUID(bytes=self.rng.randbytes(16))), principal("clerk") if matter.on_behalf else None
        answers = [await self.ask("intake", "/v1/submissions", each.sent(), who, key=key) for each in (matter, *also)]
        records = self.system.captured.said[-1:]
        number = str(answers[0].json()["number"])
        self.tickets[number] = records[0][1].key
        await self.rest()
        return number

    async def ask(
        self, service: str, path: str, body: Any, who: Principal | None = None, code: str = "", key: str = ""
    ) -> httpx2.Response:
        """Ask a service for something; what comes of it is read later."""
        headers = self._headers(who) | {"Idempotency-Key": key or f"key-{next(self._count):06}"}
        headers |= {"Query-Code": code} if code else {}
        answer = await self.clients[service].post(path, json=body, headers=headers)
        if not answer.is_success:
            print(f"{self.now:%m-%d %H:%M} {service} {path}: {answer.status_code} {answer.text[:200]}")
        return answer

    def _headers(self, who: Principal | None) -> dict[str, str]:
        private = self.settings["DUBAN_TOKEN_PRIVATE_KEY"]
        return {} if who is None else {"Authorization": f"Bearer {issue(private, who, self.now)}"}

    def number_of(self, ticket: str) -> str:
        return next(number for number, each in self.tickets.items() if each == ticket)

    def code_of(self, ticket: str, voter: int = 0) -> str:
        registration: Any = self.system.store("intake").records[ticket].document
        return query_code(self.settings["DUBAN_CODE_SECRET"].encode(), ticket, registration.body_digest, voter)

    def unit_of(self, number: str) -> str:
        assignment: Any = self.system.store("routing").records[self.tickets[number]].document
        return str(assignment.unit)


def principal(role: str, unit: str = "") -> Principal:
    """Somebody of the county's staff."""
    return Principal(f"recorded.{role}.{unit or COUNTY}", unit, COUNTY, role)


def _client(app: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://api")
