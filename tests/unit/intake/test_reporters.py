"""What a reporter may do later with number and code."""

import uuid
from typing import Any

from stdnum.iso7064 import mod_37_36

from contracts.identifiers import query_code
from tests.unit.intake.house import CLEAR, WHOLE, ServedIntake


async def _registered(intake: ServedIntake, body: Any = None) -> tuple[str, str]:
    told = (await intake.submit(body)).json()
    await intake.until(lambda: intake.store.records)
    return told["number"], told["query_code"]


async def test_a_reporter_adds_withdraws_and_erases_with_number_and_code(intake: ServedIntake) -> None:
    number, code = await _registered(intake, {"title": "反映", "content": "请处理。"})
    added = await intake.ask(number, "supplements", code, {"text": CLEAR["content"]})
    assert (added.status_code, added.json()["supplement"], added.json()["state"]) == (200, "1", "registered")
    erased = await intake.ask(number.lower(), "erasure", f"{code[:5]} {code[5:]}".lower())
    assert erased.status_code == 200, erased.text
    again = await intake.ask(number, "supplements", code, {"text": "再补充"})
    assert (again.status_code, again.json()["type"]) == (409, "erased")


async def test_the_receipt_of_an_erasure_says_by_when_nothing_is_left_and_keeps_to_it(intake: ServedIntake) -> None:
    number, code = await _registered(intake)
    key = str(uuid.uuid4())
    first = await intake.ask(number, "erasure", code, key=key)
    asked = first.json()
    assert (first.status_code, asked["gone_by"]) == (200, "2026-04-01"), asked
    assert asked["gone_by"] in asked["zh"]
    assert asked["gone_by"] in asked["en"]
    refused = await intake.ask(number, "erasure", code)
    assert (refused.status_code, "gone_by" in refused.json()) == (409, False)


async def test_an_invalid_matter_can_be_withdrawn_once(intake: ServedIntake) -> None:
    number, code = await _registered(intake, {"title": "反映", "content": "请处理。"})
    key = str(uuid.uuid4())
    assert (await intake.ask(number, "withdrawal", code, key=key)).status_code == 200
    assert (await intake.ask(number, "withdrawal", code, key=key)).status_code == 200, "the same request"
    answer = await intake.ask(number, "withdrawal", code)
    assert (answer.status_code, answer.json()["type"]) == (409, "withdrawn_already")


async def test_a_request_can_be_asked_for_again(intake: ServedIntake) -> None:
    number, code = await _registered(intake, {"title": "反映", "content": "请处理。"})
    request = (await intake.ask(number, "withdrawal", code)).json()["request"]
    path = f"/v1/tickets/{number}/requests/{request}"
    assert (await intake.client.get(path, headers={"Query-Code": code})).json()["status"] == "accepted"
    assert (await intake.client.get(path, headers={"Query-Code": "WRONG"})).status_code == 404
    unknown = await intake.client.get(f"/v1/tickets/{number}/requests/other", headers={"Query-Code": code})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "request_unknown")


async def test_a_key_that_comes_back_with_other_words_is_refused(intake: ServedIntake) -> None:
    number, code = await _registered(intake)
    key = str(uuid.uuid4())
    first = await intake.ask(number, "supplements", code, {"text": "又塌了一处"}, key)
    again = await intake.ask(number, "supplements", code, {"text": "又塌了一处"}, key)
    other = await intake.ask(number, "supplements", code, {"text": "是另一条路"}, key)
    assert (first.status_code, again.json()) == (200, first.json())
    assert (other.status_code, other.json()["type"]) == (422, "other_body")


async def test_guessing_a_code_is_limited_and_tells_nothing(intake: ServedIntake) -> None:
    number, code = await _registered(intake)
    wrong = await intake.ask(number, "supplements", "0000000000", {"text": "x"})
    nothing = await intake.ask(_another(number), "supplements", "0000000000", {"text": "x"})
    assert (wrong.status_code, nothing.status_code) == (404, 404)
    assert wrong.json() == nothing.json()
    for _ in range(10):
        last = await intake.ask(number, "supplements", "0000000000", {"text": "x"})
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert (await intake.ask(number, "supplements", code, {"text": "x"})).status_code == 429
    intake.wall.time = intake.wall.time.replace(minute=11)
    assert (await intake.ask(number, "supplements", code, {"text": "x"})).status_code == 200


def _another(number: str) -> str:
    bare = number[:6] + number[6:18][::-1]
    return bare + str(mod_37_36.calc_check_digit(bare))


async def test_a_number_that_was_read_wrong_is_named_so(intake: ServedIntake) -> None:
    answer = await intake.ask("431226000000000000X", "supplements", "0000000000", {"text": "x"})
    assert (answer.status_code, answer.json()["type"]) == (422, "number_malformed")


async def test_a_co_reporter_may_add_and_nothing_else(intake: ServedIntake) -> None:
    number, _ = await _registered(intake, WHOLE)
    (record,) = intake.store.records.values()
    assert record.document is not None
    code = query_code(b"c" * 32, record.key, record.document.body_digest, 1)
    assert (await intake.ask(number, "supplements", code, {"text": "我也看到了"})).status_code == 200
    assert (await intake.ask(number, "withdrawal", code)).status_code == 403
    assert (await intake.ask(number, "erasure", code)).status_code == 403


async def test_the_heads_are_public(intake: ServedIntake) -> None:
    assert (await intake.client.get("/v1/ledger/heads")).json() == []
