"""Requests over HTTP, in every service alike: where to ask, what is unknown, a key that comes back."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from contracts.lifecycle import TicketState
from runtime.delivery.records import Decided
from runtime.identity.vault import WordKeys
from services.feedback.domain.case import ChainLevel
from tests.contract.matter import ITS_UNIT, MatterInHand, matter
from tests.contract.routes import CLASS_PLAN, MEASURE, OF_CLASS_PLAN, ROUTES, RouteWithBody

CLASS_PLAN_REVIEW = f"{CLASS_PLAN}/review"
OTHERWISE: dict[str, dict[str, Any]] = {
    "supplements": {"text": "是另一处。"},
    "assignment": {"category": "WTR.02"},
    "assignments": {"category": "WTR.02"},
    "acceptance": {"standard": "GEN-01"},
    "return": {"explanation": "另有单位负责。"},
    "urgency": {"urgent": False},
    "resolution": {"outcome": "failed"},
    "preferences": {"channel": "sms"},
    "verification": {"finding": "partly"},
    "accountability": {"outcome": "apologised"},
    "rules": {"scope": "unit"},
    "plan": {"mode": "at_once"},
    "progress": {"public": False},
    "completion": {"explanation": "换了新的。"},
    "plan-review": {"words": "仍须提前。"},
    "review": {"words": "再查一次。"},
    "progress-request": {"text": "何时办完？"},
    "look-back-attempt": {"method": "video"},
    "reviews": {"passed": False, "grounds": ["untrue"]},
    "measures": {"words": "还差一处。"},
    "completions": {"explanation": "换了新的。"},
    "class-plans": {"measures": []},
    CLASS_PLAN_REVIEW: {"approved": False, "grounds": ["too_late"]},
    "contact": {"reached": False},
    "question": {"text": "哪一栋楼？"},
    "evaluation": {"grade": 1},
    "look-back": {"words": "没有接电话"},
    "outside": {"value": "05 12"},
    "checks": {"remote": False},
    "check-result": {"words": "已到现场。"},
    "more-time": {"words": "山洪。"},
    "orders": {"items": [{"check": "effect", "answer_by": "2027-03-01T09:00:00+08:00"}]},
    "answers": {"index": 2},
    "verdict": {"lifted": True},
    "decision": {"approved": False},
    "reopening": {"reason": "low_satisfaction"},
    "referral": {"ground": "special_case"},
    "conference": {"amount": 7},
    "appointments": {"role": "lead"},
    "replacements": {"what": "second_factor"},
}
LINES = "第一行。\n第二行。"
FREE = {"text", "words", "reason", "explanation", "rule_quoted"}
MAKING = ("/v1/submissions", "/v1/draws", "/v1/subscriptions", "/v1/channels")
"""These make the document that they are about."""
REQUESTS = tuple(route for route in ROUTES if route.path not in MAKING)
each_request = pytest.mark.parametrize("route", REQUESTS, ids=lambda route: f"{route.service} {route.path}")


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[MatterInHand]:
    with pytest.MonkeyPatch.context() as patch:
        async with matter(patch) as made:
            level = ChainLevel(kind="supervision", seat="supervision", reviewer="431226-SUP")
            made.change(
                "feedback",
                state=TicketState.UNDER_REVIEW,
                review_levels=(level,),
                class_plan=OF_CLASS_PLAN["class_plan"],
            )
            yield made


async def send(here: MatterInHand, route: RouteWithBody, key: str, **otherwise: Any) -> Any:
    own: dict[str, Any] = {"number": here.number, "numbers": [here.number]}
    body = route.good | {name: value for name, value in own.items() if name in route.good} | otherwise
    headers = {"Idempotency-Key": key} | ({"Query-Code": here.code} if route.who is None else {})
    return await here.call(route.service, route.method, route.path, route.who, json=body, headers=headers)


async def look(here: MatterInHand, route: RouteWithBody, path: str) -> Any:
    code = {"Query-Code": here.code} if route.who is None else {}
    return await here.call(route.service, "GET", path, route.who, headers=code)


def where(answer: Any) -> str:
    """Where the answer says to ask."""
    said = answer.json()
    path: str = said["requested"][0]["ask"] if "requested" in said else said["ask"]
    return path


def request_in(path: str) -> str:
    return path.rpartition("/")[2].partition("?")[0]


@each_request
async def test_what_is_pending_is_found_where_the_answer_says_and_nowhere_else(
    here: MatterInHand, route: RouteWithBody
) -> None:
    path = where(await send(here, route, str(uuid.uuid4())))
    found = await look(here, route, path)
    assert (found.status_code, found.json()["ask"]) == (202, path)
    for unknown in (
        path.partition("?")[0],
        path.replace(request_in(path), "nothing"),
        f"{path.partition('?')[0]}?asked=1",
    ):
        answer = await look(here, route, unknown)
        assert (answer.status_code, answer.json()["type"]) == (404, "request_unknown")
    assert (await look(here, route, f"{path.partition('?')[0]}?asked=yesterday")).status_code == 422


@each_request
async def test_a_key_that_comes_back_is_the_same_request_or_refused(here: MatterInHand, route: RouteWithBody) -> None:
    key = str(uuid.uuid4())
    first = where(await send(here, route, key))
    here.decide(route.service, Decided(request_in(first), True, "accepted"))
    before = here.written()
    other = await send(
        here, route, key, **OTHERWISE[route.path if route.path in OTHERWISE else route.path.rpartition("/")[2]]
    )
    assert (other.status_code, other.json()["type"], here.written()) == (422, "other_body", before)
    assert (await look(here, route, first)).json()["status"] == "accepted"
    assert (await look(here, route, first.partition("?")[0])).status_code == 200
    assert request_in(first) in (await send(here, route, key)).text


LINED: dict[str, dict[str, Any]] = {
    "supplements": {"text": LINES},
    "return": {"explanation": LINES},
    "urgency": {"reason": LINES},
    "verification": {"words": LINES},
    "accountability": {"words": LINES},
    "plan": {"rule_quoted": LINES, "measures": [MEASURE | {"text": LINES}]},
    "plan-review": {"words": LINES},
    "review": {"words": LINES},
    "measures": {"words": LINES},
    "question": {"text": LINES},
    "progress-request": {"text": LINES},
    "progress": {"text": LINES},
    "completion": {"explanation": LINES},
    "completions": {"explanation": LINES},
    "evaluation": {"words": LINES},
    "look-back": {"words": LINES},
    "check-result": {"words": LINES},
    "more-time": {"words": LINES},
    "answers": {"words": LINES},
    "verdict": {"words": LINES},
    "decision": {"words": LINES},
    "referral": {"words": LINES},
}


@pytest.mark.parametrize("end", ["\r\n", "\r", "\v"])
@pytest.mark.parametrize("last", LINED)
async def test_the_same_words_with_other_line_ends_are_the_same_request(
    here: MatterInHand, last: str, end: str
) -> None:
    route = next(each for each in REQUESTS if each.path.rpartition("/")[2] == last)
    key = str(uuid.uuid4())
    first = request_in(where(await send(here, route, key, **LINED[last])))
    typed = orjson.loads(orjson.dumps(LINED[last]).replace(b"\\n", orjson.dumps(end)[1:-1]))
    assert typed != LINED[last]
    assert request_in(where(await send(here, route, key.upper(), **typed))) == first


def test_every_field_that_takes_lines_is_in_the_table() -> None:
    free = {route.path.rpartition("/")[2] for route in REQUESTS if FREE & set(route.good)}
    assert free == set(LINED) | {"reopening"}, "a reopening's reason is a code"


@pytest.mark.parametrize("quoted", ["某办法第十二条", ""])
async def test_a_plan_says_whether_it_quotes_a_rule_also_when_its_words_can_no_longer_be_kept(
    here: MatterInHand, quoted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def destroyed(self: WordKeys, ticket: str, field: str, text: str) -> str | None:
        return None

    monkeypatch.setattr(WordKeys, "seal", destroyed)
    route = next(each for each in REQUESTS if each.path.endswith("/plan"))
    await send(here, route, str(uuid.uuid4()), mode="held_by_policy", rule_quoted=quoted)
    said = orjson.loads(here.newest("PlanTicket").value)
    assert (said["quotes_rule"], said.get("rule_quoted", "")) == (bool(quoted), "")


async def test_the_words_of_a_request_are_not_in_its_id_or_its_outcome(here: MatterInHand) -> None:
    route = next(each for each in REQUESTS if each.path.endswith("/completion"))
    answers = [await send(here, route, f"a-key-{nth:04d}") for nth in range(8)]
    assert len({request_in(where(each))[-4:] for each in answers}) > 4, "the key is in the digest of the body"
    assert all("已修好" not in each.text for each in answers)


@pytest.mark.parametrize("key", ["", '"', "has a space", "x" * 129, "a,list,of,keys", "ключ-ключ-ключ"])
async def test_every_service_takes_the_same_keys(here: MatterInHand, key: str) -> None:
    before = here.written()
    for route in ROUTES:
        headers: Any = {"Idempotency-Key": key.encode(), "Query-Code": here.code}
        content = orjson.dumps(route.good | {"number": here.number} if "number" in route.good else route.good)
        answer = await here.call(
            route.service, route.method, route.path, route.who or ITS_UNIT, content=content, headers=headers
        )
        assert (answer.status_code, "Idempotency-Key" in answer.text) == (422, True), answer.text
    assert here.written() == before
