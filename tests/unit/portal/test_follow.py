"""A matter followed with number and code: a cookie that ends, forms that lose nothing, nothing done from elsewhere."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from contracts.lifecycle import TicketState
from runtime.http.app import create_app
from runtime.http.problems import RETRY_AFTER
from services.portal.pages.acts.acts import ACTS
from services.portal.pages.app import add_pages
from services.portal.pages.frame.opened import COOKIE, IDLE, LONGEST
from services.portal.pages.services import Services
from services.portal.site import Site
from tests.pages import edge
from tests.unit.portal.tickets import NOON

NUMBER, CODE = "431226J53WKX24HH2P5", "QE6KEN6QGG"
TICKET: dict[str, Any] = {
    "number": NUMBER, "title": "停水", "title_zh": "停水", "title_en": "Water", "erased": False, "state": "in_hand",
    "light": "green", "urgent": False, "collective": False, "ordered": False, "lane": "handling", "story": [],
    "content": "水管坏了", "place": "", "plan": None, "unit_zh": "县供水公司", "unit_en": "", "category_zh": "供水",
    "category_en": "", "division_zh": "", "division": "431226", "channel": "web", "registered_at": NOON.isoformat(),
    "clock": None, "due": None, "promise": None, "hops": 1, "returns": 0, "reworks": 0, "votes": [], "orders": [],
    "voter": 0, "may_evaluate": False, "now": NOON.isoformat(),
}  # fmt: skip
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ASK = "http://any/requests/" + "a" * 32 + "?asked=7"
Answers = Callable[[httpx2.Request], httpx2.Response]


def accepted(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"request": "a" * 32, "status": "accepted"})


@dataclass
class FollowedMatter:
    """The pages over services that answer as the test says; ``asked``: the requests that came to them."""

    client: httpx2.AsyncClient
    now: list[Any]
    ticket: dict[str, Any]
    answers: Answers = accepted
    known: int = 200
    asked: list[httpx2.Request] = field(default_factory=list)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "portal":
            right = request.headers.get("Query-Code") == CODE
            wrong = {"type": "wrong_code", "zh": "不对", "en": "wrong"}
            return httpx2.Response(self.known, json=self.ticket) if right else httpx2.Response(404, json=wrong)
        self.asked.append(request)
        return self.answers(request)

    async def open(self) -> httpx2.Response:
        return await self.client.post("/mine", content=f"number={NUMBER}&code={CODE}", headers=FORM)

    async def form(self, act: str) -> dict[str, str]:
        """The hidden fields of a form as it is served."""
        page = (await self.client.get(f"/mine/matter/{act}")).text
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))

    async def send(self, act: str, sent: dict[str, str], *, site: str = "", **fields: str) -> httpx2.Response:
        """Send a form; ``site``: what the browser says of the page that it stood on."""
        headers = {"Sec-Fetch-Site": site} if site else None
        return await self.client.post(f"/mine/matter/{act}", data=sent | fields, headers=headers)


@pytest.fixture
async def followed() -> Any:
    app: FastAPI = create_app("pages", _ready)
    now = [NOON]
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://portal") as client:
        matter = FollowedMatter(client, now, dict(TICKET))
        services = Services(httpx2.MockTransport(lambda request: matter.answer(request)))
        add_pages(app, Site(place_zh="麻阳", place_en="Mayang"), services, edge(lambda: now[0]))
        yield matter


async def _ready() -> bool:
    return True


async def test_number_and_code_are_asked_for_once_and_the_code_is_not_in_the_cookie(followed: FollowedMatter) -> None:
    answer = await followed.open()
    said = answer.headers["Set-Cookie"]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mine/matter?lang=zh")
    assert said.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict", "Max-Age=600"} <= {
        part.strip() for part in said.split(";")
    }
    assert CODE not in said
    page = await followed.client.get("/mine/matter")
    assert ("水管坏了" in page.text, CODE in page.text) == (True, False)
    assert page.headers["Refresh"] == "600; url=/mine?ended=true&lang=zh"


async def test_it_ends_when_it_is_not_used_and_when_its_time_is_over(followed: FollowedMatter) -> None:
    await followed.open()
    for _ in range(3):
        followed.now[0] += IDLE - timedelta(seconds=1)
        if followed.now[0] - NOON < LONGEST:
            assert (await followed.client.get("/mine/matter")).status_code == 200
    followed.now[0] = NOON + LONGEST
    assert (await followed.client.get("/mine/matter")).headers["Location"] == "/mine?lang=zh&ended=true"
    followed.now[0] += timedelta(hours=1)
    await followed.open()
    followed.now[0] += IDLE + timedelta(seconds=1)
    assert (await followed.client.get("/mine/matter")).status_code == 303


@pytest.mark.parametrize("page", ["/mine/matter", *(f"/mine/matter/{act}" for act in ACTS)])
async def test_a_button_on_each_page_ends_it(followed: FollowedMatter, page: str) -> None:
    await followed.open()
    assert 'action="/mine/end?lang=zh"' in (await followed.client.get(page)).text
    ended = await followed.client.post("/mine/end", headers=FORM)
    assert ended.headers["Location"] == "/mine?lang=zh&ended=true"
    assert (await followed.client.get(page)).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "gAAAA" + "A" * 200, "数字".encode().hex()])
async def test_no_cookie_of_somebody_elses_making_opens_anything(followed: FollowedMatter, cookie: str) -> None:
    answer = await followed.client.get("/mine/matter", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code == 303


async def test_a_form_goes_to_its_service_with_the_code_and_the_key_of_the_form(followed: FollowedMatter) -> None:
    await followed.open()
    hidden = await followed.form("supplement")
    answer = await followed.send("supplement", hidden, text="又坏了一处")
    assert answer.headers["Location"] == f"/mine/matter?lang=zh&of=supplement&sent={'a' * 32}&asked=0"
    (request,) = followed.asked
    assert str(request.url) == f"http://intake/v1/tickets/{NUMBER}/supplements"
    assert (request.headers["Query-Code"], request.headers["Idempotency-Key"]) == (CODE, hidden["key"])
    assert request.read() == '{"text":"又坏了一处"}'.encode()


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("made", ["without", "of another opening", "stale", "from another site"])
async def test_nothing_is_done_by_a_form_of_no_or_another_opening(
    followed: FollowedMatter, act: str, made: str
) -> None:
    await followed.open()
    fields = {"understood": "yes", "grade": "5", "solved": "yes", "text": "x", **await followed.form(act)}
    site = "cross-site" if made == "from another site" else "same-origin"
    if made == "without":
        del fields["form"]
    if made == "of another opening":
        fields["form"] = "0" * 32
    if made == "stale":
        await followed.open()
    answer = await followed.send(act, fields, site=site)
    assert (answer.status_code, followed.asked) == (403, [])
    fields = {**fields, **await followed.form(act)}
    assert (await followed.send(act, fields)).status_code == 303
    assert len(followed.asked) == 1


@pytest.mark.parametrize("path", ["/mine", "/mine/end"])
async def test_no_other_site_opens_or_ends_anything(followed: FollowedMatter, path: str) -> None:
    headers = FORM | {"Sec-Fetch-Site": "cross-site"}
    answer = await followed.client.post(path, content=f"number={NUMBER}&code={CODE}", headers=headers)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize("act", ["withdrawal", "erasure"])
async def test_what_cannot_be_undone_is_said_plainly_and_asked_twice(followed: FollowedMatter, act: str) -> None:
    await followed.open()
    assert "不能恢复" in (await followed.client.get(f"/mine/matter/{act}")).text
    hidden = await followed.form(act)
    answer = await followed.send(act, hidden)
    assert (answer.status_code, "请先在方框里打勾" in answer.text, followed.asked) == (422, True, [])
    assert (await followed.send(act, hidden, understood="yes")).status_code == 303


def refusing(status: int, **told: Any) -> Answers:
    problem = {"type": "x", "zh": "现在不行。", "en": "Not now."} | told
    return lambda _: httpx2.Response(status, json=problem, headers={"Retry-After": RETRY_AFTER})


async def test_a_refusal_is_shown_at_the_field_and_what_was_typed_stays(followed: FollowedMatter) -> None:
    await followed.open()
    hidden = await followed.form("evaluation")
    missing = {"pointer": "/grade", "code": "missing", "zh": "缺少此项，请填写。", "en": "This field is missing."}
    followed.answers = refusing(422, errors=[missing])
    answer = await followed.send("evaluation", hidden, solved="no", words="<b>没修好</b>")
    assert (answer.status_code, '<p class="problem" id="grade-wrong">缺少此项，请填写。</p>' in answer.text) == (
        422,
        True,
    )
    assert "&lt;b&gt;没修好&lt;/b&gt;</textarea>" in answer.text
    assert 'value="no" checked' in answer.text


@pytest.mark.parametrize(("status", "same_key"), [(409, False), (422, False), (503, True), (429, True)])
async def test_the_key_stays_as_long_as_nothing_was_decided_under_it(
    followed: FollowedMatter, status: int, same_key: bool
) -> None:
    await followed.open()
    hidden = await followed.form("supplement")
    followed.answers = refusing(status)
    answer = await followed.send("supplement", hidden, text="水又停了")
    key = re.search(r'name="key" value="([^"]*)"', answer.text)
    assert answer.status_code == status
    assert ("现在不行。" in answer.text, "水又停了</textarea>" in answer.text) == (True, True)
    assert key is not None
    assert (key.group(1) == hidden["key"]) == same_key


async def test_a_service_that_does_not_answer_loses_nothing(followed: FollowedMatter) -> None:
    def away(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("nobody there")

    await followed.open()
    hidden = await followed.form("supplement")
    followed.answers = away
    answer = await followed.send("supplement", hidden, text="水又停了")
    assert (answer.status_code, hidden["key"] in answer.text, "水又停了" in answer.text) == (503, True, True)


async def test_what_nobody_has_decided_yet_is_said_and_asked_after(followed: FollowedMatter) -> None:
    await followed.open()
    hidden = await followed.form("supplement")
    followed.answers = lambda _: httpx2.Response(202, json={"request": "a" * 32, "status": "pending", "ask": ASK})
    where = (await followed.send("supplement", hidden, text="又坏了")).headers["Location"]
    assert where.endswith("&asked=7")
    assert "正在处理" in (await followed.client.get(where)).text
    followed.answers = accepted
    assert "您的补充已收到" in (await followed.client.get(where)).text
    assert str(followed.asked[-1].url) == f"http://intake/v1/tickets/{NUMBER}/requests/{'a' * 32}?asked=7"
    followed.answers = refusing(409)
    assert "没有办成： 现在不行。" in (await followed.client.get(where)).text
    followed.answers = refusing(503)
    assert "正在处理" in (await followed.client.get(where)).text


async def test_words_typed_for_longer_than_the_look_lasts_are_not_lost(followed: FollowedMatter) -> None:
    await followed.open()
    hidden = await followed.form("supplement")
    followed.now[0] += IDLE + timedelta(minutes=1)
    late = await followed.send("supplement", hidden, text="写了很久")
    assert (late.status_code, "写了很久</textarea>" in late.text, 'name="code"' in late.text) == (403, True, True)
    typed = {"text": "写了很久", "key": hidden["key"]}
    wrong = await followed.send("supplement", typed, number=NUMBER, code="WRONG")
    assert (wrong.status_code, "写了很久</textarea>" in wrong.text, "WRONG" in wrong.text) == (404, True, False)
    right = await followed.send("supplement", typed, number=NUMBER, code=CODE)
    assert (right.status_code, COOKIE in right.headers["Set-Cookie"]) == (303, True)
    assert [each.headers["Idempotency-Key"] for each in followed.asked] == [hidden["key"]]


@pytest.mark.parametrize(
    ("changed", "offered"),
    [
        ({}, ["supplement", "withdrawal", "erasure"]),
        ({"may_evaluate": True, "state": "awaiting_evaluation"}, ["evaluation", "supplement", "withdrawal", "erasure"]),
        ({"voter": 1}, ["supplement"]),
        ({"collective": True}, ["supplement", "erasure"]),
        ({"erased": True}, ["withdrawal"]),
        ({"state": "struck_off", "lane": "struck_off"}, ["erasure"]),
    ],
)
async def test_nothing_vain_is_offered(followed: FollowedMatter, changed: dict[str, Any], offered: list[str]) -> None:
    followed.ticket |= changed
    await followed.open()
    page = (await followed.client.get("/mine/matter")).text
    assert re.findall(r'href="/mine/matter/(\w+)', page) == offered


@pytest.mark.parametrize("state", list(TicketState))
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_who_has_it_is_said_in_every_state(followed: FollowedMatter, state: TicketState, lang: str) -> None:
    followed.ticket |= {"state": state.value}
    await followed.open()
    assert (await followed.client.get(f"/mine/matter?lang={lang}")).status_code == 200


async def test_there_is_no_other_act(followed: FollowedMatter) -> None:
    await followed.open()
    assert (await followed.client.get("/mine/matter/reopening")).status_code == 404
    assert (await followed.send("reopening", {})).status_code == 404


async def test_the_form_leads_on_to_what_is_open_already(followed: FollowedMatter) -> None:
    await followed.open()
    assert (await followed.client.get("/mine")).headers["Location"] == "/mine/matter?lang=zh"
    assert (await followed.client.get(f"/mine?number={NUMBER.lower()}")).status_code == 303
    assert (await followed.client.get("/mine?number=431226000")).status_code == 200


async def test_what_was_registered_a_moment_ago_is_waited_for(followed: FollowedMatter) -> None:
    await followed.open()
    followed.ticket, followed.known = {"type": "number_unknown", "zh": "", "en": ""}, 404
    page = await followed.client.get("/mine/matter")
    assert "几秒钟后就能在这里看到" in page.text
