"""The inbox and the page of a matter: a session's token and nothing else opens them; outcomes are asked after."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from contracts.lifecycle import TicketState
from services.portal.pages.desk_acts.acts import DESK_ACTS
from services.portal.pages.inbox.routes import KINDS
from services.portal.pages.sign_in.cookie import COOKIE
from services.portal.reading.ticket import work
from tests.unit.portal.staffed import ASKED, LINE, NEVER, StaffedDesk, accepted, staffed
from tests.unit.portal.test_follow import NUMBER
from tests.unit.portal.tickets import NOON

FORMS = [f"/desk/{NUMBER}/{act}" for act in DESK_ACTS]


@pytest.fixture
async def desk() -> AsyncIterator[StaffedDesk]:
    async with staffed() as there:
        yield there


@pytest.mark.parametrize("cookie", ["", "short", "x" * 43, "a b", "a" * 200])
async def test_without_a_session_each_page_leads_to_where_staff_sign_in(desk: StaffedDesk, cookie: str) -> None:
    desk.client.cookies.clear()
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    for path in ("/desk", f"/desk/{NUMBER}", f"/desk/{NUMBER}/asked", *FORMS):
        answer = await desk.client.get(path, headers=headers)
        assert (answer.status_code, answer.headers["Location"], desk.asked) == (303, "/staff?lang=zh", []), path


async def test_a_session_without_a_chosen_appointment_leads_there_too(desk: StaffedDesk) -> None:
    desk.ended = True
    assert (await desk.client.get("/desk?lang=en")).headers["Location"] == "/staff?lang=en"


async def test_the_inbox_shows_what_is_due_and_words_as_text(desk: StaffedDesk) -> None:
    page = await desk.client.get("/desk")
    assert [word in page.text for word in ("正在办理", "还剩 3小时", "2 人在等", "责任单位工作人员")] == [True] * 4
    assert (NEVER in page.text, "&lt;script&gt;alert(1)" in page.text, "49" in page.text) == (False, True, False)


async def test_an_inbox_that_has_not_changed_is_not_sent_again(desk: StaffedDesk) -> None:
    first = await desk.client.get("/desk")
    again = await desk.client.get("/desk", headers={"If-None-Match": first.headers["ETag"]})
    desk.told["/v1/inbox"] = {"now": NOON.isoformat(), "office": "unit", "more": False, "tickets": []}
    changed = await desk.client.get("/desk", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert "现在没有待办" in changed.text


async def test_who_has_no_inbox_sees_what_waits_for_review_or_is_told_so(desk: StaffedDesk) -> None:
    refused = httpx2.Response(403, json={"type": "role_refused", "zh": "不能", "en": "no"})
    review = {"number": NUMBER, "unit": "431226-GS", "urgent": True, "since": NOON.isoformat()}
    review |= {"what": "completion", "round": 1, "level": 1, "levels": 2}
    desk.role, desk.told = "head", {"/v1/inbox": refused, "/v1/reviews": {"reviews": [review]}}
    page = (await desk.client.get("/desk")).text
    assert ("验收办理结果（第 1 级，共 2 级）" in page, 'name="act" value="review"' in page) == (True, True)
    found = {
        "number": NUMBER,
        "unit": "431226-GS",
        "urgent": False,
        "since": None,
        "what": "finding",
        "finding": "untrue",
    }
    desk.role, desk.told = "lead", {"/v1/inbox": refused, "/v1/reviews": {"reviews": [found]}}
    assert "核实责任单位的认定" in (await desk.client.get("/desk")).text
    desk.role, desk.told = "auditor", {"/v1/inbox": refused, "/v1/reviews": refused}
    assert "这个身份没有待办" in (await desk.client.get("/desk")).text


async def test_work_to_review_is_a_line_of_the_inbox_and_no_second_one_beside_it(desk: StaffedDesk) -> None:
    line = LINE | {"work": LINE["work"] | {"kind": "review"}}
    review = {"number": NUMBER, "unit": "431226-GS", "urgent": False, "since": NOON.isoformat()}
    review |= {"what": "completion", "round": 1, "level": 1, "levels": 2}
    inbox = {"now": NOON.isoformat(), "office": "head", "more": False, "tickets": [line]}
    desk.role, desk.told = "head", {"/v1/inbox": inbox, "/v1/reviews": {"reviews": [review]}}
    page = (await desk.client.get("/desk")).text
    assert ("请验收" in page, "还剩 3小时" in page, "验收：勾选的全部" in page) == (True, True, True)
    assert page.count(f'type="checkbox" name="n" value="{NUMBER}"') == 1
    plan = review | {"what": "plan", "version": 1, "mode": "direct"}
    desk.told["/v1/reviews"] = {"reviews": [plan]}
    assert "审核办理方案" in (await desk.client.get("/desk")).text


async def test_an_inbox_stands_while_reviews_are_silent(desk: StaffedDesk) -> None:
    desk.told["/v1/reviews"] = httpx2.Response(503, json={"type": "unavailable", "zh": "稍后", "en": "later"})
    page = (await desk.client.get("/desk")).text
    assert ("暂时读不到" in page, "正在办理" in page) == (True, True)


def test_each_kind_of_work_is_named() -> None:
    kinds = {*work.OF_THE_UNIT.values(), *(kind for _, kind in work.GIVING_OUT.values()), work.REVIEW}
    assert kinds | {"answer_order", "contact", "plan", "review_plan", "look_back", "delivery", "other"} == set(KINDS)


async def test_a_matter_shows_what_may_be_done_and_why_the_rest_may_not(desk: StaffedDesk) -> None:
    page = (await desk.client.get(f"/desk/{NUMBER}")).text
    links = re.findall(rf'href="/desk/{NUMBER}/([\w-]+)\?', page)
    usual = ["completion", "progress", "contact", "question", "verification", "plan"]
    assert links == [*usual, "rules", "urgency", "more-time"]
    assert "须在待受理时" in page
    assert "报告措施" in page  # with its reason: there is no plan yet
    assert NEVER not in page


async def test_a_matter_stands_while_its_clocks_are_silent(desk: StaffedDesk) -> None:
    desk.told[f"/v1/tickets/{NUMBER}/clocks"] = httpx2.Response(503, json={"zh": "稍后", "en": "later"})
    assert "时限暂时读不到" in (await desk.client.get(f"/desk/{NUMBER}")).text


@pytest.mark.parametrize("number", ["..", "x", "431226J53WKX24HH2P5%3Fa=b", "%2e%2e"])
async def test_what_is_no_number_is_asked_of_nobody(desk: StaffedDesk, number: str) -> None:
    assert (await desk.client.get(f"/desk/{number}/plan")).status_code == 404
    assert desk.asked == []


async def test_what_is_not_possible_now_says_why_and_what_is_not_theirs_is_not_there(desk: StaffedDesk) -> None:
    assert "须在待受理时" in (await desk.client.get(f"/desk/{NUMBER}/acceptance")).text
    assert "不轮到您" in (await desk.client.get(f"/desk/{NUMBER}/measures")).text
    for act in ("reopening", "more-time-decision", "evaluation"):
        assert (await desk.client.get(f"/desk/{NUMBER}/{act}")).status_code == 404


async def test_what_nobody_has_decided_is_asked_after_without_a_look_at_the_matter(desk: StaffedDesk) -> None:
    desk.outcome = lambda _: httpx2.Response(202, json={"request": "c" * 36, "status": "pending", "ask": ASKED})
    path = f"/desk/{NUMBER}/asked?of=progress&sent={'c' * 36}&asked=7"
    waits = await desk.client.get(path)
    assert waits.headers["Refresh"].startswith(f"2; url=/desk/{NUMBER}/asked?of=progress&sent={'c' * 36}&asked=7")
    assert [each.url.path for each in desk.asked] == [f"/v1/tickets/{NUMBER}/requests/{'c' * 36}"]
    assert "Refresh" not in (await desk.client.get(f"{path}&looks=60")).headers
    desk.outcome = accepted
    assert (await desk.client.get(path)).headers["Location"].startswith(f"/desk/{NUMBER}?lang=zh&of=progress")


async def test_what_was_decided_is_shown_once_the_matter_shows_it(desk: StaffedDesk) -> None:
    path = f"/desk/{NUMBER}/asked?of=completion&sent={'c' * 36}&asked=0"
    assert "正在处理" in (await desk.client.get(path)).text  # in hand still, as the portal has read
    desk.state = TicketState.AWAITING_EVALUATION
    shown = await desk.client.get((await desk.client.get(path)).headers["Location"])
    assert "办成：办结。" in shown.text


@pytest.mark.parametrize(
    ("status", "leads"), [(404, "/desk?lang=zh&said=gone"), (409, f"/desk/{NUMBER}?lang=zh&of=return&sent=")]
)
async def test_a_matter_that_went_away_leads_back_to_the_inbox(desk: StaffedDesk, status: int, leads: str) -> None:
    desk.outcome = lambda _: httpx2.Response(status, json={"type": "x", "zh": "已受理过", "en": "no"})
    answer = await desk.client.get(f"/desk/{NUMBER}/asked?of=return&sent={'c' * 36}&asked=0")
    assert answer.headers["Location"].startswith(leads)
    shown = (await desk.client.get(answer.headers["Location"])).text
    assert ("不在您这里" if status == 404 else "没有办成：退回。 已受理过") in shown
