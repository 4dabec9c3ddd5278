"""The live page never calls figures live that stand still, and shows what is stuck before what is new."""

from datetime import timedelta

import pytest
from playwright.async_api import Route, expect

from contracts.lifecycle import TicketState
from services.portal.reading.ticket.document import Ticket
from tests.browser.conftest import PHONE, ServedPages, Watched
from tests.browser.test_live_page import opened

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
STALE = 25_000  # milliseconds of the page's clock: longer than it waits for a board
STREAM = "**/v1/live*"


async def alive(watched: Watched) -> None:
    await watched.page.wait_for_selector("#link[data-state=connected]")


async def test_a_board_that_stands_still_says_since_when(site: ServedPages, watched: Watched) -> None:
    await watched.page.clock.install()
    await opened(site, watched)
    site.shelf.away = True
    await watched.page.clock.fast_forward(STALE)
    await expect(watched.page.locator("#link span")).to_have_text("数据停在 09:00")
    assert await watched.page.evaluate("document.querySelector('#link i').getAnimations().length") == 0
    site.shelf.away = False
    await watched.page.clock.fast_forward(1_000)
    await alive(watched)


async def test_a_stream_that_a_proxy_refused_is_asked_for_again(site: ServedPages, watched: Watched) -> None:
    async def refuse(route: Route) -> None:
        await route.fulfill(status=502, body="bad gateway")

    await watched.page.route(STREAM, refuse)
    await watched.page.goto(site.url)
    await watched.page.wait_for_selector("#link[data-state=lost]")
    await watched.page.unroute(STREAM)
    await alive(watched)


async def test_going_back_to_the_page_makes_it_live_again(site: ServedPages, watched: Watched) -> None:
    """The browser may show the page as it was left (its back-forward cache), with the stream closed."""
    await opened(site, watched)
    await watched.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    await watched.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    site.town.arrive()
    await expect(watched.page.locator("#counter-accepting")).to_have_text("1")


async def test_a_portal_that_lags_behind_the_log_says_so(site: ServedPages, watched: Watched) -> None:
    site.age.seconds = 150
    await watched.page.goto(site.url)
    await expect(watched.page.locator("#link span")).to_have_text("数据滞后约 2分钟")
    site.age.seconds = 5
    await alive(watched)


async def test_rates_that_nobody_counts_any_more_are_taken_away(site: ServedPages, watched: Watched) -> None:
    await opened(site, watched)
    await watched.page.wait_for_selector(".rates b")
    site.town.silent = True
    await expect(watched.page.locator("#rates")).to_have_text("暂无数据")


def assigned(site: ServedPages) -> Ticket:
    ticket = site.town.arrive()
    while ticket.state is not TicketState.ASSIGNED:
        ticket = site.town.advance(ticket)
    return ticket


async def test_what_is_overdue_calls_for_attention_with_how_long(site: ServedPages, watched: Watched) -> None:
    stuck = assigned(site)
    site.town.now = stuck.clocks[0].due + 30 * HOUR
    for _ in range(30):
        site.town.arrive()
    await opened(site, watched)
    call = watched.page.locator(f"#attention li[data-call='{stuck.number}']")
    await expect(call.locator(".how")).to_have_text("已超 1天 6小时")
    await expect(watched.page.locator("#says .late")).to_have_text("逾期 1 件；")
    await expect(watched.page.locator("#quiet")).to_be_hidden()
    await watched.page.click("#overdue-all")
    await expect(watched.page.locator(".found")).to_have_text("共 1 件")


async def test_the_best_and_the_worst_do_not_look_alike(site: ServedPages, watched: Watched) -> None:
    stuck, done = assigned(site), site.town.arrive()
    while done.state is not TicketState.STRUCK_OFF:
        done = site.town.advance(done)
    site.town.now = stuck.clocks[0].due + HOUR
    await opened(site, watched)
    colour = "node => getComputedStyle(node).borderLeftColor"
    cards = [watched.page.locator(f".lane li[data-number='{each.number}'] .card") for each in (stuck, done)]
    red, green = [await each.evaluate(colour) for each in cards]
    assert red == "rgb(179, 32, 27)"
    assert green != red


async def test_a_telephone_shows_as_many_as_it_says(site: ServedPages, watched: Watched) -> None:
    for _ in range(9):
        site.town.arrive()
    await watched.page.set_viewport_size(PHONE)
    await opened(site, watched)
    lane = watched.page.locator(".lane.registered")
    await expect(lane.locator(".more")).to_have_text("另有 6 件")
    assert await lane.locator("li:visible").count() == 3


async def test_the_filter_button_filters(site: ServedPages, watched: Watched) -> None:
    stuck = assigned(site)
    site.town.now = stuck.clocks[0].due + HOUR
    site.town.arrive()
    page = watched.page
    await page.goto(f"{site.url}/tickets")
    await page.click("form button[type=submit]")
    await expect(page.locator(".found")).to_have_text("共 2 件")
    await page.select_option("select[name=light]", "red")
    await page.click("form button[type=submit]")
    await expect(page.locator(".found")).to_have_text("共 1 件")
    assert await page.input_value("select[name=light]") == "red"
    await expect(page.locator("li.row")).to_have_count(1)
    assert watched.errors == []
