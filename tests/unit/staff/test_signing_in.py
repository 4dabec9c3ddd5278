"""Signing in over HTTP: links, passwords, sessions, and the tokens that a session gets."""

from datetime import timedelta
from typing import Any

import pytest

from runtime.identity.tokens import Principal, verify
from services.staff.domain.passwords import FREE, LINK_LIVES
from services.staff.domain.sessions import IDLE, LONGEST, OF_ONE_ACCOUNT, TOKEN_LIVES
from tests.facts.values import COUNTY, UNIT
from tests.unit.staff.house import LI, WANG, ServedStaff

NAME, PASSWORD = "chen.jing", "四匹马 tea window 29"
SECOND = timedelta(seconds=1)


async def link_for(staff: ServedStaff, name: str = NAME) -> str:
    answer = await staff.call("POST", f"/accounts/{name}/links", LI)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["link"])


async def joined(staff: ServedStaff, **wanted: Any) -> None:
    """Appointed to what asks for no one-time code, and with a password."""
    await staff.appoint(NAME, **({"role": "lead"} | wanted))
    answer = await staff.call("POST", "/passwords", json={"link": await link_for(staff), "password": PASSWORD})
    assert answer.json() == {"account": NAME}


async def replaced(staff: ServedStaff, index: int = 1) -> None:
    """Another password for the account was proposed by one and confirmed by another."""
    proposed = await staff.call("POST", f"/accounts/{NAME}/replacements", LI, json={"what": "password"})
    assert (proposed.status_code, proposed.json()["replacement"]) == (200, str(index)), proposed.text
    path = f"/accounts/{NAME}/replacements/{index}/confirmation"
    assert (await staff.call("POST", path, WANG)).status_code == 200


async def sign_in(staff: ServedStaff, password: str = PASSWORD, name: str = NAME) -> Any:
    return await staff.call("POST", "/sessions", json={"account": name, "password": password})


async def signed_in(staff: ServedStaff) -> str:
    answer = await sign_in(staff)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["session"])


async def ask(staff: ServedStaff, method: str, path: str, session: str, **more: Any) -> Any:
    return await staff.call(method, path, headers={"Session": session}, **more)


async def chosen(staff: ServedStaff) -> str:
    answer = await ask(staff, "POST", "/sessions/appointment", await signed_in(staff), json={"appointment": 1})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["session"])


async def test_a_person_signs_in_chooses_and_gets_a_token_that_every_service_takes(staff: ServedStaff) -> None:
    await joined(staff, role="unit", unit=UNIT)
    session = await chosen(staff)
    told = (await ask(staff, "POST", "/sessions/token", session)).json()
    who = Principal(NAME, UNIT, COUNTY, "unit")
    assert verify(staff.root_public, told["token"], staff.wall(), staff.published()) == who


async def test_a_token_lives_for_five_minutes(staff: ServedStaff) -> None:
    await joined(staff)
    session = await chosen(staff)
    told = (await ask(staff, "POST", "/sessions/token", session)).json()
    bearer = {"Authorization": f"Bearer {told['token']}"}
    staff.wall.time += TOKEN_LIVES - SECOND
    assert (await staff.call("GET", "/accounts", headers=bearer)).status_code == 403
    staff.wall.time += SECOND
    assert (await staff.call("GET", "/accounts", headers=bearer)).status_code == 401


async def test_a_session_gets_no_token_before_an_appointment_is_chosen(staff: ServedStaff) -> None:
    await joined(staff)
    answer = await ask(staff, "POST", "/sessions/token", await signed_in(staff))
    assert (answer.status_code, answer.json()["type"]) == (409, "no_appointment")


@pytest.mark.parametrize("index", [2, 1000])
async def test_only_an_own_appointment_that_holds_is_chosen(staff: ServedStaff, index: int) -> None:
    await joined(staff)
    await staff.propose(NAME, division="431226100")
    answer = await ask(staff, "POST", "/sessions/appointment", await signed_in(staff), json={"appointment": index})
    assert (answer.status_code, answer.json()["type"]) == (409, "no_appointment")


