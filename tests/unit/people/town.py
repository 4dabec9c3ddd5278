"""The whole system in this process: every service's API and loop on the in-memory platform, reached over ASGI."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from cli.demo.offices import HttpOffices, Tokens
from cli.in_memory import SharedPlatform
from deploy.local import plan
from deploy.local.secrets import made
from deploy.local.supervisor import DOMAIN_BEGINS
from runtime.clock import Clock, Segment, WallTime, system_wall
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings

DAY = 24 * 3600.0  # seconds


class ByPort(httpx2.AsyncBaseTransport):
    """Sends each request to the application behind its port."""

    def __init__(self, apps: Mapping[str, Any]) -> None:
        ports = plan.api_ports()
        self._doors = {ports[name]: httpx2.ASGITransport(app=app) for name, app in apps.items()}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The application's answer, or a connection refused."""
        door = self._doors.get(request.url.port or 0)
        if door is None:
            raise httpx2.ConnectError("nobody listens there")
        return await door.handle_async_request(request)


@dataclass(frozen=True, slots=True)
class TownInMemory:
    platform: InMemoryPlatform
    offices: HttpOffices
    secrets: Mapping[str, str]


@asynccontextmanager
async def town(monkeypatch: Any, services: tuple[str, ...], day: float) -> AsyncIterator[TownInMemory]:
    """The services, with a domain day of ``day`` seconds."""
    secrets = made() | {"DUBAN_TICKET_ID_SECRET": "the same ids, so the same dice for the people"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    clock = Clock(Segment(WallTime(system_wall()), DOMAIN_BEGINS, DAY / day))
    platform = SharedPlatform(Settings(), clock)
    stop, tasks = asyncio.Event(), []
    async with AsyncExitStack() as stack:
        apps = {}
        for name in services:
            wiring = importlib.import_module(f"services.{name}.wiring")
            apps[name] = await wiring.api(platform)
            tasks += [asyncio.create_task(each.work(stop)) for each in await wiring.workers(platform)]
            await stack.enter_async_context(apps[name].router.lifespan_context(apps[name]))
        client = await stack.enter_async_context(httpx2.AsyncClient(transport=ByPort(apps), timeout=20))
        yield TownInMemory(
            platform, HttpOffices(client, Tokens(secrets["DUBAN_TOKEN_PRIVATE_KEY"], clock.wall)), secrets
        )
        stop.set()
        await asyncio.wait(tasks, timeout=5)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
