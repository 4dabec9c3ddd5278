"""The services' doors as the people use them: real HTTP, real tokens, an idempotency key for everything."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx2

from contracts.vocabulary import OF_A_UNIT
from deploy.local import plan
from deploy.local.settings import local
from runtime.identity.tokens import LIFETIME, Principal, issue
from simulation.people import Act, StageReached, Wish
from simulation.sample_matters import Matter

COUNTY = "431226"
TIMEOUT = 15.0  # seconds for one call
RENEW = LIFETIME / 2
CODE = re.compile(r"查询码 ?([0-9A-Z]{10})")
PATHS = {
    Act.ASSIGN: ("routing", "assignment"),
    Act.ACCEPT: ("routing", "acceptance"),
    Act.RETURN: ("routing", "return"),
    Act.PLAN: ("feedback", "plan"),
    Act.PROGRESS: ("feedback", "progress"),
    Act.CONTACT: ("feedback", "contact"),
    Act.COMPLETE: ("feedback", "completion"),
    Act.EVALUATE: ("feedback", "evaluation"),
    Act.LOOK_BACK: ("feedback", "look-back"),
    Act.REOPEN: ("feedback", "reopening"),
}


class Tokens:
    """Tokens of the development issuer, one per account, renewed in time."""

    def __init__(self, private_key: str, wall: Callable[[], datetime]) -> None:
        self._private, self._wall = private_key, wall
        self._issued: dict[tuple[str, str], tuple[datetime, str]] = {}  # with when it is renewed

    def of(self, role: str, unit: str = "") -> str:
        """A token for somebody of ``role`` in the county; units bring their code."""
        now = self._wall()
        renewed_at, token = self._issued.get((role, unit), (now, ""))
        if now >= renewed_at:
            principal = Principal(f"demo.{role}.{unit or COUNTY}", unit, COUNTY, role)
            token = issue(self._private, principal, now)
            self._issued[role, unit] = now + RENEW, token
        return token


@dataclass(frozen=True, slots=True)
class HttpOffices:
    """Everything that can be asked for over HTTP."""

    client: httpx2.AsyncClient
    tokens: Tokens
    host: str = "127.0.0.1"

    def url(self, service: str, path: str) -> str:
        return f"http://{self.of(f'{service}-api')}:{plan.api_ports()[service]}{path}"

    def of(self, name: str) -> str:
        """The host of a process."""
        return self.host.format(name=name)

    async def is_ready(self, service: str) -> bool:
        """Whether a service can do its work now."""
        try:
            return (await self.client.get(self.url(service, "/ready"))).is_success
        except httpx2.HTTPError:
            return False

    async def register(self, matter: Matter, key: uuid.UUID) -> Mapping[str, Any]:
        """登记 at the public door; by a clerk what is told on the telephone, and what several bring in together.

        Raises httpx2.HTTPError.
        """
        headers = {"Idempotency-Key": str(key)}
        if matter.on_behalf or matter.co_reporters:
            headers |= self._signed("clerk")
        answer = await self.client.post(self.url("intake", "/v1/submissions"), json=matter.sent(), headers=headers)
        answer.raise_for_status()
        receipt: Mapping[str, Any] = answer.json()
        return receipt

    async def ask(self, seen: StageReached, wish: Wish, now: datetime, code: str = "") -> httpx2.Response:
        """Put a wish before the service that decides it. Raises httpx2.HTTPError."""
        service, path = PATHS[wish.act]
        key = f"demo.{seen.ticket}.{wish.act}.{seen.stage}.{seen.nth}.{wish.voter}"
        headers = {"Idempotency-Key": key, "Query-Code": code} if code else {"Idempotency-Key": key}
        if wish.role != "reporter":
            headers |= self._signed(wish.role, wish.unit if wish.role in OF_A_UNIT else "")
        url = self.url(service, f"/v1/tickets/{seen.ticket}/{path}")
        return await self.client.post(url, json=body_of(wish, now), headers=headers)

    async def get(self, service: str, path: str, role: str, **query: Any) -> Any:
        """What a service shows to somebody of ``role``. Raises httpx2.HTTPError."""
        answer = await self.client.get(self.url(service, path), params=query, headers=self._signed(role))
        answer.raise_for_status()
        return answer.json()

    async def standard(self, number: str, unit: str) -> str:
        """The first standard that a unit may choose for a matter; "" while there is none. Raises httpx2.HTTPError."""
        url = self.url("routing", f"/v1/tickets/{number}/standards")
        answer = await self.client.get(url, headers=self._signed("unit", unit))
        shown: list[Mapping[str, Any]] = answer.json() if answer.is_success else []
        return str(shown[0]["code"]) if shown else ""

    async def story(self, number: str, code: str) -> list[Mapping[str, Any]]:
        """A ticket's story as its reporter reads it. Raises httpx2.HTTPError."""
        answer = await self.client.get(self.url("portal", f"/v1/tickets/{number}"), headers={"Query-Code": code})
        answer.raise_for_status()
        told: list[Mapping[str, Any]] = answer.json()["story"]
        return told

    async def code_by_sms(self, phone: str, number: str) -> str:
        """The query code that was sent to a phone for a ticket; "" when there is none. Raises httpx2.HTTPError."""
        answer = await self.client.get(f"http://{self.of('sms-gateway')}:{local().sms_port}/inbox/{phone}")
        texts: list[str] = answer.json()["texts"] if answer.is_success else []
        return next((code for text in reversed(texts) if (code := code_in(text, number))), "")

    def _signed(self, role: str, unit: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens.of(role, unit)}"}


def code_in(text: str, number: str) -> str:
    """The query code in an SMS about a ticket, however the number is grouped; "" when it is about another."""
    found = CODE.search(text)
    return found[1] if found and number in text.replace(" ", "") else ""


def body_of(wish: Wish, now: datetime) -> dict[str, Any]:
    """What is sent for a wish at the domain instant ``now``."""
    match wish.act:
        case Act.ASSIGN:
            return {"unit": wish.unit, "category": wish.category, "reason": wish.words}
        case Act.ACCEPT:
            return {"standard": wish.standard}
        case Act.RETURN:
            return {"ground": wish.ground, "explanation": wish.words}
        case Act.REOPEN:
            return {"reason": wish.ground}
        case Act.EVALUATE | Act.LOOK_BACK:
            said = {"grade": wish.grade, "solved": wish.solved, "words": wish.words}
            return said if wish.act is Act.EVALUATE else said | {"method": "phone"}
        case _:
            return _work(wish, now)


def _work(wish: Wish, now: datetime) -> dict[str, Any]:
    if wish.act is Act.CONTACT:
        return {"method": "phone", "reached": wish.solved}
    if wish.act is Act.PROGRESS:
        return {"text": wish.words}
    if wish.act is Act.COMPLETE:
        photo = sha256(f"{wish.unit}/{now.isoformat()}/{wish.words}".encode()).hexdigest()
        return {"explanation": wish.words, "evidence": [{"kind": "photos", "digest": photo, "dated": now.isoformat()}]}
    due = (now + timedelta(days=5)).isoformat()
    return {"mode": "within_limit", "measures": [{"text": wish.words, "person": "演示经办人", "due": due}]}
