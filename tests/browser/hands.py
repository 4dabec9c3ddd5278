"""What hands do on a page that tests look at: the keyboard, and whether a thumb finds what it wants."""

from playwright.async_api import Page

TARGETS = "main button, main .button, main .choice, main textarea, main input:not([type])"


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


async def enter(page: Page) -> None:
    """Press Enter on what leads to another page, until that page is there."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def is_not_too_wide(page: Page, path: str) -> None:
    """Nothing has to be scrolled sideways, and whatever is clicked is large enough for a thumb."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    small = await page.evaluate(
        f"[...document.querySelectorAll('{TARGETS}')]"
        ".filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)"
        ".map(each => each.outerHTML)"
    )
    assert small == [], path
