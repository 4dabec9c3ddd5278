"""Before the door: refused at once are what cannot be answered in time and what comes too often, never a known key."""

import asyncio
import uuid
from typing import Any

import pytest

from runtime.http import admission
from runtime.http.addresses import networks
from runtime.identity.tokens import Principal
from services.intake.api import registering
from tests.unit.intake.house import CLEAR, ServedIntake, StuckWriter, house

CLERK = Principal("operator.seven", "U1", "431226", "clerk")
HOST, OTHER_HOST = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "198.51.100.7"}


def behind_a_proxy(intake: ServedIntake) -> ServedIntake:
    """The test is a proxy that is believed."""
    intake.app.state.trusted_proxies = networks("127.0.0.1")
    return intake


def with_phone(phone: str) -> dict[str, Any]:
    return CLEAR | {"reporter": {"phone": phone, "channel": "sms"}}


async def test_more_than_can_be_answered_in_time_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LEAST", 5)
    monkeypatch.setattr(admission, "FIRST_PACE", 1.0)
    monkeypatch.setenv("DUBAN_ANSWER_WITHIN", "0.5")
    async with house(monkeypatch, StuckWriter()) as stuck:
        answers = await asyncio.gather(*(stuck.submit() for _ in range(20)))
        counted = (await stuck.client.get("/metrics")).text
    kinds = [(each.status_code, each.json()["type"]) for each in answers]
    assert (kinds.count((503, "unavailable")), kinds.count((503, "overloaded"))) == (5, 15)
    assert {each.headers["Content-Type"] for each in answers} == {"application/problem+json"}
    assert all(int(each.headers["Retry-After"]) > 0 and "同一编号" in each.json()["zh"] for each in answers)
    assert 'intake_not_let_in_total{why="overloaded"}' in counted


async def test_a_key_that_was_acknowledged_is_let_in_at_a_full_door(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(monkeypatch, loop=False) as intake:
        remembered = await intake.submit(CLEAR, key := str(uuid.uuid4()))
        monkeypatch.setattr(admission, "LEAST", 0)
        monkeypatch.setattr(admission, "MOST", 0)
        assert [(await intake.submit(CLEAR, each)).status_code for each in (key, str(uuid.uuid4()))] == [201, 503]
        assert (await intake.submit(CLEAR, f'"{key.upper()}"')).json() == remembered.json()


async def test_a_key_that_another_replica_acknowledged_is_let_in_at_a_full_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registering, "ACKNOWLEDGED_KEPT", 0)
    async with house(monkeypatch) as intake:
        first = await intake.submit(CLEAR, key := str(uuid.uuid4()))
        await intake.until(lambda: intake.store.records)
        monkeypatch.setattr(admission, "LEAST", 0)
        monkeypatch.setattr(admission, "MOST", 0)
        assert (await intake.submit(CLEAR, key)).json() == first.json()


@pytest.fixture
async def narrow(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two a minute from a network, one an hour with a phone."""
    monkeypatch.setenv("DUBAN_SUBMISSIONS_PER_NETWORK", "2")
    monkeypatch.setenv("DUBAN_SUBMISSIONS_PER_PHONE", "1")
    async with house(monkeypatch) as intake:
        yield behind_a_proxy(intake)


async def test_one_network_waits_and_nobody_else_and_never_for_a_key_that_is_known(narrow: ServedIntake) -> None:
    key = str(uuid.uuid4())
    first = await narrow.submit(CLEAR, key, headers=HOST)
    taken = [(await narrow.submit(headers=HOST)).status_code for _ in range(3)]
    assert (first.status_code, taken) == (201, [201, 429, 429])
    refused = await narrow.submit(headers=HOST)
    assert refused.json()["type"] == "too_many_from_network"
    assert refused.headers["RateLimit-Policy"] == '"network";q=2;w=60'
    assert refused.headers["RateLimit"] == f'"network";r=0;t={refused.headers["Retry-After"]}'
    assert (await narrow.submit(CLEAR, key, headers=HOST)).json() == first.json()
    assert (await narrow.submit(headers=OTHER_HOST)).status_code == 201
    assert (await narrow.submit(CLEAR, "of-a-clerk", CLERK, headers=HOST)).status_code == 201


async def test_one_phone_waits_wherever_it_comes_from_and_never_for_a_key_that_is_known(narrow: ServedIntake) -> None:
    body, key = with_phone("13912345678"), str(uuid.uuid4())
    first = await narrow.submit(body, key, headers=HOST)
    again = await narrow.submit(body, headers=OTHER_HOST)
    assert (first.status_code, again.status_code, again.json()["type"]) == (201, 429, "too_many_with_phone")
    assert "13912345678" not in again.text
    assert (await narrow.submit(body, key, headers=HOST)).json() == first.json()
    assert (await narrow.submit(with_phone("13987654321"), headers=OTHER_HOST)).status_code == 201


async def test_whoever_asks_from_the_machine_itself_is_not_counted(narrow: ServedIntake) -> None:
    assert {(await narrow.submit(with_phone("13912345678"))).status_code for _ in range(5)} == {201}
