"""G3: people sign in with a password of their own, act by one appointment at a time, and are out when it ends."""

import functools
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pyotp

from contracts.accounts import ASKED_FOR_A_CODE
from runtime.identity.tokens import Principal
from services.staff.domain.one_time_codes import STEP
from tests.acceptance.town import COUNTY, RunningSystem

LI, WANG = (Principal(name, "", COUNTY, "configurer") for name in ("li.wei", "wang.fang"))
SUPERVISOR = Principal("qian.yi", "", COUNTY, "supervisor")
PASSWORD = "四匹马 tea window 29"


async def posted(town: RunningSystem, path: str, who: Principal | None = None, **more: Any) -> httpx2.Response:
    return await town.call("staff", "POST", f"/v1{path}", who=who, **more)


async def signed_in(town: RunningSystem, name: str, **wanted: str) -> str:
    """Appointed by two, with a password by a one-time link; the secret of a session that acts by the appointment."""
    proposed = await posted(town, f"/accounts/{name}/appointments", LI, json={"division": COUNTY, **wanted})
    assert proposed.status_code == 200, proposed.text
    assert (await posted(town, f"/accounts/{name}/appointments/1/confirmation", WANG)).status_code == 200
    link = (await posted(town, f"/accounts/{name}/links", LI)).json()["link"]
    assert (await posted(town, "/passwords", json={"link": link, "password": PASSWORD})).status_code == 200
    told = (await posted(town, "/sessions", json={"account": name, "password": PASSWORD})).json()
    if wanted["role"] in ASKED_FOR_A_CODE:
        told = await with_codes(town, told["session"])
    session = {"Session": told["session"]}
    chosen = await posted(town, "/sessions/appointment", headers=session, json={"appointment": 1})
    return str(chosen.json()["session"])


async def with_codes(town: RunningSystem, session: str) -> Any:
    """The session with one-time codes set up; ``secret``: what its authenticator holds."""
    asked = {"Session": session}
    begun = (await posted(town, "/sessions/second-factor", headers=asked)).json()
    sent = {"code": shown_by_authenticator(begun["secret"], town.clock.wall())}
    confirmed = await posted(town, "/sessions/second-factor/confirmation", headers=asked, json=sent)
    assert confirmed.status_code == 200, confirmed.text
    return confirmed.json() | {"secret": begun["secret"]}


def shown_by_authenticator(secret: str, wall: datetime) -> str:
    return pyotp.TOTP(secret).at(int(wall.timestamp()))


async def token_of(town: RunningSystem, session: str) -> httpx2.Response:
    return await posted(town, "/sessions/token", headers={"Session": session})


async def reads(town: RunningSystem, service: str, path: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await town.clients[service].get(path, headers=headers)).status_code


async def test_G3_a_person_signs_in_and_every_service_knows_who_it_is(town: RunningSystem) -> None:
    session = await signed_in(town, "he.hua", role="supervisor")
    answer = await token_of(town, session)
    assert answer.status_code == 200, answer.text
    token = answer.json()["token"]
    for service, path in (("routing", "/v1/work-list"), ("portal", "/v1/tickets"), ("feedback", "/v1/look-backs")):
        let_in = functools.partial(_is_let_in, town, service, path, token)
        await town.eventually(let_in, what=f"{service} knows the key")
    assert await reads(town, "notify", "/v1/deliveries/unknown", token) == 200
    assert await reads(town, "staff", "/v1/accounts", token) == 403


async def _is_let_in(town: RunningSystem, service: str, path: str, token: str) -> bool:
    return await reads(town, service, path, token) == 200


async def test_G3_an_ended_appointment_and_a_locked_account_get_no_further_token(town: RunningSystem) -> None:
    ended, locked = [await signed_in(town, name, role="lead") for name in ("ma.li", "hu.bo")]
    assert (await posted(town, "/accounts/ma.li/appointments/1/end", WANG)).status_code == 200
    assert (await posted(town, "/accounts/hu.bo/lock", WANG)).status_code == 200
    answers = [(await token_of(town, session)).json()["type"] for session in (ended, locked)]
    assert answers == ["no_appointment", "session_ended"]


