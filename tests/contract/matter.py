"""One matter in hand in all services, and one account, in this process, and their APIs; the loops have stopped."""

import asyncio
import importlib
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from cli.in_memory import SharedPlatform
from cli.kinds import kinds
from contracts.envelope import type_of
from contracts.topics import SERVICES
from deploy.local.secrets import made
from runtime.clock import Clock
from runtime.delivery.records import Decided, Incoming, Record
from runtime.http import requests
from runtime.identity.tokens import Principal, issue
from runtime.memory.tried_codes import InMemoryTriedCodes
from runtime.process.configuration import publication
from runtime.process.platform import tried_codes_of
from runtime.process.settings import Settings
from services.feedback import wiring as feedback
from services.feedback.domain.draw.draws import Draw
from services.feedback.domain.plan.class_plans import ClassPlan, ClassPlanDraft, StatedMeasure, propose
from tests.facts.draws import announce_draw
from tests.facts.notify import channel_registered
from tests.harness import MONDAY

DRAW, CLASS = "0" * 16, "WTR.01"
COUNTY, UNIT, OTHER = "431226", "431226-GS", "431226-JY"
SENT = {"title": "自来水停水", "content": "兰里镇进村的自来水管坏了三天，没有水用，请尽快修好。", "division": COUNTY}
SUPERVISOR = Principal("supervisor", "", COUNTY, "supervisor")
ITS_UNIT = Principal("unit", UNIT, COUNTY, "unit")
CONFIGURER = Principal("configurer", "", COUNTY, "configurer")
APPOINTED = {"role": "supervisor", "division": COUNTY}
LOOKS = 1000  # 10 ms apart


@dataclass(frozen=True, slots=True)
class MatterInHand:
    """The matter, and whom to ask about it. ``reference``: of a message about it."""

    platform: SharedPlatform
    apps: Mapping[str, Any]
    clients: Mapping[str, httpx2.AsyncClient]
    private: str
    number: str
    code: str
    ticket: str = ""
    reference: str = ""

    def signed(self, who: Principal | None) -> dict[str, str]:
        """The headers of somebody of staff, or of the public, with a key of their own."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        if who is None:
            return key
        return key | {"Authorization": f"Bearer {issue(self.private, who, self.platform.clock.wall())}"}

    async def call(self, service: str, method: str, path: str, who: Principal | None, **more: Any) -> httpx2.Response:
        """Ask a service; ``path`` may be a route's template."""
        headers = self.signed(who) | more.pop("headers", {})
        return await self.clients[service].request(method, self.path(path), headers=headers, **more)

    def forget_guesses(self) -> None:
        """As if whoever showed wrong codes had waited."""
        tried = tried_codes_of(self.platform)
        assert isinstance(tried, InMemoryTriedCodes)
        tried._tries.clear()

    def written(self) -> int:
        """How many records are in the log."""
        return sum(map(len, self.platform.log.records.values()))

    def newest(self, kind: str) -> Incoming:
        """The last record of a type in the log."""
        records = [each for partition in self.platform.log.records.values() for each in partition]
        return [each for each in records if type_of(each.headers) == kind][-1]

    def document(self, service: str) -> Any:
        """The service's document of the matter; None before there is one."""
        records = self.platform.store(_wiring(service).of(self.platform)).records.values()
        return next((record.document for record in records if record.document), None)

    def change(self, service: str, **changed: Any) -> None:
        """Set fields of a service's document."""
        (record,) = self.platform.store(_wiring(service).of(self.platform)).records.values()
        document: Any = record.document
        record.document = replace(document, **changed)

    def decide(self, service: str, decided: Decided) -> None:
        """As if the service's loops had decided."""
        for kind in kinds():
            if kind.service == service:
                for record in self.platform.store(kind.of(self.platform)).records.values():
                    record.outcomes = (*record.outcomes, decided)

    def path(self, template: str) -> str:
        """A route's path to this matter."""
        places = {"number": self.number, "ticket": self.ticket, "reference": self.reference, "code": DRAW, "unit": UNIT}
        places |= {"category": CLASS, "clock": "c2", "more_time": "c2m1", "order": f"{self.number}-c1-1"}
        request = f"{'0' * 32}?asked={int(self.platform.clock.wall().timestamp())}"
        for place, value in (
            places | {"request": request, "year": "2026", "name": "li.wei", "appointment": "1", "replacement": "1"}
        ).items():
            template = template.replace(f"{{{place}}}", value)
        return template


