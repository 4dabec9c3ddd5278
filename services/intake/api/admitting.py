"""Before the door: who is refused at once, before any work, and who never is: a key that was acknowledged."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from ipaddress import ip_address

import orjson
from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.identifiers import keyed
from runtime.clock import Stopwatch
from runtime.http.addresses import address_of
from runtime.http.admission import Admission, Entrance
from runtime.http.arrivals import waiting_in
from runtime.http.problems import RETRY_AFTER, Refusal
from runtime.http.quotas import KeptQuota, Quota
from services.intake import metrics
from services.intake.settings import DoorSettings

PATH = "/v1/submissions"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Knows = Callable[[str, str], Awaitable[bool]]
"""Whether what comes with these two headers, Authorization and Idempotency-Key, was acknowledged before."""


def overloaded() -> Refusal:
    """More are waiting than can be answered in time."""
    zh = "当前提交人数过多，请几秒后用同一编号重发，不会重复登记。"
    en = "Too many at once: send it again in a few seconds with the same key; nothing is done twice."
    return Refusal(503, "overloaded", zh, en, headers={"Retry-After": RETRY_AFTER})


class TooOften(Refusal):
    """Somebody comes more often than others should have to wait for. ``fields``: until when."""

    def __init__(self, code: str, zh: str, en: str, fields: Mapping[str, str]) -> None:
        super().__init__(429, code, zh, en, headers=dict(fields))


def _often_from_network(fields: Mapping[str, str]) -> TooOften:
    zh = "您所在的网络短时间内提交过多，请稍后用同一编号重发。"
    en = "Too many from your network within a minute: send it again later with the same key."
    return TooOften("too_many_from_network", zh, en, fields)


def _often_with_phone(fields: Mapping[str, str]) -> TooOften:
    zh = "这个手机号一小时内提交过多，请稍后用同一编号重发；同一事项可补充，不必再次登记。"
    en = "Too many with this phone number within an hour: send it later with the same key, or add to a matter of yours."
    return TooOften("too_many_with_phone", zh, en, fields)


class Frequencies:
    """How often the public may come: by network, and by the keyed digest of a phone number.

    Whoever asks from this machine itself is not counted: a proxy that nobody named, or the operator.
    """

    def __init__(self, settings: DoorSettings, stopwatch: Stopwatch) -> None:
        self._secret = settings.body_secret.encode()
        self._networks = KeptQuota(Quota("network", settings.submissions_per_network, MINUTE), stopwatch)
        self._phones = KeptQuota(Quota("phone", settings.submissions_per_phone, HOUR), stopwatch)

    def too_often_from(self, address: str) -> TooOften | None:
        wait = None if _is_this_machine(address) else self._networks.wait(address)
        return None if wait is None else _often_from_network(self._networks.fields(wait))

    def too_often_with(self, phone: str, address: str) -> TooOften | None:
        if not phone or _is_this_machine(address):
            return None
        wait = self._phones.wait(keyed(self._secret, "phone of a submission", phone).hex())
        return None if wait is None else _often_with_phone(self._phones.fields(wait))


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class Admitting:
    """Around the application: submissions that are not let in never reach it."""

    def __init__(self, app: ASGIApp, admission: Admission, frequencies: Frequencies, knows: Knows) -> None:
        self._app, self._admission = app, admission
        self._frequencies, self._knows = frequencies, knows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
        elif (refusal := self._refusal(scope)) is not None and not await self._is_known(scope):
            metrics.NOT_LET_IN.labels(refusal.type).inc()
            await _answer(refusal)(scope, receive, send)
        else:
            await self._admitted(scope, receive, send)

    async def _admitted(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._admission.one(waiting_in(scope)) as entrance:
            metrics.UNDER_WAY.set(self._admission.under_way)
            await self._app(scope, receive, _noting(entrance, send))
        metrics.UNDER_WAY.set(self._admission.under_way)

    def _refusal(self, scope: Scope) -> Refusal | None:
        """Staff are not counted by their network: a telephone centre has one."""
        is_public = "authorization" not in Headers(scope=scope)
        too_often = self._frequencies.too_often_from(address_of(Request(scope))) if is_public else None
        return too_often or (overloaded() if self._admission.is_full(waiting_in(scope)) else None)

    async def _is_known(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        return await self._knows(headers.get("authorization", ""), headers.get("idempotency-key", ""))


def _noting(entrance: Entrance, send: Send) -> Send:
    """A ``send`` that notes whether the answer is one: at a busy door an error says nothing about its pace."""

    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            entrance.is_answered = message["status"] < 500
        await send(message)

    return noted


def _answer(refusal: Refusal) -> Response:
    body = orjson.dumps(refusal.marshal())
    return Response(body, refusal.status, refusal.headers, "application/problem+json")