async def test_G3_no_password_and_no_secret_stands_in_the_log(town: RunningSystem) -> None:
    session = await signed_in(town, "lin.na", role="clerk")
    follower = town.platforms["staff"].follower("affairs")
    said = b""
    while records := await follower.fetch():
        said += b"".join(record.value for record in records)
    assert b'"clerk"' in said
    assert [secret for secret in (PASSWORD, session) if secret.encode() in said] == []


async def test_G3_nobody_takes_over_an_account_alone_and_its_holder_is_told(town: RunningSystem) -> None:
    session = await signed_in(town, "deng.fei", role="supervisor")
    alone = await posted(town, "/accounts/deng.fei/links", LI)
    assert (alone.status_code, alone.json()["type"]) == (409, "second_account")
    proposed = await posted(town, "/accounts/deng.fei/replacements", LI, json={"what": "password"})
    assert proposed.status_code == 200, proposed.text
    confirmation = f"/accounts/deng.fei/replacements/{proposed.json()['replacement']}/confirmation"
    assert (await posted(town, confirmation, LI)).json()["type"] == "second_account"
    assert (await posted(town, confirmation, WANG)).status_code == 200
    out = await token_of(town, session)
    assert (out.status_code, out.json()["type"], "li.wei、wang.fang" in out.json()["zh"]) == (
        401,
        "credential_replaced",
        True,
    )
    link = (await posted(town, "/accounts/deng.fei/links", LI)).json()["link"]
    assert (await posted(town, "/passwords", json={"link": link, "password": PASSWORD + "!"})).status_code == 200
    assert (await posted(town, "/accounts/deng.fei/links", LI)).status_code == 409


async def test_G3_whoever_says_who_may_act_reads_no_matter(town: RunningSystem) -> None:
    receipt = await town.submit("水管坏了", "高村镇自来水停水三天，水压一直很低。", place="高村镇")
    path = f"/v1/tickets/{receipt.number}"

    async def is_there() -> bool:
        return (await town.call("portal", "GET", path, who=SUPERVISOR)).status_code == 200

    await town.eventually(is_there)
    assert (await town.call("portal", "GET", path, who=LI)).status_code == 404
    assert (await town.call("portal", "GET", "/v1/tickets", who=LI)).json()["total"] == 0
    assert (await town.call("portal", "GET", "/v1/tickets", who=SUPERVISOR)).json()["total"] > 0


async def test_G3_a_supervisor_acts_only_with_a_one_time_code_and_no_code_opens_twice(town: RunningSystem) -> None:
    for who, path in ((LI, "/accounts/gao.lan/appointments"), (WANG, "/accounts/gao.lan/appointments/1/confirmation")):
        wanted = {"role": "supervisor", "division": COUNTY} if who is LI else None
        assert (await posted(town, path, who, json=wanted)).status_code == 200
    link = (await posted(town, "/accounts/gao.lan/links", LI)).json()["link"]
    await posted(town, "/passwords", json={"link": link, "password": PASSWORD})
    sent = {"account": "gao.lan", "password": PASSWORD}
    session = (await posted(town, "/sessions", json=sent)).json()["session"]
    refused = await posted(town, "/sessions/appointment", headers={"Session": session}, json={"appointment": 1})
    assert refused.json()["type"] == "second_factor_first"
    secret = (await with_codes(town, session))["secret"]
    code = shown_by_authenticator(secret, town.clock.wall() + timedelta(seconds=STEP))
    answers = [(await posted(town, "/sessions", json=sent | {"code": each})).status_code for each in ("", code, code)]
    assert answers == [401, 201, 401]
    kept = [each async for each in town.platforms["staff"].database("staff")["second_factors"].find({"_id": "gao.lan"})]
    assert (len(kept), secret in str(kept)) == (1, False)
