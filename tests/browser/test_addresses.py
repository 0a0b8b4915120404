"""What a filter leaves in the address and in the history of the browser."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from tests.support.figures import BOTH, ONLY_THERE

MANAGER = Role.CONTRACT_MANAGER


def fields(page: Page) -> list[tuple[str, str]]:
    """The fields of the address, also those without a value."""
    return parse_qsl(urlsplit(page.url).query, keep_blank_values=True)


def steps(page: Page) -> int:
    return page.evaluate("history.length")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_field_that_was_left_open_is_no_part_of_the_address(open_page, javascript):
    page = open_page(MANAGER, reverse("kpi:overview"), javascript=javascript)
    sent_on: list[str] = []
    page.on("response", lambda response: sent_on.append(response.url) if response.status == 302 else None)
    page.get_by_label("Gemeente", exact=True).select_option(label="Hierdorp")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hierdorp")
    assert fields(page) == [("periode", "2026-Q3"), ("gemeente", "0080")]
    for link in page.locator("#figures a[href*='?']").all():
        assert "=&" not in f"{link.get_attribute('href')}&"
    assert len(sent_on) == (0 if javascript else 1)


def test_a_form_that_loads_its_page_leaves_open_fields_out_too(open_page):
    page = open_page(Role.ADMIN, reverse("audit_log"))
    page.locator(".filter-form").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [name for name, value in fields(page) if not value] == []


def test_providers_that_are_compared_stay_in_the_address(open_page):
    query = f"?periode=2026-Q3&aanbieder={BOTH}&aanbieder={ONLY_THERE}"
    page = open_page(MANAGER, reverse("kpi:compare") + query)
    page.get_by_label("Gemeente", exact=True).select_option(label="Daarstad")
    expect(page.locator(".compare-table")).to_contain_text("13 / 50")
    providers = [("aanbieder", BOTH), ("aanbieder", ONLY_THERE)]
    assert fields(page) == [("periode", "2026-Q3"), ("gemeente", "0090"), *providers]


def test_one_press_of_back_leads_to_what_was_seen_before(open_page):
    page = open_page(MANAGER, reverse("kpi:overview"))
    before = steps(page)
    page.get_by_label("Gemeente", exact=True).select_option(label="Hierdorp")
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    with page.expect_response("**/overzicht/?**"):
        page.get_by_role("button", name="Toon").click()
    expect(page.locator("#figures.htmx-request")).to_have_count(0)
    assert steps(page) == before + 1
    page.go_back()
    expect(page.locator("#figures")).to_contain_text("44 / 160")
    expect(page.get_by_role("heading", level=1)).to_contain_text("hele regio")


def test_the_button_alone_is_no_step_and_a_name_with_the_button_is_one(open_page):
    page = open_page(MANAGER, reverse("kpi:providers"))
    before = steps(page)
    with page.expect_response("**/aanbieders/?**"):
        page.get_by_role("button", name="Toon").click()
    expect(page.locator("#figures.htmx-request")).to_have_count(0)
    assert steps(page) == before
    page.get_by_label("Naam of AGB-code").fill("Beide Z")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator(".lights-table tbody tr")).to_have_count(1)
    expect(page.locator("#figures.htmx-request")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert steps(page) == before + 1
    page.go_back()
    expect(page.locator(".lights-table tbody tr")).to_have_count(2)
