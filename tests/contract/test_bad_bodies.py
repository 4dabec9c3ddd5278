"""Every route of every API that takes a body: what is no proper JSON is refused in words, nothing reaches the log."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import orjson
import pytest
from fastapi.routing import APIRoute

from contracts.topics import SERVICES
from deploy.local.secrets import made
from runtime.bodies import BODY_LIMIT
from runtime.clock import Clock
from runtime.platform import InMemoryPlatform
from runtime.settings import Settings
from services.commands.serve import wiring_of

HEADERS = {"Content-Type": "application/json", "Idempotency-Key": "12345678-0000-4000-8000-000000000000"}
BAD = {
    "no JSON": (b"{", 422, [""]),
    "empty": (b"", 422, [""]),
    "not UTF-8": (b'{"a": "\xff\xfe"}', 422, [""]),
    "a lone surrogate": (b'{"a": "\\ud800"}', 422, [""]),
    "deep": (b"[" * 100_000 + b"]" * 100_000, 422, [""]),
    "deep inside": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 422, [""]),
    "not a number": (b'{"a": NaN}', 422, [""]),
    "NUL": (b'{"a": {"b": ["fine", "x\\u0000y"]}}', 422, ["/a/b/1"]),
    "NUL in a name": (b'{"a\\u0000": 1}', 422, [""]),
    "oversize": (b'{"a": "' + b"x" * BODY_LIMIT + b'"}', 413, []),
}
WRONG_TYPES = (b"[]", b'"words"', b"null", b"12", b'{"no_such_field": 1}')


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> InMemoryPlatform:
    for name, value in made().items():
        monkeypatch.setenv(name, value)
    return InMemoryPlatform(Settings(), Clock())


@pytest.fixture(params=SERVICES)
async def app(request: pytest.FixtureRequest, platform: InMemoryPlatform) -> Any:
    return await wiring_of(request.param).api(platform)


@pytest.fixture
async def client(app: Any) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://api", headers=HEADERS) as made_client:
        yield made_client


def paths_with_bodies(app: Any) -> list[str]:
    routes = [each for each in app.routes if isinstance(each, APIRoute) and each.body_field is not None]
    return [each.path.replace("{number}", "4312260123456789ABC").replace("{reference}", "0" * 24) for each in routes]


@pytest.mark.parametrize("kind", BAD)
async def test_what_is_no_proper_json_is_named_with_its_place_and_its_remedy(
    app: Any, client: httpx2.AsyncClient, platform: InMemoryPlatform, kind: str
) -> None:
    content, status, pointers = BAD[kind]
    for path in paths_with_bodies(app):
        answer = await client.post(path, content=content)
        problem = answer.json()
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), path
        assert (bool(problem["zh"]), problem["en"].isascii()) == (True, True)
        assert [each["pointer"] for each in problem.get("errors", [])] == pointers
        assert all(each["zh"] and each["en"] for each in problem.get("errors", []))
    assert not any(platform.log.records.values())


@pytest.mark.parametrize("content", WRONG_TYPES)
async def test_a_body_of_the_wrong_form_is_refused_before_anything_is_asked(
    app: Any, client: httpx2.AsyncClient, platform: InMemoryPlatform, content: bytes
) -> None:
    for path in paths_with_bodies(app):
        answer = await client.post(path, content=content)
        assert answer.status_code in (401, 422), path
        assert orjson.loads(answer.content)["zh"]
    assert not any(platform.log.records.values())


async def test_a_body_in_pieces_without_a_length_stops_at_the_limit(app: Any, client: httpx2.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 1024 + 2):
            yield b"x" * 1024

    for path in paths_with_bodies(app):
        assert (await client.post(path, content=pieces())).status_code == 413


def test_there_are_routes_to_look_at(app: Any) -> None:
    takes_bodies = {"duban routing", "duban notify", "duban feedback"}
    assert bool(paths_with_bodies(app)) == (app.title in takes_bodies)
