"""The data-quality page as files: the numbers of the page, for whoever asks, and of nobody else."""

import datetime as dt
import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Permission, Role
from messaging.actions import create_upload_of_paths, process_upload
from providers.models import Municipality
from tests.kpi.test_exports import sheet_of, sheets_in
from tests.kpi.test_page_exports import all_sheets, rows_of
from tests.kpi.test_pdf import text_of
from tests.support.accounts import client_of, make_user
from tests.support.traffic import make_message
from tests.support.xmlmessages import ANNA, BRAM

pytestmark = pytest.mark.django_db
HERE, THERE, SILENT = "0080", "0059", "0088"
NAMES = {HERE: "Leeuwarden", THERE: "Achtkarspelen", SILENT: "Schiermonnikoog"}
QUERY = {"tot": "2026-03", "soort": "301"}
FIRST = dt.date(2025, 4, 1)
WITHOUT_WORDS = {"geen": "0"}
PGB = f"""Gemeente;Wet;BSN;Besluitnummer;Besluitdatum;Ingangsdatum;Einddatum;PGB-budget
0080;Jeugdwet;{ANNA};1;2025-01-02;2025-01-01;;1250,50
0059;Wmo;{BRAM};1;2025-01-02;2025-01-01;;500
"""


@pytest.fixture(autouse=True)
def traffic(tmp_path):
    """A year of messages in two municipalities of three, some answered, and a decision of each of the two."""
    Municipality.objects.bulk_create(Municipality(code=code, name=name) for code, name in NAMES.items())
    for day in range(0, 360, 9):
        date = (FIRST + dt.timedelta(day)).isoformat()
        make_message("301", HERE, date, link=1000 + day, wet="wmo" if day % 2 else "jeugdwet")
        make_message("302", HERE, date, link=1000 + day if day % 3 else 0)
        for _ in range(23 if day == 9 else 1):
            make_message("301", THERE, date)
            make_message("305", THERE, date)
    (tmp_path / "pgb.csv").write_text(PGB)
    process_upload(create_upload_of_paths(uploader="x", paths=[tmp_path / "pgb.csv"]).pk)


