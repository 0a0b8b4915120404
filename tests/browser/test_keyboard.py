"""Keys only: all is reached in order, there and back, and where one is can always be seen (WCAG 2.4.7 and 2.4.11)."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page

from accounts.roles import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.figures import BOTH

MANAGER = Role.CONTRACT_MANAGER
PAGES = [
    (MANAGER, "kpi:overview", []),
    (MANAGER, "kpi:providers", []),
    (MANAGER, "kpi:domain", []),
    (MANAGER, "kpi:provider", [BOTH]),
    (MANAGER, "kpi:indicator", ["uitval"]),
    (MANAGER, "kpi:as_of", []),
    (Role.MUNICIPALITY, "kpi:municipality", []),
    (Role.POLICY, "kpi:norm_add", []),
    (Role.ADMIN, "messaging:uploads", []),
    (Role.ADMIN, "kpi:reference", []),
]
MOST = 1000
# What has the focus: its place in the document, what it is, and what is wrong with how it shows.
FOCUSED = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || here === document.documentElement) return null;
  const style = getComputedStyle(here), box = here.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const seen = [[left + 3, top + 3], [right - 3, top + 3], [left + 3, bottom - 3], [right - 3, bottom - 3],
    [(left + right) / 2, (top + bottom) / 2]].some(([x, y]) => {
    const found = document.elementFromPoint(x, y);
    return found && (here.contains(found) || here.closest("label")?.contains(found));
  });
  const wrong = [];
  if (!seen) wrong.push("hidden");
  if (style.outlineStyle === "none" || style.outlineWidth === "0px") wrong.push("not shown");
  const told = here.getAttribute("aria-label") || here.name || here.textContent.trim().slice(0, 30);
  return { place: [...document.querySelectorAll("*")].indexOf(here), name: `${here.tagName} ${told}`, wrong };
}"""
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter(item => item.checkVisibility() && !item.disabled && item.type !== "hidden")
  .map(item => [...document.querySelectorAll("*")].indexOf(item))"""


def walk(page: Page, key: str) -> list[dict]:
    """What gets the focus while a key is pressed, until it leaves the page; a date field takes it more than once."""
    steps: list[dict] = []
    for _ in range(MOST):
        page.keyboard.press(key)
        step = page.evaluate(FOCUSED)
        if step is None:
            return steps
        if not steps or steps[-1]["place"] != step["place"] or step["wrong"]:
            steps.append(step)
    raise AssertionError(f"still on the page after {MOST} times {key}: {steps[-1]['name']}")


def go_with_keys(target: Locator) -> None:
    """Tab from where one is to something, and press Enter on it."""
    for _ in range(MOST):
        if target.evaluate("target => target === document.activeElement"):
            target.press("Enter")
            return
        target.page.keyboard.press("Tab")
    raise AssertionError(f"not reached with {MOST} times Tab: {target}")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize(("role", "name", "args"), PAGES, ids=[f"{role.value}-{name}" for role, name, _ in PAGES])
def test_keys_reach_everything_in_order_and_show_where_they_are(open_page, role, name, args, width):
    page = open_page(role, reverse(name, args=args), width=width)
    page.wait_for_load_state("networkidle")
    there, wanted = walk(page, "Tab"), page.evaluate(REACHABLE)
    assert [step for step in there if step["wrong"]] == []
    assert [step["place"] for step in there] == wanted
    back = walk(page, "Shift+Tab")
    assert [step for step in back if step["wrong"]] == []
    assert [step["place"] for step in back][-len(wanted) :] == wanted[::-1]
