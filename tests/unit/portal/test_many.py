"""Many matters at once: one form for all, each told what came of it, and the same form again does nothing twice."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlencode

import httpx2
import orjson
import pytest

from contracts.identifiers import NumberMalformed
from services.portal.pages.desk_acts.choices import Offered
from services.portal.pages.many import sending
from services.portal.pages.many.acts import AT_MOST, MANY, acts_for, fault_of, numbers_of
from services.portal.pages.many.for_all import in_common
from services.portal.pages.services import Services
from services.portal.pages.sign_in.acting import ActingStaff
from services.portal.pages.sign_in.cookie import word_of
from tests.unit.portal.staffed import LINE, OTHER_SECRET, SECRET, STANDARD, StaffedDesk, accepted, staffed
from tests.unit.portal.test_follow import NUMBER
from tests.unit.portal.tickets import NOON

OTHER = "431226J53WKX24HH3P1"
BOTH = (NUMBER, OTHER)
PATH = "/desk/many"
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
OUTCOME = re.compile(r'data-outcome="(\w+)">')
ROUTED = "http://routing/v1/tickets"
REFUSED = {"type": "not_possible_now", "zh": "现在不能受理。", "en": "Not possible now."}


@pytest.fixture
async def desk() -> AsyncIterator[StaffedDesk]:
    async with staffed() as there:
        there.told[f"/v1/tickets/{OTHER}/standards"] = [STANDARD | {"code": "WTR-02"}, STANDARD]
        yield there


def ticked(*numbers: str, act: str = "acceptance") -> str:
    """The address to which the inbox leads."""
    return f"{PATH}?{urlencode([('act', act), *(('n', each) for each in numbers)])}"


async def filled(desk: StaffedDesk, *numbers: str) -> dict[str, str]:
    """The form for these, as it is served, with a standard chosen."""
    page = await desk.client.get(ticked(*numbers))
    assert page.status_code == 200, page.text
    return dict(HIDDEN.findall(page.text)) | {"standard": "WTR-01"}


def keys(desk: StaffedDesk) -> list[str]:
    return [each.headers["Idempotency-Key"] for each in desk.sent]


@pytest.mark.parametrize(
    ("kind", "role", "acts"),
    [
        ("accept", "unit", ("acceptance", "return")),
        ("accept", "lead", ()),
        ("assign", "lead", ("assignment",)),
        ("assign", "supervisor", ("assignment",)),
        ("assign", "unit", ()),
        ("rule", "supervisor", ("ruling",)),
        ("rule", "lead", ()),
        ("review", "head", ("review",)),
        ("review", "leader", ("review",)),
        ("review", "clerk", ()),
        ("handle", "unit", ()),
        ("", "unit", ()),
    ],
)
def test_what_is_to_be_done_says_what_may_be_done_to_many(kind: str, role: str, acts: tuple[str, ...]) -> None:
    assert acts_for(kind, role) == acts


def test_a_number_is_there_once_in_the_order_of_the_ticks() -> None:
    assert numbers_of([OTHER, NUMBER, "", OTHER]) == (OTHER, NUMBER)
    with pytest.raises(NumberMalformed):
        numbers_of([NUMBER, "431226"])


@pytest.mark.parametrize(("count", "fault"), [(0, "none"), (1, ""), (AT_MOST, ""), (AT_MOST + 1, "too_many")])
def test_nothing_and_too_many_are_faults(count: int, fault: str) -> None:
    assert fault_of(tuple(str(each) for each in range(count))) == fault


@pytest.mark.parametrize(("of_each", "common"), [([], ""), (["ab"], "ab"), (["abc", "ca"], "ac"), (["a", "b"], "")])
def test_for_all_may_be_chosen_what_each_offers(of_each: list[str], common: str) -> None:
    found = in_common([[Offered(code, (code, code)) for code in one] for one in of_each])
    assert "".join(each.code for each in found) == common


def test_a_key_is_of_the_form_the_act_what_was_typed_and_the_number() -> None:
    accept, typed = MANY["acceptance"], {"standard": "WTR-01"}
    first = sending.key_of("k", accept, typed, NUMBER)
    others = [
        sending.key_of("l", accept, typed, NUMBER),
        sending.key_of("k", replace(accept, request="ReturnTicket"), typed, NUMBER),
        sending.key_of("k", accept, {"standard": "WTR-02"}, NUMBER),
        sending.key_of("k", accept, typed, OTHER),
    ]
    assert len({first, *others}) == 5
    assert sending.key_of("k", accept, typed | {"form": "another session"}, NUMBER) == first


@pytest.mark.parametrize(("kind", "shown"), [("accept", True), ("handle", False)])
async def test_the_inbox_has_boxes_where_many_may_be_done_at_once(desk: StaffedDesk, kind: str, shown: bool) -> None:
    line = LINE | {"work": LINE["work"] | {"kind": kind}}
    desk.told["/v1/inbox"] = {"now": NOON.isoformat(), "office": "unit", "more": False, "tickets": [line]}
    page = (await desk.client.get("/desk")).text
    assert (f'type="checkbox" name="n" value="{NUMBER}"' in page, 'action="/desk/many"' in page) == (shown, shown)
    assert [f'name="act" value="{act}"' in page for act in ("acceptance", "return")] == [shown] * 2


async def test_the_form_offers_what_all_may_be_accepted_under_and_its_call(desk: StaffedDesk) -> None:
    page = (await desk.client.get(ticked(*BOTH))).text
    assert ('value="WTR-01" checked' in page, "WTR-02" in page) == (True, False)
    assert ("curl -X POST" in page, f"/v1/tickets/{NUMBER}/acceptance" in page) == (True, True)


async def test_matters_with_nothing_in_common_have_no_button(desk: StaffedDesk) -> None:
    desk.told[f"/v1/tickets/{OTHER}/standards"] = [STANDARD | {"code": "WTR-02"}]
    page = (await desk.client.get(ticked(*BOTH))).text
    assert ("没有共同可选的内容" in page, '<button type="submit">' in page) == (True, False)


async def test_each_is_sent_alone_under_its_own_key_and_told(desk: StaffedDesk) -> None:
    form = await filled(desk, *BOTH)
    page = await desk.client.post(PATH, data=form)
    assert (page.status_code, OUTCOME.findall(page.text)) == (200, ["done", "done"])
    assert [str(each.url) for each in desk.sent] == [f"{ROUTED}/{number}/acceptance" for number in BOTH]
    assert [orjson.loads(each.read()) for each in desk.sent] == [{"standard": "WTR-01"}] * 2
    assert len(set(keys(desk))) == 2
    assert "办成 2 件，没有办成 0 件" in page.text


async def test_a_reload_and_a_second_click_ask_under_the_same_keys(desk: StaffedDesk) -> None:
    form = await filled(desk, *BOTH)
    pages = [(await desk.client.post(PATH, data=form)).text for _ in range(2)]
    again = await desk.client.post(PATH, data=dict(HIDDEN.findall(pages[0])))
    assert (again.status_code, len(keys(desk)), len(set(keys(desk)))) == (200, 6, 2)


async def test_what_one_service_refuses_is_told_with_its_reason_and_what_to_do(desk: StaffedDesk) -> None:
    missing = {"type": "not_found", "zh": "没有这件。", "en": "No such matter."}

    def decides(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(404, json=missing) if OTHER in request.url.path else accepted(request)

    desk.decides, desk.told[f"/v1/tickets/{OTHER}/standards"] = decides, httpx2.Response(404, json=missing)
    page = (await desk.client.post(PATH, data=await filled(desk, *BOTH))).text
    assert OUTCOME.findall(page) == ["done", "refused"]
    assert ("没有这件。" in page, "打开这一件，看现在能办什么" in page, "再问一次" in page) == (True, True, False)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx2.Response(202, json={"request": "c", "ask": "/v1/x?asked=7"}), "waits"),
        (httpx2.Response(503, json={"type": "unavailable", "zh": "稍后", "en": "later"}), "waits"),
        (httpx2.Response(429, json={"type": "too_many", "zh": "稍后", "en": "later"}), "waits"),
        (httpx2.Response(401, json={"type": "token_refused", "zh": "请登录", "en": "sign in"}), "waits"),
        (httpx2.Response(409, json=REFUSED), "refused"),
        (httpx2.Response(422, json={"errors": [{"pointer": "/standard", "zh": "无此标准", "en": "none"}]}), "refused"),
        (httpx2.Response(403, content=b"<html>"), "refused"),
    ],
    ids=["202", "503", "429", "401", "409", "422", "no words"],
)
async def test_what_was_not_decided_may_be_asked_again(
    desk: StaffedDesk, answer: httpx2.Response, outcome: str
) -> None:
    desk.decides = lambda _: answer
    page = (await desk.client.post(PATH, data=await filled(desk, NUMBER))).text
    assert (OUTCOME.findall(page), "再问一次" in page) == ([outcome], outcome == "waits")
    said = {"409": "现在不能受理。", "422": "无此标准", "403": "服务没有说明原因。"}.get(str(answer.status_code), "")
    assert said in page


class OneIsSilent(httpx2.AsyncBaseTransport):
    """A service that answers for every matter but OTHER, until it is ``heard`` again."""

    def __init__(self) -> None:
        self.heard, self.keys = asyncio.Event(), list[str]()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.keys.append(request.headers["Idempotency-Key"])
        if OTHER in request.url.path:
            await self.heard.wait()
        return accepted(request)


async def test_what_is_not_heard_in_time_waits_for_the_same_form(monkeypatch: pytest.MonkeyPatch) -> None:
    service = OneIsSilent()
    who = ActingStaff(Services(service), "t", "w", "zhao.li", "unit", "431226-GS", "431226", "")

    async def came() -> list[str]:
        typed = {"standard": "WTR-01"}
        return [each.what for each in await sending.sent(MANY["acceptance"], who, BOTH, typed, "k")]

    with monkeypatch.context() as short:
        short.setattr(sending, "WITHIN", 0.0)
        assert await came() == ["done", "waits"]
    service.heard.set()
    assert (await came(), len(service.keys), len(set(service.keys))) == (["done", "done"], 4, 2)


async def test_without_a_standard_nothing_is_sent(desk: StaffedDesk) -> None:
    answer = await desk.client.post(PATH, data=await filled(desk, *BOTH) | {"standard": ""})
    assert (answer.status_code, "请选择一项。" in answer.text, desk.sent) == (422, True, [])


async def test_the_call_is_brought_up_to_date_and_nothing_is_sent(desk: StaffedDesk) -> None:
    answer = await desk.client.post(PATH, data=await filled(desk, *BOTH) | {"to": "call"})
    assert ('class="call-shown" open' in answer.text, "WTR-01&#34;" in answer.text, desk.sent) == (True, True, [])


@pytest.mark.parametrize("numbers", [(), ("",)], ids=["none", "an empty one"])
async def test_who_ticked_nothing_is_told_so_in_the_inbox(desk: StaffedDesk, numbers: tuple[str, ...]) -> None:
    answer = await desk.client.get(ticked(*numbers))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk?lang=zh&said=none")
    assert "没有勾选任何一件" in (await desk.client.get(answer.headers["Location"])).text


async def test_more_than_may_be_done_at_once_are_not_sent(desk: StaffedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    form = await filled(desk, *BOTH)
    monkeypatch.setattr("services.portal.pages.many.acts.AT_MOST", 1)
    answers = [await desk.client.get(ticked(*BOTH)), await desk.client.post(PATH, data=form)]
    assert [each.headers["Location"] for each in answers] == ["/desk?lang=zh&said=too_many"] * 2
    assert "一次最多 200 件" in (await desk.client.get(answers[0].headers["Location"])).text
    assert desk.sent == []


@pytest.mark.parametrize(
    ("act", "number"),
    [("burn", NUMBER), ("assignment", NUMBER), ("acceptance", "431226"), ("", NUMBER)],
    ids=["no act", "not of the role", "no number", "empty"],
)
async def test_what_is_not_there_is_not_found(desk: StaffedDesk, act: str, number: str) -> None:
    sent = {"act": act, "numbers": number, "form": word_of(SECRET)}
    answers = [await desk.client.get(ticked(number, act=act)), await desk.client.post(PATH, data=sent)]
    assert ([each.status_code for each in answers], desk.sent) == ([404, 404], [])


async def test_nothing_is_done_by_a_form_of_another_session_or_site(desk: StaffedDesk) -> None:
    form = await filled(desk, *BOTH)
    for word in ("", "ü", word_of(OTHER_SECRET)):
        answer = await desk.client.post(PATH, data=form | {"form": word})
        assert (answer.status_code, "您换过身份或重新登录过" in answer.text, desk.sent) == (403, True, [])
    forged = await desk.client.post(PATH, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert (forged.status_code, desk.sent) == (403, [])


async def test_what_was_chosen_is_kept_when_the_session_has_ended(desk: StaffedDesk) -> None:
    form = await filled(desk, *BOTH)
    desk.ended = True
    kept = await desk.client.post(PATH, data=form)
    assert (kept.status_code, "登录已失效" in kept.text, desk.sent) == (401, True, [])
    desk.ended = False
    again = await desk.client.post(PATH, data=dict(HIDDEN.findall(kept.text)))
    assert again.status_code == 403
    ready = dict(HIDDEN.findall(again.text)) | {"standard": "WTR-01"}
    assert (ready["key"], ready["numbers"]) == (form["key"], ",".join(BOTH))
    assert OUTCOME.findall((await desk.client.post(PATH, data=ready)).text) == ["done", "done"]


async def test_when_nobody_says_what_may_be_chosen_it_is_said_and_what_was_chosen_stays(desk: StaffedDesk) -> None:
    form = await filled(desk, *BOTH)
    desk.told[f"/v1/tickets/{OTHER}/standards"] = httpx2.Response(503, json={"zh": "稍后", "en": "later"})
    assert (await desk.client.get(ticked(*BOTH))).status_code == 503
    stale = (await desk.client.post(PATH, data=form | {"form": ""})).text
    assert 'value="WTR-01" checked' in stale


async def test_a_lead_unit_hands_out_what_it_ticked(desk: StaffedDesk) -> None:
    desk.role, desk.told["/v1/units"] = "lead", [{"code": "431226-GS", "zh": "供水", "en": "Water"}]
    page = (await desk.client.get(ticked(*BOTH, act="assignment"))).text
    assert ("理由" in page, 'value="431226-GS" checked' in page) == (False, True)
    asks = [{"number": each, "ask": f"/v1/tickets/{each}/requests/{'c' * 36}?asked=7"} for each in BOTH]
    desk.decides = lambda _: httpx2.Response(202, json={"requested": asks, "not_found": []})
    answer = await desk.client.post(PATH, data=dict(HIDDEN.findall(page)) | {"unit": "431226-GS"})
    assert OUTCOME.findall(answer.text) == ["done", "done"]
    (call,) = desk.sent
    assert (call.url.path, orjson.loads(call.read())) == ("/v1/assignments", {"unit": "431226-GS", "numbers": [*BOTH]})


async def test_without_a_session_the_form_leads_to_where_staff_sign_in(desk: StaffedDesk) -> None:
    desk.client.cookies.clear()
    answer = await desk.client.get(ticked(NUMBER))
    assert (answer.status_code, answer.headers["Location"], desk.asked) == (303, "/staff?lang=zh", [])
