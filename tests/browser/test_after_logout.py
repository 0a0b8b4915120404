"""Back after logging out, in a browser that keeps whole pages in memory as people's browsers do."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from accounts.models import User
from accounts.roles import Role
from tests.support.accounts import client_of


@pytest.fixture
def keeping(browser: Browser, chromium: str) -> Iterator[Browser]:
    """A Chromium with the memory of pages that the tests otherwise go without."""
    found = browser.browser_type.launch(
        executable_path=chromium,
        args=["--no-sandbox", "--enable-features=BackForwardCache"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield found
    found.close()


@pytest.mark.parametrize(
    ("role", "address"),
    [(Role.MUNICIPALITY, "/gemeente/"), (Role.CONTRACT_MANAGER, "/kraljic/"), (Role.ADMIN, "/logboek/")],
)
def test_back_shows_nobody_the_page_of_who_logged_out(keeping, live_server, figures, role, address):
    session = client_of(User.objects.get(username=role.value)).cookies["sessionid"].value
    context = keeping.new_context(locale="nl-NL")
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{address}")
    page.get_by_role("button", name="Uitloggen").click()
    page.wait_for_url("**/inloggen/")
    page.evaluate("history.back()")
    page.wait_for_url(lambda url: not url.endswith("/inloggen/"), wait_until="commit")
    assert page.url == f"{live_server.url}/inloggen/?next={address}"
