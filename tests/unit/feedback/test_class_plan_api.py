"""类方案 over HTTP: a unit asks for its own, whoever reviews it has a list, and nobody sees another's."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from contracts.messages.class_plans import ProposeClassPlan, ReviewClassPlan
from runtime.identity.tokens import Principal
from tests.contract.matter import CLASS, COUNTY, ITS_UNIT, OTHER, SUPERVISOR, UNIT, MatterInHand, matter
from tests.contract.routes import CLASS_PLAN, CLASS_PLANS, STATED
from tests.harness import decoded

NEIGHBOUR = Principal("neighbour", OTHER, COUNTY, "unit")
ELSEWHERE = Principal("supervisor", "", "431225", "supervisor")
AUDITOR = Principal("auditor", "", COUNTY, "auditor")
CLERK = Principal("clerk", "", COUNTY, "clerk")
REVIEW = {"version": 1, "approved": True}


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[MatterInHand]:
    with pytest.MonkeyPatch.context() as patch:
        async with matter(patch) as made:
            yield made


async def proposed(here: MatterInHand, who: Principal | None, **measure: Any) -> Any:
    body = {"category": CLASS, "measures": [STATED | measure]}
    return await here.call("feedback", "POST", CLASS_PLANS, who, json=body)


@pytest.mark.parametrize(("who", "status"), [(None, 401), (SUPERVISOR, 403), (ITS_UNIT, 202), (NEIGHBOUR, 202)])
async def test_a_unit_proposes_for_itself(here: MatterInHand, who: Principal | None, status: int) -> None:
    answer = await proposed(here, who)
    assert answer.status_code == status
    if who and status == 202:
        asked = decoded(here.newest("ProposeClassPlan"), ProposeClassPlan)
        assert (asked.key, asked.body.unit) == (f"plan/{who.unit}/{CLASS}", who.unit)
        assert (await here.call("feedback", "GET", answer.json()["ask"], who)).status_code == 202


@pytest.mark.parametrize("number", ["13900000000", "找张工 1390000"])
async def test_nobodys_number_stands_in_what_everybody_reads(here: MatterInHand, number: str) -> None:
    refused = (await proposed(here, ITS_UNIT, post=number)).json()
    assert [(each["pointer"], each["code"]) for each in refused["errors"]] == [("/measures/0/post", "personal_number")]


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), (ITS_UNIT, 403), (AUDITOR, 403), (ELSEWHERE, 404), (SUPERVISOR, 202)]
)
async def test_it_is_reviewed_within_the_scope_of_whoever_reviews(
    here: MatterInHand, who: Principal | None, status: int
) -> None:
    answer = await here.call("feedback", "POST", f"{CLASS_PLAN}/review", who, json=REVIEW)
    assert answer.status_code == status
    if status == 202:
        assert decoded(here.newest("ReviewClassPlan"), ReviewClassPlan).body.approved


@pytest.mark.parametrize(
    ("who", "status"),
    [(ITS_UNIT, 200), (AUDITOR, 200), (SUPERVISOR, 200), (NEIGHBOUR, 404), (ELSEWHERE, 404), (CLERK, 403)],
)
async def test_it_is_read_within_ones_scope(here: MatterInHand, who: Principal, status: int) -> None:
    answer = await here.call("feedback", "GET", CLASS_PLAN, who)
    assert answer.status_code == status
    if status == 200:
        assert {"unit": UNIT, "category": CLASS, "review": "pending", "in_force": 0}.items() <= answer.json().items()


@pytest.mark.parametrize(
    ("who", "waiting", "found"),
    [
        (SUPERVISOR, "true", 1),
        (AUDITOR, "false", 1),
        (AUDITOR, "true", 0),
        (ITS_UNIT, "false", 1),
        (NEIGHBOUR, "false", 0),
        (ELSEWHERE, "true", 0),
    ],
)
async def test_what_waits_for_somebody_is_on_their_list(
    here: MatterInHand, who: Principal, waiting: str, found: int
) -> None:
    answer = await here.call("feedback", "GET", f"{CLASS_PLANS}?waiting={waiting}", who)
    assert [each["unit"] for each in answer.json()["class_plans"]] == [UNIT] * found


NAME = f"{UNIT}/{CLASS}@1"
SHOWN = {"kind": "photos", "uri": "https://example.org/1.jpg", "dated": "2026-03-02T09:00:00+08:00"}
DONE = {"explanation": "已按类方案办结。", "evidence": [SHOWN]}
REPORTED = {"index": 1, "done": True, "words": "已更换。"}


async def many(here: MatterInHand, what: str, more: dict[str, Any], **headers: str) -> Any:
    body = {"class_plan": NAME, "numbers": [here.number]} | more
    return await here.call("feedback", "POST", f"/v1/{what}", ITS_UNIT, json=body, headers=headers)


@pytest.mark.parametrize(("what", "more", "kind"), [
    ("completions", DONE, "CompleteTicket"),
    ("measures", REPORTED, "ReportMeasure"),
])  # fmt: skip
async def test_matters_of_a_class_are_dealt_with_in_one_go_and_others_are_named(
    here: MatterInHand, what: str, more: dict[str, Any], kind: str
) -> None:
    here.change("feedback", class_plan="")
    assert (await many(here, what, more)).json() == {"requested": [], "not_open": [here.number], "not_found": []}
    here.change("feedback", class_plan=NAME)
    first, again = [await many(here, what, more, **{"Idempotency-Key": f"one-{what}"}) for _ in range(2)]
    assert [each["number"] for each in first.json()["requested"]] == [here.number]
    assert (
        first.json()["requested"][0]["ask"].partition("?")[0] == again.json()["requested"][0]["ask"].partition("?")[0]
    )
    said = here.newest(kind)
    assert said.key == here.ticket
    assert all(words not in said.value.decode() for words in ("已按类方案办结", "已更换"))


@pytest.mark.parametrize("numbers", [[], ["x"] * 201])
async def test_there_is_a_bound_to_how_many(here: MatterInHand, numbers: list[str]) -> None:
    refused = await many(here, "measures", REPORTED | {"numbers": numbers})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/numbers")
