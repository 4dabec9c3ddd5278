"""axe-core finds nothing on any page, in both languages, wide and narrow."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import ViewportSize

from tests.browser.conftest import Served, Watched
from tests.browser.visited import VISITED

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
TWENTY_MINUTES = timedelta(minutes=20)
WIDE, NARROW = ViewportSize(width=1440, height=1000), ViewportSize(width=360, height=740)


def test_the_vendored_axe_is_the_recorded_one() -> None:
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256


async def violations(watched: Watched) -> list[str]:
    """What axe finds, each with the nodes. Evaluated, because the page's own policy refuses foreign scripts.

    Colours are those of the page at rest, so nothing may move.
    """
    assert await watched.page.evaluate("document.getAnimations().length") == 0
    await watched.page.evaluate(AXE.read_text())
    found = await watched.page.evaluate(f"axe.run(document, {RULES}).then(found => found.violations)")
    return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_no_page_has_a_violation(site: Served, watched: Watched, lang: str, viewport: ViewportSize) -> None:
    for _ in range(150):
        site.town.step()
        site.pass_time(TWENTY_MINUTES)
    site.town.order()
    await watched.page.emulate_media(reduced_motion="reduce")
    await watched.page.set_viewport_size(viewport)
    await watched.page.goto(f"{site.url}/?lang={lang}")
    await watched.page.wait_for_selector(".rates b")
    await watched.page.wait_for_selector(".lane li")
    assert await violations(watched) == []
    ordered = next(ticket for ticket in site.town.tickets() if ticket.ordered)
    for path in (each for folder, paths in VISITED.items() if folder != "live" for each in paths):
        joint = "&" if "?" in path else "?"
        await watched.page.goto(f"{site.url}{path.format(number=ordered.number)}{joint}lang={lang}")
        assert await violations(watched) == [], path
