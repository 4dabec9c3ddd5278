"""Many reviews by one form; and a form that is sent some matters at a time, stopped, gone on with, and reloaded."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlencode

import pytest
from playwright.async_api import Page, Route, ViewportSize, expect

from contracts.identifiers import number_of
from services.portal.pages.many.sending import AT_ONCE
from tests.browser.conftest import Watched
from tests.browser.full import FullDesk, entered, full_desk
from tests.browser.hands import is_not_too_wide
from tests.browser.test_accessibility import NARROW, WIDE, findings
from tests.unit.portal.staffed import LINE
from tests.unit.portal.test_many import BOTH
from tests.unit.portal.test_many_kinds import review_of
from tests.unit.portal.tickets import NOON

pytestmark = pytest.mark.browser
NUMBERS = tuple(number_of(f"{nth:012}", "431226") for nth in range(2 * AT_ONCE + 2))
RETURN = f"/desk/many?{urlencode([('act', 'return'), *(('n', each) for each in NUMBERS)])}"


@pytest.fixture
async def full() -> AsyncIterator[FullDesk]:
    async with full_desk() as served:
        yield served


class HeldBack:
    """Lets the first portion of a form through, and each other one once it may pass. ``sent``: the numbers of each."""

    def __init__(self) -> None:
        self.sent, self.came, self.may_pass = list[list[str]](), asyncio.Event(), asyncio.Event()

    async def __call__(self, route: Route) -> None:
        if route.request.method == "POST":
            self.sent.append(parse_qs(route.request.post_data or "")["numbers"][0].split(","))
            if len(self.sent) > 1:
                self.came.set()
                await self.may_pass.wait()
        await route.continue_()


async def returned(page: Page, full: FullDesk) -> None:
    """All of them are being returned."""
    await entered(page, full)
    await page.goto(f"{full.url}{RETURN}")
    await page.locator("input[name=ground]").first.check()
    await page.locator("#explanation").fill("不归我们管")
    await page.get_by_role("button", name="退回", exact=True).click()


def keys(full: FullDesk) -> list[str]:
    return [each.headers["Idempotency-Key"] for each in full.desk.sent]


async def test_what_was_stopped_goes_on_where_it_stopped_after_a_reload_too(full: FullDesk, watched: Watched) -> None:
    page, held = watched.page, HeldBack()
    await page.route("**/desk/many?lang=*", held)
    await returned(page, full)
    await held.came.wait()
    await expect(page.locator("li[data-outcome=done]")).to_have_count(AT_ONCE)
    await page.get_by_role("button", name="停下").click()
    held.may_pass.set()
    await expect(page.locator("#sending")).to_contain_text("已停下。还有 2 件没有发送")
    assert [len(each) for each in held.sent] == [AT_ONCE, AT_ONCE]
    assert await findings(watched) == []
    await page.reload()
    await expect(page.locator("#explanation")).to_have_value("不归我们管")
    await page.get_by_role("button", name="接着办").click()
    await expect(page.locator("#sending")).to_contain_text(f"办成 {len(NUMBERS)} 件，没有办成 0 件，还没有结果 0 件")
    assert (len(set(keys(full))), await findings(watched), watched.errors) == (len(NUMBERS), [], [])


async def test_where_the_line_breaks_the_rest_goes_by_the_same_button(full: FullDesk, watched: Watched) -> None:
    page = watched.page

    async def broken(route: Route) -> None:
        await (route.abort() if route.request.method == "POST" else route.continue_())

    await page.route("**/desk/many?lang=*", broken)
    await returned(page, full)
    await expect(page.locator("#sending")).to_contain_text(f"还有 {len(NUMBERS)} 件没有结果")
    await page.unroute("**/desk/many?lang=*")
    await page.get_by_role("button", name="接着办").click()
    await expect(page.locator("li[data-outcome=done]")).to_have_count(len(NUMBERS))
    assert len(keys(full)) == len(NUMBERS)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_many_reviews_are_sent_by_one_form(full: FullDesk, watched: Watched, viewport: ViewportSize) -> None:
    page = watched.page
    await page.set_viewport_size(viewport)
    review_of(full.desk)
    lines = [LINE | {"number": each, "work": LINE["work"] | {"kind": "review"}} for each in BOTH]
    full.desk.told["/v1/inbox"] = {"now": NOON.isoformat(), "office": "head", "more": False, "tickets": lines}
    await entered(page, full)
    await page.goto(f"{full.url}/desk")
    for each in BOTH:
        await page.locator(f".line input[value='{each}']").check()
    assert await findings(watched) == [], "the inbox"
    await page.get_by_role("button", name="验收：勾选的全部").click()
    await page.get_by_text("否", exact=True).click()
    await page.get_by_role("button", name="验收", exact=True).click()
    await expect(page.locator("fieldset[aria-invalid=true]")).to_contain_text("请选择一项")
    assert await findings(watched) == [], "what is wrong is marked"
    await page.get_by_text("佐证不足").click()
    await page.get_by_role("button", name="验收", exact=True).click()
    await expect(page.locator("li[data-outcome=done]")).to_have_count(2)
    assert await findings(watched) == [], "what came of each"
    await is_not_too_wide(page, "what came of each")
