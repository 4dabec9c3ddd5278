"""Intake's API and loop in this process, in memory, asked over HTTP."""

import asyncio
import secrets
import uuid
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from runtime.clock import Clock
from runtime.delivery.loop import Loop
from runtime.delivery.ports import NoRoom, Unavailable
from runtime.identity.tokens import Principal, issue, new_key_pair
from runtime.memory.log import InMemoryReader
from runtime.memory.store import InMemoryStore
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load
from services.intake import wiring
from services.intake.workers.day_keys import DayKeyWorker

PRIVATE, PUBLIC = new_key_pair()
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SECRETS = {
    "DUBAN_TICKET_ID_SECRET": "i" * 32,
    "DUBAN_CODE_SECRET": "c" * 32,
    "DUBAN_BODY_SECRET": "b" * 32,
    "DUBAN_VAULT_KEY": b64encode(b"v" * 32).decode(),
    "DUBAN_LEDGER_KEY": b64encode(b"l" * 32).decode(),
    "DUBAN_TOKEN_PUBLIC_KEY": PUBLIC,
}
TURNS = 10_000  # of the event loop: more than anything here takes
CLEAR = {"title": "道路损坏", "content": "兰里镇进村的水泥路塌了一半，车过不去，请尽快修好。", "place": "兰里镇"}
CANARIES = {
    "name": "金丝雀姓名",
    "phone": "13912345678",
    "email": "canary@example.org",
    "id_number": "433021199001011234",
}
WHOLE = CLEAR | {
    "reporter": CANARIES | {"channel": "sms"},
    "co_reporters": [{"name": "金丝雀邻居", "phone": "13987654321"}],
    "on_behalf_of": "金丝雀代办",
    "division": "431226102",
    "latitude": 27.5,
    "longitude": 109,
    "category": "道路",
}


class Wall:
    """A wall clock that the test moves."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


class StuckWriter:
    """A Kafka that takes everything and acknowledges nothing."""

    async def publish(self, batch: Any) -> None:
        await asyncio.Event().wait()


class FullWriter:
    """A door whose Kafka has too little room."""

    async def publish(self, _batch: Any) -> None:
        raise NoRoom("kafka: full")


class SilentWriter:
    async def publish(self, _batch: Any) -> None:
        raise Unavailable("kafka: silent")


@dataclass
class ServedIntake:
    """What a test asks of intake."""

    platform: InMemoryPlatform
    client: httpx2.AsyncClient
    wall: Wall
    app: FastAPI

    async def submit(
        self, body: Any = None, key: str = "", who: Principal | None = None, **more: Any
    ) -> httpx2.Response:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())} | more.pop("headers", {})
        if who:
            headers["Authorization"] = f"Bearer {issue(PRIVATE, who, self.wall.time)}"
        content = more or {"json": CLEAR if body is None else body}
        return await self.client.post("/v1/submissions", headers=headers, **content)

    async def ask(self, number: str, what: str, code: str, body: Any = None, key: str = "") -> httpx2.Response:
        """POST /v1/tickets/{number}/{what} with the query code."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4()), "Query-Code": code}
        return await self.client.post(f"/v1/tickets/{number}/{what}", headers=headers, json=body)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Give the loop its turns until it holds."""
        for _ in range(TURNS):
            if condition():
                return
            await asyncio.sleep(0)
        raise AssertionError("it does not happen")

    def said(self, topic: str = "submissions") -> list[Any]:
        """The records of a topic."""
        return self.platform.log.of_topic(topic)

    @property
    def store(self) -> InMemoryStore[Any]:
        return self.platform.store(wiring.of(self.platform))


@asynccontextmanager
async def house(
    monkeypatch: pytest.MonkeyPatch, writer: Any = None, *, loop: bool = True
) -> AsyncIterator[ServedIntake]:
    """A house whose loop runs while the test does. ``writer`` stands in for Kafka at the API."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    wall = Wall()
    platform = InMemoryPlatform(load(Settings), Clock(wall=wall))
    await _publish_day_keys(platform)
    real = platform.writer
    platform.writer = writer or real
    app = await wiring.api(platform)
    platform.writer = real
    pump = asyncio.create_task(_pump(platform)) if loop else None
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://intake") as client,
    ):
        running = ServedIntake(platform, client, wall, app)
        for _ in range(TURNS):
            if (await client.get("/ready")).status_code == 200:
                break
            await asyncio.sleep(0)
        yield running
    if pump:
        pump.cancel()
        with suppress(asyncio.CancelledError):
            await pump


async def _publish_day_keys(platform: InMemoryPlatform) -> None:
    days = wiring.adapters(platform).day_keys
    await DayKeyWorker(days, platform.writer, platform.clock, secrets.token_bytes).publish_ahead()


async def _pump(platform: InMemoryPlatform) -> None:
    service = wiring.of(platform)
    reader = InMemoryReader(platform.log, "intake.loop", service.logs)
    running = Loop(service, reader, platform.writer, platform.store(service), platform.clock.wall)
    while True:
        await running.step()
        await asyncio.sleep(0)
