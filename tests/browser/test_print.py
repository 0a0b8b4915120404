"""Pages on paper: A4 without loss, without the menu, with their date and filters, in grey, with charts that fit."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.roles import Role
from kpi.models import Run
from tests.support.figures import BOTH, more_providers

A4_INSIDE = 688  # CSS pixels within the margins
PAGES = [
    (Role.CONTRACT_MANAGER, "kpi:overview", []),
    (Role.CONTRACT_MANAGER, "kpi:provider", [BOTH]),
    (Role.CONTRACT_MANAGER, "kpi:indicator", ["uitval"]),
    (Role.CONTRACT_MANAGER, "kpi:kraljic", []),
    (Role.MUNICIPALITY, "kpi:overview", []),
    (Role.MUNICIPALITY, "messaging:quality", []),
    (Role.POLICY, "kpi:norms", []),
    (Role.POLICY, "kpi:findings", []),
]


@pytest.mark.parametrize(("role", "name", "args"), PAGES, ids=[f"{role.value}-{name}" for role, name, _ in PAGES])
def test_a_page_prints_on_a4(open_page, role, name, args):
    page = open_page(role, reverse(name, args=args), width=A4_INSIDE)
    title = page.locator("h1").inner_text()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_INSIDE
    assert not page.locator(".main-nav, .filters, .page-actions, button").filter(visible=True).count()
    page.emulate_media(media=None)
    reader = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    for expected in (title, "peildatum", "gemaakt op", f"Pagina 1 van {len(reader.pages)}"):
        assert expected in text
    assert "Uitloggen" not in text


def test_all_providers_print_lying_with_their_heads_on_every_page(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:providers"))
    reader = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert all(sheet.mediabox.width > sheet.mediabox.height for sheet in reader.pages)
    assert "Aanbieders: hele regio" in reader.pages[0].extract_text()


def test_a_region_of_providers_takes_few_sheets_that_can_be_read(open_page):
    more_providers(Run.objects.get(), 75)
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:providers"))
    reader = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(reader.pages) <= 5
    assert all("Aanbieder" in sheet.extract_text() for sheet in reader.pages)
    page.emulate_media(media="print")
    cells = page.locator(".lights-table :is(th, td, .value, .sub, .word, .doubt)")
    sizes = cells.evaluate_all("found => found.map(cell => parseFloat(getComputedStyle(cell).fontSize))")
    assert round(min(sizes) * 0.75, 2) >= 7  # points in CSS pixels


def test_a_light_on_paper_is_black_or_open_with_its_word(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview"))
    page.emulate_media(media="print")
    fills = page.locator(".light .shape").evaluate_all("found => found.map(shape => getComputedStyle(shape).fill)")
    assert set(fills) == {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}
    assert page.locator("table .light .word").first.is_visible()


def test_a_chart_takes_the_width_of_the_paper_and_its_own_again(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:indicator", args=["uitval"]))
    drawing = page.locator(".chart .main-svg").first
    drawing.wait_for()
    width = drawing.bounding_box()["width"]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert drawing.bounding_box()["width"] <= A4_INSIDE < width
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.wait_for_function(f"document.querySelector('.chart .main-svg').clientWidth == {width}")


def test_the_figures_under_a_closed_chart_table_are_on_paper(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:indicator", args=["uitval"]))
    assert page.locator(".chart-table").first.get_attribute("open") is None
    reader = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert "september 2026" in " ".join(sheet.extract_text() for sheet in reader.pages)


def test_a_pdf_is_taken_along_from_the_page_itself(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Exporteer PDF").click()
    assert waiting.value.suggested_filename == "sdf-overzicht.pdf"
