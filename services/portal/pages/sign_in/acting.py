"""Who of staff is at work in this browser: a token of five minutes for the chosen appointment, asked for page by page.

The session stays with staff; what the token says of its bearer is shown, and whether it holds, each service says.
"""

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass

import orjson
from fastapi import Request

from services.portal.pages.services import Answered, Asked, Json, ServiceRefused, Services
from services.portal.pages.sign_in import cookie

SECRET = re.compile(r"[A-Za-z0-9_-]{20,100}")
NOT_ACTING = (401, 409)
"""The session has ended; or no appointment is chosen, or the chosen one does not hold."""


@dataclass(frozen=True, slots=True)
class ActingStaff:
    """The APIs as somebody of staff may ask them. ``word``: what the forms of the session carry."""

    services: Services
    token: str
    word: str
    account: str
    role: str
    unit: str
    division: str
    address: str

    @property
    def proof(self) -> dict[str, str]:
        """What every service asks for."""
        return {"Authorization": f"Bearer {self.token}"}

    async def ask(self, service: str, path: str, asked: Asked = ()) -> Answered:
        """What a service answers. Raises ServiceRefused."""
        return await self.services.ask(service, path, asked, headers=self.proof, address=self.address)

    async def text(self, service: str, path: str, asked: Asked = ()) -> bytes:
        """What a service answers to be saved as it is, a table. Raises ServiceRefused."""
        return await self.services.text(service, path, asked, headers=self.proof, address=self.address)

    async def send(self, service: str, path: str, body: Json, key: str) -> Answered:
        """Send a request under its key. Raises ServiceRefused."""
        headers = self.proof | {"Idempotency-Key": key}
        return await self.services.post(service, path, body, headers=headers, address=self.address)


async def acting(services: Services, request: Request, address: str) -> ActingStaff | None:
    """Whoever acts by the session of this browser; None: nobody does. Raises ServiceRefused: 503."""
    secret = cookie.secret_of(request)
    if not SECRET.fullmatch(secret):
        return None
    headers = {"Session": secret}
    try:
        told = (await services.post("staff", "/v1/sessions/token", None, headers=headers, address=address)).json
    except ServiceRefused as why:
        if why.status in NOT_ACTING:
            return None
        raise
    who = _said_in(told["token"])
    account, role, unit, division = (str(who.get(name, "")) for name in ("sub", "role", "unit", "division"))
    word = cookie.word_of(secret)
    return ActingStaff(services, told["token"], word, account, role, unit, division, address)


def _said_in(token: str) -> Json:
    """The claims of a token that staff has just given."""
    claims = token.split(".")[1]
    said: Json = orjson.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    return said
