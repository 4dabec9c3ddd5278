"""Who is named at the public door by somebody who is not signed in has to confirm the seat."""

from typing import Any

import pytest

from contracts import identifiers
from runtime.identity.tokens import Principal
from services.intake import wiring
from services.intake.adapters import unsealing
from services.intake.api.registering import Registering
from services.intake.domain.submission import Registration
from tests.unit.intake.house import CLEAR, ServedIntake

CLERK = Principal("clerk", "", "431226", "clerk")
UNCLEAR = {"title": "反映", "content": "请处理。"}
NEIGHBOURS = [{"name": "滕样例", "phone": f"139000000{nth:02}"} for nth in range(1, 3)]


async def registered(intake: ServedIntake, body: dict[str, Any], who: Principal | None = None) -> Registration:
    """The only matter there is."""
    assert (await intake.submit(body | {"co_reporters": NEIGHBOURS}, who=who)).status_code == 201
    await intake.until(lambda: intake.store.records)
    (record,) = intake.store.records.values()
    assert isinstance(record.document, Registration)
    return record.document


def confirmed(document: Registration) -> list[bool]:
    return [seat.confirmed for seat in document.voters]


@pytest.mark.parametrize(
    ("who", "seats"),
    [
        (None, [True, False, False]),
        (CLERK, [True, True, True]),
        (Principal("clerk", "431226-JT", "431226", "unit"), [True, True, True]),
    ],
)
async def test_a_seat_is_to_be_confirmed_where_nobody_answers_for_it(
    intake: ServedIntake, who: Principal | None, seats: list[bool]
) -> None:
    assert confirmed(await registered(intake, CLEAR, who)) == seats
    (fact,) = [each for each in intake.said("tickets") if dict(each.headers)["ce_type"] == b"TicketRegistered"]
    assert [b'"confirmed":' + str(each).lower().encode() in fact.value for each in seats] == [True] * 3


async def test_what_came_before_seats_were_confirmed_has_them_all(
    intake: ServedIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Registering, "_named", lambda *_: b"")
    assert confirmed(await registered(intake, CLEAR)) == [True, True, True]


@pytest.mark.parametrize(
    ("person", "refused"),
    [
        ({"phone": "+85291234567", "email": "n@example.cn"}, True),
        ({"phone": "+1 202 555 0142", "email": "n@example.cn"}, True),
        ({"phone": "400-812-3456", "email": "n@example.cn"}, True),
        ({"phone": "0745-5822345", "email": "n@example.cn"}, False),
        ({"phone": "13987654321"}, False),
        ({"email": "n@example.cn"}, False),
    ],
)
@pytest.mark.parametrize("who", [None, CLERK])
async def test_nobody_has_a_number_texted_that_costs_unless_signed_in(
    intake: ServedIntake, person: dict[str, str], refused: bool, who: Principal | None
) -> None:
    answer = await intake.submit(CLEAR | {"co_reporters": [person]}, who=who)
    if not refused or who:
        assert answer.status_code == 201, answer.text
        return
    (complaint,) = answer.json()["errors"]
    assert (complaint["pointer"], complaint["code"]) == ("/co_reporters/0/phone", "phone_not_here")
    assert complaint["zh"]
    assert complaint["en"].isascii()
    assert not intake.said()


async def test_a_seat_is_confirmed_once_with_its_own_code(
    intake: ServedIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes: list[str] = []
    monkeypatch.setattr(unsealing, "code_digest", _noting(codes, identifiers.code_digest))
    document = await registered(intake, UNCLEAR)
    assert (document.state, confirmed(document)) == ("invalid", [True, False, False])
    filers = await intake.ask(document.number, "confirmation", codes[0])
    first = await intake.ask(document.number, "confirmation", codes[1])
    again = await intake.ask(document.number, "confirmation", codes[1])
    wrong = await intake.ask(document.number, "confirmation", "0000000000")
    assert [each.status_code for each in (filers, first, again, wrong)] == [409, 200, 409, 404]
    assert {each.json()["type"] for each in (filers, again)} == {"confirmed_already"}
    (record,) = intake.store.records.values()
    assert record.document is not None
    assert confirmed(record.document) == [True, True, False]


async def test_a_stranger_who_was_only_named_does_not_keep_the_filer_from_withdrawing(intake: ServedIntake) -> None:
    told = (await intake.submit(UNCLEAR | {"co_reporters": NEIGHBOURS})).json()
    await intake.until(lambda: intake.store.records)
    assert (await intake.ask(told["number"], "withdrawal", told["query_code"])).status_code == 200
    answer = await intake.submit(UNCLEAR | {"co_reporters": NEIGHBOURS}, who=CLERK)
    number, code = answer.json()["number"], answer.json()["query_code"]
    await intake.until(lambda: len(intake.store.records) == 2)
    refused = await intake.ask(number, "withdrawal", code)
    assert (refused.status_code, refused.json()["type"]) == (409, "collective")


async def test_the_network_that_named_them_is_nowhere_in_clear(intake: ServedIntake) -> None:
    await registered(intake, CLEAR)
    vault = wiring.adapters(intake.platform).vault
    held = repr([dict(each.headers) | {"value": each.value} for each in (*intake.said(), *intake.said("tickets"))])
    assert "127.0.0.1" not in held + repr(vars(vault))
    assert "named_from" not in held


def _noting(codes: list[str], digest: Any) -> Any:
    """The digest of a code, with the code noted."""

    def noted(secret: bytes, ticket: str, code: str) -> str:
        codes.append(code)
        return str(digest(secret, ticket, code))

    return noted
