"""The live page in a real Chromium: alive, calm, readable by everybody."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from contracts.lifecycle import OfficialCounter, TicketState
from services.portal.pages.frame.render import VERSION
from tests.browser.conftest import PHONE, ServedPages, Watched
from tests.faults.waiting import until

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)


async def opened(site: ServedPages, watched: Watched, path: str = "/") -> None:
    await watched.page.goto(site.url + path)
    await watched.page.wait_for_selector("#link[data-state=connected]")


async def lane_of(watched: Watched, number: str, lane: str) -> None:
    await watched.page.wait_for_selector(f"ol[data-lane={lane}] li[data-number='{number}']")


async def test_each_of_the_six_counters_is_seen_to_change(site: ServedPages, watched: Watched) -> None:
    await opened(site, watched)
    ticket = site.town.arrive()
    late = site.town.arrive()
    await changed(watched, OfficialCounter.ACCEPTING)
    while late.state is not TicketState.ASSIGNED:
        late = site.town.advance(late)
    site.pass_time(30 * HOUR)
    await changed(watched, OfficialCounter.OVERDUE_UNACCEPTED)
    while ticket.state is not TicketState.IN_HAND:
        ticket = site.town.advance(ticket)
    await changed(watched, OfficialCounter.IN_HAND)
    site.pass_time(90 * HOUR)
    await changed(watched, OfficialCounter.OVERDUE_UNFINISHED)
    ticket = site.town.advance(ticket)
    await changed(watched, OfficialCounter.AWAITING_REVIEW)
    while ticket.state is not TicketState.STRUCK_OFF:
        ticket = site.town.advance(ticket)
    await changed(watched, OfficialCounter.STRUCK_OFF)
    valid = await watched.page.inner_text("#valid")
    assert valid == "2", "the six still sum to all valid matters"


async def changed(watched: Watched, counter: OfficialCounter) -> None:
    await expect(watched.page.locator(f"#counter-{counter.value}")).not_to_have_text("0")


async def test_a_matter_glides_through_the_lanes_and_is_stamped(site: ServedPages, watched: Watched) -> None:
    await opened(site, watched)
    ticket = site.town.arrive()
    await lane_of(watched, ticket.number, "registered")
    lanes = {
        TicketState.ASSIGNED: "accepting",
        TicketState.IN_HAND: "handling",
        TicketState.AWAITING_EVALUATION: "evaluating",
    }
    while ticket.state is not TicketState.STRUCK_OFF:
        site.pass_time(HOUR / 60)
        ticket = site.town.advance(ticket)
        if ticket.state in lanes:
            await lane_of(watched, ticket.number, lanes[ticket.state])
    await lane_of(watched, ticket.number, "struck_off")
    stamp = watched.page.locator(f"li[data-number='{ticket.number}'] .stamp")
    assert await stamp.is_visible()
    assert await stamp.inner_text() == "销号"
    assert "已销号" in await watched.page.inner_text("#news")


TOUCHING = """title => {
  const card = document.getElementById("card").content.firstElementChild.cloneNode(true);
  card.firstElementChild.className = "card done";
  card.querySelector("h4 a").textContent = title;
  document.querySelector("ol[data-lane=struck_off]").append(card);
  const stamp = card.querySelector(".stamp").getBoundingClientRect(), words = document.createRange();
  words.selectNodeContents(card.querySelector("h4 a"));
  const lines = Array.from(words.getClientRects());
  card.remove();
  return lines.some(line => line.right > stamp.left && line.top < stamp.bottom);
}"""


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "食品安全投诉举报" * 4), ("en", "a b c d e f g h i j k l m n o p " * 4)]
)
async def test_a_title_keeps_clear_of_the_stamp_at_every_width(
    site: ServedPages, watched: Watched, lang: str, title: str
) -> None:
    await opened(site, watched, f"/?lang={lang}")
    touching = list[int]()
    for width in range(320, 1920, 40):
        await watched.page.set_viewport_size({"width": width, "height": 900})
        if await watched.page.evaluate(TOUCHING, title):
            touching.append(width)
    assert touching == []


REACHING_OUT = """words => {
  const reaching = [];
  for (const list of document.querySelectorAll("ol[data-lane]")) {
    const card = document.getElementById("card").content.firstElementChild.cloneNode(true);
    card.firstElementChild.className = "card none" + (list.dataset.lane === "struck_off" ? " done" : "");
    ["h4 a", ".who", ".promise", ".number"].forEach(each => { card.querySelector(each).textContent = words; });
    list.append(card);
    const lane = list.closest(".lane").getBoundingClientRect(), seen = card.firstElementChild.getBoundingClientRect();
    card.remove();
    if (seen.left < lane.left || seen.right > lane.right) { reaching.push(list.dataset.lane); }
  }
  return reaching;
}"""


@pytest.mark.parametrize("words", ["Support for disabled people · 大桥江乡 " * 2, "w" * 80, "食品安全投诉举报" * 8])
async def test_a_card_stays_in_its_lane_at_every_width(site: ServedPages, watched: Watched, words: str) -> None:
    await opened(site, watched, "/?lang=en")
    reaching = dict[int, list[str]]()
    for width in range(320, 1920, 40):
        await watched.page.set_viewport_size({"width": width, "height": 900})
        if lanes := await watched.page.evaluate(REACHING_OUT, words):
            reaching[width] = lanes
    assert reaching == {}


async def test_a_light_turns_in_text_shape_and_colour(site: ServedPages, watched: Watched) -> None:
    await opened(site, watched)
    ticket = site.town.arrive()
    while ticket.state is not TicketState.ASSIGNED:
        ticket = site.town.advance(ticket)
    lamp = watched.page.locator(f"li[data-number='{ticket.number}'] .lamp")
    start, due = ticket.clocks[0].start, ticket.clocks[0].due
    for light, share in (("green", 0.1), ("yellow", 0.5), ("orange", 0.8), ("red", 1.0)):
        site.town.now = start + (due - start) * share
        await watched.page.wait_for_selector(f"li[data-number='{ticket.number}'] .lamp.{light}")
        assert await lamp.locator("use").get_attribute("href") == f"/static/{VERSION}/lamps.svg#{light}"
    assert await lamp.inner_text() == "红灯 逾期"


async def test_the_page_asks_nobody_else_and_breaks_no_rule(site: ServedPages, watched: Watched) -> None:
    for _ in range(30):
        site.town.step()
    await opened(site, watched)
    await watched.page.wait_for_selector(".rates b")
    assert watched.hosts == {"127.0.0.1"}
    assert watched.errors == []
    assert "13912345678" not in await watched.page.content()


async def test_pausing_stops_the_picture_and_resuming_catches_up(site: ServedPages, watched: Watched) -> None:
    await opened(site, watched)
    await watched.page.click("#pause")
    await watched.page.wait_for_selector("#link[data-state=paused]")
    site.town.arrive()
    told = "fetch('/v1/counters').then(answer => answer.json()).then(told => told.accepting === 1)"
    # not wait_for_function: from its second look on it evaluates a string, which the page's policy forbids
    await until(lambda: watched.page.evaluate(told), "the board did not count it")
    assert await watched.page.inner_text("#counter-accepting") == "0"
    await watched.page.click("#pause")
    await expect(watched.page.locator("#counter-accepting")).to_have_text("1")


async def test_who_wants_no_motion_gets_none(site: ServedPages, watched: Watched) -> None:
    await watched.page.emulate_media(reduced_motion="reduce")
    await opened(site, watched)
    await watched.page.evaluate("() => { Element.prototype.animate = () => { throw new Error('moved') } }")
    ticket = site.town.arrive()
    await lane_of(watched, ticket.number, "registered")
    while ticket.state is not TicketState.ASSIGNED:
        ticket = site.town.advance(ticket)
    await lane_of(watched, ticket.number, "accepting")
    assert watched.errors == []
    assert await watched.page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("size", ["normal", "xlarge"])
@pytest.mark.parametrize("path", ["/", "/?lang=en", "/tickets", "/mine"])
async def test_nothing_runs_out_of_a_narrow_screen(site: ServedPages, watched: Watched, path: str, size: str) -> None:
    for _ in range(40):
        site.town.step()
    await watched.page.set_viewport_size(PHONE)
    await watched.page.goto(site.url + path)
    await watched.page.click(f"button[data-size={size}]")
    if path.startswith("/?") or path == "/":
        await watched.page.wait_for_selector(".lane li")
    width = await watched.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


async def test_everything_can_be_done_by_keyboard(site: ServedPages, watched: Watched) -> None:
    page = watched.page
    await opened(site, watched)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") == "pause"
    await page.keyboard.press("Space")
    await page.wait_for_selector("#link[data-state=paused]")
    await page.keyboard.press("Tab")
    ring = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid", "the focus can be seen"
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/tickets?counter=struck_off**")


async def test_the_focus_stays_on_a_card_that_moves(site: ServedPages, watched: Watched) -> None:
    await opened(site, watched)
    ticket = site.town.arrive()
    await lane_of(watched, ticket.number, "registered")
    await watched.page.focus(f"li[data-number='{ticket.number}'] a")
    while ticket.state is not TicketState.ASSIGNED:
        ticket = site.town.advance(ticket)
    await lane_of(watched, ticket.number, "accepting")
    focused = await watched.page.evaluate("document.activeElement.closest('li').dataset.number")
    assert focused == ticket.number


async def test_the_type_size_is_kept_from_page_to_page(site: ServedPages, watched: Watched) -> None:
    await opened(site, watched)
    await watched.page.click("button[data-size=xlarge]")
    await watched.page.goto(site.url + "/tickets")
    assert await watched.page.evaluate("document.documentElement.dataset.size") == "xlarge"
    size = await watched.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert size >= 22


async def test_a_matter_assigned_at_once_is_still_seen_to_arrive(site: ServedPages, watched: Watched) -> None:
    await opened(site, watched)
    ticket = site.town.arrive()
    while ticket.state is not TicketState.ASSIGNED:
        ticket = site.town.advance(ticket)
    await lane_of(watched, ticket.number, "registered")
    await lane_of(watched, ticket.number, "accepting")
    # the board may have been looked at between its arrival and its assignment: the next look counts it where it is
    await watched.page.wait_for_selector("#lane-registered b:text-is('0')")
