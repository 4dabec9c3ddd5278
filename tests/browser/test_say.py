"""A matter is registered: by clicks, by keyboard alone, without script, on a phone, and once though a line breaks."""

import re

import pytest
from playwright.async_api import Browser, Page, Route, ViewportSize, expect

from tests.browser.conftest import SITE, Watched
from tests.browser.hands import is_not_too_wide, tab_to
from tests.browser.test_accessibility import NARROW, WIDE, findings
from tests.browser.whole import OpenTown

pytestmark = pytest.mark.browser
TITLE, CONTENT = "村里停水三天了", "兰里镇进村的自来水管坏了三天，没有水用，请尽快修好。"
REFUSED = "the server responded with a status of 4"


async def receipt_of(page: Page) -> tuple[str, str]:
    """Number and code as the receipt shows them."""
    await expect(page.locator("h1")).to_have_text("登记好了")
    number, code = [re.sub(r"\s", "", await page.locator(at).inner_text()) for at in ("#number", "#code")]
    return number, code


async def test_a_matter_is_registered_by_clicks(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    await page.goto(town.url)
    await page.get_by_role("link", name="我要反映").click()
    await page.get_by_label("一句话说明").fill(TITLE)
    await page.get_by_label("详细情况").fill(CONTENT)
    await expect(page.get_by_label("手机号")).to_be_hidden()
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_label("在哪一片").select_option("兰里镇")
    await page.get_by_label("地点").fill("村口")
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_label("姓名").fill("张三")
    await page.get_by_label("手机号").fill("13900000000")
    await page.get_by_role("button", name="写好了，去核对").click()
    await expect(page.locator(".read")).to_contain_text("13900000000")
    await page.get_by_role("button", name="确认登记").click()
    number, code = await receipt_of(page)
    await expect(page.locator("figcaption")).to_contain_text(f"{SITE}?number={number}")
    await page.get_by_role("link", name="查看我的事项").click()
    await expect(page.locator(".ticket-head h1")).to_have_text(TITLE, timeout=15_000)
    ticket = await town.until(number, code, lambda found: found["unit"])
    assert (ticket["content"], ticket["place"]) == (CONTENT, "村口")
    assert ticket["division"].startswith("431226104")
    assert (watched.errors, watched.hosts) == ([], {"127.0.0.1"})


async def test_a_matter_is_registered_without_script_on_a_phone(town: OpenTown, chromium: Browser) -> None:
    page = await chromium.new_page(java_script_enabled=False, viewport=ViewportSize(width=360, height=740))
    await page.goto(f"{town.url}/say")
    await page.get_by_label("一句话说明").fill(TITLE)
    await page.get_by_role("button", name="写好了，去核对").click()
    await expect(page.locator("#content-wrong")).to_have_text("请填写这一项。")
    await page.get_by_label("详细情况").fill(CONTENT)
    await page.get_by_label("手机号").fill("139")
    await page.get_by_role("button", name="写好了，去核对").click()
    await page.get_by_role("button", name="确认登记").click()
    await expect(page.locator("#phone-wrong")).to_be_visible()
    await expect(page.get_by_label("详细情况")).to_have_value(CONTENT)
    await page.get_by_label("手机号").fill("13900000000")
    await page.get_by_role("button", name="写好了，去核对").click()
    await page.get_by_role("button", name="确认登记").click()
    await town.until(*await receipt_of(page), lambda found: found["content"] == CONTENT)
    await page.close()


async def test_a_matter_is_registered_by_keyboard_alone(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    await page.goto(f"{town.url}/say")
    await tab_to(page, "#title")
    await page.keyboard.type(TITLE)
    await tab_to(page, "#content")
    await page.keyboard.type(CONTENT)
    await tab_to(page, "#next")
    await page.keyboard.press("Enter")
    await tab_to(page, "#place")
    await page.keyboard.type("兰里镇")
    await page.keyboard.press("Enter")
    await tab_to(page, "input[name=channel]")
    await tab_to(page, "#check")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("请核对")
    await tab_to(page, "button[value=send]")
    await page.keyboard.press("Enter")
    await town.until(*await receipt_of(page), lambda found: found["content"] == CONTENT)
    assert watched.errors == []


async def test_a_line_that_breaks_never_makes_two(town: OpenTown, watched: Watched) -> None:
    page, sent = watched.page, list[str]()

    async def breaks(route: Route) -> None:
        body = route.request.post_data or ""
        answer = await route.fetch()
        sent.extend(re.findall(r'id="number">([^<]*)', await answer.text()))
        await (route.abort() if "to=send" in body and len(sent) == 1 else route.fulfill(response=answer))

    await page.goto(f"{town.url}/say")
    await page.get_by_label("一句话说明").fill(TITLE)
    await page.get_by_label("详细情况").fill(CONTENT)
    await page.route("**/say*", breaks)
    await page.goto(f"{town.url}/say")
    await expect(page.get_by_label("一句话说明")).to_have_value(TITLE)
    for _ in range(2):
        await page.get_by_role("button", name="下一步").click()
        await page.get_by_role("button", name="下一步").click()
        await page.get_by_role("button", name="写好了，去核对").click()
        await page.get_by_role("button", name="确认登记").click()
        if len(sent) == 1:
            await page.wait_for_url("chrome-error://**")
            await page.goto(f"{town.url}/say")
    await receipt_of(page)
    assert len(sent) == 2
    assert len(set(sent)) == 1


async def test_a_draft_stays_in_this_tab_without_anything_that_says_who_writes(
    town: OpenTown, chromium: Browser
) -> None:
    computer = await chromium.new_context()
    page, other = await computer.new_page(), await computer.new_page()
    await page.goto(f"{town.url}/say")
    await page.get_by_label("一句话说明").fill(TITLE)
    await page.get_by_label("详细情况").fill(CONTENT)
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_label("姓名").fill("张三")
    await page.get_by_label("手机号").fill("13900000000")
    kept = await page.evaluate("JSON.stringify(sessionStorage)")
    assert TITLE in kept
    assert [each for each in ("张三", "13900000000") if each in kept] == []
    await page.reload()
    await expect(page.get_by_label("详细情况")).to_have_value(CONTENT)
    await other.goto(f"{town.url}/say")
    await expect(other.get_by_label("一句话说明")).to_have_value("")
    await page.get_by_role("button", name="清空，不写了").click()
    await expect(page.get_by_label("一句话说明")).to_have_value("")
    assert await page.evaluate("sessionStorage.length") == 0
    await computer.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_no_step_of_registering_has_a_fault(
    town: OpenTown, watched: Watched, lang: str, viewport: ViewportSize
) -> None:
    page = watched.page
    await page.emulate_media(reduced_motion="reduce")
    await page.set_viewport_size(viewport)
    await page.goto(f"{town.url}/say?lang={lang}")

    async def has_no_fault(what: str) -> None:
        assert await findings(watched) == [], what
        await is_not_too_wide(page, what)

    await has_no_fault("what")
    await page.fill("#title", TITLE * 20)
    await page.fill("#content", CONTENT)
    await page.click("#next")
    await has_no_fault("where")
    await page.click("#next")
    await has_no_fault("how to be reached")
    await page.fill("#phone", "139")
    await page.click("#check")
    await has_no_fault("read back")
    await page.click("button[value=send]")
    await has_no_fault("what is wrong")
    await page.fill("#phone", "")
    await page.click("#check")
    await page.click("button[value=send]")
    await page.wait_for_selector("#number")
    await has_no_fault("receipt")
    assert [error for error in watched.errors if REFUSED not in error] == []
