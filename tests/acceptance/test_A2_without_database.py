"""A2 A door answers from Kafka alone: with MongoDB away, also at its start, nothing that was promised is lost."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from runtime.process.platform import RealPlatform
from runtime.process.settings import Settings, load
from services.intake import wiring
from tests.acceptance.town import RunningSystem

NOWHERE = "mongodb://127.0.0.1:9/?replicaSet=rs0"  # the discard port: nobody listens
BODY: dict[str, Any] = {"title": "井盖破损", "content": "麻阳县高村镇人民路井盖破了，请更换。", "place": "高村镇"}


@pytest.fixture
async def door(town: RunningSystem) -> AsyncIterator[httpx2.AsyncClient]:
    """Intake's API, started without a database, on the town's Kafka."""
    settings = load(Settings).model_copy(update={"mongodb_uri": NOWHERE})
    platform = RealPlatform(settings, "intake", town.clock, alone=True)
    app = await wiring.api(platform)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://intake") as client,
    ):

        async def ready() -> bool:
            return (await client.get("/ready")).status_code == 200

        await town.eventually(ready, what="the door without a database")
        yield client
    await platform.stop()


async def test_A2_submissions_are_taken_and_become_tickets(town: RunningSystem, door: httpx2.AsyncClient) -> None:
    began = time.monotonic()
    answers = await asyncio.gather(
        *(door.post("/v1/submissions", json=BODY, headers={"Idempotency-Key": str(uuid.uuid4())}) for _ in range(50))
    )
    assert [answer.status_code for answer in answers] == [201] * 50
    assert time.monotonic() - began < 5
    for answer in answers:
        await town.fact("TicketRegistered", answer.json()["number"])


async def test_A2_a_resend_gives_the_same_number_with_and_without_the_database(
    town: RunningSystem, door: httpx2.AsyncClient
) -> None:
    key = str(uuid.uuid4())
    without = await door.post("/v1/submissions", json=BODY, headers={"Idempotency-Key": key})
    await town.fact("TicketRegistered", without.json()["number"])
    with_it = await town.call("intake", "POST", "/v1/submissions", key=key, json=BODY)
    assert (with_it.status_code, with_it.json()) == (201, without.json())
    assert len(await town.facts("TicketRegistered", without.json()["number"])) == 1


async def test_A2_what_needs_the_database_says_so_and_when_to_come_again(
    door: httpx2.AsyncClient, town: RunningSystem
) -> None:
    receipt = await town.submit(**BODY)
    answer = await door.post(
        f"/v1/tickets/{receipt.number}/withdrawal",
        headers={"Idempotency-Key": str(uuid.uuid4()), "Query-Code": receipt.code},
    )
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
