"""All services in this process and in memory, their loops running, each API on a port: what people do has effect."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from cli.in_memory import SharedPlatform
from cli.serve import wiring_of
from contracts.topics import SERVICES
from deploy.local.secrets import made
from deploy.local.state import row_of_ports
from runtime.clock import Clock
from runtime.identity.tokens import Principal, issue
from runtime.process.serve import http
from runtime.process.settings import Settings, load
from runtime.workers import run_workers
from tests.contract.matter import COUNTY, ITS_UNIT, SENT

LI, WANG = (Principal(name, "", COUNTY, "configurer") for name in ("li.wei", "wang.fang"))
PASSWORD = "四匹马 tea window 29"
LOOKS = 1500  # 20 ms apart


@dataclass(frozen=True, slots=True)
class OpenTown:
    """A town whose pages anybody may use at ``url``; ``clients``: the APIs, for those who have no page yet."""

    url: str
    clients: dict[str, httpx2.AsyncClient]
    private: str
    clock: Clock

    async def call(self, service: str, method: str, path: str, who: Principal | None, **more: Any) -> httpx2.Response:
        """Ask a service as somebody of staff, or of the public."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} | more.pop("headers", {})
        if who is not None:
            headers["Authorization"] = f"Bearer {issue(self.private, who, self.clock.wall())}"
        return await self.clients[service].request(method, path, headers=headers, **more)

    async def filed(self, **more: Any) -> tuple[str, str]:
        """Number and code of a matter that the portal shows."""
        answer = await self.call("intake", "POST", "/v1/submissions", None, json=SENT | more)
        number, code = answer.json()["number"], answer.json()["query_code"]
        await self.until(number, code, lambda ticket: bool(ticket["unit"]))
        return number, code

    async def appointed(self, name: str, **wanted: str) -> None:
        """Somebody of the county's staff, appointed by two, with a password by a one-time link."""
        path, body = f"/v1/accounts/{name}/appointments", {"division": COUNTY, **wanted}
        for each, who, sent in ((path, LI, {"json": body}), (f"{path}/1/confirmation", WANG, {})):
            answer = await self.call("staff", "POST", each, who, **sent)
            assert answer.status_code == 200, answer.text
        link = (await self.call("staff", "POST", f"/v1/accounts/{name}/links", LI)).json()["link"]
        set_by = {"link": link, "password": PASSWORD}
        assert (await self.call("staff", "POST", "/v1/passwords", None, json=set_by)).status_code == 200

    async def accepted(self, number: str) -> None:
        await self._done("routing", f"/v1/tickets/{number}/acceptance", {"standard": "WTR-01"})

    async def completed(self, number: str, code: str) -> None:
        """Its unit accepts it and says that it is done."""
        await self.accepted(number)
        await self.until(number, code, lambda ticket: ticket["state"] == "in_hand" and ticket["due"])
        evidence = [{"kind": "photos", "uri": "https://example.org/1.jpg", "dated": self.clock.now().isoformat()}]
        body = {"explanation": "水管已换新，现已正常供水。", "evidence": evidence}
        await self._done("feedback", f"/v1/tickets/{number}/completion", body)
        await self.until(number, code, lambda ticket: ticket["may_evaluate"])

    async def until(self, number: str, code: str, holds: Callable[[Any], Any]) -> Any:
        """The matter as its reporter reads it, once it ``holds``."""
        found: list[Any] = []

        async def once() -> bool:
            answer = await self.clients["portal"].get(f"/v1/tickets/{number}", headers={"Query-Code": code})
            found[:] = [answer.json()]
            return answer.status_code == 200 and bool(holds(answer.json()))

        await _until(once)
        return found[0]

    async def _done(self, service: str, path: str, body: Any) -> None:
        answers: list[httpx2.Response] = []

        async def once() -> bool:
            answers.append(await self.call(service, "POST", path, ITS_UNIT, json=body))
            return answers[-1].status_code != 404

        await _until(once)
        assert answers[-1].status_code in (200, 202), answers[-1].text


@asynccontextmanager
async def open_town(patch: pytest.MonkeyPatch) -> AsyncIterator[OpenTown]:
    """Started, and stopped at the end; nothing of it is kept."""
    first, secrets = row_of_ports(len(SERVICES)), made()
    for name, value in (secrets | {"DUBAN_API_PORTS_FROM": str(first)}).items():
        patch.setenv(name, value)
    platform, stop = SharedPlatform(load(Settings), Clock()), asyncio.Event()
    workers = []
    for nth, name in enumerate(SERVICES):
        wiring: Any = wiring_of(name)
        workers += [http(name, await wiring.api(platform), "127.0.0.1", first + nth), *await wiring.workers(platform)]
    running = asyncio.create_task(run_workers(workers, stop))
    async with AsyncExitStack() as exits:
        clients = {
            name: await exits.enter_async_context(httpx2.AsyncClient(base_url=f"http://127.0.0.1:{first + nth}"))
            for nth, name in enumerate(SERVICES)
        }
        url = f"http://127.0.0.1:{first + SERVICES.index('portal')}"
        town = OpenTown(url, clients, secrets["DUBAN_TOKEN_PRIVATE_KEY"], platform.clock)
        await _until(lambda: _ready(clients["intake"]))
        await _until(lambda: _ready(clients["portal"]))
        yield town
    stop.set()
    await running


async def _ready(client: httpx2.AsyncClient) -> bool:
    try:
        return (await client.get("/ready")).status_code == 200
    except httpx2.TransportError:
        return False


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(LOOKS):
        if await holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it does not happen")
