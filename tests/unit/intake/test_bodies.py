"""Bodies of submissions: each wrong field is named in words, and nothing is half-written."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services.intake.api.bodies import Submission
from tests.unit.intake.house import CLEAR, ServedIntake

BAD: dict[str, tuple[Any, str, str]] = {
    "no title": ({"content": "x"}, "/title", "missing"),
    "empty content": (CLEAR | {"content": ""}, "/content", "string_too_short"),
    "a number as title": (CLEAR | {"title": 7}, "/title", "string_type"),
    "too long": (CLEAR | {"content": "字" * 20_001}, "/content", "string_too_long"),
    "unknown field": (CLEAR | {"chanel": "web"}, "/chanel", "extra_forbidden"),
    "bad phone": (CLEAR | {"reporter": {"phone": "call me"}}, "/reporter/phone", "phone_form"),
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
async def test_each_wrong_field_is_named_with_its_remedy_in_both_languages(intake: ServedIntake, bad: str) -> None:
    body, pointer, code = BAD[bad]
    answer = await intake.submit(body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = {each["pointer"]: each for each in answer.json()["errors"]}
    assert told[pointer]["code"] == code
    assert told[pointer]["zh"]
    assert told[pointer]["en"].isascii()
    assert not intake.said()


async def test_a_refused_body_is_counted(intake: ServedIntake) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("intake_submissions_total", {"channel": "web", "answer": "invalid"}) or 0.0

    before = counted()
    await intake.submit({"title": 7})
    await intake.submit(content=b"x" * 300_000)
    assert counted() - before == 2


async def test_all_wrong_fields_are_named_at_once_and_none_is_repeated(intake: ServedIntake) -> None:
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
    "deep": (b"[" * 100_000 + b"]" * 100_000, 422),
    "deep inside": (b'{"title":' * 20_000 + b"1" + b"}" * 20_000, 422),
    "a huge number": (b'{"title": "t", "content": "c", "latitude": ' + b"9" * 10_000 + b"}", 422),
    "not a number": (b'{"title": "t", "content": "c", "latitude": NaN}', 422),
    "empty": (b"", 422),
    "oversize": (b'{"title": "' + b"x" * 300_000 + b'"}', 413),
}


@pytest.mark.parametrize("raw", RAW)
async def test_what_is_no_proper_body_is_refused_and_nothing_is_half_written(intake: ServedIntake, raw: str) -> None:
    content, status = RAW[raw]
    answer = await intake.submit(content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.json()["zh"]
    assert answer.json()["en"].isascii()
    assert not intake.said()


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(intake: ServedIntake) -> None:
    read = []

    async def endless() -> AsyncIterator[bytes]:
        for nth in range(1000):
            read.append(nth)
            yield b"x" * 10_000

    answer = await intake.submit(content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert len(read) < 40


async def test_a_body_in_chunks_is_taken(intake: ServedIntake) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for byte in json.dumps(CLEAR).encode():
            yield bytes([byte])

    answer = await intake.submit(content=chunks(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 201


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["title", "content", "place", "category"]), st.text(max_size=9)))
def test_the_canonical_form_is_of_what_was_sent_in_any_order(sent: dict[str, Any]) -> None:
    one = Submission.model_construct(_fields_set=set(sent), **sent)
    other = Submission.model_construct(_fields_set=set(sent), **dict(reversed(sent.items())))
    assert one.words() == other.words()
    assert json.loads(one.words()) == sent
    assert one.canonical() == other.canonical()
    assert "\r" not in json.loads(one.canonical()).get("content", "")


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
async def test_any_json_is_taken_or_refused_in_words(intake: ServedIntake, body: Any) -> None:
    answer = await intake.submit(body)
    assert answer.status_code in (201, 422), answer.text
    if answer.status_code == 422:
        assert all(each["zh"] and each["en"] for each in answer.json()["errors"])


@pytest.mark.parametrize("written", ["431226", "４３１２２６", " 431226\u200b", "\u00a0431226"])
def test_a_division_is_read_once_and_is_then_what_it_is(written: str) -> None:
    assert Submission(title="停水", content="停水", division=written).canonical().count(b'"431226"') == 1
