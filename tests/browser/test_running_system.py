"""The whole system as ``make up`` leaves it, watched in Chromium: each of the six counters changes within 120 s."""

import asyncio
import os

import pytest

from runtime import serve
from services.portal.domain.counters import Counter
from tests.browser.conftest import Watched
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.stack]
WITHIN = 120.0  # seconds
RECORD = """() => {
  window.seen = {};
  for (const node of document.querySelectorAll('[data-counter]')) {
    const values = window.seen[node.dataset.counter] = new Set([node.textContent]);
    const watch = new MutationObserver(() => values.add(node.textContent));
    watch.observe(node, {childList: true, characterData: true, subtree: true});
  }
}"""
SEEN = "() => Object.fromEntries(Object.entries(window.seen).map(([name, values]) => [name, values.size]))"


@pytest.fixture
def url() -> str:
    named = os.environ.get("DUBAN_PORTAL_URL", "")
    if not named:
        pytest.skip("no running system: make up, then DUBAN_PORTAL_URL=http://127.0.0.1:8106 make test")
    return named


@pytest.mark.timeout(240)
async def test_each_counter_of_the_running_system_is_seen_to_change(url: str, watched: Watched) -> None:
    never = asyncio.Event()
    await watched.page.goto(url)
    await watched.page.wait_for_selector("#link[data-state=connected]")
    await watched.page.evaluate(RECORD)
    seen: dict[str, int] = {}
    try:
        async with asyncio.timeout(WITHIN):
            while any(seen.get(counter.value, 0) < 2 for counter in Counter):
                await serve.pause(0.5, never)
                seen = await watched.page.evaluate(SEEN)
    except TimeoutError:
        pytest.fail(f"values seen within {WITHIN} s: {seen}")
    assert watched.errors == []


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_running_system_has_no_axe_violation(url: str, watched: Watched, lang: str) -> None:
    await watched.page.goto(f"{url.rstrip('/')}/?lang={lang}")
    await watched.page.wait_for_selector("#link[data-state=connected]")
    await watched.page.click("#pause")
    assert await violations(watched) == []