class Tables(HTMLParser):
    """The cells of the body of every table of a page, with the address of its file."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.found: dict[str, list[list[str]]] = {}
        self.inside = self.in_cell = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tbody":
            self.rows, self.inside = [], True
        elif tag == "tr" and self.inside:
            self.rows.append([])
        elif tag in ("td", "th") and self.inside:
            self.rows[-1].append("")
            self.in_cell = True
        elif tag == "a" and "tabel=" in (dict(attrs).get("href") or ""):
            self.found[dict(attrs)["href"]] = self.rows

    def handle_endtag(self, tag):
        self.inside &= tag != "tbody"
        self.in_cell &= tag not in ("td", "th")

    def handle_data(self, data):
        if self.in_cell:
            self.rows[-1][-1] += data


def client(role=Role.CONTRACT_MANAGER, municipality=HERE):
    return client_of(make_user(role, municipality if role == Role.MUNICIPALITY else ""))


def file_of(who, kind="xlsx", **query):
    given = {name: value for name, value in (QUERY | query).items() if value}  # empty fields are in no address
    return who.get(reverse("kpi:export_quality", args=[kind]), given)


def as_on_paper(text: str) -> str:
    """A cell of the page as the file writes it: of “2 van 3” the part, of an amount the euros."""
    plain = re.sub(r"[.€\xa0]", "", text.split(" van ")[0] if re.match(r"\d+ van \d+", text) else text)
    return WITHOUT_WORDS.get(plain, plain)


def without_code(heads: list[str], row: list[str]) -> list[str]:
    """The cells that have one of their own on the page."""
    return [cell for head, cell in zip(heads, row, strict=True) if head not in ("Code", "Van zoveel gemeenten")]


@pytest.mark.parametrize("query", [{}, {"soort": "305"}, {"wet": "wmo"}, {"gemeente": THERE}])
@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.MUNICIPALITY])
def test_every_table_is_a_file_with_the_numbers_of_the_page(role, query):
    who, told = client(role), 0
    page = who.get(reverse("messaging:quality"), QUERY | query).content.decode()
    tables = Tables(page).found
    assert len(tables) == page.count("<tbody>")
    for href, shown in tables.items():
        heads, rows = rows_of(who.get(reverse("messaging:quality") + href).content)
        written = [[re.sub(r",\d\d$", "", cell) for cell in without_code(heads, row)] for row in rows]
        assert written == [[as_on_paper(cell) for cell in line] for line in shown], href
        told += sum(cell.isdigit() and cell != "0" for row in written for cell in row)
    assert told > 12


def test_the_tables_are_those_of_a_calculation_by_hand():
    who = client()
    heads, rows = rows_of(file_of(who, "csv", tabel="per-gemeente").content)
    assert heads[:3] == ["Code", "Gemeente", "apr ’25"]
    by_code = {row[0]: row[1:] for row in rows}
    assert by_code[THERE][:2] == ["Achtkarspelen", "26"]  # 4 days of April, of which one with 23 messages
    assert by_code[HERE][1] == "4"
    assert by_code[SILENT] == ["Schiermonnikoog", *["0"] * 13]
    heads, rows = rows_of(file_of(who, "csv").content)  # without a name the first table
    first = next(row for row in rows if row[0] == "301")
    assert (first[1], first[2], *first[-2:]) == ("301 Toewijzing", "2", str(40 + 40 + 22), "3")
    _, rows = rows_of(file_of(who, "csv", tabel="pgb").content)
    assert rows == [
        [THERE, "Achtkarspelen", "1", "1", "500,00"],
        [HERE, "Leeuwarden", "1", "1", "1250,50"],
        [SILENT, "Schiermonnikoog", "geen bron", "geen bron", "geen bron"],
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("query", [{}, {"gemeente": THERE}, {"soort": "305"}, {"scope": "region"}])
def test_a_municipality_takes_nothing_of_another_along(kind, query):
    who = client(Role.MUNICIPALITY)
    for table in ("per-soort", "zonder-antwoord", "pgb") if kind == "csv" else ("",):
        answer = file_of(who, kind, tabel=table, **query).content
        cells = rows_of(answer)[1] if kind == "csv" else all_sheets(answer)
        told = {str(cell) for row in cells for cell in row}
        assert told
        assert not told & {THERE, SILENT, "Achtkarspelen", "Schiermonnikoog", "26", "62", "102"}
    assert file_of(who, "csv", tabel="per-gemeente", **query).status_code == 404  # it is not on its page


def test_what_changes_elsewhere_changes_nothing_in_the_file_of_a_municipality():
    who = client(Role.MUNICIPALITY)
    before = [file_of(who, "csv", tabel=name).content for name in ("per-soort", "zonder-antwoord", "pgb")]
    for _ in range(5):
        make_message("301", THERE, "2026-02-03")
        make_message("315", SILENT, "2026-02-03")
    assert [file_of(who, "csv", tabel=name).content for name in ("per-soort", "zonder-antwoord", "pgb")] == before


def test_the_workbook_has_a_sheet_per_table_and_says_what_was_asked():
    answer = file_of(client(), wet="wmo", soort="305")
    assert answer["Content-Disposition"] == 'attachment; filename="sdf-gegevenskwaliteit-2026-03-305-wmo.xlsx"'
    assert sheets_in(answer.content) == 5
    notes = sheet_of(answer.content, 5)
    for expected in (["Bericht", "305 Start zorg"], ["Wet", "Wmo"], ["Gemeente", "Alle gemeenten"]):
        assert expected in notes
    assert ["Tot en met", "maart 2026"] in notes
    assert any(row[0] == "Langer dan 4 weken" and "20 werkdagen" in row[1] for row in notes if len(row) > 1)
    event = AuditEvent.objects.get(action="export xlsx")
    assert event.subject == "gegevenskwaliteit 2026-03"
    assert event.detail["wet"] == "wmo"
    assert event.detail["rijen"] == sum(len(sheet_of(answer.content, number)) - 1 for number in range(1, 5))


def test_a_file_of_a_municipality_names_it():
    assert ["Gemeente", "Leeuwarden"] in sheet_of(file_of(client(Role.MUNICIPALITY)).content, 4)


def test_a_name_that_looks_like_a_formula_is_text():
    who = client()
    Municipality.objects.filter(code=THERE).update(name='=HYPERLINK("x")')
    _, rows = rows_of(file_of(who, "csv", tabel="per-gemeente").content)
    assert '\'=HYPERLINK("x")' in {row[1] for row in rows}
    assert '=HYPERLINK("x")' in {row[1] for row in sheet_of(file_of(who).content, 2)}  # where formulas fail


@pytest.mark.parametrize("role", Role)
def test_only_who_may_see_the_page_gets_its_tables(role):
    who, allowed = client(role), Permission.SEE_DASHBOARD in PERMISSIONS[role]
    assert file_of(who).status_code == (200 if allowed else 403)
    assert who.get(reverse("kpi:pdf_quality")).status_code == (200 if allowed else 403)


def test_a_visitor_is_sent_to_the_login_page():
    answer = file_of(client_of(None))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))


@pytest.mark.parametrize("query", [{"tot": "2026-13"}, {"soort": "999"}, {"gemeente": "\0"}, {"wet": "';--"}])
def test_a_mistyped_address_gives_the_file_without_that_choice(query):
    assert file_of(client(), **query).status_code == 200


def test_a_table_that_the_page_does_not_have_is_no_file():
    assert file_of(client(), tabel="verwijzers").status_code == 404


def test_the_pdf_says_which_filters_were_chosen():
    answer = client().get(reverse("kpi:pdf_quality"), QUERY | {"wet": "wmo"})
    text = text_of(PdfReader(BytesIO(answer.content)))
    assert "Filters: Bericht: 301 Toewijzing; Wet: Wmo; Gemeente: Alle gemeenten; Tot en met: maart 2026" in text
    assert "Exporteer" not in text
