"""What is wrong with a page for somebody who cannot see, point or zoom out; nothing when it is sound."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 320  # CSS pixels; WCAG 1.4.10
# WCAG 1.4.12, through a constructed style sheet, which the Content-Security-Policy leaves alone.
SPACED = """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(
  '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }'
  + ' p { margin-block-end: 2em !important }'); document.adoptedStyleSheets = [sheet]; }"""
# A chart takes its new width some frames after the window.
FITS = """async width => { for (let frame = 0; frame < 200; frame++) {
  if (document.documentElement.scrollWidth <= width) return true;
  await new Promise(requestAnimationFrame); } return false; }"""


# On a phone a row of these tables is a card, which must not lie beside its frame either.
CUT_OFF = """() => [...document.querySelectorAll(":is(.scroller, .table-scroll):has(> :is(.cards, .stack-table))")]
  .filter(frame => frame.scrollWidth > frame.clientWidth + 1)
  .map(frame => frame.getAttribute("aria-labelledby") || frame.getAttribute("aria-label"))"""


def fits(page: Page, width: int) -> bool:
    """Whether nothing lies beside the window."""
    return bool(page.evaluate(FITS, width))


def faults(page: Page, width: int) -> Iterator[str]:
    """What axe finds at a width of the window, and whether something lies beside it."""
    page.set_viewport_size({"width": width, "height": 900})
    if not fits(page, width):
        yield f"{width}: wider than the window"
    found = Axe().run(page, options={"runOnly": RULES})
    for violation in found.response["violations"]:
        yield f"{width}: {violation['id']}: {violation['nodes'][0]['html'][:200]}"


def all_faults(page: Page) -> Iterator[str]:
    """The same at the width of a desk and of a phone; and at the narrowest with wide letters nothing beside it."""
    if (heads := page.locator("h1").count()) != 1:
        yield f"{heads} headings of level 1"
    for width in (DESKTOP, PHONE):
        yield from faults(page, width)
    if cut_off := page.evaluate(CUT_OFF):
        yield f"{PHONE}: cut off: {cut_off}"
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    page.evaluate(SPACED)
    if not fits(page, NARROWEST):
        yield f"{NARROWEST}: wider than the window with wide letters"
    if cut_off := page.evaluate(CUT_OFF):
        yield f"{NARROWEST}: cut off with wide letters: {cut_off}"
