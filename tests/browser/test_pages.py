"""Every page in the light of every role: no accessibility faults, nothing beside the screen, whatever its width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from accounts.roles import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.figures import BOTH

ADMIN = [
    "messaging:uploads",
    "messaging:columns",
    "kpi:runs",
    "kpi:reference",
    "kpi:parameters",
    "users",
    "user_add",
    "audit_log",
]
FIGURES = [
    "kpi:overview",
    "kpi:municipality",
    "kpi:domain",
    "kpi:referrers",
    "kpi:monitor",
    "kpi:providers",
    "kpi:norms",
    "kpi:exports",
    "kpi:as_of",
    "kpi:differences",
    "kpi:glossary",
    "messaging:quality",
    "password_change",
]
PAGES = [
    *((Role.ADMIN, name, []) for name in ADMIN),
    *((Role.MUNICIPALITY, name, []) for name in FIGURES),
    *((Role.CONTRACT_MANAGER, name, []) for name in [*FIGURES, "kpi:kraljic"]),
    *((role, "kpi:indicator", ["uitval"]) for role in (Role.MUNICIPALITY, Role.ANALYST)),
    *((role, "kpi:provider", [BOTH]) for role in (Role.MUNICIPALITY, Role.ANALYST)),
    (Role.CONTRACT_MANAGER, "kpi:kraljic_decide", [BOTH]),
    *((role, "kpi:findings", []) for role in (Role.MUNICIPALITY, Role.POLICY)),
    (Role.CONTRACT_MANAGER, "kpi:finding_list", ["stop_zonder_start"]),
    (Role.POLICY, "kpi:norm_add", []),
    (Role.POLICY, "kpi:spread", ["duur"]),
]
IDS = [f"{role.value}-{name}" for role, name, _ in PAGES]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize(("role", "name", "args"), PAGES, ids=IDS)
def test_a_page_is_accessible_and_fits(open_page, role, name, args, width):
    page = open_page(role, reverse(name, args=args), width=width)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_login_page_is_accessible(browser, live_server, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}{reverse('login')}")
    assert Axe().run(page).violations_count == 0
    page.close()
