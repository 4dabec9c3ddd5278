"""Whatever staff does about who may act is in the log of affairs or in the audit before it is so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI

from runtime.identity.tokens import Principal
from services.staff import wiring
from tests.facts.values import COUNTY
from tests.unit.staff.house import LI, WANG, ServedStaff
from tests.unit.staff.test_assertions import assertion, form_of, system_joined
from tests.unit.staff.test_audit import entries
from tests.unit.staff.test_second_factors import begun, code
from tests.unit.staff.test_signing_in import NAME, PASSWORD, joined, link_for, replaced, signed_in

ACCOUNT = "/v1/accounts/{name}"
OF_ONES_OWN_SESSION = {
    *(("POST", f"/v1/sessions/{path}") for path in ("appointment", "token", "second-factor")),
    *(("DELETE", f"/v1/sessions{path}") for path in ("", "/{sid}")),
}
"""By these nobody may act who might not before: they choose among what is said already, or end a session."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that is ready to be sent."""

    path: str
    by: Principal | None = None
    more: dict[str, Any] = field(default_factory=dict)


async def _proposes(staff: ServedStaff) -> Sent:
    return Sent(f"/accounts/{NAME}/appointments", LI, {"json": {"role": "lead", "division": COUNTY}})


async def _confirms(staff: ServedStaff) -> Sent:
    await staff.propose(NAME)
    return Sent(f"/accounts/{NAME}/appointments/1/confirmation", WANG)


async def _ends(staff: ServedStaff) -> Sent:
    await staff.appoint(NAME)
    return Sent(f"/accounts/{NAME}/appointments/1/end", LI)


async def _locks(staff: ServedStaff) -> Sent:
    await staff.appoint(NAME)
    return Sent(f"/accounts/{NAME}/lock", LI)


async def _unlocks(staff: ServedStaff) -> Sent:
    await staff.appoint(NAME)
    await staff.call("POST", f"/accounts/{NAME}/lock", LI)
    return Sent(f"/accounts/{NAME}/unlock", LI)


async def _proposes_replacement(staff: ServedStaff) -> Sent:
    await staff.appoint(NAME)
    return Sent(f"/accounts/{NAME}/replacements", LI, {"json": {"what": "second_factor"}})


async def _confirms_replacement(staff: ServedStaff) -> Sent:
    asked = await _proposes_replacement(staff)
    await staff.call("POST", asked.path, asked.by, **asked.more)
    return Sent(f"/accounts/{NAME}/replacements/1/confirmation", WANG)


async def _lays_a_link(staff: ServedStaff) -> Sent:
    await staff.appoint(NAME)
    return Sent(f"/accounts/{NAME}/links", LI)


async def _sets_a_password(staff: ServedStaff) -> Sent:
    await staff.appoint(NAME)
    return Sent("/passwords", None, {"json": {"link": await link_for(staff), "password": PASSWORD}})


async def _signs_in(staff: ServedStaff) -> Sent:
    await joined(staff)
    return Sent("/sessions", None, {"json": {"account": NAME, "password": PASSWORD}})


async def _signs_as_a_system(staff: ServedStaff) -> Sent:
    await system_joined(staff)
    return Sent("/token", None, {"data": form_of(assertion(staff))})


async def _sets_codes_up(staff: ServedStaff) -> Sent:
    await joined(staff)
    session = await signed_in(staff)
    now = {"json": {"code": code(staff, await begun(staff, session))}, "headers": {"Session": session}}
    return Sent("/sessions/second-factor/confirmation", None, now)


@dataclass(frozen=True, slots=True)
class StaffAct:
    """What somebody does, and the topic in which it stands first. ``keeps``: something is different afterwards."""

    path: str
    topic: str
    ready: Callable[[ServedStaff], Awaitable[Sent]]
    keeps: bool = True


