"""The portal in a real Chromium, with a live server and figures that tell whose they are."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from accounts.models import User
from accounts.roles import Role
from kpi.models import Norm, Value
from tests.support.accounts import client_of, make_user
from tests.support.figures import publish_figures, publish_findings, publish_inflow

DESKTOP, PHONE = 1440, 390
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def figures(transactional_db: None) -> Iterator[None]:
    """A run with two providers, one of them beyond the norm, and an account per role."""
    run = publish_figures()
    publish_findings(run)
    publish_inflow(run)
    Norm.objects.create(
        measure="uitval_pct",
        direction="lager",
        green="0.10",
        red="0.15",
        valid_from="2020-01-01",
        decided_by="beleid",
        reason="Besluit van het bestuur",
    )
    for role in Role:
        make_user(role, username=role.value)
    yield
    Value.objects.filter(run_id=run.pk)._raw_delete("default")  # not emptied between tests: the table is partitioned


def is_fault(message: ConsoleMessage) -> bool:
    """An error, other than that the page itself was refused: that is what it says."""
    own = message.page is not None and message.location["url"] == message.page.url
    return message.type == "error" and not (own and message.text.startswith("Failed to load resource"))


@pytest.fixture
def open_page(browser: Browser, live_server, figures) -> Iterator[Open]:
    """A function that logs in as a role (None: nobody) and opens an address; an error in the browser fails the test."""
    contexts, faults = [], []

    def open_as(role: Role | None, address: str, *, width: int = DESKTOP, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="nl-NL", java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
        if role is not None:
            session = client_of(User.objects.get(username=role.value)).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page.goto(f"{live_server.url}{address}")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert faults == []
