"""Intake's HTTP: what is taken, what is refused and how it is said, what a reporter may do later."""

import asyncio
import json
import uuid
from typing import Any

import pytest
from stdnum.iso7064 import mod_37_36

from contracts.envelope import decode, type_of
from contracts.messages.intake import SubmissionReceived, TicketRegistered
from runtime.delivery.ports import Unavailable
from runtime.identity.tokens import Principal
from services.intake.api.bodies import Submission
from services.intake.api.registering import BREAK_AFTER
from tests.unit.intake.house import CANARIES, CLEAR, WHOLE, FullWriter, ServedIntake, SilentWriter, StuckWriter, house

CLERK = Principal("operator.seven", "U1", "431226", "clerk")


async def test_a_submission_gets_a_number_and_a_code(intake: ServedIntake) -> None:
    answer = await intake.submit(WHOLE)
    assert answer.status_code == 201
    told = answer.json()
    assert told["number"].startswith("431226")
    assert mod_37_36.is_valid(told["number"])
    assert told["spoken"].replace(" ", "") == told["number"]
    assert len(told["query_code"]) == 10
    assert answer.headers["location"] == f"/v1/tickets/{told['number']}"


async def test_said_again_it_is_the_same_ticket(intake: ServedIntake) -> None:
    key = str(uuid.uuid4())
    answers = [(await intake.submit(WHOLE, key)).json() for _ in range(5)]
    assert answers.count(answers[0]) == 5
    reordered = dict(reversed(WHOLE.items()))
    assert (await intake.submit(reordered, key)).json() == answers[0]
    await intake.until(lambda: intake.store.records)
    assert len(intake.store.records) == 1


async def test_the_same_key_with_another_body_is_refused_once_the_first_is_known(intake: ServedIntake) -> None:
    key = str(uuid.uuid4())
    first = (await intake.submit(CLEAR, key)).json()
    await intake.until(lambda: intake.store.records)
    answer = await intake.submit(CLEAR | {"content": "另一件事，路灯不亮很久了。"}, key)
    assert answer.status_code == 422
    assert answer.json()["type"] == "other_body"
    assert first["query_code"] not in answer.text


async def test_the_door_comes_from_the_token_and_never_from_the_body(intake: ServedIntake) -> None:
    key = str(uuid.uuid4())
    public = (await intake.submit(CLEAR, key)).json()
    clerk = (await intake.submit(CLEAR, key, CLERK)).json()
    other = (await intake.submit(CLEAR, key, Principal("another", "", "431225", "clerk"))).json()
    assert len({public["number"], clerk["number"], other["number"]}) == 3
    assert other["number"].startswith("431225")
    channels = {_body(record).channel for record in intake.said()}
    assert channels == {"web", "operator"}


def _body(record: Any) -> SubmissionReceived:
    return decode(record.key, record.value, record.headers, SubmissionReceived).body


@pytest.mark.parametrize(
    ("key", "who", "status"),
    [
        ("not-a-uuid", None, 422),
        ("order-0001", CLERK, 201),
        ("k-1", CLERK, 201),
        ('"k-1"', CLERK, 201),
        ('""', CLERK, 422),
        ('"half', CLERK, 422),
        ("x" * 129, CLERK, 422),
        ("spaces are out", CLERK, 422),
        ("0190f5a4-8c4e-4b7e-9d1a-2f6c3b5a7e81", Principal("a", "", "431226", "auditor"), 403),
    ],
)
async def test_the_public_brings_a_uuid_and_staff_a_key_of_their_own(
    intake: ServedIntake, key: str, who: Principal | None, status: int
) -> None:
    assert (await intake.submit(CLEAR, key, who)).status_code == status


async def test_no_key_no_registration(intake: ServedIntake) -> None:
    answer = await intake.client.post("/v1/submissions", json=CLEAR)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.text


async def test_a_bad_token_is_refused_rather_than_taken_for_the_public(intake: ServedIntake) -> None:
    answer = await intake.submit(CLEAR, headers={"Authorization": "Bearer rubbish"})
    assert answer.status_code == 401
    assert not intake.said()


async def test_who_reports_is_sealed_before_it_reaches_any_topic(intake: ServedIntake) -> None:
    await intake.submit(WHOLE)
    await intake.until(lambda: intake.said("tickets"))
    everything = b"".join(
        record.value + b"".join(value for _, value in record.headers)
        for topic in ("submissions", "tickets", "configuration")
        for record in intake.said(topic)
    ).decode()
    metrics = (await intake.client.get("/metrics")).text
    for canary in (*CANARIES.values(), "金丝雀邻居", "金丝雀代办", "13987654321", CLEAR["content"]):
        assert canary not in everything
        assert canary not in metrics
        assert json.dumps(canary).strip('"') not in everything
    assert [type_of(record.headers) for record in intake.said("tickets")] == [TicketRegistered.__name__]


async def test_the_description_of_the_api_shows_the_bodies(intake: ServedIntake) -> None:
    described = (await intake.client.get("/openapi.json")).json()["paths"]["/v1/submissions"]["post"]
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["properties"]) == set(Submission.model_fields)
    assert "$ref" not in json.dumps(schema)


async def test_kafka_silent_is_503_with_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(monkeypatch, SilentWriter()) as silent:
        answer = await silent.submit()
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "同一编号" in answer.json()["zh"]


async def test_without_room_is_503_with_its_own_code_and_a_longer_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(monkeypatch, FullWriter()) as full:
        answer = await full.submit()
        counted = (await full.client.get("/metrics")).text
    assert (answer.status_code, answer.json()["type"]) == (503, "no_room")
    assert int(answer.headers["retry-after"]) >= 60
    assert "同一编号" in answer.json()["zh"]
    assert 'answer="no_room"' in counted or 'no_room"' in counted


async def test_behind_a_batch_that_is_not_acknowledged_nobody_waits_longer_than_is_promised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DUBAN_ANSWER_WITHIN", "0.05")
    async with house(monkeypatch, StuckWriter()) as stuck:
        answers = await asyncio.gather(*(stuck.submit() for _ in range(3)))
    assert {answer.status_code for answer in answers} == {503}


async def test_it_works_without_the_database_and_asks_it_again_only_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    async with house(monkeypatch, loop=False) as intake:

        async def away(tickets: Any) -> Any:
            asked.append(tickets)
            raise Unavailable("mongodb: away")

        monkeypatch.setattr(intake.store, "load", away)
        for _ in range(10):
            assert (await intake.submit()).status_code == 201
        assert len(asked) == BREAK_AFTER
        intake.wall.time = intake.wall.time.replace(minute=1)
        await intake.submit()
        assert len(asked) == BREAK_AFTER + 1


async def test_a_key_of_tomorrow_is_not_used_today(intake: ServedIntake) -> None:
    await intake.submit()
    assert {_body(record).day_key for record in intake.said()} == {"2026-03-02"}
    intake.wall.time = intake.wall.time.replace(day=3)
    await intake.submit()
    assert {_body(record).day_key for record in intake.said()} == {"2026-03-02", "2026-03-03"}
    intake.wall.time = intake.wall.time.replace(day=20)  # the loop was down for two weeks
    await intake.submit()
    assert sorted(_body(record).day_key for record in intake.said())[-1] == "2026-03-04"
