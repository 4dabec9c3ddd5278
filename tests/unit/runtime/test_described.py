"""What an API says of itself: every refusal as it is given, and what is not decided yet."""

from typing import Any

import httpx2
import jsonschema_rs
import pytest
from fastapi import Response
from pydantic import BaseModel

from runtime.http.app import IdempotencyKey, create_app
from runtime.http.described import PROBLEM, REFUSED


class WantedThing(BaseModel):
    wanted: int


async def always() -> bool:
    return True


@pytest.fixture
def app() -> Any:
    made = create_app("described", always)

    @made.post("/v1/wishes")
    async def wish(body: WantedThing, key: IdempotencyKey) -> Response:
        return Response(f"{body.wanted} {key}")

    @made.get("/v1/wishes/{name}")
    async def one(name: str) -> str:
        return name

    return made


def test_every_answer_is_named(app: Any) -> None:
    document = app.openapi()
    for path, method in (("/v1/wishes", "post"), ("/v1/wishes/{name}", "get")):
        said = document["paths"][path][method]["responses"]
        assert {str(each) for each in REFUSED} <= said.keys()
        assert all(list(said[str(each)]["content"]) == [PROBLEM] for each in REFUSED)
    assert "202" in document["paths"]["/v1/wishes"]["post"]["responses"], "the log decides it"
    assert "202" not in document["paths"]["/v1/wishes/{name}"]["get"]["responses"]


def test_a_page_tells_browsers_with_a_page_and_programs_with_the_problem(app: Any) -> None:
    app.post("/wishes")(lambda: None)
    said = app.openapi()["paths"]["/wishes"]["post"]["responses"]
    assert all(list(said[str(each)]["content"]) == [PROBLEM, "text/html"] for each in REFUSED)
    assert "303" in said, "the page to go on with"


def test_what_nobody_is_ever_given_is_not_named(app: Any) -> None:
    assert "HTTPValidationError" not in str(app.openapi())
    assert app.openapi() is app.openapi(), "made once"


async def test_a_refusal_is_as_it_is_described(app: Any) -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://api") as client:
        refused = await client.post("/v1/wishes", json={"wanted": "much"}, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.headers["content-type"]) == (422, PROBLEM)
    described = jsonschema_rs.validator_for(app.openapi()["components"]["schemas"]["Problem"])
    assert described.is_valid(refused.json())
    assert not described.is_valid({"detail": []}), "as FastAPI would say it"
