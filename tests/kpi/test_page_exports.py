"""Every table of every page as a file: the figures of the page and no other, for whoever asks."""

import csv
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Permission, Role
from kpi.models import Norm, Value
from providers.models import CareDomain, Municipality
from tests.kpi.test_exports import sheet_of, sheets_in
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, THERE, publish_figures, publish_findings, publish_inflow

pytestmark = pytest.mark.django_db
PAGES = ("overview", "municipality", "domain", "referrers", "monitor", "findings", "kraljic")
NOT_ON_THE_PAGE = {"code", "agb-code", "nummer", "eenheid", "zekerheid", "vorige periode", "kwartalen vergeleken"}
NOT_ON_THE_PAGE |= {"zekerheid was", "zekerheid is", "interval van", "interval tot", "licht", "periode", "maand"}
ROUNDED = {"procent": 0.051, "dagen": 0.051, "werkdagen": 0.051, "euro": 0.51, "verhouding": 0.0051, "zwaarte": 0.0051}
WHOLE = dict.fromkeys(("Voorstel (procent)", "Geldt nu (procent)", "In het memo (procent)"), 0.51)
PARTS = {"teller", "noemer"}
NUMBER = re.compile(r"\d[\d.]*(?:,\d+)?")


class Tables(HTMLParser):
    """The rows of every table of a page as texts, in the order of the page, each table under its file's address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.found: dict[str, list[str]] = {}
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href") or ""
        if tag == "tbody":
            self.rows, self.inside = [], True
        elif tag == "tr" and self.inside:
            self.rows.append("")
        elif tag == "a" and "tabel=" in href and self.rows:
            self.found[href], self.rows = self.rows, []

    def handle_endtag(self, tag):
        self.inside &= tag != "tbody"

    def handle_data(self, data):
        if self.inside and self.rows:
            self.rows[-1] += f" {data.strip()}"


@pytest.fixture
def region(small_region_run) -> None:
    """A small region as it comes from messages, with a norm."""
    Norm.objects.create(
        measure="uitval_pct", direction="lager", green="0.01", red="0.02", valid_from="2020-01-01", decided_by="beleid"
    )


def addresses(role: Role) -> Iterator[str]:
    """The pages with tables, in several selections."""
    town = Municipality.objects.order_by("code").first().code
    domain = CareDomain.objects.first().code
    largest = Value.objects.filter(scope="municipality+provider", municipality=town, measure="toegekend", period="2026")
    provider = largest.order_by("-value").first().provider
    for name in PAGES:
        if name != "kraljic" or role != Role.MUNICIPALITY:
            yield reverse(f"kpi:{name}") + "?periode=2026"
    yield reverse("kpi:municipality") + f"?periode=2026&gemeente={town}"
    yield reverse("kpi:domain") + f"?periode=2026&zorgdomein={domain}"
    yield reverse("kpi:provider", args=[provider]) + "?periode=2026"
    yield from (reverse("kpi:spread", args=[code]) + "?periode=2026" for code in ("duur", "kosten-per-client"))


def rows_of(content: bytes) -> tuple[list[str], list[list[str]]]:
    heads, *rows = csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";")
    return heads, rows


def numbers_in(text: str) -> list[float]:
    return [float(found.replace(".", "").replace(",", ".")) for found in NUMBER.findall(text)]


def compare(heads: list[str], row: list[str], line: str) -> int:
    """Whether a row of a file says what a row of the page says; the number of numbers."""
    there, checked, named = numbers_in(line), 0, dict(zip(heads, row, strict=True))
    for head, cell in named.items():
        if cell in ("", "Geen kader") or head.lower() in NOT_ON_THE_PAGE:
            continue
        if not re.fullmatch(r"-?\d+(,\d+)?", cell):
            assert plain(cell.removeprefix("'")) in plain(line), (head, row, line)
            continue
        in_head = re.search(r"\((\w+)\)$", head)
        unit = (
            in_head[1]
            if in_head
            else "euro"
            if "," in cell and head.lower().split(": ")[-1] in PARTS
            else named.get("Eenheid", "")
        )
        off = WHOLE.get(head) or ROUNDED.get(unit, 0.0051) if "," in cell else 0
        assert any(abs(number - float(cell.lstrip("-").replace(",", "."))) <= off for number in there), (
            head,
            row,
            line,
        )
        checked += 1
    return checked


def plain(text: str) -> str:
    return " ".join(re.sub(r"[()]", " ", unescape(text)).split()).casefold()


@pytest.mark.parametrize("role", [Role.MUNICIPALITY, Role.CONTRACT_MANAGER])
def test_every_table_is_a_file_with_the_figures_of_the_page(region, role):
    client, compared, numbers = client_of(make_user(role, municipality=_town(role))), 0, 0
    for address in addresses(role):
        page = client.get(address).content.decode()
        path = address.split("?")[0]
        tables = Tables(page).found
        assert tables or "spreiding" in address, address  # too few cases here
        for href, shown in tables.items():
            heads, rows = rows_of(client.get(path + href).content)
            assert len(rows) == len(shown), (address, href)
            numbers += sum(compare(heads, row, line) for row, line in zip(rows, shown, strict=True))
            compared += 1
    assert compared > 20
    assert numbers > 500


def test_what_is_hidden_on_the_page_is_hidden_in_the_file():
    publish_inflow(publish_figures())
    client = client_of(make_user(Role.MUNICIPALITY))
    address = reverse("kpi:export_referrers", args=["csv"])
    heads, rows = rows_of(client.get(address, {"periode": "2026-Q3", "gemeente": THERE}).content)
    rest = {row[0]: row[heads.index("In de rest van de regio (procent)")] for row in rows}
    assert rest["gi"] == "afgeschermd"  # 3 of 123
    assert sum(cell == "afgeschermd" for cell in rest.values()) > 1  # or the whole would tell the one
    assert [row[2] for row in rows] == ["30", "12", "0", "0", "6"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["municipality", "domain", "referrers", "monitor", "findings", "overview"])
def test_a_municipality_takes_nothing_of_another_along(name, kind):
    run = publish_figures()
    publish_inflow(run)
    publish_findings(run)
    client = client_of(make_user(Role.MUNICIPALITY))
    for query in ({}, {"gemeente": THERE}, {"gemeente": [HERE, THERE], "scope": "region"}):
        asked = {"periode": "2026-Q3", **query}
        page = client.get(reverse(f"kpi:{name}"), asked).content.decode()
        for href in Tables(page).found if kind == "csv" else ["export.xlsx?"]:
            response = client.get(reverse(f"kpi:{name}") + href, asked if kind == "xlsx" else {})
            sheets = rows_of(response.content)[1] if kind == "csv" else all_sheets(response.content)
            told = {str(cell) for row in sheets for cell in row}
            assert not told & {"Daarstad", "Alleen Daarstad Zorg", "33", "120", "44", "160", "123", "171", "21", "114"}


def all_sheets(content: bytes) -> list[list[str | float]]:
    found = [row for number in range(1, sheets_in(content) + 1) for row in sheet_of(content, number)]
    return [[int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row] for row in found]


def test_a_workbook_has_a_sheet_per_table_and_one_that_explains_them():
    publish_inflow(publish_figures())
    query = {"periode": "2026-Q3", "gemeente": THERE}
    content = client_of(make_user(Role.ANALYST)).get(reverse("kpi:export_municipality", args=["xlsx"]), query).content
    with ZipFile(BytesIO(content)) as book:
        names = re.findall(r'sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert names == ["Indicatoren", "Band", "Verwijzers", "Instroom verloop", "Aanbieders", "Toelichting"]
    notes = sheet_of(content, len(names))
    assert ["Gemeente", f"Daarstad ({THERE})"] in notes
    assert any(row[0] == "Definities" for row in notes if row)
    event = AuditEvent.objects.get(action="export xlsx")
    assert event.subject == "gemeente 2026-Q3"
    assert event.detail["municipality"] == THERE


def test_a_table_that_the_page_does_not_have_is_no_file():
    publish_figures()
    client = client_of(make_user(Role.ANALYST))
    address = reverse("kpi:export_monitor", args=["csv"])
    assert client.get(address, {"periode": "2026-Q3", "tabel": "verwijzers"}).status_code == 404
    assert client.get(reverse("kpi:export_spread", args=["uitval", "csv"])).status_code == 404
    assert client.get(reverse("kpi:export_provider", args=[BOTH, "csv"])).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_only_who_may_see_the_page_gets_its_tables(role):
    publish_figures()
    rights = PERMISSIONS[role]
    client = client_of(make_user(role))
    for name in ("municipality", "domain", "referrers", "monitor", "findings"):
        status = client.get(reverse(f"kpi:export_{name}", args=["xlsx"])).status_code
        assert (status != 403) is (Permission.SEE_DASHBOARD in rights)
    assert (client.get(reverse("kpi:export_kraljic", args=["csv"])).status_code == 200) is (
        Permission.SEE_REGION in rights
    )


def _town(role: Role) -> str:
    return Municipality.objects.order_by("code").first().code if role == Role.MUNICIPALITY else ""
