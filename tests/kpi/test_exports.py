"""Exports: exactly the rows of the page for whoever asks, in a file that a spreadsheet reads well, and logged."""

import csv
import re
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Permission, Role
from kpi.calc.definition import Unit
from kpi.cells import Quantity
from kpi.exports.delimited import to_csv, written
from kpi.exports.table import Table
from kpi.exports.workbook import to_xlsx
from kpi.models import Norm
from providers.models import Provider
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, ONLY_THERE, THERE, publish_figures

EXPORTS = {"export_overview": [], "export_providers": [], "export_indicator": ["uitval"]}
PAGES = {"export_overview": "overview", "export_providers": "providers", "export_indicator": "indicator"}
KINDS = ("csv", "xlsx")
WITH_DASHBOARD = [role for role in Role if Permission.SEE_DASHBOARD in PERMISSIONS[role]]
MANIPULATED = [
    {},
    {"gemeente": THERE},
    {"gemeente": ""},
    {"gemeente": HERE, "zorgdomein": "jeugd-ggz"},
    {"zoek": "Daarstad", "sorteer": "naam"},
    {"maat": "uitval_pct", "gemeente": THERE},
    {"periode": "2026-09", "municipality": THERE, "scope": "region"},
    {"aanbieder": BOTH, "gemeente": THERE},
    {"gemeente": [HERE, THERE]},
]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def export_of(role: Role, name: str, kind: str, query: dict | None = None):
    address = reverse(f"kpi:{name}", args=[*EXPORTS[name], kind])
    return client_of(make_user(role)).get(address, query or {}, follow=True)


def rows_of(response) -> list[list[str]]:
    """The cells of a CSV file."""
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def sheet_of(content: bytes, number: int = 1) -> list[list[str | float]]:
    """The cells of a sheet, read from the file itself: texts as str, numbers as float; formulas fail."""
    with ZipFile(BytesIO(content)) as book:
        shared = "xl/sharedStrings.xml"
        texts = (
            ["".join(item.itertext()) for item in ET.fromstring(book.read(shared))] if shared in book.namelist() else []
        )
        sheet = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    assert sheet.find(f".//{SHEET}f") is None
    return [[_cell(cell, texts) for cell in row] for row in sheet.iter(f"{SHEET}row")]


def sheets_in(content: bytes) -> int:
    """The number of sheets; the last explains the others."""
    with ZipFile(BytesIO(content)) as book:
        return sum(name.startswith("xl/worksheets/sheet") for name in book.namelist())


def _cell(cell: ET.Element, texts: list[str]) -> str | float:
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    value = cell.findtext(f"{SHEET}v", "")
    return texts[int(value)] if cell.get("t") == "s" else float(value)


def everything_in(response, kind: str) -> str:
    """All texts and numbers of an export, numbers apart."""
    if kind == "csv":
        return "\n".join("|".join(row) for row in rows_of(response))
    sheets = [sheet_of(response.content, number) for number in range(1, sheets_in(response.content) + 1)]
    lines = [[f"{cell:g}" if isinstance(cell, float) else cell for cell in row] for sheet in sheets for row in sheet]
    return "\n".join("|".join(line) for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", EXPORTS)
def test_only_roles_with_the_right_get_an_export(name, role):
    publish_figures()
    for kind in KINDS:
        response = client_of(make_user(role, username=kind)).get(reverse(f"kpi:{name}", args=[*EXPORTS[name], kind]))
        assert response.status_code == (200 if role in WITH_DASHBOARD else 403)
    assert AuditEvent.objects.filter(action__startswith="export").count() == (2 if role in WITH_DASHBOARD else 0)


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPORTS)
def test_a_visitor_is_sent_to_the_login_page(name):
    response = client_of(None).get(reverse(f"kpi:{name}", args=[*EXPORTS[name], "csv"]))
    assert response.url.startswith(reverse("login"))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("query", MANIPULATED)
