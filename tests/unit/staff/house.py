"""Staff's API and loop in this process, in memory, asked over HTTP."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher

from cli.in_memory import SharedPlatform
from contracts.messages.staff import TokenKeyPublished
from deploy.local.secrets import made
from runtime.clock import Clock
from runtime.delivery.ports import Unavailable, Writer
from runtime.delivery.records import Outgoing
from runtime.identity.token_keys import Certified
from runtime.identity.tokens import Principal, issue
from runtime.process.settings import Settings
from services.staff import wiring
from services.staff.adapters import argon2
from services.staff.ports import SignInAttempts
from tests.facts.values import COUNTY
from tests.harness import decoded
from tests.unit.intake.house import Wall

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def configurer(name: str, division: str = COUNTY) -> Principal:
    return Principal(name, "", division, "configurer")


LI, WANG = configurer("li.wei"), configurer("wang.fang")
INSTALLATION = configurer("installation", "43")


@dataclass
class SwitchedWriter:
    """A Kafka that can be silenced."""

    writer: Writer
    is_silent: bool = False

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        if self.is_silent:
            raise Unavailable("kafka: silent")
        await self.writer.publish(batch)


@dataclass
class ServedStaff:
    """What a test asks of staff."""

    platform: SharedPlatform
    client: httpx2.AsyncClient
    wall: Wall
    root: str
    root_public: str
    kafka: "SwitchedWriter"
    transport: httpx2.ASGITransport

    @property
    def attempts(self) -> SignInAttempts:
        return wiring.keeping_of(self.platform).attempts

    def published(self) -> Mapping[str, Certified]:
        """The certificates in the log, by key."""
        records = self.platform.log.of_topic("configuration")
        return {each.key: decoded(each, TokenKeyPublished).body for each in records}

    def silence(self) -> None:
        """From now on Kafka takes nothing."""
        self.kafka.is_silent = True

    async def call(self, method: str, path: str, who: Principal | None = None, **more: Any) -> httpx2.Response:
        """Signed with the installation's own key for ``who``, with an idempotency key of its own."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} | more.pop("headers", {})
        if who is not None:
            headers["Authorization"] = f"Bearer {issue(self.root, who, self.wall())}"
        return await self.client.request(method, f"/v1{path}", headers=headers, **more)

    async def propose(self, name: str, by: Principal = LI, **wanted: Any) -> httpx2.Response:
        body = {"role": "supervisor", "division": COUNTY} | wanted
        return await self.call("POST", f"/accounts/{name}/appointments", by, json=body)

    async def appoint(self, name: str, **wanted: Any) -> None:
        """Proposed by one, confirmed by another."""
        proposed = await self.propose(name, **wanted)
        assert proposed.status_code == 200, proposed.text
        path = f"/accounts/{name}/appointments/{proposed.json()['appointment']}/confirmation"
        confirmed = await self.call("POST", path, WANG)
        assert confirmed.status_code == 200, confirmed.text


@asynccontextmanager
async def house(patch: pytest.MonkeyPatch) -> AsyncIterator[ServedStaff]:
    secrets = made()
    for name, value in secrets.items():
        patch.setenv(name, value)
    patch.setattr(argon2, "PasswordHasher", lambda: QUICK)
    wall, stop = Wall(), asyncio.Event()
    platform = SharedPlatform(Settings(), Clock(wall=wall))
    platform.writer = kafka = SwitchedWriter(platform.writer)
    app = await wiring.api(platform)
    workers: list[Any] = await wiring.workers(platform)
    tasks = [asyncio.create_task(each.work(stop)) for each in workers]
    transport = httpx2.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=transport, base_url="http://s") as client:
        root = secrets["DUBAN_TOKEN_PRIVATE_KEY"], secrets["DUBAN_TOKEN_PUBLIC_KEY"]
        yield ServedStaff(platform, client, wall, *root, kafka, transport)
        stop.set()
        await asyncio.gather(*tasks)
