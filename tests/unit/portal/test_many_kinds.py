"""What is returned, ruled on and reviewed for many: the first two a call a matter, the review one call for all.

What is handed out, by one call too, is in test_many.py.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import orjson
import pytest

from services.portal.pages.many.acts import MANY, lacking
from tests.unit.portal.staffed import StaffedDesk, staffed
from tests.unit.portal.test_follow import NUMBER
from tests.unit.portal.test_many import BOTH, HIDDEN, OTHER, OUTCOME, PATH, REFUSED, keys, ticked


@pytest.fixture
async def desk() -> AsyncIterator[StaffedDesk]:
    async with staffed() as there:
        yield there


@pytest.mark.parametrize(
    ("act", "typed", "lacks"),
    [
        ("acceptance", {}, "standard"),
        ("return", {"ground": "not_ours"}, "explanation"),
        ("assignment", {"unit": "431226-GS"}, ""),
        ("ruling", {"unit": "431226-GS"}, "reason"),
        ("review", {}, "passed"),
        ("review", {"passed": "yes"}, ""),
        ("review", {"passed": "no"}, "grounds"),
        ("review", {"passed": "no", "grounds-untrue": "yes"}, ""),
    ],
)
def test_what_has_to_be_filled_in_for_all_is_named(act: str, typed: dict[str, str], lacks: str) -> None:
    assert ",".join(each.name for each in lacking(MANY[act], typed)) == lacks


async def test_many_are_returned_on_one_ground_with_one_explanation(desk: StaffedDesk) -> None:
    form = dict(HIDDEN.findall((await desk.client.get(ticked(*BOTH, act="return"))).text))
    lacks = await desk.client.post(PATH, data=form | {"ground": "not_duty"})
    assert (lacks.status_code, "请填写。" in lacks.text, desk.sent) == (422, True, [])
    said = {"ground": "not_duty", "explanation": "<b>不归我们管</b>"}
    page = (await desk.client.post(PATH, data=form | said)).text
    assert (OUTCOME.findall(page), [orjson.loads(each.read()) for each in desk.sent]) == (["done"] * 2, [said] * 2)
    assert ("<b>不归" in page, dict(HIDDEN.findall(page))["ground"]) == (False, "not_duty")


async def test_disputes_are_ruled_on_together_for_one_reason(desk: StaffedDesk) -> None:
    desk.role, desk.told["/v1/units"] = "supervisor", [{"code": "431226-GS", "zh": "供水公司", "en": "Water"}]
    form = dict(HIDDEN.findall((await desk.client.get(ticked(*BOTH, act="ruling"))).text))
    page = (await desk.client.post(PATH, data=form | {"unit": "431226-GS", "reason": "按职责分工"})).text
    assert OUTCOME.findall(page) == ["done"] * 2
    assert orjson.loads(desk.sent[0].read()) == {"unit": "431226-GS", "reason": "按职责分工"}


def review_of(desk: StaffedDesk, **put: Any) -> None:
    """Feedback takes the call for both; ``put``: what it answers otherwise."""
    asks = [{"number": each, "ask": f"/v1/tickets/{each}/requests/{'c' * 36}?asked=7"} for each in BOTH]
    answer = {"requested": asks, "not_open": [], "not_found": []} | put
    desk.role, desk.decides = "head", lambda _: httpx2.Response(202, json=answer)


async def reviewed(desk: StaffedDesk, **said: str) -> httpx2.Response:
    form = dict(HIDDEN.findall((await desk.client.get(ticked(*BOTH, act="review"))).text))
    return await desk.client.post(PATH, data=form | said)


async def test_many_are_reviewed_by_one_call_and_each_is_asked_for(desk: StaffedDesk) -> None:
    review_of(desk)
    page = (await reviewed(desk, **{"passed": "no", "grounds-untrue": "yes"})).text
    assert OUTCOME.findall(page) == ["done"] * 2
    (call,) = desk.sent
    assert str(call.url) == "http://feedback/v1/reviews"
    assert orjson.loads(call.read()) == {"passed": False, "grounds": ["untrue"], "numbers": list(BOTH)}
    asked = [each.url for each in desk.asked if "/requests/" in each.url.path]
    assert [(each.path, each.query) for each in asked] == [
        (f"/v1/tickets/{each}/requests/{'c' * 36}", b"asked=7") for each in BOTH
    ]
    await desk.client.post(PATH, data=dict(HIDDEN.findall(page)))
    assert (len(desk.sent), len(set(keys(desk)))) == (2, 1)


async def test_of_a_review_each_is_told_what_came_of_it(desk: StaffedDesk) -> None:
    review_of(desk, requested=[{"number": NUMBER, "ask": "/v1/tickets/x/requests/y?asked=7"}], not_open=[OTHER])
    desk.outcome = lambda _: httpx2.Response(409, json=REFUSED | {"zh": "请由另一人验收。"})
    page = (await reviewed(desk, passed="yes")).text
    assert OUTCOME.findall(page) == ["refused"] * 2
    assert ("请由另一人验收。" in page, "现在不轮到您办理这一件。" in page) == (True, True)


async def test_a_call_for_all_that_nobody_takes_waits_for_the_same_form(desk: StaffedDesk) -> None:
    review_of(desk)
    desk.decides = lambda _: httpx2.Response(503, json={"type": "unavailable", "zh": "稍后", "en": "later"})
    page = (await reviewed(desk, passed="yes")).text
    assert (OUTCOME.findall(page), "再问一次" in page) == (["waits"] * 2, True)


async def test_the_call_for_all_has_all_numbers_in_it(desk: StaffedDesk) -> None:
    desk.role = "head"
    page = (await desk.client.get(ticked(*BOTH, act="review"))).text
    assert ("$FEEDBACK/v1/reviews" in page, *(f"&#34;{each}&#34;" in page for each in BOTH)) == (True, True, True)
    assert "一次调用，全部登记号都在里面" in page