def test_a_municipality_exports_nothing_of_another_whatever_it_asks(name, query, kind):
    publish_figures()
    content = everything_in(export_of(Role.MUNICIPALITY, name, kind, query), kind)
    assert "Alleen Daarstad" not in content
    assert ONLY_THERE not in content
    cells = set(re.split(r"[|\n]", content))
    assert not cells & {"120", "160", "50", "70", "90", "20", "33", "44"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", WITH_DASHBOARD)
@pytest.mark.parametrize("name", ["export_overview", "export_indicator"])
def test_a_provider_outside_the_scope_does_not_exist(name, role):
    publish_figures()
    for kind in KINDS:
        user = make_user(role, username=kind)
        response = client_of(user).get(
            reverse(f"kpi:{name}", args=[*EXPORTS[name], kind]), {"aanbieder": ONLY_THERE, "periode": "2026-Q3"}
        )
        seen = "70" in set(re.split(r"[|\n]", everything_in(response, kind)))
        assert seen == (role != Role.MUNICIPALITY)


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("query", MANIPULATED)
def test_the_region_exports_the_rows_of_its_page(name, query):
    publish_figures()
    user = client_of(make_user(Role.ANALYST))
    rows = rows_of(user.get(reverse(f"kpi:{name}", args=[*EXPORTS[name], "csv"]), query, follow=True))
    page = user.get(reverse(f"kpi:{PAGES[name]}", args=EXPORTS[name]), query, follow=True).content.decode()
    heads = rows[0]
    tops = [place for place, head in enumerate(heads) if head.lower().endswith("teller")]
    bottoms = [place for place, head in enumerate(heads) if head.lower().endswith("noemer")]
    pairs = [(row[top], row[bottom]) for row in rows[1:] for top, bottom in zip(tops, bottoms, strict=True)]
    shown = [f"{top} / {bottom}" for top, bottom in pairs if bottom]
    assert all(parts in page for parts in shown)
    assert shown


@pytest.mark.django_db
def test_both_kinds_hold_the_same_rows():
    publish_figures()
    user = client_of(make_user(Role.CONTRACT_MANAGER))
    for name, args in EXPORTS.items():
        rows = rows_of(user.get(reverse(f"kpi:{name}", args=[*args, "csv"]), {"periode": "2026-Q3"}))
        sheet = sheet_of(user.get(reverse(f"kpi:{name}", args=[*args, "xlsx"]), {"periode": "2026-Q3"}).content)
        assert rows[0] == sheet[0]
        for row, line in zip(rows, sheet, strict=True):
            texts = [cell for cell in line if isinstance(cell, str)]
            assert [cell for cell in row if cell in texts] == texts
            assert len(line) == sum(cell != "" for cell in row)


@pytest.mark.django_db
def test_the_overview_in_numbers():
    publish_figures()
    Norm.objects.create(
        measure="uitval_pct", direction="lager", green="0.10", red="0.15", valid_from="2020-01-01", decided_by="beleid"
    )
    query = {"periode": "2026-Q3", "gemeente": THERE, "aanbieder": ONLY_THERE}
    rows = rows_of(export_of(Role.CONTRACT_MANAGER, "export_overview", "csv", query))
    assert len(rows) == 17
    uitval = dict(zip(rows[0], next(row for row in rows if row[0] == "9"), strict=True))
    assert (uitval["Waarde"], uitval["Eenheid"]) == ("28,57", "procent")
    assert (uitval["Teller"], uitval["Noemer"], uitval["Vorige periode"]) == ("20", "70", "28,57")
    assert (uitval["Licht"], uitval["Zekerheid"], uitval["Periode"]) == ("Buiten norm", "zeker", "2026-Q3")
    assert uitval["Norm"].startswith("hoogstens 10,0%, rood boven 15,0%")
    unknown = dict(zip(rows[0], rows[1], strict=True))
    assert (unknown["Waarde"], unknown["Teller"], unknown["Licht"]) == ("", "", "")  # unknown is not zero


@pytest.mark.django_db
def test_a_municipality_gets_the_region_beside_its_own_figures_as_on_the_page():
    publish_figures()
    rows = rows_of(export_of(Role.MUNICIPALITY, "export_overview", "csv", {"periode": "2026-Q3"}))
    uitval = dict(zip(rows[0], next(row for row in rows if row[0] == "9"), strict=True))
    assert (uitval["Waarde"], uitval["Ter vergelijking"]) == ("27,50", "regio 28,1%")  # 45 / 160: rounded counts


@pytest.mark.django_db
def test_the_providers_in_the_order_and_with_the_search_of_the_page():
    publish_figures()
    query = {"periode": "2026-Q3", "sorteer": "naam"}
    rows = rows_of(export_of(Role.CONTRACT_MANAGER, "export_providers", "csv", query))
    assert [row[:2] for row in rows[1:]] == [[ONLY_THERE, "Alleen Daarstad Zorg"], [BOTH, "Beide Zorg"]]
    assert "7. Bedrag per traject, 2026: waarde (euro)" in rows[0]  # measured per year
    place = rows[0].index("9. Uitval: waarde (procent)")
    assert rows[1][place : place + 4] == ["28,57", "Geen kader", "20", "70"]
    user = client_of(make_user(Role.ANALYST))
    found = rows_of(user.get(reverse("kpi:export_providers", args=["csv"]), query | {"zoek": "beide"}))
    assert [row[0] for row in found[1:]] == [BOTH]


@pytest.mark.django_db
def test_an_indicator_with_its_course_and_breakdowns():
    publish_figures()
    rows = rows_of(export_of(Role.CONTRACT_MANAGER, "export_indicator", "csv", {"periode": "2026-Q3"}))
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    found = {
        (line["Uitsplitsing"], line["Naam"], line["Periode"]): f"{line['Teller']}/{line['Noemer']}" for line in lines
    }
    assert found["verloop", "", "2026-08"] == "44/160"
    assert found["per gemeente", "Daarstad", "2026-Q3"] == "33/120"
    assert found["per aanbieder", "Beide Zorg", "2026-Q3"] == "24/90"


@pytest.mark.django_db
def test_the_second_sheet_says_what_was_asked_and_by_which_rules():
    publish_figures()
    Norm.objects.create(
        measure="uitval_pct",
        direction="lager",
        green="0.10",
        red="0.15",
        valid_from="2020-01-01",
        decided_by="het bestuur",
        reason="Besluit 12",
    )
    query = {"periode": "2026-Q3", "gemeente": THERE, "zoek": "beide"}
    response = export_of(Role.CONTRACT_MANAGER, "export_providers", "xlsx", query)
    notes = sheet_of(response.content, 2)
    assert ["Periode", "3e kwartaal 2026"] in notes
    assert ["Gemeente", f"Daarstad ({THERE})"] in notes
    assert ["Zorgdomein", "alle"] in notes
    assert ["Naam of AGB-code", "beide"] in notes
    assert ["Peildatum", "25 november 2026"] in notes
    norm = next(row for row in notes if row[:2] == ["9. Uitval", "Zorgperioden die met uitval eindigden"])
    assert norm[2:] == ["hoogstens 10,0%, rood boven 15,0%", "1 januari 2020", "het bestuur", "Besluit 12"]
    assert any("voortijdig zijn afgesloten" in str(cell) for row in notes for cell in row)


@pytest.mark.django_db
def test_an_export_is_logged_without_what_was_searched_for():
    run = publish_figures()
    user = make_user(Role.CONTRACT_MANAGER)
    address = reverse("kpi:export_providers", args=["csv"])
    client_of(user).get(address, {"periode": "2026-Q3", "gemeente": THERE, "zoek": "Jansen"})
    event = AuditEvent.objects.get(action__startswith="export")
    assert (event.user, event.action, event.subject) == (user, "export csv", "aanbieders 2026-Q3")
    assert event.detail == {"rijen": 0, "berekening": run.pk, "municipality": THERE}


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPORTS)
def test_the_links_of_a_page_keep_its_filters(name):
    publish_figures()
    query = {"periode": "2026-Q2", "gemeente": THERE}
    user = client_of(make_user(Role.CONTRACT_MANAGER))
    page = user.get(reverse(f"kpi:{PAGES[name]}", args=EXPORTS[name]), query, follow=True).content.decode()
    figures = page.split('id="figures"', 1)[1]  # what a filter replaces
    for kind in KINDS:
        address = reverse(f"kpi:{name}", args=[*EXPORTS[name], kind])
        own = f'href="export.csv?periode=2026-Q2&amp;gemeente={THERE}&amp;tabel=indicatoren"'
        assert f'href="{address}?periode=2026-Q2&amp;gemeente={THERE}"' in figures or (kind == "csv" and own in figures)


