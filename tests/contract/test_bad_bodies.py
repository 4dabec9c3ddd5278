"""Every route of every API that takes a body: a bad one is refused in words, field by field, and nothing is written."""

import copy
from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.topics import SERVICES
from runtime.http.bodies import BODY_LIMIT
from runtime.http.field_errors import FALLBACK
from runtime.values.fields import DAY, INSTANT
from tests.contract.matter import MatterInHand, matter
from tests.contract.pages import SENT_TO
from tests.contract.queries import QUERIES, TABLES
from tests.contract.routes import OF_ONE, ROUTES, SIGNED, WITHOUT_BODY, RouteWithBody

DEEP = 100_000

BAD: dict[str, tuple[bytes, int, list[str]]] = {
    "no JSON": (b"{", 422, [""]),
    "empty": (b"", 422, [""]),
    "not UTF-8": (b'{"a": "\xff\xfe"}', 422, [""]),
    "deep": (b"[" * DEEP + b"]" * DEEP, 422, [""]),
    "deep inside": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 422, [""]),
    "a list": (b"[]", 422, [""]),
    "words": (b'"words"', 422, [""]),
    "null": (b"null", 422, [""]),
    "oversize": (b'{"a": "' + b"x" * BODY_LIMIT + b'"}', 413, []),
}
WRONG_VALUES: tuple[Any, ...] = ({"no": "object"}, [[]], 7.5, None, "x\0y")
each_route = pytest.mark.parametrize("route", [*ROUTES, *QUERIES], ids=lambda route: f"{route.service} {route.path}")


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[MatterInHand]:
    with pytest.MonkeyPatch.context() as patch:
        async with matter(patch) as made:
            yield made


async def send(here: MatterInHand, route: RouteWithBody, content: bytes, **headers: str) -> Any:
    code = {"Query-Code": here.code} if route.who is None else {}
    headers = {"Content-Type": "application/json"} | code | headers
    return await here.call(route.service, route.method, route.path, route.who, content=content, headers=headers)


def good(here: MatterInHand, route: RouteWithBody) -> dict[str, Any]:
    own: dict[str, Any] = {"number": here.number, "numbers": [here.number]}
    return copy.deepcopy(route.good) | {name: value for name, value in own.items() if name in route.good}


def refused(answer: Any, status: int) -> list[dict[str, str]]:
    """The complaints of a problem that says, in both languages, what to do."""
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert (bool(problem["type"]), bool(problem["zh"]), problem["en"].isascii()) == (True, True, True)
    complaints: list[dict[str, str]] = problem.get("errors", [])
    for each in complaints:
        assert (each["zh"], each["en"]) != FALLBACK, each
        assert (bool(each["code"]), bool(each["zh"]), each["en"].isascii()) == (True, True, True)
    return complaints


def test_no_route_that_takes_a_body_is_forgotten(here: MatterInHand) -> None:
    taking = {
        (service, path)
        for service in SERVICES
        for path, operations in here.apps[service].openapi()["paths"].items()
        if {"post", "put", "patch", "delete"} & set(operations)
        and path not in WITHOUT_BODY | OF_ONE | SIGNED | TABLES | set(SENT_TO)
    }
    assert taking == {(route.service, route.path) for route in (*ROUTES, *QUERIES)}


@each_route
async def test_the_good_body_is_one(here: MatterInHand, route: RouteWithBody) -> None:
    answer = await send(here, route, orjson.dumps(good(here, route)))
    assert answer.status_code in ((200, 201, 202, 409) if route.opens else (401, 410)), answer.text


@pytest.mark.parametrize("kind", BAD)
@each_route
async def test_what_is_no_proper_json_is_named_with_its_remedy(
    here: MatterInHand, route: RouteWithBody, kind: str
) -> None:
    content, status, pointers = BAD[kind]
    before = here.written()
    complaints = refused(await send(here, route, content), status)
    assert ([each["pointer"] for each in complaints], here.written()) == (pointers, before)


@pytest.mark.parametrize("said", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "json", ""])
@each_route
async def test_what_says_to_be_something_else_is_refused(here: MatterInHand, route: RouteWithBody, said: str) -> None:
    before = here.written()
    answer = await send(here, route, orjson.dumps(good(here, route)), **{"Content-Type": said})
    assert (refused(answer, 415), answer.json()["type"], here.written()) == ([], "content_type", before)


@pytest.mark.parametrize("said", ["application/json; charset=utf-8", "Application/JSON", "application/vnd.county+json"])
@each_route
async def test_json_may_be_said_in_other_words(here: MatterInHand, route: RouteWithBody, said: str) -> None:
    answer = await send(here, route, b'{"no_such_field": 1}', **{"Content-Type": said})
    assert "/no_such_field" in {each["pointer"] for each in refused(answer, 422)}


async def test_who_says_nothing_of_the_content_is_taken_to_send_json(here: MatterInHand) -> None:
    for route in ROUTES:
        code = {"Query-Code": here.code}
        answer = await here.call(route.service, route.method, route.path, route.who, content=b"{", headers=code)
        assert [each["pointer"] for each in refused(answer, 422)] == [""]


