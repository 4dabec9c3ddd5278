"""Each answer of an API is one that its OpenAPI document names: Schemathesis calls it, as all kinds of users."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contracts.topics import SERVICES
from runtime.http.described import DescribedApi
from runtime.identity.tokens import Principal
from tests.contract.matter import CONFIGURER, ITS_UNIT, SUPERVISOR, MatterInHand, matter

EXAMPLES = int(os.environ.get("DUBAN_EXAMPLES", "3"))  # an operation
PEOPLE = (None, SUPERVISOR, ITS_UNIT, CONFIGURER)
NAMED = [status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = "text/event-stream"


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[MatterInHand]:
    with pytest.MonkeyPatch.context() as patch:
        async with matter(patch) as made:
            yield made


@pytest.mark.parametrize("service", SERVICES)
async def test_an_api_answers_nothing_that_its_document_does_not_name(here: MatterInHand, service: str) -> None:
    loop = asyncio.get_running_loop()

    def ask(prepared: requests.PreparedRequest, who: Principal | None) -> httpx2.Response:
        here.forget_guesses()
        signed = {} if who is None else {"Authorization": here.signed(who)["Authorization"]}
        return asyncio.run_coroutine_threadsafe(_sent(here.clients[service], prepared, signed), loop).result(60)

    assert await asyncio.to_thread(lambda: list(undocumented(here.apps[service], ask))) == []


def test_an_answer_that_no_document_names_is_found() -> None:
    api = DescribedApi()
    api.get("/v1/teapots")(lambda: JSONResponse({}, 418))
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=api))
    found = list(undocumented(api, lambda prepared, _: asyncio.run(_sent(client, prepared, {}))))
    assert len(found) == 1
    assert "418" in found[0]


def undocumented(api: FastAPI, ask: Any) -> Iterator[str]:
    """What was answered outside the document, an operation after the other: its first complaint."""
    results: Iterable[Any] = schemathesis.openapi.from_dict(api.openapi()).get_all_operations()
    for operation in (result.ok() for result in results):
        if not _is_endless(operation):
            yield from _complaints(operation, ask)


def _complaints(operation: Any, ask: Any) -> Iterator[str]:
    @given(case=operation.as_strategy(), who=st.sampled_from(PEOPLE))
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    def every_answer_is_named(case: Any, who: Principal | None) -> None:
        case.validate_response(ask(_prepared(case), who), checks=NAMED)

    try:
        every_answer_is_named()
    except (Failure, FailureGroup) as found:
        yield f"{operation.label}: {found}"


def _prepared(case: Any) -> requests.PreparedRequest:
    try:
        return requests.Request(**case.as_transport_kwargs(base_url="http://api")).prepare()
    except (ValueError, UnicodeError):  # no client can send it
        assume(False)
        raise


async def _sent(
    client: httpx2.AsyncClient, prepared: requests.PreparedRequest, signed: dict[str, str]
) -> httpx2.Response:
    sent: dict[str, Any] = {"headers": dict(prepared.headers) | signed, "content": prepared.body}
    return await client.request(str(prepared.method), str(prepared.url), **sent)


def _is_endless(operation: Any) -> bool:
    """Whether the answer is a stream of events, which no caller sees the end of."""
    return any(ENDLESS in each.get("content", {}) for each in operation.definition.raw["responses"].values())
