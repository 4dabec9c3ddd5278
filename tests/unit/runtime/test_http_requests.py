"""Requests over HTTP: how an earlier one stands, and a key that comes back with another body."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from contracts.envelope import Actor, Body, Kind, Message
from contracts.messages.routing import AcceptTicket
from runtime.change import Change, Keep, Result
from runtime.delivery.ports import Unavailable
from runtime.delivery.service import Service
from runtime.http.problems import Refusal
from runtime.http.requests import PENDING_FOR, StandingRequest, seconds
from tests.facts.routing import accept_ticket
from tests.harness import TICKET, Stage

UNIT = Actor(role="unit", principal="staff:somebody")
KEY = "a-key-of-a-test"


@dataclass(frozen=True, slots=True)
class DecidedRequests:
    """How many requests were decided."""

    decided: int = 0


def accepting(document: DecidedRequests | None, message: Message[Any], _now: Any) -> Result[DecidedRequests]:
    if message.body.standard == "later":
        return Keep()
    return Change(DecidedRequests((document or DecidedRequests()).decided + 1))


class StagedRequestDesk:
    """A service on a stage, and the desk of its API."""

    def __init__(self) -> None:
        self.stage = Stage(
            Service(name="routing", says="tickets", document=DecidedRequests, reacts={AcceptTicket: accepting})
        )
        self.desk = self.stage.request_desk()

    def request(self, standard: str, key: str = KEY, sent: bytes | None = None) -> Message[Body]:
        body = accept_ticket(standard=standard)
        return self.desk.request(TICKET, body, UNIT, key, sent=standard.encode() if sent is None else sent)

    async def put(self, standard: str, **more: Any) -> Message[Body]:
        request = self.request(standard, **more)
        await self.desk.put([request])
        await self.stage.run()
        return request

    async def stands(self, request: Message[Body], at: int | None = None) -> StandingRequest:
        return await self.desk.asked(TICKET, request.id, seconds(request) if at is None else at)

    def requests(self) -> int:
        return sum(
            dict(each.headers)["ce_kind"] == Kind.REQUEST.encode() for each in self.stage.log.of_topic("tickets")
        )


@pytest.fixture
async def office() -> StagedRequestDesk:
    """With a matter that is known."""
    made = StagedRequestDesk()
    await made.put("first", key="the-first-of-all")
    return made


async def code_of(asking: Any) -> tuple[int, str]:
    with pytest.raises(Refusal) as refused:
        await asking
    return refused.value.status, refused.value.type


async def test_a_decided_request_is_known_whenever_it_was(office: StagedRequestDesk) -> None:
    request = await office.put("WTR-01")
    office.stage.pass_time(PENDING_FOR * 2)
    for at in (0, seconds(request)):
        assert (await office.stands(request, at)).decided is not None


async def test_what_was_decided_or_waits_here_is_known_and_nothing_else(office: StagedRequestDesk) -> None:
    requests = [await office.put("WTR-01"), await office.put("later", key="another"), office.request("x", key="third")]
    assert [await office.desk.is_known(TICKET, each.id) for each in requests] == [True, True, False]
    assert not await office.desk.is_known("0" * 26, requests[0].id)


async def test_an_undecided_one_is_pending_for_a_day_and_then_unknown(office: StagedRequestDesk) -> None:
    request = office.request("WTR-01")
    assert (await office.stands(request)).decided is None
    office.stage.pass_time(PENDING_FOR - timedelta(seconds=1))
    assert (await office.stands(request)).at == seconds(request)
    office.stage.pass_time(timedelta(seconds=1))
    assert await code_of(office.stands(request)) == (404, "request_unknown")


async def test_one_that_waits_for_the_baton_is_pending_however_long(office: StagedRequestDesk) -> None:
    request = await office.put("later")
    office.stage.pass_time(PENDING_FOR * 9)
    assert (await office.stands(request)).decided is None


@pytest.mark.parametrize(
    "request_id", ["nothing", "", "0" * 31, "0" * 33, "0" * 35, "G" * 32, "0" * 32 + "\n", "０" * 32]
)
async def test_what_is_no_id_is_unknown_however_lately(office: StagedRequestDesk, request_id: str) -> None:
    now = int(office.stage.wall.timestamp())
    assert await code_of(office.desk.asked(TICKET, request_id, now)) == (404, "request_unknown")


@pytest.mark.parametrize("at", [0, 2**40])
async def test_an_id_that_never_was_is_unknown_unless_it_says_to_be_of_today(
    office: StagedRequestDesk, at: int
) -> None:
    assert await code_of(office.desk.asked(TICKET, "0" * 32, at)) == (404, "request_unknown")


@pytest.mark.parametrize("first", ["WTR-01", "later"])
async def test_the_same_key_with_another_body_is_refused_and_not_written(office: StagedRequestDesk, first: str) -> None:
    request, before = await office.put(first), office.requests()
    assert await code_of(office.put("ROD-01")) == (422, "other_body")
    assert office.requests() == before
    assert (await office.put(first)).id == request.id


async def test_of_a_bulk_with_one_such_key_nothing_is_written(office: StagedRequestDesk) -> None:
    await office.put("WTR-01")
    before = office.requests()
    assert await code_of(office.desk.put([office.request("x", key="another-key"), office.request("ROD-01")])) == (
        422,
        "other_body",
    )
    assert office.requests() == before


async def test_two_bodies_before_the_first_was_read_are_two_requests(office: StagedRequestDesk) -> None:
    for standard in ("WTR-01", "ROD-01", "WTR-01"):
        await office.desk.put([office.request(standard)])
    await office.stage.run()
    assert office.stage.document().decided == 3, "the first of all, and two"


async def test_the_id_says_little_of_the_body_and_nothing_without_the_key(office: StagedRequestDesk) -> None:
    ids = {office.request("WTR-01", key=f"a-key-{nth:04d}").id[-4:] for nth in range(50)}
    assert len(ids) > 40
    assert len(office.request("WTR-01").id) == 36
    assert len(office.request("WTR-01", sent=b"").id) == 32


async def test_while_the_database_is_away_a_request_is_written_all_the_same(
    office: StagedRequestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_tickets: Any) -> Any:
        raise Unavailable("mongodb: away")

    before = office.requests()
    monkeypatch.setattr(office.stage.store, "load", away)
    await office.desk.put([office.request("WTR-01")])
    assert office.requests() == before + 1


async def test_a_database_that_hangs_keeps_nobody_waiting_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    office = StagedRequestDesk()
    monkeypatch.setattr("runtime.http.requests.LAST_LOOK", 0.05)
    monkeypatch.setattr("runtime.http.requests.FIRST_LOOK", 0.0)

    async def hang(_tickets: object) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    monkeypatch.setattr(office.stage.store, "load", hang)
    asked = await asyncio.wait_for(office.desk.ask(office.request("GEN-01", sent=b"")), 5)
    assert asked.decided is None
