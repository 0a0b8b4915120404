"""What people come to do, done as they would."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Locator, expect

from accounts.roles import Role
from kpi.calc.definition import Unit
from kpi.models import Norm, Run, Value
from kpi.provider_list import columns_of
from tests.browser.accessibility import faults
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_keyboard import go_with_keys
from tests.support.accounts import PASSWORD
from tests.support.figures import BOTH, more_providers

WAYS = [(DESKTOP, Locator.click), (PHONE, Locator.click), (DESKTOP, go_with_keys), (PHONE, go_with_keys)]


@pytest.mark.parametrize(("width", "go"), WAYS)
def test_a_contract_manager_finds_the_reddest_provider_and_why(open_page, width, go):
    page = open_page(Role.CONTRACT_MANAGER, reverse("start"), width=width)
    go(page.get_by_role("link", name="Lichten per aanbieder"))
    first = page.locator(".lights-table tbody tr").first
    expect(first).to_contain_text("Buiten norm")
    go(first.get_by_role("link").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Alleen Daarstad Zorg")
    talk = page.locator("ul", has_text="zorgperioden die met uitval eindigden")
    expect(talk).to_contain_text("28,6% (20 / 70)")
    expect(talk).to_contain_text("hoogstens 10,0%, rood boven 15,0%")
    go(talk.get_by_role("link", name="Uitval"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("9. Uitval: Alleen Daarstad Zorg")
    go(page.get_by_role("link", name="Leg dit cijfer uit"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Uitleg: Zorgperioden die met uitval eindigden")


@pytest.mark.parametrize(("width", "go"), WAYS)
def test_a_municipality_sees_its_inflow_by_referrer(open_page, width, go):
    page = open_page(Role.MUNICIPALITY, reverse("start"), width=width)
    go(page.get_by_role("link", name="Instroom per verwijzer"))
    table = page.locator("section, div", has=page.get_by_role("heading", name="Instroom en vervolg per verwijzer"))
    row = table.last.locator("tr", has=page.get_by_role("rowheader", name="Huisarts of medisch specialist", exact=True))
    expect(row.first).to_contain_text("12")
    expect(page.locator("#figures")).to_contain_text("Van 6 is de verwijzer onbekend (12,5%)")
    expect(page.locator(".panel svg.main-svg").first).to_be_visible()
    go(page.get_by_role("link", name="Verwijzers", exact=True).last)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Verwijzers: Hierdorp")


def test_a_filter_works_without_leaving_the_page_and_goes_into_the_address(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview"))
    page.evaluate("window.stayed = true")
    page.get_by_label("Gemeente").select_option(label="Hierdorp")
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    assert page.evaluate("window.stayed") is True
    assert "gemeente=0080" in page.url
    page.go_back()
    expect(page.locator("#figures")).to_contain_text("44 / 160")


def test_after_going_back_the_filter_says_what_the_figures_are_of(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview"))
    choice = page.get_by_label("Gemeente", exact=True)
    own = choice.evaluate("field => field.value")
    choice.select_option(label="Hierdorp")
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    choice.select_option(value=own)
    expect(page.locator("#figures")).to_contain_text("44 / 160")
    page.go_back()
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    expect(choice).to_have_value("0080")
    kept = page.evaluate("({...localStorage, ...sessionStorage})")
    assert "htmx-history-cache" not in kept


def test_a_chip_takes_its_filter_away(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview") + "?gemeente=0080")
    page.get_by_role("link", name="Verwijder filter Gemeente: Hierdorp").click()
    expect(page.locator("#figures")).to_contain_text("44 / 160")


def test_a_filter_under_more_filters_works_in_place_and_its_cross_takes_it_away(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview"))
    page.get_by_text("Meer filters").click()
    page.locator("#id_verwijzer").select_option(label="Huisarts of medisch specialist")
    inflow = page.locator("#figures tr", has_text="12. Instroom")
    expect(inflow.first).to_contain_text("52")
    assert "verwijzer=huisarts" in page.url
    inflow.first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Huisarts of medisch specialist")
    page.get_by_role("link", name="Verwijder filter Verwijzer: Huisarts of medisch specialist").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("hele regio")
    assert "verwijzer" not in page.url


def test_everything_works_without_javascript(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview"), javascript=False)
    page.get_by_label("Gemeente").select_option(label="Hierdorp")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    page.get_by_role("link", name="9. Uitval").click()
    page.locator(".chart-table summary").click()
    expect(page.locator(".chart-table")).to_contain_text("september 2026")


def test_a_chart_is_drawn_with_a_title_and_the_same_figures_beside_it(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:indicator", args=["uitval"]))
    expect(page.locator(".chart svg.main-svg").first).to_be_visible()
    expect(page.locator("figcaption").first).to_contain_text(
        "Zorgperioden die met uitval eindigden: hele regio, per maand"
    )
    page.locator(".chart-table summary").click()
    expect(page.locator(".chart-table tbody tr").first).to_contain_text("44 / 160")


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:provider", args=[BOTH]))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Naar de inhoud")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.locator("main :focus")
    expect(focused).to_have_count(1)
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") != "none"


def test_a_municipality_logs_in_and_starts_on_its_own_dashboard(browser, live_server, figures):
    page = browser.new_page()
    page.goto(live_server.url)
    page.get_by_label("Gebruikersnaam").fill("gemeente")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gemeente: Hierdorp")
    expect(page.get_by_label("Gemeente")).to_have_count(0)
    page.close()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_policy_officer_changes_a_norm_after_seeing_what_it_changes(open_page, width):
    page = open_page(Role.POLICY, reverse("kpi:norms"), width=width)
    page.get_by_role("link", name="Nieuwe versie: Zorgperioden die met uitval eindigden, alles").click()
    expect(page.get_by_label("Grens groen")).to_have_value("10%")
    page.get_by_label("Grens groen").fill("30%")
    page.get_by_label("Grens rood").fill("40%")
    page.get_by_label("Geldig vanaf").fill("2026-07-01")
    page.get_by_label("Waarom").fill("Ruimer besluit")
    page.get_by_role("button", name="Bekijk wat er verandert").click()
    expect(page.get_by_role("heading", name="Wat er zou veranderen")).to_be_in_viewport()
    expect(page.locator("section.note")).to_contain_text("van “Buiten norm” naar")
    assert list(faults(page, width)) == []
    page.get_by_role("button", name="Norm vastleggen").click()
    expect(page.get_by_role("status")).to_contain_text("De norm is vastgelegd")
    expect(page.locator("table.norms")).to_contain_text("tot en met 30 juni 2026")


def test_all_indicators_of_the_providers_stand_beside_each_other_on_a_desk(open_page, figures):
    run, norm = Run.objects.get(), Norm.objects.get()
    values = {Unit.EURO: 123_456_789, Unit.COUNT: 1_234, Unit.DAYS: 1_234.5}
    for _, measure in columns_of():
        if measure.unit == Unit.PERCENT and measure.code != "uitval_pct":
            norm.pk, norm.measure = None, measure.code
            norm.save()
        for period in ("2026-Q3", "2026"):
            where = {"run": run, "scope": "provider", "provider": BOTH, "measure": measure.code, "period": period}
            figure = {"numerator": 987_654, "denominator": 2_285, "value": values.get(measure.unit, 0.4321)}
            Value.objects.update_or_create(**where, detail="", defaults=figure)
    cache.clear()
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:providers"), width=DESKTOP)
    box = page.get_by_role("region", name="Aanbieders met hun lichten")
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    row = box.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Beide Zorg"))
    assert "€\u00a01.234.568" in row.inner_text()
    dropped_out = row.locator("td").nth(7)
    expect(dropped_out.locator("svg .shape").first).to_be_visible()
    expect(dropped_out.locator(".word")).to_have_text("Onvoldoende data")  # the widest of all words
    expect(box.get_by_title("Zorgperioden die met uitval eindigden")).to_contain_text("9. Uitval")
    page.get_by_text("Wat staat er in elke kolom?").click()
    expect(page.locator(".column-names dd").nth(7)).to_have_text("Zorgperioden die met uitval eindigden")
    assert list(faults(page, DESKTOP)) == []
    page.set_viewport_size({"width": PHONE, "height": 900})
    expect(box.get_by_title("Zorgperioden die met uitval eindigden")).to_contain_text("met uitval eindigden")


def test_a_long_table_on_a_phone_scrolls_with_its_page(open_page):
    more_providers(Run.objects.get(), 30)
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:providers"), width=PHONE)
    box = page.get_by_role("region", name="Aanbieders met hun lichten")
    assert box.locator("tbody tr").count() > 30
    assert box.evaluate("box => box.scrollHeight - box.clientHeight") == 0
    assert box.evaluate("box => box.scrollWidth > box.clientWidth && box.tabIndex == 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
