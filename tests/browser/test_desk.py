"""A unit takes a matter from its inbox to completion: by clicks, by keyboard alone, without script, on a phone."""

import uuid
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from runtime.http import requests
from tests.browser.conftest import Watched
from tests.browser.hands import enter, is_not_too_wide, tab_to
from tests.browser.test_accessibility import NARROW, WIDE, findings
from tests.browser.visited import VISITED
from tests.browser.whole import PASSWORD, OpenTown
from tests.contract.matter import UNIT

pytestmark = pytest.mark.browser
REFUSED = "the server responded with a status of 4"  # what Chromium says of a form that comes back with its faults
AT_MOST = 12  # clicks from the inbox to completion
DONE = ".notice.good"
PHOTO = "https://example.org/1.jpg"
LONG = "村口自来水管坏了" * 25


async def signed_in(page: Page, town: OpenTown, lang: str = "zh", **wanted: str) -> None:
    """Somebody new of staff, by the pages; the inbox is open."""
    name = f"s{uuid.uuid4().hex[:12]}"
    await town.appointed(name, **(wanted or {"role": "unit", "unit": UNIT}))
    await page.context.clear_cookies()
    await page.goto(f"{town.url}/staff?lang={lang}")
    await page.locator("#account").fill(name)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("main button").click()
    await page.locator("form[action^='/staff/choice'] button").click()
    await page.locator("main a.button").click()
    await expect(page.locator(".acting-as")).to_be_visible()


def in_inbox(number: str) -> str:
    """The link that opens the matter."""
    return f".line a[href^='/desk/{number}']"


async def handled_by_clicks(page: Page, town: OpenTown, number: str, code: str) -> int:
    """From the inbox to completion, as any clerk does it; how many clicks it took, with fields that were gone into."""
    await page.goto(f"{town.url}/desk")
    clicks = [
        page.locator(in_inbox(number)),
        page.get_by_role("link", name="受理", exact=True),
        page.get_by_text("供水抢修"),
        page.get_by_role("button", name="受理", exact=True),
    ]
    for each in clicks:
        await each.click()
    await expect(page.locator(DONE)).to_have_text("办成：受理。", timeout=30_000)
    await page.get_by_role("link", name="办结", exact=True).click()
    await page.get_by_label("怎么办的、结果如何").fill("水管已换新，现已正常供水。")
    await page.locator("#evidence-0-uri").fill(PHOTO)
    await page.get_by_role("button", name="办结", exact=True).click()
    await expect(page.locator(DONE)).to_have_text("办成：办结。", timeout=30_000)
    await town.until(number, code, lambda ticket: ticket["may_evaluate"])
    await page.goto(f"{town.url}/desk")
    await expect(page.locator(in_inbox(number))).to_have_count(0)
    return len(clicks) + 4


async def test_a_unit_deals_with_a_matter_by_clicks(town: OpenTown, watched: Watched) -> None:
    filed = await town.filed()
    await signed_in(watched.page, town)
    assert await handled_by_clicks(watched.page, town, *filed) <= AT_MOST
    assert (watched.errors, watched.hosts) == ([], {"127.0.0.1"})


async def test_a_unit_deals_with_a_matter_on_a_phone_without_script(town: OpenTown, chromium: Browser) -> None:
    page = await chromium.new_page(java_script_enabled=False, viewport=ViewportSize(width=360, height=740))
    filed = await town.filed()
    await signed_in(page, town)
    await handled_by_clicks(page, town, *filed)
    await page.close()


