"""A town for acceptance tests: all services in this process, on the real Kafka and MongoDB, with a clock to wind."""

import asyncio
import importlib
import time
import uuid
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import httpx2

from contracts import catalogue
from contracts.envelope import Message, decode, type_of
from contracts.messages.notify import PersonTold
from contracts.topics import SERVICES
from deploy.local.sms_gateway import Gateway
from deploy.local.state import row_of_ports
from runtime.clock import Clock, DomainTime, Segment, WallTime, system_wall
from runtime.identity.tokens import Principal, issue, new_key_pair
from runtime.kafka.bus import Bus
from runtime.kafka.follower import KafkaFollower
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.process.platform import RealPlatform
from runtime.process.settings import Settings, load
from runtime.workers import run_workers
from tests.acceptance.loops import LoopApart, begun
from tests.acceptance.outside import Mailbox, on_its_port
from tests.environment import environment
from tests.harness import MONDAY
from tests.stack import Stack

COUNTY = "431226"
ASKED_ON_PORTS = ("intake", "routing", "sla", "feedback", "portal", "staff")
"""By the pages, and by programs of others."""
WITHIN = 90.0  # seconds of wall time for something that must happen
RATE = 60.0  # a second of wall time is a minute of domain time: slow enough that nothing turns red by itself
ResultT = TypeVar("ResultT")
PRIVATE, PUBLIC = new_key_pair()

SECRETS = {
    "DUBAN_TICKET_ID_SECRET": "acceptance-ticket-id-secret-0123456789",
    "DUBAN_CODE_SECRET": "acceptance-code-secret-0123456789-0123",
    "DUBAN_BODY_SECRET": "acceptance-body-secret-0123456789-0123",
    "DUBAN_VAULT_KEY": b64encode(b"v" * 32).decode(),
    "DUBAN_LEDGER_KEY": b64encode(b"l" * 32).decode(),
    "DUBAN_PAGES_KEY": b64encode(b"p" * 32).decode(),
    "DUBAN_HOOK_KEY": b64encode(b"h" * 32).decode(),
    "DUBAN_HOOK_NETWORKS": "127.0.0.0/8",
    "DUBAN_STAFF_KEY": b64encode(b"s" * 32).decode(),
    "DUBAN_TOKEN_PRIVATE_KEY": PRIVATE,
    "DUBAN_TOKEN_PUBLIC_KEY": PUBLIC,
    "DUBAN_SMS_KEY": "acceptance-sms-key",
}
BUDGET = {"DUBAN_LETTERS_A_DAY": "100"}
"""The tests share the accounts of the town: the letters of one test shall not wait because of another's."""


@dataclass(frozen=True, slots=True)
class ReporterReceipt:
    """What a reporter gets: the number and the query code."""

    number: str
    code: str


