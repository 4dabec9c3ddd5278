"""One-time codes over HTTP: set up by whoever is signed in, asked for at each sign-in, replaced by two."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest

from contracts.accounts import ASKED_FOR_A_CODE
from services.staff.domain.one_time_codes import STEP
from services.staff.domain.passwords import FREE
from tests.facts.values import COUNTY
from tests.unit.staff.house import LI, WANG, ServedStaff
from tests.unit.staff.test_audit import entries
from tests.unit.staff.test_signing_in import NAME, PASSWORD, ask, joined, sign_in, signed_in

NEXT = timedelta(seconds=STEP)


def code(staff: ServedStaff, secret: str) -> str:
    """What the authenticator shows now."""
    return pyotp.TOTP(secret).at(int(staff.wall().timestamp()))


async def begun(staff: ServedStaff, session: str) -> str:
    answer = await ask(staff, "POST", "/sessions/second-factor", session)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["secret"])


async def confirm(staff: ServedStaff, session: str, sent: str) -> Any:
    return await ask(staff, "POST", "/sessions/second-factor/confirmation", session, json={"code": sent})


async def set_up(staff: ServedStaff) -> tuple[str, str]:
    """The secret of the codes, and of the session; the half minute of the first code is over."""
    session = await signed_in(staff)
    secret = await begun(staff, session)
    answer = await confirm(staff, session, code(staff, secret))
    assert (answer.status_code, answer.json()["proved"]) == (200, True)
    staff.wall.time += NEXT
    return secret, str(answer.json()["session"])


async def enter(staff: ServedStaff, sent: str) -> int:
    body = {"account": NAME, "password": PASSWORD, "code": sent}
    return int((await staff.call("POST", "/sessions", json=body)).status_code)


async def choose(staff: ServedStaff, session: str) -> Any:
    return await ask(staff, "POST", "/sessions/appointment", session, json={"appointment": 1})


@pytest.mark.parametrize("role", sorted(ASKED_FOR_A_CODE))
async def test_a_password_alone_is_not_enough_to_act_so(staff: ServedStaff, role: str) -> None:
    await joined(staff, role=role)
    refused = await choose(staff, await signed_in(staff))
    assert (refused.status_code, refused.json()["type"]) == (403, "second_factor_first")
    _, session = await set_up(staff)
    chosen = await choose(staff, session)
    assert (chosen.status_code, chosen.json()["appointment"]) == (200, 1)
    token = await ask(staff, "POST", "/sessions/token", chosen.json()["session"])
    assert token.status_code == 200


async def test_from_then_on_each_sign_in_needs_a_code_and_each_code_opens_once(staff: ServedStaff) -> None:
    await joined(staff)
    secret, _ = await set_up(staff)
    now = code(staff, secret)
    assert [await enter(staff, sent) for sent in ("", now, now)] == [401, 201, 401]
    staff.wall.time += NEXT
    assert await enter(staff, code(staff, secret)) == 201


async def test_an_earlier_code_does_not_open_after_a_later_one(staff: ServedStaff) -> None:
    await joined(staff)
    secret, _ = await set_up(staff)
    early = code(staff, secret)
    staff.wall.time += NEXT
    assert [await enter(staff, sent) for sent in (code(staff, secret), early)] == [201, 401]


async def test_a_code_without_the_password_is_not_used_up(staff: ServedStaff) -> None:
    await joined(staff)
    secret, _ = await set_up(staff)
    wrong = {"account": NAME, "password": "wrong password 1", "code": code(staff, secret)}
    refused = await staff.call("POST", "/sessions", json=wrong)
    assert (refused.status_code, await enter(staff, code(staff, secret))) == (401, 201)


async def test_wrong_codes_are_told_like_wrong_passwords_and_wait_like_them_and_the_audit_knows(
    staff: ServedStaff,
) -> None:
    await joined(staff)
    secret, _ = await set_up(staff)
    told = (await sign_in(staff, "wrong password 1")).text
    answers = [await sign_in(staff) for _ in range(FREE)]
    assert {answer.text for answer in answers} == {told}
    assert await enter(staff, code(staff, secret)) == 429
    reasons = [each["reason"] for each in await entries(staff, FREE + 5)]
    assert sorted(set(reasons)) == ["", "wrong_code", "wrong_password"]


async def test_wrong_codes_wait_while_they_are_set_up_too(staff: ServedStaff) -> None:
    await joined(staff)
    session = await signed_in(staff)
    secret = await begun(staff, session)
    never = "000000" if code(staff, secret) != "000000" else "111111"
    answers = [await confirm(staff, session, never) for _ in range(FREE + 2)]
    assert [answer.status_code for answer in answers] == [422] * (FREE + 1) + [429]
    assert answers[0].json()["errors"][0]["pointer"] == "/code"


async def test_whoever_looks_on_from_another_session_is_told_another_secret(staff: ServedStaff) -> None:
    """Else somebody with the password alone would know the codes of whoever sets them up."""
    await joined(staff)
    one, other = await signed_in(staff), await signed_in(staff)
    first = await begun(staff, one)
    assert await begun(staff, one) == first
    second = await begun(staff, other)
    assert second != first
    assert (await confirm(staff, one, code(staff, first))).json()["type"] == "second_factor_missing"
    assert (await confirm(staff, other, code(staff, second))).status_code == 200
    assert (await ask(staff, "GET", "/sessions", one)).status_code == 401


async def test_what_stands_is_neither_shown_nor_set_up_again(staff: ServedStaff) -> None:
    await joined(staff)
    secret, session = await set_up(staff)
    again = await ask(staff, "POST", "/sessions/second-factor", session)
    assert (again.status_code, again.json()["type"], secret in again.text) == (409, "second_factor_there", False)
    assert (await confirm(staff, session, code(staff, secret))).json()["type"] == "second_factor_missing"


async def test_two_configurers_replace_it_and_it_is_set_up_anew(staff: ServedStaff) -> None:
    await joined(staff)
    secret, session = await set_up(staff)
    wanted = {"what": "second_factor"}
    assert (await staff.call("POST", f"/accounts/{NAME}/replacements", LI, json=wanted)).status_code == 200
    assert await enter(staff, "") == 401
    path = f"/accounts/{NAME}/replacements/1/confirmation"
    assert [(await staff.call("POST", path, who)).status_code for who in (LI, WANG)] == [409, 200]
    assert (await ask(staff, "GET", "/sessions", session)).json()["type"] == "credential_replaced"
    staff.wall.time += NEXT
    new, _ = await set_up(staff)
    assert [await enter(staff, code(staff, each)) for each in (secret, new)] == [401, 201]


async def test_a_replaced_second_factor_is_no_way_to_another_password(staff: ServedStaff) -> None:
    await joined(staff)
    await staff.call("POST", f"/accounts/{NAME}/replacements", LI, json={"what": "second_factor"})
    await staff.call("POST", f"/accounts/{NAME}/replacements/1/confirmation", WANG)
    assert (await staff.call("POST", f"/accounts/{NAME}/links", LI)).status_code == 409


@pytest.mark.parametrize("what", ["fingerprint", ""])
async def test_what_is_no_credential_is_not_replaced(staff: ServedStaff, what: str) -> None:
    await staff.appoint(NAME, division=COUNTY)
    answer = await staff.call("POST", f"/accounts/{NAME}/replacements", LI, json={"what": what})
    (complaint,) = answer.json()["errors"]
    assert (answer.status_code, complaint["pointer"], "second_factor" in complaint["en"]) == (422, "/what", True)
