"""What people take along: files with figures and pictures of charts."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils.text import slugify
from playwright.sync_api import Page, expect

from accounts.roles import Role

SVG = "{http://www.w3.org/2000/svg}"


def taken_along(page: Page, name: str, role: str) -> tuple[str, bytes]:
    """The name and the content of what a click downloads."""
    with page.expect_download() as waiting:
        page.get_by_role(role, name=name).first.click()
    download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def test_an_export_follows_a_filter_that_was_chosen_without_leaving_the_page(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:overview"))
    page.get_by_label("Gemeente").select_option(label="Hierdorp")
    expect(page.locator("#figures")).to_contain_text("11 / 40")
    name, content = taken_along(page, "Deze tabel als CSV", "link")
    assert name.endswith("-0080.csv")
    assert ";11;40;" in content.decode("utf-8-sig")


@pytest.mark.parametrize(("kind", "start"), [("PNG", b"\x89PNG"), ("SVG", b"<svg")])
def test_a_chart_is_saved_as_a_picture_with_its_title_and_source(open_page, kind, start):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:indicator", args=["uitval"]))
    name, content = taken_along(page, kind, "button")
    shown = "zorgperioden-die-met-uitval-eindigden-hele-regio-per-maand"
    assert name == f"sdf-{shown}-peildatum-2026-11-25.{kind.lower()}"
    assert content.startswith(start)
    if kind == "SVG":
        text = content.decode()
        assert "Zorgperioden die met uitval eindigden: hele regio, per maand" in text
        assert "Eenheid: procent. Bron: berichtenverkeer, peildatum 25-11-2026." in text


@pytest.mark.parametrize(
    ("name", "title", "inside"),
    [
        ("referrers", "Instroom per verwijzer: hele regio, per maand", ["Huisarts of medisch specialist", "Onbekend"]),
        ("monitor", "Berichten op tijd: hele regio, per maand", ["Aanbieders: binnen de norm", "procent"]),
        ("kraljic", "Kraljic-matrix: hele regio", ["leveringsrisico"]),
    ],
)
def test_every_kind_of_chart_is_one_picture_that_says_what_it_is(open_page, name, title, inside):
    page = open_page(Role.CONTRACT_MANAGER, reverse(f"kpi:{name}"))
    file, content = taken_along(page, "SVG", "button")
    drawn = ET.fromstring(content)  # small charts together are one well-formed drawing
    texts = " ".join("".join(text.itertext()) for text in drawn.iter(f"{SVG}text"))
    assert slugify(title) in file
    assert len([*drawn.iter(f"{SVG}svg")]) > page.locator("[data-chart]").count()
    for expected in (title, "Eenheid: ", "peildatum 25-11-2026", *inside):
        assert expected in texts
    assert taken_along(page, "PNG", "button")[1].startswith(b"\x89PNG")


def test_charts_keep_their_room_and_come_after_the_text(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:referrers"))
    charts = page.locator("[data-chart]")
    expect(page.locator("[data-chart][data-drawn]")).to_have_count(charts.count())
    assert charts.count() > 3
    heights = charts.evaluate_all("found => found.map(one => [one.clientHeight, Number(one.dataset.height)])")
    assert all(abs(drawn - kept) < 2 for drawn, kept in heights)


def test_a_chart_is_saved_with_the_keyboard_and_the_focus_stays(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:indicator", args=["uitval"]))
    button = page.get_by_role("button", name="SVG").first
    button.focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    expect(button).to_be_focused()


def test_without_javascript_no_button_does_nothing(open_page):
    page = open_page(Role.CONTRACT_MANAGER, reverse("kpi:indicator", args=["uitval"]), javascript=False)
    expect(page.get_by_role("button", name="SVG")).to_have_count(0)
    expect(page.get_by_role("link", name="Exporteer XLSX")).to_be_visible()
