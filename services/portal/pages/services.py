"""What pages know of the rest of the system: its JSON APIs, asked with what the reader brings and nothing else.

In one process the API is called without a network (``within``); elsewhere by any other transport.
"""

from collections.abc import Sequence
from typing import Any

import httpx2
import orjson
from starlette.types import ASGIApp

from runtime.http.problems import Refusal, unavailable

BASE = "http://portal"
ADDRESS = "duban.address"
TIMEOUT = httpx2.Timeout(10)  # seconds
Json = dict[str, Any]
Asked = Sequence[tuple[str, str]]


class ServiceRefused(Refusal):
    """An API answered with a problem: its status, its code and its words are passed on."""

    def __init__(self, status: int, code: str, zh: str, en: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, code, zh, en, headers)
        self.code = code


class Services:
    """The APIs behind the pages."""

    def __init__(self, transport: httpx2.AsyncBaseTransport) -> None:
        self._transport = transport  # without a client around it: no cookies, redirects or environment, half the cost

    async def get(
        self, path: str, asked: Asked = (), *, headers: dict[str, str] | None = None, address: str = ""
    ) -> Any:
        """The JSON at ``path``, for a reader at ``address``. Raises ServiceRefused, or a 503 when nobody answers."""
        extensions = {ADDRESS: address, "timeout": TIMEOUT.as_dict()}
        request = httpx2.Request("GET", BASE + path, params=list(asked), headers=headers, extensions=extensions)
        try:
            answer = await self._transport.handle_async_request(request)
            await answer.aread()
        except httpx2.TransportError:
            raise unavailable() from None
        if answer.status_code != 200:
            raise _refused(answer)
        return orjson.loads(answer.content)


def within(app: ASGIApp) -> Services:
    """The API of this very process."""
    return Services(_InProcess(app))


class _InProcess(httpx2.AsyncBaseTransport):
    """Calls an application as the reader would: the peer that it sees is the reader's address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        peer = (str(request.extensions.get(ADDRESS, "")), 0)
        called = httpx2.ASGITransport(app=self._app, raise_app_exceptions=False, client=peer)
        return await called.handle_async_request(request)


def _refused(answer: httpx2.Response) -> ServiceRefused:
    """The problem that an API answered with."""
    try:
        told = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        told = None
    told = told if isinstance(told, dict) else {}
    code, zh, en = (str(told.get(name, "")) for name in ("type", "zh", "en"))
    kept = {name: answer.headers[name] for name in ("Retry-After",) if name in answer.headers}
    return ServiceRefused(answer.status_code, code, zh, en, kept or None)