@dataclass
class RunningSystem:
    """Everything that an acceptance test asks of the system: through HTTP, the log, and the clock."""

    clock: Clock
    clients: dict[str, httpx2.AsyncClient]
    platforms: dict[str, RealPlatform]
    namespace: str
    _log: KafkaFollower
    gateway: Gateway = field(default_factory=Gateway)
    mailbox: Mailbox = field(default_factory=Mailbox)
    apart: dict[str, LoopApart] = field(default_factory=dict)
    _messages: list[Message[Any]] = field(default_factory=list)

    async def call(
        self, service: str, method: str, path: str, *, who: Principal | None = None, key: str = "", **more: Any
    ) -> httpx2.Response:
        """One HTTP call, signed for ``who``, with an idempotency key of its own unless ``key``."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())} | more.pop("headers", {})
        if who is not None:
            headers["Authorization"] = f"Bearer {issue(PRIVATE, who, system_wall())}"
        return await self.clients[service].request(method, path, headers=headers, **more)

    async def submit(
        self, title: str, content: str, key: str = "", who: Principal | None = None, **more: Any
    ) -> ReporterReceipt:
        """登记: through the public door unless ``who``. Asserts 201."""
        body = {"title": title, "content": content, **more}
        response = await self.call("intake", "POST", "/v1/submissions", key=key, who=who, json=body)
        assert response.status_code == 201, response.text
        return ReporterReceipt(response.json()["number"], response.json()["query_code"])

    async def assigned(self, receipt: ReporterReceipt) -> Message[Any]:
        """The TicketAssigned of a matter."""
        return await self.fact("TicketAssigned", receipt.number)

    async def accepted(self, receipt: ReporterReceipt, standard: str = "") -> Principal:
        """受理 by whichever unit it was assigned to, under the first standard that it may choose; that unit."""
        unit = self.unit((await self.assigned(receipt)).body.unit)
        chosen = standard or (await self.choices(receipt, unit))[0]
        await self.ok("routing", f"/v1/tickets/{receipt.number}/acceptance", unit, {"standard": chosen})
        return unit

    async def choices(self, receipt: ReporterReceipt, unit: Principal) -> list[str]:
        """The standards that the unit may choose for a matter, once it is listed."""
        found: list[str] = []

        async def once() -> bool:
            answer = await self.call("routing", "GET", f"/v1/tickets/{receipt.number}/standards", who=unit)
            found[:] = [each["code"] for each in answer.json()] if answer.status_code == 200 else []
            return bool(found)

        await self.eventually(once, what=f"a choice of standards for {receipt.number}")
        return found

    async def completed(self, receipt: ReporterReceipt, standard: str = "") -> Principal:
        """受理 and 办结, with a photo as evidence; the unit."""
        unit = await self.accepted(receipt, standard)
        await self.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")
        await self.ok("feedback", f"/v1/tickets/{receipt.number}/completion", unit, self.completion())
        return unit

    def completion(self) -> dict[str, Any]:
        """A report of completion with a photo as evidence."""
        evidence = [{"kind": "photos", "uri": "https://example.org/1.jpg", "dated": self.clock.now().isoformat()}]
        return {"explanation": "已处理", "evidence": evidence}

    async def evaluate(self, receipt: ReporterReceipt, grade: int = 5, *, solved: bool = True) -> httpx2.Response:
        """评价 by number and code."""
        body, headers = {"grade": grade, "solved": solved}, {"Query-Code": receipt.code}
        path = f"/v1/tickets/{receipt.number}/evaluation"
        return await self.call("feedback", "POST", path, json=body, headers=headers)

    async def ok(self, service: str, path: str, who: Principal, body: dict[str, Any]) -> dict[str, Any]:
        """A POST that must be accepted, as soon as the service knows the matter."""
        answers: list[httpx2.Response] = []

        async def once() -> bool:
            answers.append(await self.call(service, "POST", path, who=who, json=body))
            return answers[-1].status_code != 404

        await self.eventually(once)
        assert answers[-1].status_code == 200, answers[-1].text
        found: dict[str, Any] = answers[-1].json()
        return found

    def unit(self, code: str) -> Principal:
        """A clerk of the unit."""
        division = code.partition("-")[0]
        return Principal(f"clerk-of-{code}", code, division.removesuffix("00"), "unit")

    def staff(self, role: str, division: str = COUNTY) -> Principal:
        """A lead unit, supervisor, clerk or auditor of a division."""
        return Principal(f"{role}-of-{division}", "", division, role)

    async def log(self, number: str = "") -> list[Message[Any]]:
        """The ticket log so far, of one matter when ``number`` is given."""
        await self._read()
        prefix = number[6:18]
        return [message for message in self._messages if message.key.startswith(prefix)]

    async def _read(self) -> None:
        while records := await self._log.fetch():
            for record in records:
                model = catalogue.BY_NAME[type_of(record.headers)].body
                self._messages.append(decode(record.key, record.value, record.headers, model))

    async def facts(self, kind: str, number: str) -> list[Message[Any]]:
        """Facts of a type about a matter, each once, as far as they were said."""
        found = {message.id: message for message in await self.log(number) if message.type == kind}
        return list(found.values())

    async def fact(
        self, kind: str, number: str, wanted: Callable[[Message[Any]], bool] = lambda _: True
    ) -> Message[Any]:
        """The first fact of a type about a matter; waits for it."""
        found: list[Message[Any]] = []

        async def once() -> bool:
            found[:] = [message for message in await self.facts(kind, number) if wanted(message)]
            return bool(found)

        await self.eventually(once, what=f"{kind} about {number}")
        return found[0]

    async def told(self, number: str, kind: str = "") -> PersonTold:
        """What became of the first delivery of a kind, or of any, to a reporter; waits for it."""
        said = await self.fact("PeopleNotified", number, lambda fact: any(_of_kind(fact, kind)))
        return next(_of_kind(said, kind))

    async def all_told(self, number: str) -> list[PersonTold]:
        """What became of deliveries to reporters, as far as it was said."""
        return [each for fact in await self.facts("PeopleNotified", number) for each in _of_kind(fact)]

    async def eventually(
        self, condition: Callable[[], Awaitable[bool]], within: float = WITHIN, what: str = "it"
    ) -> None:
        """Wait until it holds. Fails after ``within`` seconds of wall time."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if await condition():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{what} did not happen within {within:.0f} s")

    @asynccontextmanager
    async def another_door(self, service: str, clock: Clock) -> AsyncIterator[httpx2.AsyncClient]:
        """One more API of a service over the same stores, by a clock of its own."""
        platform = RealPlatform(load(Settings), service, clock)
        await platform.start()
        async with AsyncExitStack() as exits:
            client = await _client(service, platform, exits)
            await self.eventually(lambda: _ready(client), what=f"another door of {service}")
            yield client
        await platform.stop()

    def wind(self, span: timedelta) -> None:
        self.clock.segment = Segment(
            WallTime(system_wall()), DomainTime(self.clock.now() + span), self.clock.segment.rate
        )


