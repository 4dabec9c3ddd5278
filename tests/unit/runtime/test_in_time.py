"""An answer in time, whatever hangs; what has begun to answer goes on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from runtime.delivery.ports import Unavailable
from runtime.http import in_time
from runtime.http.app import create_app
from runtime.http.arrivals import note
from runtime.telemetry import metrics

WITHIN = 0.02  # seconds


async def always() -> bool:
    return True


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app("slow", always)
    app.state.answer_within = WITHIN
    _routes(app)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://slow") as client:
        yield client


def _routes(app: FastAPI) -> None:
    @app.get("/hangs")
    async def hangs() -> None:
        await asyncio.Event().wait()

    @app.post("/reads")
    async def reads(request: Request) -> None:
        await request.body()

    @app.get("/streams")
    async def streams() -> Response:
        async def parts() -> AsyncIterator[bytes]:
            for part in (b"a", b"b", b"c"):
                yield part
                await asyncio.sleep(WITHIN)

        return StreamingResponse(parts())

    @app.get("/gives-up")
    async def gives_up() -> None:
        raise TimeoutError


async def never_ends() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    "ask",
    [lambda client: client.get("/hangs"), lambda client: client.post("/reads", content=never_ends())],
    ids=["a store that hangs", "a body that does not come"],
)
async def test_who_would_wait_too_long_is_told_to_come_back(
    client: httpx2.AsyncClient, ask: Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]
) -> None:
    before = metrics.LATE._value.get()
    async with asyncio.timeout(5):
        answer = await ask(client)
    assert (answer.status_code, answer.json()["type"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert metrics.LATE._value.get() == before + 1


async def test_what_has_waited_too_long_for_its_turn_is_not_begun(client: httpx2.AsyncClient) -> None:
    scope: Any = {"type": "http", "app": SimpleNamespace(state=SimpleNamespace(), exception_handlers={}), "state": {}}
    note(scope["state"], asyncio.get_running_loop().time() - 2 * in_time.ANSWER_WITHIN, ())
    began, told = [], []

    async def app(*_: object) -> None:
        began.append(True)

    async def send(message: Any) -> None:
        told.append(message.get("status"))

    scope["app"].exception_handlers[Unavailable] = lambda *_: Response(status_code=503)
    await in_time.InTime(app)(scope, never_received, send)
    assert (began, told[0]) == ([], 503)


async def never_received() -> Any:
    await asyncio.Event().wait()


async def test_a_stream_that_has_begun_goes_on(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/streams")).text == "abc"


async def test_a_time_limit_of_ones_own_is_a_bug_as_before(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/gives-up")).status_code == 500
