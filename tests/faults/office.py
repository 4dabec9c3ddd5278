"""A unit's own system at the APIs: each command is sent under one key until somebody has decided it."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2

from contracts.envelope import Message
from runtime.clock import system_wall
from runtime.identity.tokens import Principal, issue
from tests.acceptance.town import PRIVATE
from tests.faults.crew import Crew
from tests.faults.waiting import until

AT_ONCE = 16  # commands under way
A_DAY = timedelta(days=1)
GIVE_UP = 120.0  # seconds without a decision
UNDECIDED = (202, 404, 429, 500, 502, 503, 504)  # being decided, not known so far, or nobody answers just now


@dataclass
class UnitOffice:
    """Whatever a matter's unit wants of it. ``decided``: commands that were answered; ``unanswered``: attempts."""

    team: Crew
    decided: int = 0
    unanswered: int = 0
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def deals_with(self, assigned: Message[Any], now: Callable[[], datetime]) -> None:
        """受理, plan and completion of one matter, one after the other."""
        async with self._places, httpx2.AsyncClient(timeout=20, trust_env=False) as client:
            await self._accept(client, assigned)
            measure = {"text": "换灯泡，查线路。", "person": "张三", "due": (now() + A_DAY).isoformat()}
            await self.ask(client, "feedback", "plan", assigned, {"mode": "at_once", "measures": [measure]})
            photo = {"kind": "photos", "uri": "https://example.org/1.jpg", "dated": now().isoformat()}
            report = {"explanation": "路灯已修好，夜里已亮。", "evidence": [photo]}
            await self.ask(client, "feedback", "completion", assigned, report)

    async def accepts(self, assigned: Message[Any]) -> None:
        """受理, and nothing further for now."""
        async with self._places, httpx2.AsyncClient(timeout=20, trust_env=False) as client:
            await self._accept(client, assigned)

    async def contacts(self, assigned: Message[Any]) -> None:
        """A word with the reporters of what was accepted, for which there are hours."""
        async with self._places, httpx2.AsyncClient(timeout=20, trust_env=False) as client:
            await self.ask(client, "feedback", "contact", assigned, {"method": "phone", "reached": True})

    async def _accept(self, client: httpx2.AsyncClient, assigned: Message[Any]) -> None:
        """Under the first standard that fits."""
        standards = await self.ask(client, "routing", "standards", assigned)
        await self.ask(client, "routing", "acceptance", assigned, {"standard": standards[0]["code"]})

    async def ask(
        self,
        client: httpx2.AsyncClient,
        service: str,
        what: str,
        assigned: Message[Any],
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """What was decided. Fails when it is refused, or nobody decides in time."""
        url = self.team.url(service, f"/v1/tickets/{assigned.body.number}/{what}")
        headers = _headers(assigned.body.unit)
        answers = list[httpx2.Response]()

        async def is_decided() -> bool:
            answers.append(await self._attempt(client, url, headers, body))
            return answers[-1].status_code not in UNDECIDED

        await until(is_decided, f"nobody decides {what}", GIVE_UP)
        assert answers[-1].status_code == 200, f"{what}: {answers[-1].text}"
        self.decided += 1
        return answers[-1].json()

    async def _attempt(
        self, client: httpx2.AsyncClient, url: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> httpx2.Response:
        """503 where nobody answers: it is dead, and the same key is safe to send again."""
        try:
            return await client.request("GET" if body is None else "POST", url, headers=headers, json=body)
        except httpx2.HTTPError:
            self.unanswered += 1
            return httpx2.Response(503)


def _headers(unit: str) -> Mapping[str, str]:
    who = Principal(f"clerk-of-{unit}", unit, unit.partition("-")[0].removesuffix("00"), "unit")
    return {"Authorization": f"Bearer {issue(PRIVATE, who, system_wall())}", "Idempotency-Key": str(uuid.uuid4())}