@pytest.mark.django_db
def test_the_page_of_a_provider_links_to_the_export_of_its_own_rows():
    publish_figures()
    user = client_of(make_user(Role.CONTRACT_MANAGER))
    page = user.get(reverse("kpi:provider", args=[BOTH]), {"periode": "2026-Q3"}).content.decode()
    address = re.search(r'href="(export\.csv[^"]*)"', page)[1].replace("&amp;", "&")
    assert any(row[10:12] == ["24", "90"] for row in rows_of(user.get(reverse("kpi:provider", args=[BOTH]) + address)))


@pytest.mark.django_db
def test_the_file_name_says_what_is_in_it():
    publish_figures()
    query = {"periode": "2026-Q3", "zorgdomein": "jeugd-ggz"}
    response = export_of(Role.MUNICIPALITY, "export_overview", "xlsx", query)
    assert response["Content-Disposition"] == f'attachment; filename="sdf-overzicht-2026-q3-jeugd-ggz-{HERE}.xlsx"'
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPORTS)
def test_without_a_run_there_is_nothing_to_export(name):
    assert export_of(Role.ANALYST, name, "csv").status_code == 404
    assert not AuditEvent.objects.filter(action__startswith="export").exists()


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_providers(django_assert_max_num_queries):
    publish_figures()
    user = client_of(make_user(Role.CONTRACT_MANAGER))
    address = reverse("kpi:export_providers", args=["xlsx"])
    user.get(address)
    with django_assert_max_num_queries(12):
        user.get(address)


