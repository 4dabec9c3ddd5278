"""A1: what people type into a field is read into the one thing that it is, or refused by name."""

import uuid
from typing import Any

import pytest

from tests.acceptance.town import RunningSystem

DRY: dict[str, Any] = {"title": "自来水停水三天", "content": "自来水停水三天，楼上没水，请尽快修。"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１３９０００００７０１", "13900000701"),
        ("139\u00a00000\u00a00702", "13900000702"),
        ("+86 139 0000 0703", "13900000703"),
    ],
)
async def test_A1_a_phone_is_one_number_however_it_is_typed(town: RunningSystem, typed: str, number: str) -> None:
    await town.submit(**DRY, place="高村镇", reporter={"phone": typed, "channel": "sms"})

    async def told() -> bool:
        return any("已登记" in text for text in town.gateway.inboxes.get(number, ()))

    await town.eventually(told, what=f"an SMS to {number}")
    assert typed not in town.gateway.inboxes


@pytest.mark.parametrize(
    ("reporter", "field"),
    [
        ({"phone": "00000"}, "/reporter/phone"),
        ({"phone": "139123456789"}, "/reporter/phone"),
        ({"phone": "0745-5822345", "channel": "sms"}, "/reporter"),
        ({"email": "a,b@example.cn"}, "/reporter/email"),
        ({"email": "boss<other@example.cn>"}, "/reporter/email"),
        ({"id_number": "110105194912310021"}, "/reporter/id_number"),
    ],
)
async def test_A1_what_is_no_contact_is_refused_with_its_field_and_no_word_of_it(
    town: RunningSystem, reporter: dict[str, str], field: str
) -> None:
    body = {**DRY, "reporter": reporter}
    answer = await town.call("intake", "POST", "/v1/submissions", json=body)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [field]
    assert next(iter(reporter.values())) not in answer.text


async def test_A1_a_value_is_read_once_and_is_then_what_it_is(town: RunningSystem) -> None:
    receipt = await town.submit(**DRY, division="４３１２２６")
    assert (await town.assigned(receipt)).body.division == "431226"
    key = str(uuid.uuid4())
    first = await town.submit(**DRY, place=None, key=key)
    assert await town.submit(**DRY, key=f'"{key}"') == first


async def test_A1_a_number_is_no_date(town: RunningSystem) -> None:
    receipt = await town.submit(**DRY, place="高村镇")
    unit = await town.accepted(receipt)
    plan = {"mode": "in_phases", "measures": [{"text": "换管", "person": "李工", "due": "+1760000000"}]}
    answer = await town.call("feedback", "POST", f"/v1/tickets/{receipt.number}/plan", who=unit, json=plan)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/measures/0/due"]
