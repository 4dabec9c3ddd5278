"""Staff sign in with pages alone: a cookie that no script reads, forms that nobody else can send."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from runtime.http.app import create_app
from services.portal.pages.app import add_pages
from services.portal.pages.services import Services
from services.portal.pages.sign_in.cookie import COOKIE, word_of
from services.portal.site import Site
from tests.pages import edge
from tests.unit.staff.house import ServedStaff, house
from tests.unit.staff.test_second_factors import NEXT, code
from tests.unit.staff.test_signing_in import NAME, PASSWORD, joined, link_for, replaced, sign_in


@pytest.fixture
async def staff(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ServedStaff]:
    async with house(monkeypatch) as served:
        yield served


@pytest.fixture
async def browser(staff: ServedStaff) -> AsyncIterator[httpx2.AsyncClient]:
    async def ready() -> bool:
        return True

    app = create_app("pages", ready)
    add_pages(app, Site(place_zh="县", place_en="County"), Services(staff.transport), edge())
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://portal") as client:
        yield client


def fields(page: httpx2.Response, action: str) -> list[dict[str, str]]:
    """The hidden fields of the forms that go to ``action``."""
    found = re.findall(rf'<form method="post" action="{action}\?.*?</form>', page.text, re.DOTALL)
    return [dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', each)) for each in found]


async def entered(browser: httpx2.AsyncClient, password: str = PASSWORD, language: str = "zh") -> httpx2.Response:
    return await browser.post(f"/staff?lang={language}", data={"account": NAME, "password": password})


async def test_a_person_signs_in_chooses_and_signs_out(staff: ServedStaff, browser: httpx2.AsyncClient) -> None:
    await joined(staff)
    answer = await entered(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff?lang=zh")
    assert re.fullmatch(
        rf"{COOKIE}=[\w-]{{43}}; HttpOnly; Max-Age=28800; Path=/; SameSite=lax; Secure", answer.headers["set-cookie"]
    )
    page = await browser.get("/staff")
    (choice,) = fields(page, "/staff/choice")
    before = browser.cookies[COOKIE]
    assert (await browser.post("/staff/choice", data=choice)).status_code == 303
    assert browser.cookies[COOKIE] != before
    page = await browser.get("/staff")
    assert ("当前身份" in page.text, "牵头单位" in page.text) == (True, True)
    assert fields(page, "/staff/choice") == [choice | {"form": word_of(browser.cookies[COOKIE])}]
    (own, _all) = fields(page, "/staff/end")
    assert (await browser.post("/staff/end", data=own)).headers["location"] == "/staff?lang=zh&said=signed_out"
    assert COOKIE not in browser.cookies
    assert "已退出登录" in (await browser.get("/staff?said=signed_out")).text


@pytest.mark.parametrize(("language", "said"), [("zh", "账号或密码不正确"), ("en", "Account or password is wrong")])
async def test_a_wrong_password_is_said_in_words_and_the_account_stays(
    staff: ServedStaff, browser: httpx2.AsyncClient, language: str, said: str
) -> None:
    await joined(staff)
    answer = await entered(browser, "wrong password 1", language)
    assert (answer.status_code, said in answer.text, f'value="{NAME}"' in answer.text) == (401, True, True)
    assert "wrong password 1" not in answer.text
    assert COOKIE not in browser.cookies


async def test_another_session_of_the_account_is_ended_from_the_list(
    staff: ServedStaff, browser: httpx2.AsyncClient
) -> None:
    await joined(staff)
    other = (await sign_in(staff)).json()["sid"]
    await entered(browser)
    forms = fields(await browser.get("/staff"), "/staff/end")
    (wanted,) = [each for each in forms if each["sid"] == other]
    assert (await browser.post("/staff/end", data=wanted)).headers["location"] == "/staff?lang=zh"
    assert other not in (await browser.get("/staff")).text


@pytest.mark.parametrize("path", ["/staff/choice", "/staff/end", "/staff/second-factor", "/staff/second-factor/code"])
async def test_a_form_without_the_sessions_word_does_nothing(
    staff: ServedStaff, browser: httpx2.AsyncClient, path: str
) -> None:
    await joined(staff)
    await entered(browser)
    stale = word_of("another secret")
    for form in ({}, {"form": ""}, {"form": stale}, {"form": "ü"}):
        sent = {"appointment": "1", "sid": "all"} | form
        assert (await browser.post(path, data=sent)).status_code == 403
    assert fields(await browser.get("/staff"), "/staff/choice")


@pytest.mark.parametrize("path", ["/staff", "/staff/choice", "/staff/end", "/staff/password"])
async def test_a_form_of_another_site_does_nothing(staff: ServedStaff, browser: httpx2.AsyncClient, path: str) -> None:
    await joined(staff)
    await entered(browser)
    sent = {"form": word_of(browser.cookies[COOKIE]), "appointment": "1", "sid": "all"}
    answer = await browser.post(path, data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert fields(await browser.get("/staff"), "/staff/choice")


@pytest.mark.parametrize("sent", [{"sid": "../x"}, {"sid": ""}, {"appointment": "one"}])
async def test_a_form_that_was_changed_does_nothing(
    staff: ServedStaff, browser: httpx2.AsyncClient, sent: dict[str, str]
) -> None:
    await joined(staff)
    await entered(browser)
    path = "/staff/end" if "sid" in sent else "/staff/choice"
    form = {"form": word_of(browser.cookies[COOKIE])}
    assert (await browser.post(path, data=sent | form)).status_code == 403


async def test_a_first_password_is_set_by_a_link(staff: ServedStaff, browser: httpx2.AsyncClient) -> None:
    await staff.appoint(NAME)
    link = await link_for(staff)
    assert f'value="{link}"' in (await browser.get("/staff/password", params={"link": link})).text
    weak = await browser.post("/staff/password", data={"link": link, "password": "short"})
    assert (weak.status_code, "至少12个字符" in weak.text, f'value="{link}"' in weak.text) == (422, True, True)
    done = await browser.post("/staff/password", data={"link": link, "password": PASSWORD})
    assert done.headers["location"] == "/staff?lang=zh&said=password_set"
    assert (await entered(browser)).status_code == 303
    assert (await browser.post("/staff/password", data={"link": link, "password": PASSWORD})).status_code == 410


async def test_html_that_was_typed_is_text(browser: httpx2.AsyncClient) -> None:
    sent = {"account": '"><script>alert(1)</script>', "password": "x"}
    answer = await browser.post("/staff", data=sent)
    assert (answer.status_code, "<script>alert" in answer.text) == (422, False)
    page = await browser.get("/staff/password", params={"link": sent["account"]})
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(("language", "said"), [("zh", "已为此账号更换登录凭据"), ("en", "had a credential replaced")])
async def test_whose_credential_was_replaced_reads_it_where_they_would_sign_in(
    staff: ServedStaff, browser: httpx2.AsyncClient, language: str, said: str
) -> None:
    await joined(staff)
    await entered(browser)
    await replaced(staff)
    page = await browser.get(f"/staff?lang={language}")
    assert (page.status_code, said in page.text, "li.wei" in page.text) == (200, True, True)
    await entered(browser)
    again = await browser.get("/staff?lang=zh")
    assert [word in again.text for word in ("登录凭据更换", "li.wei", "wang.fang", "立即联系其他配置员")] == [True] * 4


async def test_one_time_codes_are_set_up_on_the_page_and_asked_for_from_then_on(
    staff: ServedStaff, browser: httpx2.AsyncClient
) -> None:
    await joined(staff, role="supervisor")
    await entered(browser)
    page = await browser.get("/staff")
    assert ("须先启用动态口令" in page.text, fields(page, "/staff/choice")[0]["appointment"]) == (True, "1")
    assert 'aria-label="以此身份办理' not in page.text
    (form,) = fields(page, "/staff/second-factor")
    shown = await browser.post("/staff/second-factor", data=form)
    secret = re.findall(r'id="key"[^>]*>([A-Z2-7]{32})<', shown.text)[0]
    assert "<path d=" in shown.text
    wrong = await browser.post("/staff/second-factor/code", data=form | {"code": "12"})
    assert (wrong.status_code, secret in wrong.text, 'role="alert"' in wrong.text) == (422, True, True)
    typed = code(staff, secret)
    done = await browser.post("/staff/second-factor/code", data=form | {"code": f"{typed[:3]} {typed[3:]}"})
    assert (done.status_code, done.headers["location"]) == (303, "/staff?lang=zh")
    page = await browser.get("/staff")
    assert ("已启用" in page.text, 'aria-label="以此身份办理' in page.text) == (True, True)
    staff.wall.time += NEXT
    sent = {"account": NAME, "password": PASSWORD}
    again = [await browser.post("/staff", data=sent | {"code": each}) for each in ("", code(staff, secret))]
    assert [answer.status_code for answer in again] == [401, 303]