@asynccontextmanager
async def matter(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MatterInHand]:
    """Registered, routed to a unit and accepted by it; whoever asks for more gets 202 at once, and it stays so."""
    secrets = made()
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(requests, "LAST_LOOK", 0.0)
    platform, stop = SharedPlatform(Settings(), Clock()), asyncio.Event()
    valid = channel_registered(expires=platform.clock.wall() + timedelta(days=300))
    platform.log.append(publication("channel/c1", valid, "notify", platform.clock))
    apps = {name: await _wiring(name).api(platform) for name in SERVICES}
    async with AsyncExitStack() as stack:
        for app in apps.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        tasks = [asyncio.create_task(each.work(stop)) for name in SERVICES for each in await _workers(name, platform)]
        clients = {name: await stack.enter_async_context(_client(app)) for name, app in apps.items()}
        made_matter = await _in_hand(platform, apps, clients, secrets["DUBAN_TOKEN_PRIVATE_KEY"])
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 20)
        _announce_draw(platform)
        _propose_class_plan(platform)
        yield made_matter


def _announce_draw(platform: SharedPlatform) -> None:
    """A draw over the county, closed, that waits for a value from outside."""
    key = f"draw/{DRAW}"
    draw = Draw(**dict(announce_draw()) | {"closes": MONDAY, "outside": "双色球", "is_closed": True})
    platform.store(feedback.affairs_of(platform)).records[key] = Record(key, 0, draw)


def _propose_class_plan(platform: SharedPlatform) -> None:
    """A class plan of the unit that waits for the supervision office."""
    key, draft = (
        f"plan/{UNIT}/{CLASS}",
        ClassPlanDraft(UNIT, COUNTY, CLASS, (StatedMeasure("换管", "班长", 2),), "", "d"),
    )
    plan = propose(None, draft)
    assert isinstance(plan, ClassPlan)
    platform.store(feedback.affairs_of(platform)).records[key] = Record(key, 0, plan)


def _wiring(name: str) -> Any:
    return importlib.import_module(f"services.{name}.wiring")


async def _workers(name: str, platform: SharedPlatform) -> Any:
    return await _wiring(name).workers(platform)


def _client(app: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://api")


async def _in_hand(platform: SharedPlatform, apps: Any, clients: Any, private: str) -> MatterInHand:
    found = MatterInHand(platform, apps, clients, private, "", "")
    await _until(lambda: _says_ready(found))
    answer = await found.call("intake", "POST", "/v1/submissions", None, json=SENT)
    found = MatterInHand(platform, apps, clients, private, answer.json()["number"], answer.json()["query_code"])
    await _until(lambda: _is_with_the_unit(found))
    await found.call("routing", "POST", "/v1/tickets/{number}/acceptance", ITS_UNIT, json={"standard": "WTR-01"})
    await found.call("staff", "POST", "/v1/accounts/{name}/appointments", CONFIGURER, json=APPOINTED)
    for name in SERVICES:
        await _until(lambda name=name: _is_there(found, name))  # type: ignore[misc]
    (ticket,) = platform.store(_wiring("intake").of(platform)).records
    reference = found.document("notify").items[-1].ref
    return MatterInHand(platform, apps, clients, private, found.number, found.code, ticket, reference)


async def _says_ready(found: MatterInHand) -> bool:
    return (await found.call("intake", "GET", "/ready", None)).status_code == 200


async def _is_there(found: MatterInHand, service: str) -> bool:
    return found.document(service) is not None


async def _is_with_the_unit(found: MatterInHand) -> bool:
    assignment = found.document("routing")
    return assignment is not None and assignment.unit == UNIT


async def _until(holds: Callable[[], Any]) -> None:
    for _ in range(LOOKS):
        if await holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not happen")
