"""The whole system as ``make up`` leaves it, watched in Chromium: each of the six counters changes within 120 s."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from contracts.topics import SERVICES
from runtime import waits
from services.portal.domain.counters import Counter
from tests.browser.conftest import Watched
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(480)]
WITHIN = 120.0  # seconds
UP_WITHIN = 280.0  # seconds
PORTS = {
    "DUBAN_API_PORTS_FROM": 18101,
    "DUBAN_LOOP_PORTS_FROM": 19101,
    "DUBAN_KAFKA_PORT": 39192,
    "DUBAN_KAFKA_CONTROLLER_PORT": 39193,
    "DUBAN_MONGODB_PORT": 37217,
    "DUBAN_PROMETHEUS_PORT": 19190,
    "DUBAN_SMS_PORT": 18190,
}
RECORD = """() => {
  window.seen = {};
  for (const node of document.querySelectorAll('[data-counter]')) {
    const values = window.seen[node.dataset.counter] = new Set([node.textContent]);
    const watch = new MutationObserver(() => values.add(node.textContent));
    watch.observe(node, {childList: true, characterData: true, subtree: true});
  }
}"""
SEEN = "() => Object.fromEntries(Object.entries(window.seen).map(([name, values]) => [name, values.size]))"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The live page of a running system: the one named by DUBAN_PORTAL_URL, or one of our own on other ports."""
    if named := os.environ.get("DUBAN_PORTAL_URL"):
        yield named
        return
    free = {name: value for name, value in os.environ.items() if name not in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI")}
    ports = {setting: str(port) for setting, port in PORTS.items()}
    environment = free | ports | {"DUBAN_STATE": str(tmp_path_factory.mktemp("state"))}
    subprocess.run((sys.executable, "-m", "services", "up"), env=environment, check=True, timeout=UP_WITHIN)
    yield f"http://127.0.0.1:{PORTS['DUBAN_API_PORTS_FROM'] + len(SERVICES) - 1}/"
    subprocess.run((sys.executable, "-m", "services", "down"), env=environment, check=True, timeout=60)


async def test_each_counter_of_the_running_system_is_seen_to_change(url: str, watched: Watched) -> None:
    never = asyncio.Event()
    await watched.page.goto(url)
    await watched.page.wait_for_selector("#link[data-state=connected]")
    await watched.page.evaluate(RECORD)
    seen: dict[str, int] = {}
    try:
        async with asyncio.timeout(WITHIN):
            while any(seen.get(counter.value, 0) < 2 for counter in Counter):
                await waits.pause(0.5, never)
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
