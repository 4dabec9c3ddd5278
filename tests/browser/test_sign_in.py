"""Staff sign in, set up one-time codes and sign in with one: by clicks, without script, on a phone, without a fault."""

from datetime import timedelta

import pyotp
import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from runtime.identity.tokens import Principal
from services.staff.domain.one_time_codes import STEP
from tests.browser.conftest import Watched
from tests.browser.test_accessibility import NARROW, WIDE, findings
from tests.browser.whole import OpenTown
from tests.contract.matter import COUNTY

pytestmark = pytest.mark.browser
LI, WANG = (Principal(name, "", COUNTY, "configurer") for name in ("li.wei", "wang.fang"))
FITS = "document.documentElement.scrollWidth <= innerWidth"
PASSWORD = "四匹马 tea window 29"


async def appointed(town: OpenTown, name: str) -> None:
    """A supervisor with a password."""
    path = f"/v1/accounts/{name}"
    wanted = {"role": "supervisor", "division": COUNTY}
    assert (await town.call("staff", "POST", f"{path}/appointments", LI, json=wanted)).status_code == 200
    assert (await town.call("staff", "POST", f"{path}/appointments/1/confirmation", WANG)).status_code == 200
    link = (await town.call("staff", "POST", f"{path}/links", LI)).json()["link"]
    sent = {"link": link, "password": PASSWORD}
    assert (await town.call("staff", "POST", "/v1/passwords", None, json=sent)).status_code == 200


async def entered(page: Page, town: OpenTown, name: str, code: str = "", lang: str = "zh") -> None:
    await page.goto(f"{town.url}/staff?lang={lang}")
    await page.locator("#account").fill(name)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("#code").fill(code)
    await page.locator("main button").click()


def shown_by_authenticator(town: OpenTown, secret: str, steps: int = 0) -> str:
    """The code of now, or so many half minutes ahead."""
    at = town.clock.wall() + timedelta(seconds=steps * STEP)
    return pyotp.TOTP(secret).at(int(at.timestamp()))


async def set_up_by_clicks(page: Page, town: OpenTown, name: str) -> None:
    """From the password to an act that asks for a code, and in again with the next one."""
    await entered(page, town, name)
    await expect(page.get_by_text("须先启用动态口令")).to_be_visible()
    await page.get_by_role("button", name="启用动态口令").click()
    await expect(page.get_by_role("img", name="动态口令密钥的二维码")).to_be_visible()
    secret = await page.locator("#key").inner_text()
    await page.locator("#code").fill("12")
    await page.get_by_role("button", name="确认启用").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.locator("#code").fill(shown_by_authenticator(town, secret))
    await page.get_by_role("button", name="确认启用").click()
    await page.get_by_role("button", name="以此身份办理").click()
    await expect(page.get_by_text("当前身份")).to_be_visible()
    await page.get_by_role("button", name="退出全部登录").click()
    await entered(page, town, name)
    await expect(page.get_by_role("alert")).to_be_visible()
    await entered(page, town, name, shown_by_authenticator(town, secret, 1))
    await expect(page.get_by_text("已启用，每次登录都须填写。")).to_be_visible()


async def test_one_time_codes_are_set_up_and_asked_for(town: OpenTown, watched: Watched) -> None:
    await appointed(town, "by.clicks")
    await set_up_by_clicks(watched.page, town, "by.clicks")
    assert watched.hosts == {"127.0.0.1"}


async def test_one_time_codes_are_set_up_without_script_on_a_phone(town: OpenTown, chromium: Browser) -> None:
    await appointed(town, "no.script")
    page = await chromium.new_page(java_script_enabled=False, viewport=ViewportSize(width=360, height=740))
    await set_up_by_clicks(page, town, "no.script")
    await page.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_what_staff_see_of_their_account_has_no_fault(
    town: OpenTown, watched: Watched, lang: str, viewport: ViewportSize
) -> None:
    name, page = f"axe.{lang}.{viewport['width']}", watched.page
    await appointed(town, name)
    await page.emulate_media(reduced_motion="reduce")
    await page.set_viewport_size(viewport)
    for path in (f"{town.url}/staff?lang={lang}", f"{town.url}/staff/password?lang={lang}&link=abc"):
        await page.goto(path)
        assert await findings(watched) == [], path
    await entered(page, town, name, lang=lang)
    wanted = {"what": "password"}
    path = f"/v1/accounts/{name}/replacements"
    assert (await town.call("staff", "POST", path, LI, json=wanted)).status_code == 200
    await page.goto(f"{town.url}/staff?lang={lang}")
    await expect(page.locator("#replacements")).to_be_visible()
    assert await findings(watched) == []
    assert await page.evaluate(FITS)
    await page.locator("form[action^='/staff/second-factor'] button").click()
    await expect(page.locator("#key")).to_be_visible()
    assert await findings(watched) == []
    assert await page.evaluate(FITS)
    assert (await town.call("staff", "POST", f"{path}/1/confirmation", WANG)).status_code == 200
    await page.goto(f"{town.url}/staff?lang={lang}")
    await expect(page.get_by_role("alert")).to_contain_text("li.wei")
    assert await findings(watched) == []