@asynccontextmanager
async def town(
    stack: Stack, namespace: str, extra: dict[str, str], apart: Sequence[str] = (), rate: float = RATE
) -> AsyncIterator[RunningSystem]:
    """All APIs and loops, started and stopped. ``extra``: settings beyond the secrets; ``apart``: services whose loops
    the tests may stop and start again; ``rate``: how fast the clock goes by itself."""
    stores = {"KAFKA_BOOTSTRAP_SERVERS": stack.kafka, "MONGODB_URI": stack.mongodb_uri}
    ports = {"DUBAN_API_PORTS_FROM": str(row_of_ports(len(SERVICES)))}
    with environment(SECRETS | BUDGET | extra | stores | ports | {"DUBAN_NAMESPACE": namespace}):
        async with _running(stack.bus(namespace), namespace, apart, rate) as there:
            yield there


@asynccontextmanager
async def _running(bus: Bus, namespace: str, apart: Sequence[str], rate: float) -> AsyncIterator[RunningSystem]:
    clock = Clock(Segment(WallTime(system_wall()), DomainTime(MONDAY), rate))
    await create_topics(bus)
    await lay_positions(bus)
    platforms = {name: RealPlatform(load(Settings), name, clock) for name in SERVICES}
    stop, log = asyncio.Event(), KafkaFollower(bus, "tickets")
    async with AsyncExitStack() as exits:
        workers, loops = await begun(platforms, clock, apart)
        running = asyncio.create_task(run_workers(workers, stop))
        clients = {name: await _client(name, platforms[name], exits, listens=True) for name in SERVICES}
        there = RunningSystem(clock, clients, platforms, namespace, log, apart=loops)
        await there.eventually(lambda: _ready(clients["intake"]), what="intake's door")
        yield there
        stop.set()
        await asyncio.gather(running, *(loop.stop() for loop in loops.values()))
        await log.stop()
    for platform in platforms.values():
        for service in SERVICES:
            await platform.mongo.client.drop_database(f"{namespace}_{service}")
        for shared in ("vault", "codes"):
            await platform.mongo.client.drop_database(f"{namespace}_{shared}")
        await platform.stop()
    await delete_topics(bus)


async def _client(
    name: str, platform: RealPlatform, exits: AsyncExitStack, *, listens: bool = False
) -> httpx2.AsyncClient:
    """``listens``: also on its port, where pages and programs ask it."""
    app = await importlib.import_module(f"services.{name}.wiring").api(platform)
    await exits.enter_async_context(app.router.lifespan_context(app))
    if listens and name in ASKED_ON_PORTS:
        await exits.enter_async_context(on_its_port(app, platform.settings.port_of(name, "api")))
    transport = httpx2.ASGITransport(app=app)
    return await exits.enter_async_context(
        httpx2.AsyncClient(transport=transport, base_url=f"http://{name}", timeout=30)
    )


async def _ready(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/ready")).status_code == 200


def _of_kind(fact: Message[Any], kind: str = "") -> Iterator[PersonTold]:
    """What a fact tells of a kind, or of any; each with its letter."""
    for each in fact.body.told:
        if kind in ("", each.kind):
            yield each.model_copy(update={"letter": each.letter or fact.body.letter})
