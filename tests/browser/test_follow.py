"""A reporter follows the own matter to its end: by clicks alone, by keyboard alone, without script, on a phone."""

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from runtime.http import requests
from tests.browser.conftest import Watched
from tests.browser.hands import enter, is_not_too_wide, tab_to
from tests.browser.test_accessibility import NARROW, WIDE, findings
from tests.browser.visited import VISITED
from tests.browser.whole import OpenTown

pytestmark = pytest.mark.browser
REFUSED = "the server responded with a status of 4"  # what Chromium says of a form that comes back with its faults
OWN = (*VISITED["own"], *VISITED["acts"])


async def opened(page: Page, town: OpenTown, number: str, code: str, lang: str = "zh") -> None:
    """The matter, opened by the form."""
    await page.goto(f"{town.url}/mine?lang={lang}")
    await page.get_by_label("登记号" if lang == "zh" else "Number").fill(number)
    await page.get_by_label("查询码" if lang == "zh" else "Query code").fill(code)
    await page.locator("main button").click()
    await expect(page.locator(".bar")).to_be_visible()


async def followed_by_clicks(page: Page, town: OpenTown) -> None:
    """From number and code to struck off, as anybody does it."""
    number, code = await town.filed()
    await opened(page, town, number, code)
    await page.get_by_role("link", name="补充情况").click()
    await page.get_by_label("补充的内容").fill("村口的水管也坏了。")
    await page.get_by_role("button", name="发送补充").click()
    await expect(page.locator(".notice.good")).to_have_text("您的补充已收到，承办单位会看到。")
    await town.completed(number, code)
    await page.goto(f"{town.url}/mine/matter")
    await page.get_by_role("link", name="评价办理结果").click()
    await page.get_by_text("很满意").click()
    await page.get_by_text("解决了", exact=True).click()
    await page.get_by_role("button", name="提交评价").click()
    await expect(page.locator(".notice.good")).to_have_text("您的评价已记录，谢谢。")
    await town.until(number, code, lambda ticket: ticket["state"] == "struck_off")
    await page.goto(f"{town.url}/mine/matter")
    await expect(page.locator(".stamp.big")).to_have_text("销号")
    async with page.expect_navigation():
        await page.get_by_role("button", name="结束查询").click()
    await page.go_back()
    await expect(page.get_by_label("查询码")).to_be_visible()


async def test_a_matter_is_followed_to_its_end_by_clicks(town: OpenTown, watched: Watched) -> None:
    await followed_by_clicks(watched.page, town)
    assert (watched.errors, watched.hosts) == ([], {"127.0.0.1"})


async def test_a_matter_is_followed_to_its_end_without_script(town: OpenTown, chromium: Browser) -> None:
    page = await chromium.new_page(java_script_enabled=False, viewport=ViewportSize(width=360, height=740))
    await followed_by_clicks(page, town)
    await page.close()


async def test_a_matter_is_evaluated_by_keyboard_alone(town: OpenTown, watched: Watched) -> None:
    number, code = await town.filed()
    await town.completed(number, code)
    page = watched.page
    await page.goto(f"{town.url}/mine")
    await tab_to(page, "#number")
    await page.keyboard.type(number.lower())
    await tab_to(page, "#code")
    await page.keyboard.type(code)
    await enter(page)
    await expect(page.locator(".bar")).to_be_visible()
    await tab_to(page, "a[href^='/mine/matter/evaluation']")
    await enter(page)
    await expect(page.locator("h1")).to_have_text("评价办理结果")
    await tab_to(page, "input[name=grade]")
    await page.keyboard.press("Space")
    await tab_to(page, "input[name=solved]")
    await page.keyboard.press("Space")
    await tab_to(page, ".ends button")
    await enter(page)
    await expect(page.locator(".notice.good")).to_be_visible()
    ticket = await town.until(number, code, lambda each: each["votes"])
    assert [(each["grade"], each["solved"]) for each in ticket["votes"]] == [(5, True)]
    assert watched.errors == []


async def test_what_is_wrong_is_marked_and_what_was_typed_stays(town: OpenTown, watched: Watched) -> None:
    number, code = await town.filed()
    await town.completed(number, code)
    page = watched.page
    await opened(page, town, number, code)
    await page.goto(f"{town.url}/mine/matter/evaluation")
    await page.get_by_label("还想说什么（可不填）").fill("<i>没修好</i>")
    await page.get_by_role("button", name="提交评价").click()
    await expect(page.locator("fieldset[aria-invalid=true]")).to_have_count(2)
    await expect(page.get_by_label("还想说什么（可不填）")).to_have_value("<i>没修好</i>")
    await page.get_by_text("不满意", exact=True).click()
    await page.get_by_text("没有解决").click()
    await page.get_by_role("button", name="提交评价").click()
    await expect(page.locator(".notice.good")).to_be_visible()
    await town.until(number, code, lambda ticket: ticket["state"] == "rework")
    assert [error for error in watched.errors if REFUSED not in error] == []


async def test_what_is_not_decided_yet_is_asked_after_until_it_is(
    town: OpenTown, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, code = await town.filed()
    await opened(watched.page, town, number, code)
    monkeypatch.setattr(requests, "LAST_LOOK", 0.0)
    await watched.page.goto(f"{town.url}/mine/matter/supplement")
    await watched.page.get_by_label("补充的内容").fill("又坏了一处。")
    await watched.page.get_by_role("button", name="发送补充").click()
    await expect(watched.page.locator(".notice.good")).to_be_visible(timeout=10_000)
    assert watched.errors == []


async def test_a_cookie_tells_scripts_nothing_and_goes_nowhere_else(town: OpenTown, watched: Watched) -> None:
    number, code = await town.filed()
    await opened(watched.page, town, number, code)
    assert await watched.page.evaluate("document.cookie") == ""
    (cookie,) = await watched.page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["secure"]) == ("__Host-duban-matter", True, True)
    assert cookie["sameSite"] == "Strict"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_pages_behind_a_code_have_no_fault(
    town: OpenTown, watched: Watched, lang: str, viewport: ViewportSize
) -> None:
    number, code = await town.filed()
    await town.completed(number, code)
    page = watched.page
    await page.emulate_media(reduced_motion="reduce")
    await page.set_viewport_size(viewport)
    await opened(page, town, number, code, lang)
    for path in OWN:
        await page.goto(f"{town.url}{path}?lang={lang}")
        assert await findings(watched) == [], path
        await is_not_too_wide(page, path)
        if path in VISITED["acts"]:
            await page.locator(".ends button").click()
            assert await findings(watched) == [], f"{path} after a click"
            await is_not_too_wide(page, path)
