"""督查 as supervision looks at it: full, wide and on a phone, without script."""

from collections.abc import AsyncIterator
from itertools import product

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from services.portal.pages.supervision import view
from tests.browser.conftest import Watched
from tests.browser.full import FullDesk, entered, full_desk
from tests.browser.hands import is_not_too_wide
from tests.browser.test_accessibility import NARROW, WIDE, findings
from tests.browser.test_sign_in import appointed, shown_by_authenticator
from tests.browser.test_sign_in import entered as signs_in
from tests.browser.visited import VISITED
from tests.browser.whole import OpenTown
from tests.unit.portal import test_supervision as made
from tests.unit.portal.staffed import LINE, StaffedDesk
from tests.unit.portal.test_follow import NUMBER
from tests.unit.portal.tickets import NOON

pytestmark = pytest.mark.browser
PATH = "/desk/supervision"
LONG = "麻阳苗族自治县" * 12 + "管理局"


@pytest.fixture
async def full() -> AsyncIterator[FullDesk]:
    async with full_desk() as served:
        yield served


def much(desk: StaffedDesk) -> None:
    """A division in which much is late, more than one page holds."""
    rows = [
        made.light_row(f"431226-{nth:03}", LONG if nth == 1 else "", red=nth % 7, orange=2, green=900)
        for nth in range(120)
    ]
    late = [made.late_clock(NUMBER, nth, made.OTHER, runs=nth % 2 == 0) for nth in range(view.LATE_ROWS + 3)]
    desk.role = "supervisor"
    desk.told |= {
        "/v1/lights": {"at": NOON.isoformat(), "by": "unit", "rows": rows},
        "/v1/overdue": made.report(*late),
        "/v1/conference-agenda": made.AGENDA,
        "/v1/look-backs": {"calls": [made.CALL] * 200},
        "/v1/deliveries/unknown": made.LETTERS,
        "/v1/tickets": {"now": NOON.isoformat(), "total": 60, "skip": 0, "tickets": [LINE] * 3, "next": "20260302.x"},
    }


async def supervises(page: Page, town: OpenTown) -> None:
    """A supervisor of the running county, with one-time codes set up; the inbox is open."""
    await appointed(town, "by.eyes")
    await signs_in(page, town, "by.eyes")
    await page.get_by_role("button", name="启用动态口令").click()
    await page.locator("#code").fill(shown_by_authenticator(town, await page.locator("#key").inner_text()))
    await page.get_by_role("button", name="确认启用").click()
    await page.get_by_role("button", name="以此身份办理").click()
    await page.locator("main a.button").click()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_full_page_has_no_fault(full: FullDesk, watched: Watched, lang: str, viewport: ViewportSize) -> None:
    page = watched.page
    await page.set_viewport_size(viewport)
    much(full.desk)
    await entered(page, full)
    for path in VISITED["supervision"]:
        await page.goto(f"{full.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        await expect(page.locator(".acting-as")).to_be_visible()
        for each in await page.locator("summary").all():
            await each.click()
        assert await findings(watched) == [], path
        await is_not_too_wide(page, path)
    assert watched.errors == []


@pytest.mark.parametrize("width", [640, 360])  # 1280 px at 200 %, and a phone
async def test_in_no_size_of_type_has_it_to_be_scrolled_sideways(full: FullDesk, watched: Watched, width: int) -> None:
    page = watched.page
    much(full.desk)
    await entered(page, full)
    await page.set_viewport_size(ViewportSize(width=width, height=500))
    for lang, size in product(("zh", "en"), ("normal", "large", "xlarge")):
        await page.goto(f"{full.url}{PATH}?lang={lang}")
        await page.locator(f"button[data-size={size}]").click()
        await is_not_too_wide(page, f"{lang} {size}")


async def test_without_script_on_a_phone_each_figure_opens_its_matters(full: FullDesk, chromium: Browser) -> None:
    page = await chromium.new_page(java_script_enabled=False, viewport=ViewportSize(width=360, height=740))
    much(full.desk)
    await entered(page, full)
    await page.goto(f"{full.url}{PATH}")
    await page.get_by_role("link", name="本周").click()
    await expect(page.locator(".periods [aria-current]")).to_have_text("本周")
    await page.locator(".lights-table td a").first.click()
    await expect(page.locator("h1")).to_contain_text("红灯 逾期")
    await page.get_by_role("link", name="返回督查").click()
    await page.locator(".named summary").first.click()
    await expect(page.locator(".named details[open] li a").first).to_be_visible()
    await page.close()


async def test_a_supervisor_of_a_running_county_sees_the_light_of_its_unit(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    number, _ = await town.filed()
    await supervises(page, town)
    await page.get_by_role("link", name="督查", exact=True).click()
    figure = page.locator(".lights-table a[href*='unit=431226-GS'][href*='light=green']")
    await expect(figure).to_be_visible()
    await figure.click()
    await expect(page.locator(f".line a[href^='/desk/{number}']")).to_be_visible()
    assert (await findings(watched), watched.errors, watched.hosts) == ([], [], {"127.0.0.1"})
