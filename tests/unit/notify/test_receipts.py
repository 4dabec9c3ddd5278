"""Providers say by themselves what became of letters: signed, and harmless when late, doubled or for another (D2)."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import httpx2
import orjson
import pytest

from contracts.messages import notify
from runtime.change import Change, Reject
from runtime.identity.tokens import Gate, new_key_pair
from services.notify.adapters.sms import signature
from services.notify.api.app import build_app
from services.notify.api.signatures import WINDOW, ProviderKeys
from services.notify.domain.deliveries import Report
from services.notify.ports import BATCH
from tests.facts.notify import delivery_report, report_delivery
from tests.harness import request
from tests.unit.notify.matters import Desktop, assigned, registered
from tests.unit.notify.said import after, handled

KEY = "a-key-of-this-test"
SECOND = timedelta(seconds=1)


@pytest.fixture
async def desk() -> Desktop:
    """A matter whose reporter was sent registration and assignment in one letter."""
    desk = Desktop()
    await desk.told(registered(), assigned())
    await desk.deliver()
    return desk


@pytest.fixture
async def client(desk: Desktop) -> AsyncIterator[httpx2.AsyncClient]:
    async def ready() -> bool:
        return True

    stage = desk.stage
    keys = ProviderKeys(stage.clock.wall, {"sms": KEY, "email": ""})
    gate = Gate(new_key_pair()[1], stage.clock.wall)
    app = build_app(desk.reporters(), gate, ready, keys)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://notify") as there:
        yield there


def headers(desk: Desktop, body: bytes, key: str = KEY, shift: timedelta = timedelta(0)) -> dict[str, str]:
    at = str(int((desk.stage.wall + shift).timestamp()))
    signed = signature(key.encode(), f"{at}.".encode() + body)
    return {"Timestamp": at, "Signature": signed, "Content-Type": "application/json"}


def letter(desk: Desktop) -> str:
    """The reference of the letter to the reporter."""
    found: str = next(item.sent_as for item in desk.stage.document().items if item.audience == "reporter")
    return found


async def post(desk: Desktop, client: httpx2.AsyncClient, *said: Mapping[str, Any], channel: str = "sms") -> Any:
    body = orjson.dumps({"receipts": said})
    answer = await client.post(f"/v1/receipts/{channel}", content=body, headers=headers(desk, body))
    await desk.stage.run()
    return answer


def to_reporter(desk: Desktop) -> set[str]:
    return {state for (audience, _, _), state in desk.states().items() if audience == "reporter"}


async def test_a_letter_that_arrived_is_delivered_with_all_it_tells_and_nobody_is_told(
    desk: Desktop, client: httpx2.AsyncClient
) -> None:
    told = desk.told_of_people()
    for _ in range(2):
        answer = await post(desk, client, {"reference": letter(desk), "outcome": "delivered"})
        assert (answer.status_code, answer.json()) == (200, {"taken": 1, "unknown": 0})
    assert to_reporter(desk) == {"delivered"}
    assert desk.states()["unit", 0, "assigned"] == "sent"
    assert desk.told_of_people() == told


async def test_a_letter_that_did_not_arrive_has_failed_and_a_later_word_changes_nothing(
    desk: Desktop, client: httpx2.AsyncClient
) -> None:
    for outcome in ("failed", "delivered", "failed"):
        await post(desk, client, {"reference": letter(desk), "outcome": outcome})
    assert to_reporter(desk) == {"failed"}
    assert [each.outcome for each in desk.told_of_people()] == ["sent", "sent", "failed", "failed"]


async def test_a_receipt_for_a_letter_that_nobody_knows_is_counted_and_does_no_harm(
    desk: Desktop, client: httpx2.AsyncClient
) -> None:
    before = desk.states()
    known, unknown = letter(desk), "0" * 24
    said = [{"reference": each, "outcome": "delivered"} for each in (unknown, known, known)]
    assert (await post(desk, client, *said)).json() == {"taken": 1, "unknown": 1}
    assert {name: state for name, state in desk.states().items() if state != "delivered"}.items() <= before.items()


@pytest.mark.parametrize(
    ("letter_", "channel", "state"),
    [("another", "sms", "sent"), ("", "sms", "sent"), ("r", "email", "sent"), ("r", "sms", "delivered")],
)
def test_only_the_provider_that_took_a_letter_says_what_became_of_it(letter_: str, channel: str, state: str) -> None:
    post_ = after(registered())
    ref = post_.items[0].ref
    sent = post_.with_reports({ref: Report("sent", "sms", letter=ref)})
    said = delivery_report(
        reference=ref, channel=channel, outcome="delivered", letter=ref if letter_ == "r" else letter_
    )
    done = handled(sent, request(report_delivery(reports=(said,))))
    assert isinstance(done, Change if state == "delivered" else Reject)
    assert isinstance(done, Reject) or done.document.items[0].state == state


def test_what_a_person_found_out_is_no_receipt() -> None:
    post_ = after(registered())
    ref = post_.items[0].ref
    sent = post_.with_reports({ref: Report("sent", "person", letter=ref)})
    said = delivery_report(reference=ref, channel="person", outcome="failed", letter=ref)
    assert isinstance(handled(sent, request(report_delivery(reports=(said,)))), Reject)


def test_a_receipt_that_comes_before_the_report_settles_it() -> None:
    post_ = after(registered())
    ref = post_.items[0].ref
    said = report_delivery(reports=(delivery_report(reference=ref, outcome="delivered", letter=ref),))
    done = handled(post_, request(said))
    assert isinstance(done, Change)
    (fact,) = done.facts
    assert isinstance(fact, notify.PeopleNotified)
    assert [each.outcome for each in fact.told] == ["delivered"]
    late = report_delivery(reports=(delivery_report(reference=ref, letter=ref),))
    assert isinstance(handled(done.document, request(late)), Reject)


@pytest.mark.parametrize(
    ("key", "shift", "channel", "status", "code"),
    [
        (KEY, timedelta(0), "sms", 200, ""),
        (KEY, -WINDOW, "sms", 200, ""),
        (KEY, WINDOW, "sms", 200, ""),
        (KEY, -WINDOW - SECOND, "sms", 401, "out_of_time"),
        (KEY, WINDOW + SECOND, "sms", 401, "out_of_time"),
        ("another key", timedelta(0), "sms", 401, "not_signed"),
        ("", timedelta(0), "email", 404, "channel_unknown"),
        (KEY, timedelta(0), "fax", 404, "channel_unknown"),
    ],
)
async def test_only_who_signs_just_now_is_heard(
    desk: Desktop, client: httpx2.AsyncClient, key: str, shift: timedelta, channel: str, status: int, code: str
) -> None:
    body = orjson.dumps({"receipts": [{"reference": letter(desk), "outcome": "delivered"}]})
    signed = headers(desk, body, key, shift)
    answer = await client.post(f"/v1/receipts/{channel}", content=body, headers=signed)
    await desk.stage.run()
    assert (answer.status_code, answer.json().get("type", "")) == (status, code)
    assert to_reporter(desk) == {"delivered" if status == 200 else "sent"}


@pytest.mark.parametrize("spoil", ["Signature", "Timestamp", "body"])
async def test_what_was_signed_is_time_and_body(desk: Desktop, client: httpx2.AsyncClient, spoil: str) -> None:
    body = orjson.dumps({"receipts": [{"reference": letter(desk), "outcome": "delivered"}]})
    signed = headers(desk, body) | ({spoil: "1"} if spoil != "body" else {})
    content = body + b" " if spoil == "body" else body
    answer = await client.post("/v1/receipts/sms", content=content, headers=signed)
    assert (answer.status_code, answer.json()["type"]) == (401, "not_signed")
    assert (bool(answer.json()["zh"]), answer.json()["en"].isascii()) == (True, True)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"{", "/body"),
        (b'{"receipts": []}', "/body/receipts"),
        (orjson.dumps({"receipts": [{"reference": "0" * 24, "outcome": "sent"}]}), "/body/receipts/0/outcome"),
        (orjson.dumps({"receipts": [{"reference": "$" * 24, "outcome": "failed"}]}), "/body/receipts/0/reference"),
        (orjson.dumps({"receipts": [{"reference": "0" * 24, "outcome": "failed"}] * (BATCH + 1)}), "/body/receipts"),
    ],
)
async def test_a_bad_receipt_is_refused_and_its_place_is_named(
    desk: Desktop, client: httpx2.AsyncClient, body: bytes, place: str
) -> None:
    answer = await client.post("/v1/receipts/sms", content=body, headers=headers(desk, body))
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [place.removeprefix("/body")]
