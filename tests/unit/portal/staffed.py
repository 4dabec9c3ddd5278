"""The desk over services that answer as a test says; one application for all tests, for its pages take long to make."""

import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import httpx2
import orjson
from fastapi import FastAPI

from contracts.lifecycle import TicketState
from runtime.http.app import create_app
from services.portal.pages.app import add_pages
from services.portal.pages.services import Services
from services.portal.pages.sign_in.cookie import COOKIE
from services.portal.reading.ticket.offers import offers
from services.portal.site import Site
from tests.pages import edge
from tests.unit.portal.test_follow import NUMBER, TICKET
from tests.unit.portal.tickets import NOON

SECRET, OTHER_SECRET = "a" * 43, "b" * 43
ASKED = "http://feedback/v1/tickets/x/requests/" + "c" * 36 + "?asked=7"
NEVER = "<script>alert(1)</script>\"'&{{7*7}}"
OF_STAFF = TICKET | {"voters": 2, "supplements": 0, "title": NEVER, "content": NEVER, "place": NEVER, "ordered": False}
LINE = OF_STAFF | {
    "work": {"kind": "handle", "rank": 1, "at": (NOON + timedelta(hours=3)).isoformat()},
    "due": (NOON + timedelta(hours=3)).isoformat(),
    "reworks": 0,
}
CLOCK: dict[str, Any] = {
    "id": "c1",
    "kind": "complete_by",
    "light": "green",
    "due": NOON.isoformat(),
    "stopped": None,
    "more": [],
}
STANDARD = {"code": "WTR-01", "name_zh": "供水抢修", "name_en": "Water", "limit": 1440, "limit_unit": "minutes"}
Answer = Callable[[httpx2.Request], httpx2.Response]


def token_for(role: str, unit: str = "431226-GS") -> str:
    """What staff would give: the pages read in it whom it is for, and verify nothing."""
    claims = orjson.dumps({"sub": "zhao.li", "role": role, "unit": unit, "division": "431226"})
    return f"x.{urlsafe_b64encode(claims).decode().rstrip('=')}.x"


def accepted(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"request": "c" * 36, "status": "accepted"})


@dataclass
class StaffedDesk:
    """The pages over services that answer as the test says. ``sent``: the requests that came to decide something."""

    client: httpx2.AsyncClient
    role: str = "unit"
    state: TicketState = TicketState.IN_HAND
    ended: bool = False
    decides: Answer = accepted
    outcome: Answer = accepted
    told: dict[str, Any] = field(default_factory=dict)
    sent: list[httpx2.Request] = field(default_factory=list)
    asked: list[httpx2.Request] = field(default_factory=list)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "staff":
            return self._token(request)
        if request.headers["Authorization"] != f"Bearer {token_for(self.role)}":
            return httpx2.Response(401, json={"type": "token_refused", "zh": "请登录", "en": "sign in"})
        if request.method == "POST":
            self.sent.append(request)
            return self.decides(request)
        self.asked.append(request)
        return self.outcome(request) if "/requests/" in request.url.path else self._read(request)

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        if self.ended or request.headers["Session"] not in (SECRET, OTHER_SECRET):
            return httpx2.Response(401, json={"type": "session_ended", "zh": "失效", "en": "ended"})
        return httpx2.Response(200, json={"token": token_for(self.role), "until": NOON.isoformat()})

    def _read(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        found = offers(NUMBER, self.state, self.role, is_confirmed=True)
        answers: dict[str, Any] = {
            "/v1/inbox": {"now": NOON.isoformat(), "office": "unit", "more": False, "tickets": [LINE]},
            "/v1/reviews": {"reviews": []},
            "/v1/checks": {"checks": []},
            "/v1/units": [],
            "/v1/categories": [],
            f"/v1/tickets/{NUMBER}": OF_STAFF | {"state": self.state.value},
            f"/v1/tickets/{NUMBER}/actions": {
                "now": NOON.isoformat(),
                "actions": [asdict(each) for each in found],
            },
            f"/v1/tickets/{NUMBER}/clocks": {"number": NUMBER, "at": NOON.isoformat(), "clocks": [CLOCK]},
            f"/v1/tickets/{NUMBER}/deliveries": [],
            f"/v1/tickets/{NUMBER}/standards": [STANDARD],
            "/v1/standards/WTR-01/preview": {"due": NOON.isoformat()},
        } | self.told
        told = answers[path]
        return told if isinstance(told, httpx2.Response) else httpx2.Response(200, json=told)

    async def form(self, act: str) -> dict[str, str]:
        """The hidden fields of a form as it is served."""
        page = (await self.client.get(f"/desk/{NUMBER}/{act}")).text
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))

    async def send(self, act: str, sent: dict[str, str], site: str = "") -> httpx2.Response:
        """Send a form; ``site``: what the browser says of the page that it stood on."""
        headers = {"Sec-Fetch-Site": site} if site else None
        return await self.client.post(f"/desk/{NUMBER}/{act}", data=sent, headers=headers)


async def _ready() -> bool:
    return True


DESKS: list[StaffedDesk] = []
"""The desk of the test that runs."""


@cache
def served() -> FastAPI:
    """The pages, whatever desk of a test stands behind them."""
    app = create_app("pages", _ready)
    services = Services(httpx2.MockTransport(lambda request: DESKS[-1].answer(request)))
    add_pages(app, Site(place_zh="麻阳", place_en="Mayang"), services, edge(lambda: NOON))
    return app


@asynccontextmanager
async def staffed() -> AsyncIterator[StaffedDesk]:
    """A desk at which somebody of a unit is signed in."""
    transport, cookies = httpx2.ASGITransport(served()), {COOKIE: SECRET}
    async with httpx2.AsyncClient(transport=transport, base_url="https://portal", cookies=cookies) as client:
        DESKS.append(StaffedDesk(client))
        yield DESKS[-1]
        DESKS.pop()