async def test_a_unit_deals_with_a_matter_by_keyboard_alone(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    number, code = await town.filed()
    await signed_in(page, town)
    await page.goto(f"{town.url}/desk")
    await tab_to(page, in_inbox(number))
    await enter(page)
    await tab_to(page, "a[href*='/acceptance']")
    await enter(page)
    await tab_to(page, "input[name=standard]")
    await page.keyboard.press("Space")
    await tab_to(page, ".ends button")
    await enter(page)
    await expect(page.locator(DONE)).to_be_visible(timeout=30_000)
    await tab_to(page, "a[href*='/completion']")
    await enter(page)
    await tab_to(page, "#explanation")
    await page.keyboard.type("Repaired.")
    await tab_to(page, "#evidence-0-uri")
    await page.keyboard.type(PHOTO)
    await enter(page)
    await expect(page.locator(DONE)).to_be_visible(timeout=30_000)
    await town.until(number, code, lambda ticket: ticket["may_evaluate"])
    assert watched.errors == []


async def test_what_is_wrong_is_marked_and_what_was_typed_stays(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    await signed_in(page, town)
    number, code = await town.filed()
    await town.accepted(number)
    await town.until(number, code, lambda ticket: ticket["state"] == "in_hand" and ticket["due"])
    await page.goto(f"{town.url}/desk/{number}/completion")
    await page.locator("#evidence-0-uri").fill("C:\\照片\\<1>.jpg")
    await page.get_by_role("button", name="办结", exact=True).click()
    await expect(page.locator("#explanation[aria-invalid=true]")).to_be_visible()
    await page.locator("#explanation").fill("<i>已修好</i>")
    await page.get_by_role("button", name="办结", exact=True).click()
    await expect(page.locator("form .problem").first).to_contain_text("佐证材料须有网址")
    await expect(page.locator("#explanation")).to_have_value("<i>已修好</i>")
    await expect(page.locator("#evidence-0-uri")).to_have_value("C:\\照片\\<1>.jpg")
    await page.locator(".call-shown summary").click()
    await page.get_by_role("button", name="按现在填写的内容更新").click()
    await expect(page.locator("pre")).to_contain_text("$TOKEN")
    await expect(page.locator("pre")).to_contain_text("<i>已修好</i>")
    assert [error for error in watched.errors if REFUSED not in error] == []


async def test_what_is_not_decided_yet_is_asked_after_until_it_is(
    town: OpenTown, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = watched.page
    await signed_in(page, town)
    number, _ = await town.filed()
    await page.goto(f"{town.url}/desk/{number}/acceptance")
    await page.get_by_text("供水抢修").click()
    monkeypatch.setattr(requests, "LAST_LOOK", 0.0)
    await page.get_by_role("button", name="受理", exact=True).click()
    await expect(page.locator(DONE)).to_have_text("办成：受理。", timeout=30_000)
    assert watched.errors == []


async def test_an_inbox_that_is_open_shows_what_comes_and_keeps_the_place(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    await page.clock.install()
    await signed_in(page, town)
    before, _ = await town.filed()
    await page.goto(f"{town.url}/desk")
    await page.locator(in_inbox(before)).focus()
    comes, _ = await town.filed()
    await page.clock.fast_forward(timedelta(minutes=1) // timedelta(milliseconds=1))
    await expect(page.locator(in_inbox(comes))).to_be_visible()
    assert await page.evaluate(f"document.activeElement.matches({in_inbox(before)!r})")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.clock.fast_forward(timedelta(minutes=21) // timedelta(milliseconds=1))
    await expect(page.locator("#fresh")).to_contain_text("已停止自动更新")
    asked.clear()
    await page.clock.fast_forward(timedelta(minutes=5) // timedelta(milliseconds=1))
    assert asked == []
    await page.keyboard.press("Shift")
    await expect(page.locator("#fresh")).to_contain_text("每分钟自动更新")


async def test_j_and_k_go_from_line_to_line_until_they_are_switched_off(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    for _ in range(2):
        await town.filed()
    await signed_in(page, town)
    await page.goto(f"{town.url}/desk")
    lines = page.locator(".line a")
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        await page.keyboard.press(key)
        await expect(lines.nth(at)).to_be_focused()
    await page.locator("#keys").click()
    await page.reload()
    await page.keyboard.press("j")
    await expect(page.locator("#keys[aria-pressed=false]")).to_be_visible()
    assert await page.evaluate("document.activeElement.tagName") == "BODY"


async def test_a_lead_unit_hands_out_what_nobody_could_assign(town: OpenTown, watched: Watched) -> None:
    page = watched.page
    await signed_in(page, town, role="lead")
    content = "麻阳县高村镇有一件说不清楚归谁管的事情，请领导帮忙协调解决。"
    answer = await town.call("intake", "POST", "/v1/submissions", None, json={"title": "难事", "content": content})
    number, code = answer.json()["number"], answer.json()["query_code"]
    await town.until(number, code, lambda ticket: ticket["state"] == "queued")
    await page.goto(f"{town.url}/desk")
    await page.locator(in_inbox(number)).click()
    await page.get_by_role("link", name="交办", exact=True).click()
    await page.locator("#unit").select_option(UNIT)
    await page.locator("#category").select_option("WTR.01")
    await page.get_by_role("button", name="交办", exact=True).click()
    await expect(page.locator(DONE)).to_have_text("办成：交办。", timeout=30_000)
    assert (await town.until(number, code, lambda ticket: ticket["unit"]))["unit"] == UNIT
    assert watched.errors == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_pages_of_the_desk_have_no_fault(
    town: OpenTown, watched: Watched, lang: str, viewport: ViewportSize
) -> None:
    page = watched.page
    await page.emulate_media(reduced_motion="reduce")
    await page.set_viewport_size(viewport)
    await signed_in(page, town, lang, role="unit", unit="431226-NY")
    assert await findings(watched) == [], "an empty inbox"
    await signed_in(page, town, lang)
    number, code = await town.filed(title=LONG)
    await town.accepted(number)
    await town.until(number, code, lambda ticket: ticket["state"] == "in_hand" and ticket["due"])
    forms = [path for folder in ("inbox", "many", "desk", "desk_acts") for path in VISITED[folder]]
    for path in (each.format(number=number) for each in forms):
        await page.goto(f"{town.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        assert await findings(watched) == [], path
        await is_not_too_wide(page, path)
        if await page.locator(".ends button").count():
            await page.locator(".ends button").first.click()
            if path.startswith("/desk/many"):
                await expect(page.locator("li[data-outcome]")).to_be_visible()
            assert await findings(watched) == [], f"{path} after a click"
            await is_not_too_wide(page, path)
