"""The README's picture, of the running system: ``make up``, then ``make picture``."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import ViewportSize, async_playwright

from tests.browser.conftest import CHROMIUM, FLAGS

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "live.png"
URL = "http://127.0.0.1:8106/"
SIZE = ViewportSize(width=1440, height=1000)
BEGIN = 12.0  # seconds of watching before the picture, so that something has moved


async def take(url: str) -> None:
    """Wait until something was struck off, watch a while, take it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = await browser.new_page(viewport=SIZE)
        await page.goto(url)
        await page.wait_for_selector("ol[data-lane=struck_off] li", timeout=120_000)
        await page.wait_for_timeout(BEGIN * 1000)
        await page.screenshot(path=PICTURE)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take(sys.argv[1] if len(sys.argv) > 1 else URL))