async def test_an_ended_appointment_gets_no_further_token(staff: ServedStaff) -> None:
    await joined(staff)
    session = await chosen(staff)
    assert (await staff.call("POST", f"/accounts/{NAME}/appointments/1/end", WANG)).status_code == 200
    assert (await ask(staff, "POST", "/sessions/token", session)).json()["type"] == "no_appointment"


async def test_a_locked_account_is_out_at_once_and_told_nothing(staff: ServedStaff) -> None:
    await joined(staff)
    session = await chosen(staff)
    await staff.call("POST", f"/accounts/{NAME}/lock", LI)
    assert (await ask(staff, "POST", "/sessions/token", session)).json()["type"] == "session_ended"
    assert (await sign_in(staff)).json()["type"] == "sign_in_refused"


async def test_wrong_account_and_wrong_password_are_told_alike(staff: ServedStaff) -> None:
    await joined(staff)
    await staff.appoint("zhou.qi")
    tried = [("wrong password 1", NAME), (PASSWORD, "nobody"), (PASSWORD, "zhou.qi")]
    answers = [await sign_in(staff, password, name) for password, name in tried]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}


async def test_guessing_has_to_wait_and_the_right_password_then_opens(staff: ServedStaff) -> None:
    await joined(staff)
    for _ in range(FREE + 1):
        assert (await sign_in(staff, "wrong password 1")).status_code == 401
    hasty = await sign_in(staff)
    assert (hasty.status_code, hasty.json()["type"]) == (429, "wait_first")
    staff.wall.time += timedelta(seconds=int(hasty.headers["Retry-After"]))
    assert (await sign_in(staff)).status_code == 201
    assert (await sign_in(staff, "wrong password 1")).status_code == 401
    assert (await sign_in(staff)).status_code == 201


async def test_guesses_from_elsewhere_keep_nobody_out(staff: ServedStaff) -> None:
    await joined(staff)
    for _ in range(60):
        await staff.attempts.wrong(NAME, "203.0.113.7", staff.wall())
    assert (await sign_in(staff)).status_code == 201


async def test_a_link_opens_once_and_not_after_its_time(staff: ServedStaff) -> None:
    await staff.appoint(NAME)
    link = await link_for(staff)
    sent = {"link": link, "password": PASSWORD}
    assert (await staff.call("POST", "/passwords", json=sent)).status_code == 200
    assert (await staff.call("POST", "/passwords", json=sent)).status_code == 410
    await replaced(staff)
    late = {"link": await link_for(staff), "password": PASSWORD}
    staff.wall.time += LINK_LIVES
    assert (await staff.call("POST", "/passwords", json=late)).status_code == 410


async def test_a_later_link_ends_an_earlier_one_and_a_new_password_ends_all_sessions(staff: ServedStaff) -> None:
    await joined(staff)
    await replaced(staff)
    session, early, late = await signed_in(staff), await link_for(staff), await link_for(staff)
    assert (await staff.call("POST", "/passwords", json={"link": early, "password": PASSWORD})).status_code == 410
    assert (await staff.call("POST", "/passwords", json={"link": late, "password": PASSWORD})).status_code == 200
    assert (await ask(staff, "GET", "/sessions", session)).status_code == 401


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (Principal("sun.li", "", "431225", "configurer"), 404),
        (Principal(NAME, "", COUNTY, "configurer"), 403),
        (Principal("qian.yi", "", COUNTY, "supervisor"), 403),
        (None, 401),
    ],
)
async def test_a_link_is_made_by_a_configurer_of_the_division_and_never_for_oneself(
    staff: ServedStaff, who: Principal | None, status: int
) -> None:
    await staff.appoint(NAME)
    assert (await staff.call("POST", f"/accounts/{NAME}/links", who)).status_code == status


