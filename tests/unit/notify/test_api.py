"""Notify over HTTP: indices and never persons; nobody reads or resolves what is not theirs."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import time

import httpx2
import pytest

from contracts.identifiers import number_of
from contracts.vocabulary import OF_A_UNIT
from runtime.identity.tokens import READING_ROLES, Gate, Principal, issue, new_key_pair
from services.notify.api.app import build_app
from services.notify.api.signatures import ProviderKeys
from services.notify.ports import Weekdays
from tests.facts.values import NUMBER, UNIT
from tests.harness import MONDAY, TICKET
from tests.unit.notify.matters import FILER, Desktop, SilentMessenger, assigned, registered

PRIVATE, PUBLIC = new_key_pair()
DELIVERIES = f"/v1/tickets/{NUMBER}/deliveries"


@pytest.fixture
async def desk() -> Desktop:
    """One matter with a unit; the registration is unknown, for the provider was silent."""
    desk = Desktop()
    await desk.told(registered())
    desk.restarted(sms=SilentMessenger())
    await desk.deliver()
    desk.restarted()
    await desk.told(assigned())
    return desk


@pytest.fixture
async def client(desk: Desktop) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API."""
    async with served(desk) as there:
        yield there


@asynccontextmanager
async def served(desk: Desktop, monitored: Collection[str] = ()) -> AsyncIterator[httpx2.AsyncClient]:
    async def ready() -> bool:
        return True

    stage = desk.stage
    wall = stage.clock.wall
    app = build_app(desk.reporters(), Gate(PUBLIC, wall), ready, ProviderKeys(wall), monitored)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://notify") as there:
        yield there


def signed(role: str, division: str = "431226", unit: str = "") -> dict[str, str]:
    """The headers of somebody of staff."""
    token = issue(PRIVATE, Principal("somebody", unit, division, role), MONDAY)
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": "a-key-of-this-test"}


async def test_deliveries_are_indices_and_never_persons(client: httpx2.AsyncClient) -> None:
    answer = await client.get(DELIVERIES, headers=signed("supervisor"))
    assert [(each["audience"], each["person"], each["state"]) for each in answer.json()] == [
        ("reporter", 0, "unknown"),
        ("reporter", 0, "planned"),
        ("unit", 0, "planned"),
    ]
    assert FILER["phone"] not in answer.text
    assert FILER["code"] not in answer.text


@pytest.mark.parametrize("role", sorted(READING_ROLES))
@pytest.mark.parametrize(
    ("division", "unit", "inside"),
    [("431226", UNIT, True), ("4312", UNIT, True), ("431225", UNIT, False), ("431226", "431226-JY", False)],
)
async def test_nobody_sees_what_is_not_theirs(
    client: httpx2.AsyncClient, role: str, division: str, unit: str, inside: bool
) -> None:
    answer = await client.get(DELIVERIES, headers=signed(role, division, unit))
    allowed = inside or (role not in OF_A_UNIT and division == "431226")
    assert answer.status_code == (200 if allowed else 404)


@pytest.mark.parametrize(("division", "count"), [("431226", 1), ("43", 1), ("431225", 0), ("44", 0)])
async def test_the_unknown_are_listed_to_those_of_the_division(
    client: httpx2.AsyncClient, division: str, count: int
) -> None:
    answer = await client.get("/v1/deliveries/unknown", headers=signed("supervisor", division))
    assert (answer.status_code, len(answer.json())) == (200, count)


@pytest.mark.parametrize(
    ("headers", "status"),
    [(signed("unit", unit=UNIT), 403), (signed("auditor"), 403), (signed("supervisor", "431225"), 404), ({}, 401)],
)
async def test_nobody_else_resolves_a_delivery(
    client: httpx2.AsyncClient, desk: Desktop, headers: dict[str, str], status: int
) -> None:
    path = f"/v1/deliveries/{desk.stage.document().items[0].ref}/resolution"
    headers = {"Idempotency-Key": "a-key-of-this-test"} | headers
    answer = await client.post(path, headers=headers, json={"number": NUMBER, "outcome": "sent"})
    assert answer.status_code == status


async def test_a_digest_is_resolved_for_all_its_matters_at_once() -> None:
    desk, other = Desktop(Weekdays((time(9), time(14)))), f"X{TICKET[1:]}"
    desk.restarted(sms=SilentMessenger())
    await desk.told(assigned(), replace(assigned(number=number_of(other, "431226")), key=other, id="other"))
    await desk.deliver()
    states = [item.state for each in (TICKET, other) for item in desk.stage.document(each).items if item.digest]
    assert states == ["unknown"] * 2
    letter = next(item.letter for item in desk.stage.document().items if item.digest)
    async with served(desk) as client:
        path, found = f"/v1/deliveries/{letter}/resolution", {"number": NUMBER, "outcome": "sent"}
        asking = asyncio.create_task(client.post(path, headers=signed("supervisor"), json=found))
        while not asking.done():
            await desk.stage.run()
            await asyncio.sleep(0)
    assert (await asking).status_code == 200
    told = [item for each in (TICKET, other) for item in desk.stage.document(each).items if item.digest]
    assert [(item.state, item.channel) for item in told] == [("sent", "person")] * 2


async def test_a_number_that_is_none_is_said_to_be(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/v1/tickets/nonsense/deliveries", headers=signed("supervisor"))
    assert (answer.status_code, answer.json()["type"]) == (422, "number_malformed")


@pytest.mark.parametrize("key", ['"', "with a space", "ключ-ключ-ключ".encode(), "x" * 129])
async def test_a_key_has_the_form_that_all_services_take(
    client: httpx2.AsyncClient, desk: Desktop, key: str | bytes
) -> None:
    path = f"/v1/deliveries/{desk.stage.document().items[0].ref}/resolution"
    headers = signed("supervisor") | {"Idempotency-Key": key}
    answer = await client.post(path, headers=headers, json={"number": NUMBER, "outcome": "sent"})  # type: ignore[arg-type]
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (
        422,
        ["/header/Idempotency-Key"],
    )


async def test_the_whole_number_counts_and_not_only_its_middle(client: httpx2.AsyncClient) -> None:
    path = f"/v1/tickets/{number_of(TICKET, '431225')}/deliveries"
    assert (await client.get(path, headers=signed("supervisor", "43"))).status_code == 404


async def test_a_preview_says_what_this_installation_says(client: httpx2.AsyncClient) -> None:
    shown = (await client.get("/v1/templates")).json()["templates"]["registered"]["sms"]
    assert "‹number›" in shown["zh"]
    assert "‹site›" not in shown["zh"] + shown["en"]
