"""What people put together themselves: providers side by side, and views under a name of their own."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from accounts.saved_views import save_view
from tests.browser.accessibility import faults
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.figures import BOTH, ONLY_THERE


@pytest.mark.parametrize("javascript", [True, False])
def test_providers_are_chosen_in_the_list_and_set_side_by_side(open_page, javascript):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:providers") + "?periode=2026-Q3", javascript=javascript)
    for name in ("Beide Zorg", "Alleen Daarstad Zorg"):
        page.get_by_label(f"Kies {name} om te vergelijken").check()
    page.get_by_role("button", name="Vergelijk gekozen aanbieders").click()
    row = page.locator(".compare-table tbody tr", has_text="9. Uitval")
    expect(row).to_contain_text("24 / 90")
    expect(row).to_contain_text("20 / 70")
    page.get_by_role("link", name="Haal Beide Zorg weg").click()
    expect(page.locator(".compare-table")).not_to_contain_text("Beide Zorg")


def test_a_filter_keeps_the_providers_that_are_compared(open_page):
    query = f"?periode=2026-Q3&aanbieder={BOTH}&aanbieder={ONLY_THERE}"
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:compare") + query)
    page.get_by_label("Gemeente").select_option(label="Daarstad")
    expect(page.locator(".compare-table")).to_contain_text("13 / 50")
    expect(page.locator(".compare-table")).to_contain_text("20 / 70")


@pytest.mark.parametrize("javascript", [True, False])
def test_months_are_added_up_on_the_page_of_an_indicator(open_page, javascript):
    address = reverse("kpi:indicator", args=["uitval"]) + "?periode=2026-Q3"
    page = open_page(Role.CONTRACT_MANAGER, address, javascript=javascript)
    page.get_by_text("Meer filters").click()
    page.get_by_label("Tot en met").select_option("2026-09")
    if not javascript:
        page.get_by_role("button", name="Toon").click()
    expect(page.locator("#figures")).to_contain_text("Kies ook een maand bij “Vanaf”")
    page.get_by_label("Vanaf").select_option("2026-08")
    if not javascript:
        page.get_by_role("button", name="Toon").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("augustus 2026 tot en met september 2026")
    expect(page.locator("#figures table").first).to_contain_text("88 / 320")
    expect(page.locator("#figures")).to_contain_text("48 / 180")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("code", ["uitval", "clienten"])
def test_a_range_of_months_is_accessible_and_fits(open_page, width, code):
    query = "?periode=2026-Q3&vanaf=2026-08&tot=2026-09"
    address = reverse("kpi:indicator", args=[code]) + query
    assert list(faults(open_page(Role.MUNICIPALITY, address), width)) == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("query", ["", f"?aanbieder={BOTH}&aanbieder={ONLY_THERE}"])
def test_the_comparison_is_accessible_and_fits(open_page, width, query):
    assert list(faults(open_page(Role.ANALYST, reverse("kpi:compare") + query), width)) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_view_is_saved_opened_and_deleted(open_page, javascript):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview"), javascript=javascript)
    page.get_by_label("Gemeente").select_option(label="Hierdorp")
    if not javascript:
        page.get_by_role("button", name="Toon").click()
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    page.get_by_text("Bewaar deze weergave").click()
    page.get_by_label("Naam van de weergave").fill("Alles in Hierdorp")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("“Alles in Hierdorp” is bewaard")
    page.goto(page.url.split("?")[0])
    page.get_by_role("navigation", name="Mijn weergaven").get_by_role("link", name="Alles in Hierdorp").click()
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    page.get_by_role("button", name="Verwijder weergave Alles in Hierdorp").click()
    expect(page.get_by_role("status")).to_contain_text("“Alles in Hierdorp” is verwijderd")
    expect(page.get_by_role("navigation", name="Mijn weergaven")).to_have_count(0)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_overview_with_many_views_and_an_open_form_is_accessible_and_fits(open_page, figures, width):
    user = User.objects.get(username=Role.ANALYST.value)
    for name in ("Een", "Twee", "x" * 60):
        save_view(by=user, name=name, page=reverse("kpi:overview"), query="gemeente=0080")
    page = open_page(Role.ANALYST, reverse("kpi:overview"), width=width)
    page.get_by_text("Bewaar deze weergave").click()
    assert list(faults(page, width)) == []
