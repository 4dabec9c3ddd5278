"""What is the same submission, and who is one person in it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from stdnum.iso7064 import mod_11_2

from contracts import identifiers
from contracts.identifiers import ALIKE, number_of, ticket_id
from services.intake.api import registering
from services.intake.api.bodies import Submission, form_1
from tests.unit.intake.house import CLEAR, ServedIntake

KEY = "7f9c2ba4-e88f-4d3e-a1b0-0000000000aa"
LINES = CLEAR | {"content": "第一行：停水三天。\n第二行：请尽快修好。"}
SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({**LINES, "category": None}, LINES),
    ({**LINES, "reporter": None, "co_reporters": []}, LINES),
    ({**LINES, "reporter": {}}, LINES),
    ({**LINES, "reporter": {"language": "zh"}}, LINES),
    (LINES | {"content": LINES["content"].replace("\n", "\r\n")}, LINES),
    (LINES | {"content": LINES["content"].replace("\n", "\r")}, LINES),
    (LINES | {"reporter": {"phone": "+86 139 1234 5678"}}, LINES | {"reporter": {"phone": "１３９１２３４５６７８"}}),
    (LINES | {"division": "４３１２２６"}, LINES | {"division": "431226"}),
]


@pytest.mark.parametrize(("one", "other"), SAME)
async def test_the_same_submission_spelt_otherwise_is_the_same_body(intake: ServedIntake, one: Any, other: Any) -> None:
    first = await intake.submit(one, KEY)
    await intake.until(lambda: intake.store.records)
    again = await intake.submit(other, KEY.upper())
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert first.json() == again.json()
    assert len(intake.store.records) == 1


async def test_other_words_are_another_body(intake: ServedIntake) -> None:
    await intake.submit(LINES, KEY)
    await intake.until(lambda: intake.store.records)
    assert (await intake.submit(LINES | {"content": "另有一事：路灯不亮。"}, KEY)).status_code == 422


def test_words_are_kept_as_they_were_written() -> None:
    typed = LINES | {"content": "一\r\n二", "place": None}
    kept = Submission.model_validate(typed).words()
    assert b"\\r\\n" in kept


def test_the_form_before_is_of_the_fields_as_they_were_typed() -> None:
    raw = b'{"title": "t", "place": null, "longitude": 109, "latitude": 27.5, "content": "c"}'
    assert form_1(raw) == b'{"content":"c","latitude":27.5,"longitude":109.0,"place":null,"title":"t"}'


BOTH = {"name": "张三", "phone": "13912345678", "email": "Zhang@example.cn"}
REPEATED: list[tuple[dict[str, Any], list[dict[str, Any]], list[str]]] = [
    (BOTH, [{"phone": "+86 139-1234-5678"}], ["/co_reporters/0/phone"]),
    (BOTH, [{"email": "zhang@EXAMPLE.cn"}], ["/co_reporters/0/email"]),
    ({}, [{"phone": "13912345671"}, {"phone": "13912345672"}, {"phone": "139 1234 5671"}], ["/co_reporters/2/phone"]),
    (BOTH, [{"phone": "13912345678", "email": "zhang@example.cn"}], ["/co_reporters/0/phone", "/co_reporters/0/email"]),
]


@pytest.mark.parametrize(("filer", "others", "pointers"), REPEATED)
async def test_one_person_is_one_voter_and_the_repeat_is_named(
    intake: ServedIntake, filer: Any, others: Any, pointers: list[str]
) -> None:
    answer = await intake.submit(CLEAR | {"reporter": filer, "co_reporters": others})
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == pointers
    assert {each["code"] for each in answer.json()["errors"]} == {"repeated_person"}
    assert not intake.said()


async def test_people_of_one_switchboard_are_several(intake: ServedIntake) -> None:
    desks = [{"phone": f"0745-5822345转{nth}", "email": f"d{nth}@example.cn"} for nth in (801, 802)]
    assert (await intake.submit(CLEAR | {"co_reporters": desks})).status_code == 201


@pytest.mark.parametrize(
    ("reporter", "pointer", "code"),
    [
        ({"phone": "0745-5822345", "channel": "sms"}, "/reporter", "no_sms_there"),
        ({"phone": "400-812-3456", "channel": "sms"}, "/reporter", "no_sms_there"),
        ({"phone": "139123456789"}, "/reporter/phone", "phone_length"),
        ({"phone": "00000"}, "/reporter/phone", "phone_form"),
        ({"email": "boss<other@example.cn>"}, "/reporter/email", "email_form"),
        ({"id_number": "43122619900101001X"}, "/reporter/id_number", "id_check_digit"),
        ({"id_number": "431226209901010061"}, "/reporter/id_number", "id_check_digit"),
        ({"permit": {"kind": "passport", "number": "!"}}, "/reporter/permit/number", "string_pattern_mismatch"),
    ],
)
async def test_a_contact_that_reaches_nobody_is_refused_at_once(
    intake: ServedIntake, reporter: Any, pointer: str, code: str
) -> None:
    answer = await intake.submit(CLEAR | {"reporter": reporter})
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


async def test_a_landline_and_a_permit_are_taken(intake: ServedIntake) -> None:
    reporter = {"phone": "(0745)5822345", "permit": {"kind": "passport", "number": "Ｅ12345678"}}
    assert (await intake.submit(CLEAR | {"reporter": reporter})).status_code == 201


async def test_a_birth_that_is_still_to_come_is_refused(intake: ServedIntake) -> None:
    answer = await intake.submit(CLEAR | {"reporter": {"id_number": unborn()}})
    assert [each["code"] for each in answer.json()["errors"]] == ["id_date"]


def unborn() -> str:
    bare = "43122620990101006"
    return bare + str(mod_11_2.calc_check_digit(bare))


def keys_of_the_kind_before() -> Iterator[str]:
    """Keys whose number once ended in what looks like another character."""
    for nth in range(40):
        key = f"7f9c2ba4-e88f-4d3e-a1b0-{nth:012x}"
        if number_of(ticket_id(b"i" * 32, "web", "", key), "431226")[-1] in ALIKE:
            yield key


async def test_what_was_registered_under_a_number_of_the_kind_before_keeps_it(
    intake: ServedIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = next(keys_of_the_kind_before())
    with monkeypatch.context() as before:
        before.setattr(identifiers, "ALIKE", frozenset())
        first = await intake.submit(LINES, key)
    await intake.until(lambda: intake.store.records)
    again = await intake.submit(LINES, key)
    assert first.json()["number"][-1] in ALIKE
    assert again.json() == first.json()
    fresh = [(await intake.submit(LINES, each)).json()["number"] for each in keys_of_the_kind_before() if each != key]
    assert fresh
    assert not {number[-1] for number in fresh} & ALIKE


async def test_what_was_registered_under_the_form_before_is_the_same_body(
    intake: ServedIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = LINES | {"reporter": {"phone": "+86 139 1234 5678"}, "category": None}
    with monkeypatch.context() as before:
        before.setattr(Submission, "canonical", lambda _: form_1(json.dumps(typed).encode()))
        before.setattr(registering, "BODY_FORM", 1)
        first = await intake.submit(typed, KEY)
    await intake.until(lambda: intake.store.records)
    again = await intake.submit(typed, KEY)
    assert again.status_code == 201
    assert again.json() == first.json()
    assert len(intake.store.records) == 1
