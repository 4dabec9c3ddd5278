"""What pages know of the rest of the system: its JSON APIs, asked with what the reader brings and nothing else.

The portal's own API is called without a network (``within``), another service's over HTTP; elsewhere by any transport.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson
from starlette.types import ASGIApp

from runtime.http.problems import Refusal, unavailable
from runtime.workers import Worker

PORTAL = "portal"
ADDRESS = "duban.address"
TIMEOUT = httpx2.Timeout(10)  # seconds: longer than an API waits for the outcome of a request
CONNECTIONS = httpx2.Limits(max_connections=100, max_keepalive_connections=20)
Json = dict[str, Any]
Asked = Sequence[tuple[str, str]]
Urls = Callable[[str], str]
"""From the name of a service to where its API stands."""
TAKEN = (200, 201, 202, 204)


class ServiceRefused(Refusal):
    """An API answered with a problem: its status, its code, its words and what it says of each field are passed on."""

    def __init__(
        self,
        status: int,
        code: str,
        zh: str,
        en: str,
        headers: dict[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(status, code, zh, en, headers)
        self.code, self.zh, self.en, self.errors = code, zh, en, errors


@dataclass(frozen=True, slots=True)
class Answered:
    """What a service answered to a request that it took; ``status``: 200, 201, or 202 while nobody has decided."""

    status: int
    json: Json

    @property
    def asked_at(self) -> str:
        """When a request was asked that nobody has decided yet: it is in the address to ask at; else "0"."""
        return str(self.json.get("ask", "")).partition("?asked=")[2] or "0"


class Services:
    """The APIs behind the pages."""

    def __init__(self, transport: httpx2.AsyncBaseTransport, urls: Urls = "http://{}".format) -> None:
        self._transport = transport  # without a client around it: no cookies, redirects or environment, half the cost
        self._urls = urls

    async def get(
        self, path: str, asked: Asked = (), *, headers: dict[str, str] | None = None, address: str = ""
    ) -> Any:
        """The portal's JSON at ``path``, for a reader at ``address``. Raises ServiceRefused, 503 if nobody answers."""
        return (await self.ask(PORTAL, path, asked, headers=headers, address=address)).json

    async def ask(
        self, service: str, path: str, asked: Asked = (), *, headers: dict[str, str] | None = None, address: str = ""
    ) -> Answered:
        """As ``get``, of any service, with the status of the answer."""
        return await self._asked("GET", self._urls(service) + path, address, params=list(asked), headers=headers)

    async def text(
        self, service: str, path: str, asked: Asked = (), *, headers: dict[str, str], address: str = ""
    ) -> bytes:
        """What is no JSON, as it came. Raises ServiceRefused, 503 when nobody answers."""
        url = self._urls(service) + path
        return (await self._taken("GET", url, address, params=list(asked), headers=headers)).content

    async def post(
        self, service: str, path: str, body: Json | None, *, headers: dict[str, str], address: str = ""
    ) -> Answered:
        """Send ``body``, or nothing where it is None. Raises ServiceRefused, 503 when nobody answers."""
        sent: dict[str, Any] = {} if body is None else {"json": body}
        return await self._asked("POST", self._urls(service) + path, address, headers=headers, **sent)

    async def delete(self, service: str, path: str, *, headers: dict[str, str], address: str = "") -> Answered:
        """Take away what stands at ``path``. Raises ServiceRefused, 503 when nobody answers."""
        return await self._asked("DELETE", self._urls(service) + path, address, headers=headers)

    def worker(self) -> Worker:
        """Closes the connections when the process ends."""

        async def until_the_end(stop: asyncio.Event) -> None:
            await stop.wait()
            await self._transport.aclose()

        return Worker("services", until_the_end)

    async def _asked(self, method: str, url: str, address: str, **sent: Any) -> Answered:
        answer = await self._taken(method, url, address, **sent)
        return Answered(answer.status_code, orjson.loads(answer.content or b"{}"))

    async def _taken(self, method: str, url: str, address: str, **sent: Any) -> httpx2.Response:
        extensions = {ADDRESS: address, "timeout": TIMEOUT.as_dict()}
        headers = (sent.pop("headers", None) or {}) | ({"X-Forwarded-For": address} if address else {})
        request = httpx2.Request(method, url, extensions=extensions, headers=headers, **sent)
        try:
            answer = await self._transport.handle_async_request(request)
            await answer.aread()
        except httpx2.TransportError:
            raise _silent() from None
        if answer.status_code not in TAKEN:
            raise _refused(answer)
        return answer


def within(app: ASGIApp, urls: Urls = "http://{}".format) -> Services:
    """The API of this very process, and those of other services at their ``urls``."""
    return Services(_Mixed(_InProcess(app), httpx2.AsyncHTTPTransport(limits=CONNECTIONS), urls(PORTAL)), urls)


class _Mixed(httpx2.AsyncBaseTransport):
    """Nothing of the portal goes over the network."""

    def __init__(self, own: "_InProcess", others: httpx2.AsyncBaseTransport, home: str) -> None:
        self._own, self._others, self._home = own, others, httpx2.URL(home).netloc

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        way = self._own if request.url.netloc == self._home else self._others
        return await way.handle_async_request(request)

    async def aclose(self) -> None:
        await self._others.aclose()


class _InProcess(httpx2.AsyncBaseTransport):
    """Calls an application as the reader would: the peer that it sees is the reader's address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        peer = (str(request.extensions.get(ADDRESS, "")), 0)
        called = httpx2.ASGITransport(app=self._app, raise_app_exceptions=False, client=peer)
        return await called.handle_async_request(request)


def _silent() -> ServiceRefused:
    """Nobody answers: as if the API had said so itself."""
    why = unavailable()
    return ServiceRefused(503, "unavailable", str(why.extras["zh"]), str(why.extras["en"]), dict(why.headers or {}))


def _refused(answer: httpx2.Response) -> ServiceRefused:
    """The problem that an API answered with."""
    try:
        told = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        told = None
    told = told if isinstance(told, dict) else {}
    code, zh, en = (str(told.get(name, "")) for name in ("type", "zh", "en"))
    kept = {name: answer.headers[name] for name in ("Retry-After",) if name in answer.headers}
    return ServiceRefused(answer.status_code, code, zh, en, kept or None, told.get("errors", ()))
