"""G5: an API that needs its database says so while that is silent; intake's door needs Kafka alone."""

import asyncio
from typing import Any

import httpx2
import pytest

from cli.serve import wiring_of
from deploy.local.secrets import made
from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from runtime.http import readiness
from runtime.memory.store import InMemoryStore
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings

NEED_THEIR_DATABASE = ("routing", "sla", "notify", "feedback")


async def away(_store: object) -> str:
    raise Unavailable("mongodb: away")


async def hangs(_store: object) -> str:
    await asyncio.Event().wait()
    return ""


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> InMemoryPlatform:
    for name, value in made().items():
        monkeypatch.setenv(name, value)
    return InMemoryPlatform(Settings(), Clock())


async def readies(app: Any) -> int:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://api") as client:
        assert (await client.get("/live")).status_code == 200, "alive all the same"
        return (await client.get("/ready")).status_code


@pytest.mark.parametrize("service", NEED_THEIR_DATABASE)
@pytest.mark.parametrize("silence", [away, hangs])
async def test_without_its_database_an_api_is_alive_and_not_ready(
    platform: InMemoryPlatform, monkeypatch: pytest.MonkeyPatch, service: str, silence: Any
) -> None:
    monkeypatch.setattr(readiness, "WITHIN", 0.01)
    app = await wiring_of(service).api(platform)
    assert await readies(app) == 200
    monkeypatch.setattr(InMemoryStore, "held", silence)
    assert await readies(app) == 503


async def test_intakes_door_is_ready_when_there_is_a_day_key_whatever_the_database_does(
    platform: InMemoryPlatform,
) -> None:
    assert await readies(await wiring_of("intake").api(platform)) == 503
