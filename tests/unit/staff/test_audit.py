"""The audit over HTTP: who signed in, who was refused, who looked; the auditor's own looks are in it."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any

import pytest

from contracts.messages.audit import Looked
from runtime.http.audit import AuditTrail
from runtime.identity.tokens import Principal
from tests.facts.values import COUNTY, NUMBER
from tests.unit.staff.house import ServedStaff
from tests.unit.staff.test_signing_in import NAME, joined, sign_in

AUDITOR = Principal("shen.ji", "", COUNTY, "auditor")
TURNS = 300


async def entries(staff: ServedStaff, at_least: int = 1, by: Principal = AUDITOR, **asked: str) -> list[dict[str, Any]]:
    """What the audit lists, once it lists so many."""
    for _ in range(TURNS):
        listed = await staff.call("GET", "/audit", by, params=asked)
        assert listed.status_code == 200, listed.text
        found: list[dict[str, Any]] = [each for each in listed.json()["entries"] if each["what"] != "audit"]
        if len(found) >= at_least:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it is not listed")


async def looked(staff: ServedStaff, account: str, division: str = COUNTY, **more: Any) -> None:
    trail = AuditTrail(staff.platform.writer, staff.platform.clock, "portal", secrets.token_hex)
    what = {"what": "words", "number": NUMBER} | more
    await trail.say(account, Looked(account=account, role="supervisor", division=division, **what))


async def test_a_sign_in_and_a_refusal_are_listed_the_newest_first(staff: ServedStaff) -> None:
    await joined(staff)
    await sign_in(staff, "wrong password 1")
    staff.wall.time += timedelta(seconds=1)
    await sign_in(staff)
    kinds = [(each["kind"], each["account"], each["reason"]) for each in await entries(staff, 4)]
    assert kinds[:2] == [("SignedIn", NAME, ""), ("SignInRefused", NAME, "wrong_password")]


async def test_a_guess_at_a_name_that_nobody_has_fills_no_log(staff: ServedStaff) -> None:
    await sign_in(staff, name="nobody")
    assert list(staff.platform.log.of_topic("audit")) == []


async def test_while_the_log_is_silent_nobody_signs_in_and_no_audit_is_shown(staff: ServedStaff) -> None:
    await joined(staff)
    await looked(staff, "qian.yi")
    await entries(staff)
    staff.silence()
    assert (await sign_in(staff)).status_code == 503
    shown = await staff.call("GET", "/audit", AUDITOR)
    assert (shown.status_code, "qian.yi" in shown.text) == (503, False)


async def test_the_auditors_own_looks_are_in_it(staff: ServedStaff) -> None:
    await looked(staff, "qian.yi")
    await entries(staff, number=NUMBER)
    listed = await entries(staff)
    assert [each["account"] for each in listed] == ["qian.yi"]
    own = (await staff.call("GET", "/audit", AUDITOR, params={"who": AUDITOR.sub, "what": "audit"})).json()["entries"]
    assert {(each["account"], each["what"]) for each in own} == {(AUDITOR.sub, "audit")}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["zhou.qi", "qian.yi"]),
        ({"who": "qian.yi"}, ["qian.yi"]),
        ({"what": "original"}, ["zhou.qi"]),
        ({"number": NUMBER.lower()}, ["qian.yi"]),
        ({"from": "2026-03-02T04:00:01Z"}, ["zhou.qi"]),
        ({"to": "2026-03-02T04:00:01Z"}, ["qian.yi"]),
    ],
)
async def test_it_is_asked_by_account_matter_kind_and_time(
    staff: ServedStaff, asked: dict[str, str], found: list[str]
) -> None:
    await looked(staff, "qian.yi")
    staff.wall.time += timedelta(seconds=1)
    await looked(staff, "zhou.qi", what="original", number="", reason="核对")
    await entries(staff, 2)
    assert [each["account"] for each in await entries(staff, **asked)] == found  # type: ignore[arg-type]


async def test_an_auditor_sees_the_own_division_and_nothing_beside_it(staff: ServedStaff) -> None:
    await looked(staff, "qian.yi", division="431225")
    await looked(staff, "zhou.qi", division="431226100")
    assert [each["account"] for each in await entries(staff)] == ["zhou.qi"]
    province = Principal("shen.ji", "", "43", "auditor")
    assert len(await entries(staff, 2, province)) == 2


@pytest.mark.parametrize("role", ["supervisor", "configurer", "unit", "lead", "clerk"])
async def test_nobody_but_an_auditor_reads_it(staff: ServedStaff, role: str) -> None:
    assert (await staff.call("GET", "/audit", Principal("qian.yi", "431226-GS", COUNTY, role))).status_code == 403


async def test_a_question_that_is_none_is_refused_in_words(staff: ServedStaff) -> None:
    for asked in ({"what": "everything"}, {"number": "x"}, {"from": "yesterday"}, {"limit": "0"}):
        answer = await staff.call("GET", "/audit", AUDITOR, params=asked)
        assert (answer.status_code, bool(answer.json()["errors"][0]["zh"])) == (422, True)