@each_route
async def test_every_field_that_lacks_is_named(here: MatterInHand, route: RouteWithBody) -> None:
    before = here.written()
    complaints = refused(await send(here, route, b"{}"), 422)
    assert {each["pointer"] for each in complaints} == {f"/{name}" for name in route.needed}
    assert here.written() == before


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a body, the innermost too."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield (*at, name)
        yield from places(each, (*at, name))


def value_at(body: Any, at: tuple[str | int, ...]) -> Any:
    for step in at:
        body = body[step]
    return body


def changed(body: Any, at: tuple[str | int, ...], value: Any) -> Any:
    value_at(body, at[:-1])[at[-1]] = value
    return body


@pytest.mark.parametrize("value", WRONG_VALUES, ids=repr)
@each_route
async def test_a_wrong_value_is_named_by_its_place(here: MatterInHand, route: RouteWithBody, value: Any) -> None:
    before = here.written()
    for at in places(good(here, route)):
        is_left_out = value is None and at[0] not in route.needed
        if is_left_out or type(value) is type(value_at(good(here, route), at)) is float:
            continue
        answer = await send(here, route, orjson.dumps(changed(good(here, route), at, value)))
        pointer, named = "/" + "/".join(map(str, at)), {each["pointer"] for each in refused(answer, 422)}
        assert any(each.startswith(pointer) for each in named), (named, pointer)
    assert here.written() == before


@each_route
async def test_numbers_and_truth_are_not_taken_from_words(here: MatterInHand, route: RouteWithBody) -> None:
    body = good(here, route)
    told = [at for at in places(body) if isinstance(value_at(body, at), (bool, int, float)) and isinstance(at[-1], str)]
    for at in told:
        answer = await send(here, route, orjson.dumps(changed(good(here, route), at, "1")))
        assert [each["pointer"] for each in refused(answer, 422)] == ["/" + "/".join(map(str, at))]


@pytest.mark.parametrize(
    "instant",
    [
        "2027-03-01",
        "2027-03-01T09:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1.5",
        "1900000000",
        "+1760000000",
        "20261010",
    ],
)
async def test_an_instant_is_written_out_with_its_zone_and_of_our_time(here: MatterInHand, instant: str) -> None:
    for route in (each for each in ROUTES if each.path.endswith(("/plan", "/completion"))):
        for at in (each for each in places(good(here, route)) if each[-1] in ("due", "dated", "review_on")):
            answer = await send(here, route, orjson.dumps(changed(good(here, route), at, instant)))
            assert [each["pointer"] for each in refused(answer, 422)] == ["/" + "/".join(map(str, at))]


def test_every_instant_that_is_sent_in_is_of_the_one_strict_type(here: MatterInHand) -> None:
    """Pydantic's own dates take digits for seconds since 1970."""
    described = [schema for service in SERVICES for schema in schemas(here.apps[service].openapi())]
    instants = [schema for schema in described if schema.get("format") in ("date", "date-time", "time", "duration")]
    assert len(instants) >= 6
    assert {(schema["format"], schema.get("pattern")) for schema in instants} == {("date-time", INSTANT), ("date", DAY)}


def schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a description."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from schemas(each)


async def test_what_is_no_number_is_no_number(here: MatterInHand) -> None:
    for route in ROUTES:
        answer = await send(here, route, b'{"a": NaN, "latitude": NaN}')
        assert {"", "/latitude"} & {each["pointer"] for each in refused(answer, 422)}


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2027-03-01", "1e9", "photos", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(route=st.sampled_from(ROUTES), data=st.data())
async def test_any_json_is_taken_or_refused_and_breaks_nothing(
    here: MatterInHand, route: RouteWithBody, data: Any
) -> None:
    body = good(here, route)
    for at in data.draw(st.lists(st.sampled_from(list(places(body))), min_size=1, max_size=2, unique=True)):
        try:
            changed(body, at, data.draw(ANYTHING))
        except (KeyError, TypeError, IndexError):
            continue  # the place went with the first change
    try:
        content = orjson.dumps(body)
    except (TypeError, orjson.JSONEncodeError):
        content = b"{}"
    answer = await send(here, route, content)
    assert answer.status_code in (200, 201, 202, 404, 409, 422), (answer.text, content)


async def test_a_body_in_pieces_without_a_length_stops_at_the_limit(here: MatterInHand) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 1024 + 2):
            yield b"x" * 1024

    for route in ROUTES:
        refused(await send(here, route, pieces()), 413)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "said", "status"),
    [
        (b"number=" + b"x" * BODY_LIMIT, "application/x-www-form-urlencoded", 413),
        (b'{"number": "1"}', "application/json", 415),
    ],
)
async def test_the_form_of_the_portal_reads_no_further_either(
    here: MatterInHand, content: bytes, said: str, status: int
) -> None:
    refused(await here.call("portal", "POST", "/mine", None, content=content, headers={"Content-Type": said}), status)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"number=%00&code=%00", b"&" * 1000, b"number=1" * 100])
async def test_a_form_that_makes_no_sense_opens_nothing(here: MatterInHand, content: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await here.call("portal", "POST", "/mine", None, content=content, headers=headers)
    assert (answer.status_code, here.number in answer.text) == (404, False)
