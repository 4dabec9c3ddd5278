"""Intake's HTTP: what is taken, what is refused and how it is said, what a reporter may do later."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from stdnum.iso7064 import mod_37_36

from contracts.envelope import decode, type_of
from contracts.facts import SubmissionReceived, TicketRegistered
from runtime.ports import Unavailable
from runtime.tokens import Principal
from services.intake.api import door
from services.intake.api.bodies import Submission
from services.intake.api.door import BREAK_AFTER
from tests.unit.intake.house import CANARIES, CLEAR, WHOLE, House, SilentWriter, StuckWriter, house

CLERK = Principal("operator.seven", "U1", "431226", "clerk")


async def test_a_submission_gets_a_number_and_a_code(intake: House) -> None:
    answer = await intake.submit(WHOLE)
    assert answer.status_code == 201
    told = answer.json()
    assert told["number"].startswith("431226")
    assert mod_37_36.is_valid(told["number"])
    assert told["spoken"].replace(" ", "") == told["number"]
    assert len(told["query_code"]) == 10
    assert answer.headers["location"] == f"/v1/tickets/{told['number']}"


async def test_said_again_it_is_the_same_ticket(intake: House) -> None:
    key = str(uuid.uuid4())
    answers = [(await intake.submit(WHOLE, key)).json() for _ in range(5)]
    assert answers.count(answers[0]) == 5
    reordered = dict(reversed(WHOLE.items()))
    assert (await intake.submit(reordered, key)).json() == answers[0]
    await intake.until(lambda: intake.store.records)
    assert len(intake.store.records) == 1


async def test_the_same_key_with_another_body_is_refused_once_the_first_is_known(intake: House) -> None:
    key = str(uuid.uuid4())
    first = (await intake.submit(CLEAR, key)).json()
    await intake.until(lambda: intake.store.records)
    answer = await intake.submit(CLEAR | {"content": "另一件事，路灯不亮很久了。"}, key)
    assert answer.status_code == 422
    assert answer.json()["type"] == "other_body"
    assert first["query_code"] not in answer.text


async def test_the_door_comes_from_the_token_and_never_from_the_body(intake: House) -> None:
    key = str(uuid.uuid4())
    public = (await intake.submit(CLEAR, key)).json()
    clerk = (await intake.submit(CLEAR, key, CLERK)).json()
    other = (await intake.submit(CLEAR, key, Principal("another", "", "431225", "clerk"))).json()
    assert len({public["number"], clerk["number"], other["number"]}) == 3
    assert other["number"].startswith("431225")
    channels = {_body(record).channel for record in intake.said()}
    assert channels == {"web", "operator"}


def _body(record: Any) -> SubmissionReceived:
    return decode(record.ticket, record.value, record.headers, SubmissionReceived).body


@pytest.mark.parametrize(
    ("key", "who", "status"),
    [
        ("not-a-uuid", None, 422),
        ("order-0001", CLERK, 201),
        ("short", CLERK, 422),
        ("x" * 129, CLERK, 422),
        ("spaces are out", CLERK, 422),
        (str(uuid.uuid4()), Principal("a", "", "431226", "auditor"), 403),
    ],
)
async def test_the_public_brings_a_uuid_and_staff_a_key_of_their_own(
    intake: House, key: str, who: Principal | None, status: int
) -> None:
    assert (await intake.submit(CLEAR, key, who)).status_code == status


async def test_no_key_no_registration(intake: House) -> None:
    answer = await intake.client.post("/v1/submissions", json=CLEAR)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.text


async def test_a_bad_token_is_refused_rather_than_taken_for_the_public(intake: House) -> None:
    answer = await intake.submit(CLEAR, headers={"Authorization": "Bearer rubbish"})
    assert answer.status_code == 401
    assert not intake.said()


async def test_who_reports_is_sealed_before_it_reaches_any_topic(intake: House) -> None:
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


BAD: dict[str, tuple[Any, str, str]] = {
    "no title": ({"content": "x"}, "/title", "missing"),
    "empty content": (CLEAR | {"content": ""}, "/content", "string_too_short"),
    "a number as title": (CLEAR | {"title": 7}, "/title", "string_type"),
    "too long": (CLEAR | {"content": "字" * 20_001}, "/content", "string_too_long"),
    "unknown field": (CLEAR | {"chanel": "web"}, "/chanel", "extra_forbidden"),
    "bad phone": (CLEAR | {"reporter": {"phone": "call me"}}, "/reporter/phone", "string_pattern_mismatch"),
    "NUL": (CLEAR | {"title": "a\0b"}, "/title", "bad_character"),
    "NUL in an e-mail": (CLEAR | {"reporter": {"email": "a\0@example.org"}}, "/reporter/email", "bad_character"),
    "sms without phone": (CLEAR | {"reporter": {"channel": "sms"}}, "/reporter", "channel_without_address"),
    "nobody to send the code to": (CLEAR | {"co_reporters": [{"name": "n"}]}, "/co_reporters/0", "unreachable"),
    "51 co-reporters": (
        CLEAR | {"co_reporters": [{"phone": f"139000000{n:02d}"} for n in range(51)]},
        "/co_reporters",
        "too_long",
    ),
    "a place that is an object": (CLEAR | {"place": {}}, "/place", "string_type"),
    "bad division": (CLEAR | {"division": "43x"}, "/division", "string_pattern_mismatch"),
    "off the earth": (CLEAR | {"latitude": 91.0}, "/latitude", "less_than_equal"),
    "a latitude alone": (CLEAR | {"latitude": 27.5}, "/longitude", "half_a_pair"),
    "a longitude alone": (CLEAR | {"longitude": 109.8}, "/longitude", "half_a_pair"),
    "a longitude that is nothing": (CLEAR | {"latitude": 27.5, "longitude": None}, "/longitude", "half_a_pair"),
    "a list": ([CLEAR], "", "model_type"),
    "text": ("words", "", "model_type"),
}


@pytest.mark.parametrize("bad", BAD)
async def test_each_wrong_field_is_named_with_its_remedy_in_both_languages(intake: House, bad: str) -> None:
    body, pointer, code = BAD[bad]
    answer = await intake.submit(body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = {each["pointer"]: each for each in answer.json()["errors"]}
    assert told[pointer]["code"] == code
    assert told[pointer]["zh"]
    assert told[pointer]["en"].isascii()
    assert not intake.said()


async def test_a_refused_body_is_counted(intake: House) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("intake_submissions_total", {"channel": "web", "answer": "invalid"}) or 0.0

    before = counted()
    await intake.submit({"title": 7})
    await intake.submit(content=b"x" * 300_000)
    assert counted() - before == 2


async def test_all_wrong_fields_are_named_at_once_and_none_is_repeated(intake: House) -> None:
    answer = await intake.submit({"title": 7, "content": "", "reporter": {"phone": "secret", "id_number": "4330"}})
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/title",
        "/content",
        "/reporter/phone",
        "/reporter/id_number",
    }
    assert "secret" not in answer.text
    assert "4330" not in answer.text


RAW = {
    "no JSON": (b"{", 422),
    "not UTF-8": (b'{"title": "\xff\xfe"}', 422),
    "a lone surrogate": (b'{"title": "\\ud800", "content": "words enough"}', 422),
    "deep": (b"[" * 100_000 + b"]" * 100_000, 422),
    "deep inside": (b'{"title":' * 20_000 + b"1" + b"}" * 20_000, 422),
    "a huge number": (b'{"title": "t", "content": "c", "latitude": ' + b"9" * 10_000 + b"}", 422),
    "not a number": (b'{"title": "t", "content": "c", "latitude": NaN}', 422),
    "empty": (b"", 422),
    "oversize": (b'{"title": "' + b"x" * 300_000 + b'"}', 413),
}


@pytest.mark.parametrize("raw", RAW)
async def test_what_is_no_proper_body_is_refused_and_nothing_is_half_written(intake: House, raw: str) -> None:
    content, status = RAW[raw]
    answer = await intake.submit(content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.json()["zh"]
    assert answer.json()["en"].isascii()
    assert not intake.said()


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(intake: House) -> None:
    read = []

    async def endless() -> AsyncIterator[bytes]:
        for nth in range(1000):
            read.append(nth)
            yield b"x" * 10_000

    answer = await intake.submit(content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert len(read) < 40


async def test_a_body_in_chunks_is_taken(intake: House) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for byte in json.dumps(CLEAR).encode():
            yield bytes([byte])

    answer = await intake.submit(content=chunks(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 201


async def test_the_description_of_the_api_shows_the_bodies(intake: House) -> None:
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


async def test_behind_a_batch_that_is_not_acknowledged_nobody_waits_longer_than_is_promised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "ANSWER_WITHIN", 0.05)
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


async def test_a_key_of_tomorrow_is_not_used_today(intake: House) -> None:
    await intake.submit()
    assert {_body(record).day_key for record in intake.said()} == {"2026-03-02"}
    intake.wall.time = intake.wall.time.replace(day=3)
    await intake.submit()
    assert {_body(record).day_key for record in intake.said()} == {"2026-03-02", "2026-03-03"}
    intake.wall.time = intake.wall.time.replace(day=20)  # the loop was down for two weeks
    await intake.submit()
    assert sorted(_body(record).day_key for record in intake.said())[-1] == "2026-03-04"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["title", "content", "place", "category"]), st.text(max_size=9)))
def test_the_canonical_form_is_of_what_was_sent_in_any_order(sent: dict[str, Any]) -> None:
    one = Submission.model_construct(_fields_set=set(sent), **sent)
    other = Submission.model_construct(_fields_set=set(sent), **dict(reversed(sent.items())))
    assert one.canonical() == other.canonical()
    assert json.loads(one.canonical()) == sent


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
BODIES = ANYTHING | st.dictionaries(st.sampled_from(sorted(Submission.model_fields)), ANYTHING, max_size=8).map(
    lambda more: CLEAR | more
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(BODIES)
async def test_any_json_is_taken_or_refused_in_words(intake: House, body: Any) -> None:
    answer = await intake.submit(body)
    assert answer.status_code in (201, 422), answer.text
    if answer.status_code == 422:
        assert all(each["zh"] and each["en"] for each in answer.json()["errors"])