async def test_a_bad_password_names_the_remedy_and_leaves_the_link(staff: ServedStaff) -> None:
    await staff.appoint(NAME)
    link = await link_for(staff)
    answer = await staff.call("POST", "/passwords", json={"link": link, "password": "Password1234"})
    (complaint,) = answer.json()["errors"]
    assert (answer.status_code, complaint["pointer"], complaint["code"]) == (422, "/password", "password_too_plain")
    assert (await staff.call("POST", "/passwords", json={"link": link, "password": PASSWORD})).status_code == 200


async def test_a_session_ends_when_idle_and_at_the_latest_after_eight_hours(staff: ServedStaff) -> None:
    await joined(staff)
    idle, busy = await signed_in(staff), await signed_in(staff)
    began = staff.wall()
    staff.wall.time += IDLE - SECOND
    assert (await ask(staff, "GET", "/sessions", busy)).status_code == 200
    staff.wall.time += SECOND
    assert (await ask(staff, "GET", "/sessions", idle)).status_code == 401
    while staff.wall() + IDLE / 2 < began + LONGEST:
        staff.wall.time += IDLE / 2
        assert (await ask(staff, "GET", "/sessions", busy)).status_code == 200
    staff.wall.time = began + LONGEST
    assert (await ask(staff, "GET", "/sessions", busy)).status_code == 401


async def test_the_secret_is_new_with_each_sign_in_and_each_choice_and_the_old_one_is_dead(staff: ServedStaff) -> None:
    await joined(staff)
    first, second = await signed_in(staff), await signed_in(staff)
    third = (await ask(staff, "POST", "/sessions/appointment", second, json={"appointment": 1})).json()["session"]
    assert len({first, second, third}) == 3
    answers = [(await ask(staff, "GET", "/sessions", each)).status_code for each in (first, second, third)]
    assert answers == [200, 401, 200]


async def test_own_sessions_are_listed_and_ended_one_or_all(staff: ServedStaff) -> None:
    await joined(staff)
    one, other = await signed_in(staff), await signed_in(staff)
    listed = (await ask(staff, "GET", "/sessions", one)).json()
    (sid,) = {each["sid"] for each in listed["sessions"]} - {listed["sid"]}
    assert (await ask(staff, "DELETE", f"/sessions/{sid}", one)).status_code == 204
    assert (await ask(staff, "DELETE", f"/sessions/{sid}", one)).status_code == 404
    assert [(await ask(staff, "GET", "/sessions", each)).status_code for each in (one, other)] == [200, 401]
    assert (await ask(staff, "DELETE", "/sessions", one)).status_code == 204
    assert (await ask(staff, "GET", "/sessions", one)).status_code == 401


async def test_nobody_ends_a_session_of_another_account(staff: ServedStaff) -> None:
    await joined(staff)
    sid = (await sign_in(staff)).json()["sid"]
    await staff.appoint("zhou.qi")
    await staff.call("POST", "/passwords", json={"link": await link_for(staff, "zhou.qi"), "password": PASSWORD})
    other = (await sign_in(staff, name="zhou.qi")).json()["session"]
    assert (await ask(staff, "DELETE", f"/sessions/{sid}", other)).status_code == 404


async def test_the_sessions_of_an_account_are_bounded(staff: ServedStaff) -> None:
    await joined(staff)
    first = await signed_in(staff)
    for _ in range(OF_ONE_ACCOUNT):
        staff.wall.time += SECOND
        await signed_in(staff)
    assert (await ask(staff, "GET", "/sessions", first)).status_code == 401


@pytest.mark.parametrize("session", ["", "x", "x" * 43])
async def test_a_made_up_secret_opens_nothing(staff: ServedStaff, session: str) -> None:
    assert (await ask(staff, "GET", "/sessions", session)).status_code == 401


async def test_no_secret_stands_in_the_log(staff: ServedStaff) -> None:
    await joined(staff)
    session = await chosen(staff)
    said = b"".join(record.value for record in staff.platform.log.of_topic("affairs"))
    assert said
    assert all(secret.encode() not in said for secret in (session, PASSWORD))
