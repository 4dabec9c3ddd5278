"""抽查 over HTTP: within one's own division, the same key the same draw, notices by unit."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from contracts.draws import commitment_of, nonce_of
from contracts.messages.draws import AnnounceDraw
from runtime.identity.tokens import Principal
from services.feedback.domain.case import CaseCheck
from tests.contract.matter import COUNTY, DRAW, ITS_UNIT, SUPERVISOR, UNIT, MatterInHand, matter
from tests.harness import MONDAY, decoded

WANTED = {"division": COUNTY, "begins": "2026-03-01T00:00:00+08:00", "ends": "2099-04-01T00:00:00+08:00"}
ELSEWHERE = Principal("supervisor", "", "431225", "supervisor")
AUDITOR = Principal("auditor", "", COUNTY, "auditor")


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[MatterInHand]:
    with pytest.MonkeyPatch.context() as patch:
        async with matter(patch) as made:
            failed = CaseCheck(
                draw=f"draw/{DRAW}", due=MONDAY, passed=False, ground="untrue_rectification", correct_by=MONDAY
            )
            made.change("feedback", checks=(failed,))
            yield made


async def announce(here: MatterInHand, who: Principal | None = SUPERVISOR, key: str = "", **otherwise: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return await here.call("feedback", "POST", "/v1/draws", who, json=WANTED | otherwise, headers=headers)


async def test_an_announcement_goes_out_with_a_commitment_and_says_where_to_ask(here: MatterInHand) -> None:
    answer = await announce(here)
    code = answer.headers["draw-code"]
    assert answer.status_code == 202
    assert (await here.call("feedback", "GET", answer.json()["ask"], SUPERVISOR)).status_code == 202
    said = decoded(here.newest("AnnounceDraw"), AnnounceDraw)
    assert (said.key, said.body.permille, said.body.percent) == (f"draw/{code}", 150, 95)
    assert len(said.body.commitment) == 64


async def test_the_same_key_is_the_same_draw(here: MatterInHand) -> None:
    first, again, other = await announce(here, key="k1"), await announce(here, key="k1"), await announce(here, key="k2")
    assert first.headers["draw-code"] == again.headers["draw-code"] != other.headers["draw-code"]


def test_a_nonce_is_of_its_draw_and_its_secret() -> None:
    nonces = {nonce_of(secret, key) for secret in (b"a" * 32, b"b" * 32) for key in ("draw/1", "draw/2")}
    assert len({commitment_of(each) for each in nonces}) == 4


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), (ITS_UNIT, 403), (AUDITOR, 403), (ELSEWHERE, 403), (SUPERVISOR, 202)]
)
async def test_a_supervision_office_draws_in_its_own_division(
    here: MatterInHand, who: Principal | None, status: int
) -> None:
    assert (await announce(here, who)).status_code == status


async def test_a_draw_is_seen_by_supervision_and_audit_of_its_division(here: MatterInHand) -> None:
    found = {who.division + who.role: await here.call("feedback", "GET", "/v1/draws/{code}", who) for who in (
        SUPERVISOR, AUDITOR, ELSEWHERE, ITS_UNIT,
    )}  # fmt: skip
    assert [each.status_code for each in found.values()] == [200, 200, 404, 403]
    assert found["431226supervisor"].json()["state"] == "closed"


async def test_what_failed_is_told_by_unit_with_ground_and_day(here: MatterInHand) -> None:
    told = await here.call("feedback", "GET", "/v1/draws/{code}/notices", SUPERVISOR)
    (notice,) = told.json()["notices"]
    assert (notice["unit"], notice["number"], notice["ground"]) == (UNIT, here.number, "untrue_rectification")
    table = await here.call("feedback", "GET", "/v1/draws/{code}/notices?form=csv", AUDITOR)
    assert table.text.splitlines()[0] == "\ufeffunit,number,ground,correct_by"
    assert (await here.call("feedback", "GET", "/v1/draws/{code}/notices", ELSEWHERE)).status_code == 404
