"""axe-core finds nothing on any page, in both languages, wide and narrow."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import ViewportSize

from tests.browser.conftest import ServedPages, Watched
from tests.browser.visited import VISITED

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
TWENTY_MINUTES = timedelta(minutes=20)
WIDE, NARROW = ViewportSize(width=1440, height=1000), ViewportSize(width=360, height=740)


def test_the_vendored_axe_is_the_recorded_one() -> None:
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256


UNDECIDED = """{
  'color-contrast': {selector: '.step[aria-hidden=true]', says: 'shortTextContent'},
  'label-content-name-mismatch': {selector: 'button[data-size]', says: null},
}"""
"""What axe leaves to a person, and a person has decided: the numbers of the steps are single digits, whose contrast is
measured below; the buttons of the size of type show a sign (文) and are called by what they do."""

FINDINGS = (
    f"const rules = {RULES}, undecided = {UNDECIDED};"
    """
    const shown = (each, nodes) => nodes.map(node => `${each.id}: ${node.html}`);
    const isDecided = (each, node) => {
      const known = undecided[each.id], element = document.querySelector(node.target[0]);
      const says = [...node.any, ...node.all, ...node.none].map(check => check.data?.messageKey ?? null);
      return known && element?.matches(known.selector) && says.every(key => key === known.says);
    };
    const found = await axe.run(document, rules);
    const wrong = found.violations.flatMap(each => shown(each, each.nodes));
    const open = found.incomplete.flatMap(each => shown(each, each.nodes.filter(node => !isDecided(each, node))));
    const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
    const doubled = [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))].map(id => `doubled id: ${id}`);
    const color = text => { const read = new axe.commons.color.Color(); read.parseString(text); return read; };
    const isFaint = ({color: ink, backgroundColor: ground, backgroundImage}) => backgroundImage !== 'none' ||
      color(ground).alpha < 1 || axe.commons.color.getContrast(color(ground), color(ink)) < 4.5;
    const measured = [...document.querySelectorAll(undecided['color-contrast'].selector)];
    const faint = measured.filter(element => isFaint(getComputedStyle(element)));
    return [...wrong, ...open, ...doubled, ...faint.map(element => `faint: ${element.outerHTML}`)];
    """
)
PLANTED = """([tag, styles, attributes, text]) => {
  const planted = document.createElement(tag);
  Object.assign(planted.style, styles);
  Object.entries(attributes).forEach(([name, value]) => planted.setAttribute(name, value));
  planted.textContent = text;
  document.querySelector('main').append(planted);
}"""


async def findings(watched: Watched) -> list[str]:
    """What axe finds, what it cannot decide and nobody has, and ids that stand twice.

    Evaluated, because the page's own policy refuses foreign scripts. Colours are those of the page at rest, so nothing
    may move.
    """
    assert await watched.page.evaluate("document.getAnimations().length") == 0
    await watched.page.evaluate(AXE.read_text())
    found: list[str] = await watched.page.evaluate(f"(async () => {{{FINDINGS}}})()")
    return found


GRADIENT = {"color": "white", "backgroundImage": "linear-gradient(white, black)"}


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        (("p", GRADIENT, {}, "white words on a gradient"), "color-contrast: <p"),
        (("p", {"color": "#eee", "backgroundColor": "#fff"}, {}, "faint words"), "color-contrast: <p"),
        (("p", {}, {"id": "main"}, "a doubled id"), "doubled id: main"),
        (
            ("span", {"color": "#999", "backgroundColor": "#fff"}, {"class": "step", "aria-hidden": "true"}, "7"),
            "faint: <span",
        ),
        (("span", GRADIENT, {"class": "step", "aria-hidden": "true"}, "8"), "faint: <span"),
        (("button", {}, {"aria-label": "other words"}, "文"), "label-content-name-mismatch: <button"),
        (("img", {}, {"src": "/static/seal.svg"}, ""), "image-alt: <img"),
    ],
    ids=str,
)
async def test_a_planted_fault_is_found(
    site: ServedPages, watched: Watched, planted: tuple[object, ...], seen: str
) -> None:
    await watched.page.emulate_media(reduced_motion="reduce")
    await watched.page.goto(f"{site.url}/mine?lang=en")
    assert await findings(watched) == []
    await watched.page.evaluate("document.querySelector('main').id = 'main'")
    await watched.page.evaluate(PLANTED, list(planted))
    found = await findings(watched)
    assert [each for each in found if not each.startswith(seen)] == []
    assert found


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_no_page_has_a_fault_or_an_open_question(
    site: ServedPages, watched: Watched, lang: str, viewport: ViewportSize
) -> None:
    for _ in range(150):
        site.town.step()
        site.pass_time(TWENTY_MINUTES)
    site.town.order()
    await watched.page.emulate_media(reduced_motion="reduce")
    await watched.page.set_viewport_size(viewport)
    await watched.page.goto(f"{site.url}/?lang={lang}")
    await watched.page.wait_for_selector(".rates b")
    await watched.page.wait_for_selector(".lane li")
    assert await findings(watched) == []
    ordered = next(ticket for ticket in site.town.tickets() if ticket.ordered)
    for path in (each for folder, paths in VISITED.items() if folder != "live" for each in paths):
        joint = "&" if "?" in path else "?"
        await watched.page.goto(f"{site.url}{path.format(number=ordered.number)}{joint}lang={lang}")
        assert await findings(watched) == [], path