@pytest.mark.django_db
def test_a_name_that_looks_like_a_formula_stays_a_text():
    publish_figures()
    Provider.objects.filter(agb=BOTH).update(name='=HYPERLINK("x";"klik")')
    csv_rows = rows_of(export_of(Role.CONTRACT_MANAGER, "export_providers", "csv"))
    assert '\'=HYPERLINK("x";"klik")' in [row[1] for row in csv_rows]
    xlsx = client_of(make_user(Role.ANALYST)).get(reverse("kpi:export_providers", args=["xlsx"]))
    assert '=HYPERLINK("x";"klik")' in [row[1] for row in sheet_of(xlsx.content)]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (0, "0"),
        (1234567, "1234567"),
        (Quantity(0.275, Unit.PERCENT), "27,50"),
        (Quantity(-0.005, Unit.PERCENT), "-0,50"),
        (Quantity(123456, Unit.EURO), "1234,56"),
        (Quantity(12.25, Unit.WORKDAYS), "12,25"),
        (Quantity(1.23456, Unit.RATIO), "1,2346"),
        (Quantity(40.0, Unit.COUNT), "40"),
    ],
)
def test_numbers_are_written_as_dutch_spreadsheets_read_them(cell, text):
    assert written(cell) == text


def test_a_file_without_rows_has_its_heads():
    table = Table("leeg", "Leeg", ("Eén", "=Twee"), [], [])
    assert to_csv(table) == "\ufeffEén;'=Twee\r\n".encode()
    assert sheet_of(to_xlsx([table], [])) == [["Eén", "=Twee"]]


def test_numbers_in_a_workbook_are_numbers():
    row = ("x", 3, Quantity(0.275, Unit.PERCENT), Quantity(250, Unit.EURO), None, "")
    table = Table("een", "Eén", ("a", "b", "c", "d", "e", "f"), [row], [])
    assert sheet_of(to_xlsx([table], []))[1] == ["x", 3.0, 0.275, 2.5]
