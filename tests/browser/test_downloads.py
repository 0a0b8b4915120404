"""What people take along: files with figures and pictures of charts."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role


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
    assert name == f"sdf-zorgperioden-die-met-uitval-eindigden-hele-regio-per-maand.{kind.lower()}"
    assert content.startswith(start)
    if kind == "SVG":
        text = content.decode()
        assert "Zorgperioden die met uitval eindigden: hele regio, per maand" in text
        assert "peildatum 25-11-2026" in text


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