ACTS = (
    StaffAct(f"{ACCOUNT}/appointments", "affairs", _proposes),
    StaffAct(f"{ACCOUNT}/appointments/{{appointment}}/confirmation", "affairs", _confirms),
    StaffAct(f"{ACCOUNT}/appointments/{{appointment}}/end", "affairs", _ends),
    StaffAct(f"{ACCOUNT}/lock", "affairs", _locks),
    StaffAct(f"{ACCOUNT}/unlock", "affairs", _unlocks),
    StaffAct(f"{ACCOUNT}/replacements", "affairs", _proposes_replacement),
    StaffAct(f"{ACCOUNT}/replacements/{{replacement}}/confirmation", "affairs", _confirms_replacement),
    StaffAct(f"{ACCOUNT}/links", "audit", _lays_a_link),
    StaffAct("/v1/passwords", "audit", _sets_a_password),
    StaffAct("/v1/sessions", "audit", _signs_in),
    StaffAct("/v1/token", "audit", _signs_as_a_system, keeps=False),
    StaffAct("/v1/sessions/second-factor/confirmation", "audit", _sets_codes_up),
)
EACH = pytest.mark.parametrize("act", ACTS, ids=lambda act: act.path)


async def who_may_act(staff: ServedStaff) -> tuple[object, ...]:
    """All that decides it: accounts, what they prove themselves with, sessions."""
    kept = wiring.keeping_of(staff.platform)
    accounts = await wiring.accounts_of(staff.platform).within("", 10)
    return accounts, await kept.credentials.find(NAME), await kept.factors.find(NAME), await kept.sessions.of(NAME)


async def test_each_route_that_changes_something_is_one_of_them_or_about_ones_own_session(staff: ServedStaff) -> None:
    app: Any = staff.transport.app
    assert isinstance(app, FastAPI)
    paths = app.openapi()["paths"]
    changing = {(method.upper(), path) for path, of in paths.items() for method in of if method != "get"}
    assert changing == {("POST", act.path) for act in ACTS} | OF_ONES_OWN_SESSION


@EACH
async def test_it_stands_in_its_log(staff: ServedStaff, act: StaffAct) -> None:
    asked = await act.ready(staff)
    known, before = len(list(staff.platform.log.of_topic(act.topic))), await who_may_act(staff)
    answer = await staff.call("POST", asked.path, asked.by, **asked.more)
    assert answer.status_code < 300, answer.text
    assert len(list(staff.platform.log.of_topic(act.topic))) > known
    assert (await who_may_act(staff) != before) is act.keeps


@EACH
async def test_while_the_log_is_silent_it_is_refused_and_nothing_has_changed(staff: ServedStaff, act: StaffAct) -> None:
    asked = await act.ready(staff)
    before = await who_may_act(staff)
    staff.silence()
    answer = await staff.call("POST", asked.path, asked.by, **asked.more)
    assert (answer.status_code, await who_may_act(staff)) == (503, before)


async def test_the_auditor_reads_whose_credential_changed_by_whom_and_what_it_rests_on(staff: ServedStaff) -> None:
    await joined(staff)
    await replaced(staff)
    sent = {"link": await link_for(staff), "password": f"{PASSWORD}!"}
    assert (await staff.call("POST", "/passwords", json=sent)).status_code == 200
    listed = [(each["what"], each["by"], each["reason"]) for each in await entries(staff, 4, who=NAME)]
    again = [("password_set", "", "replacement=1"), ("link_laid", LI.sub, "replacement=1")]
    assert listed == [*again, ("password_set", "", ""), ("link_laid", LI.sub, "")]
    assert {each["account"] for each in await entries(staff, 2, who=LI.sub, what="link_laid")} == {NAME}


async def test_a_link_that_is_refused_is_not_said(staff: ServedStaff) -> None:
    await joined(staff)
    known = len(list(staff.platform.log.of_topic("audit")))
    assert (await staff.call("POST", f"/accounts/{NAME}/links", LI)).status_code == 409
    assert len(list(staff.platform.log.of_topic("audit"))) == known


async def test_codes_that_are_set_up_stand_in_the_audit_and_a_wrong_code_does_not(staff: ServedStaff) -> None:
    await joined(staff)
    session = await signed_in(staff)
    right = code(staff, await begun(staff, session))
    wrong = "000000" if right != "000000" else "111111"
    path = "/sessions/second-factor/confirmation"
    for sent in (wrong, right):
        await staff.call("POST", path, json={"code": sent}, headers={"Session": session})
    (said,) = await entries(staff, 1, what="codes_set_up")
    assert (said["account"], said["by"], said["divisions"]) == (NAME, NAME, [COUNTY])
