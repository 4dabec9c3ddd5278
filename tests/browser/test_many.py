"""A unit ticks matters in its inbox and accepts them all: by keys, and on a phone without script."""

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Watched
from tests.browser.hands import is_not_too_wide, tab_to
from tests.browser.test_accessibility import NARROW, WIDE, findings
from tests.browser.test_desk import signed_in
from tests.browser.whole import OpenTown

pytestmark = pytest.mark.browser


def box(number: str) -> str:
    return f".line input[value='{number}']"


async def two_accepted(page: Page, town: OpenTown, filed: list[tuple[str, str]]) -> None:
    """From the ticked inbox to what came of each."""
    await page.get_by_role("button", name="受理：勾选的全部").click()
    await expect(page.locator("ol.chosen li")).to_have_count(len(filed))
    await is_not_too_wide(page, "the form")
    await page.get_by_text("供水抢修").click()
    await page.get_by_role("button", name="受理", exact=True).click()
    await expect(page.locator("li[data-outcome]")).to_have_count(len(filed))
    await is_not_too_wide(page, "what came of each")
    for number, code in filed:
        await town.until(number, code, lambda ticket: ticket["state"] == "in_hand")


async def test_matters_are_ticked_and_accepted_on_a_phone_without_script(town: OpenTown, chromium: Browser) -> None:
    page = await chromium.new_page(java_script_enabled=False, viewport=ViewportSize(width=360, height=740))
    filed = [await town.filed() for _ in range(2)]
    await signed_in(page, town)
    await page.goto(f"{town.url}/desk")
    for number, _ in filed:
        await page.locator(box(number)).check()
    await is_not_too_wide(page, "the inbox")
    await two_accepted(page, town, filed)
    await page.reload()
    await expect(page.locator("li[data-outcome=refused]")).to_have_count(0)
    await page.close()


async def test_x_ticks_the_line_in_focus_and_ticks_outlast_what_comes(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    await page.clock.install()
    filed = [await town.filed() for _ in range(2)]
    await signed_in(page, town)
    await page.goto(f"{town.url}/desk")
    for number, _ in filed:
        await page.locator(f".line a[href^='/desk/{number}']").focus()
        await page.keyboard.press("x")
        await expect(page.locator(box(number))).to_be_checked()
    comes, _ = await town.filed()
    await page.clock.fast_forward(60_000)
    await expect(page.locator(box(comes))).not_to_be_checked()
    for number, _ in filed:
        await expect(page.locator(box(number))).to_be_checked()
    await two_accepted(page, town, filed)
    assert (await findings(watched), watched.errors) == ([], [])


async def test_who_ticked_nothing_is_told_so(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    await town.filed()
    await signed_in(page, town)
    await page.goto(f"{town.url}/desk")
    await tab_to(page, "button[name=act]")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("没有勾选任何一件")
    assert (await findings(watched), watched.errors) == ([], [])


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_form_and_what_came_of_it_have_no_fault(
    town: OpenTown, watched: Watched, lang: str, viewport: ViewportSize
) -> None:
    page = watched.page
    await page.set_viewport_size(viewport)
    number, _ = await town.filed()
    await signed_in(page, town, lang)
    await page.goto(f"{town.url}/desk/many?act=acceptance&n={number}&lang={lang}")
    for shows in ("input[name=standard]", "li[data-outcome]"):
        await expect(page.locator(shows).first).to_be_visible()
        assert await findings(watched) == [], shows
        await is_not_too_wide(page, shows)
        if shows.startswith("input"):
            await page.locator("input[name=standard]").first.check()
            await page.locator(".ends button").first.click()
