"""The whole system as ``make up`` leaves it, watched in Chromium: each of the six counters changes within 120 s."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from contracts.lifecycle import OfficialCounter
from contracts.topics import PARTS, SERVICES
from deploy.local.state import free_port, row_of_ports
from runtime import pauses
from tests.browser.conftest import Watched
from tests.browser.test_accessibility import findings
from tests.environment import unset

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.alone, pytest.mark.timeout(900)]
WITHIN = 120.0  # seconds
UP_WITHIN = 400.0  # seconds: longer than `duban up` itself waits
SINGLE = ("KAFKA", "KAFKA_CONTROLLER", "MONGODB", "PROMETHEUS", "SMS")
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
    first = row_of_ports(len(SERVICES))
    rows = {"DUBAN_API_PORTS_FROM": str(first), "DUBAN_LOOP_PORTS_FROM": str(row_of_ports(len(SERVICES)))}
    rows["DUBAN_PART_PORTS_FROM"] = str(row_of_ports(len(PARTS)))
    single = {f"DUBAN_{name}_PORT": str(free_port()) for name in SINGLE}
    environment = unset() | rows | single | {"DUBAN_STATE": str(tmp_path_factory.mktemp("state"))}
    try:
        subprocess.run((sys.executable, "-m", "cli", "up"), env=environment, check=True, timeout=UP_WITHIN)
        yield f"http://127.0.0.1:{first + SERVICES.index('portal')}/"
    finally:
        subprocess.run((sys.executable, "-m", "cli", "down"), env=environment, check=True, timeout=120)


async def test_each_counter_of_the_running_system_is_seen_to_change(url: str, watched: Watched) -> None:
    never = asyncio.Event()
    await watched.page.goto(url)
    await watched.page.wait_for_selector("#link[data-state=connected]")
    await watched.page.evaluate(RECORD)
    seen: dict[str, int] = {}
    try:
        async with asyncio.timeout(WITHIN):
            while any(seen.get(counter.value, 0) < 2 for counter in OfficialCounter):
                await pauses.pause(0.5, never)
                seen = await watched.page.evaluate(SEEN)
    except TimeoutError:
        pytest.fail(f"values seen within {WITHIN} s: {seen}")
    assert watched.errors == []


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_running_system_has_no_axe_violation(url: str, watched: Watched, lang: str) -> None:
    await watched.page.emulate_media(reduced_motion="reduce")
    await watched.page.goto(f"{url.rstrip('/')}/?lang={lang}")
    await watched.page.wait_for_selector("#link[data-state=connected]")
    await watched.page.click("#pause")
    assert await findings(watched) == []
