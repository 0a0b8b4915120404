"""Pages as PDF: the page of whoever asks, tagged, on A4, made of nothing but the portal's own files, and logged."""

import re
import socket
import sys
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AuditEvent
from accounts.roles import PERMISSIONS, Permission, Role
from kpi.exports.document import static_file, to_pdf
from kpi.exports.paper import MOST_ROWS
from kpi.models import Norm
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, ONLY_THERE, THERE, more_providers, publish_figures

pytestmark = pytest.mark.django_db
PAGES = {
    "pdf_overview": [],
    "pdf_municipality": [],
    "pdf_provider": [BOTH],
    "pdf_indicator": ["uitval"],
    "pdf_monitor": [],
    "pdf_compare": [],
    "pdf_providers": [],
    "pdf_domain": [],
    "pdf_referrers": [],
    "pdf_spread": ["duur"],
    "pdf_kraljic": [],
    "pdf_findings": [],
    "pdf_quality": [],
}
A4 = (595, 841)  # points, whole


def pdf_of(role: Role, name: str, query: dict | None = None, args: list[str] | None = None):
    address = reverse(f"kpi:{name}", args=PAGES[name] if args is None else args)
    return client_of(make_user(role)).get(address, query or {})


def read(response) -> PdfReader:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(response.content))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("name", PAGES)
def test_a_pdf_is_tagged_dutch_titled_and_on_a4(name):
    publish_figures()
    reader = read(pdf_of(Role.CONTRACT_MANAGER, name))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "nl"
    assert "SDF-portaal" in reader.metadata.title
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert {tuple(sorted(map(int, page.mediabox[2:]))) for page in reader.pages} == {A4}  # standing or lying


def test_the_pdf_says_what_the_page_says_with_its_date_and_filters_and_not_the_menu():
    publish_figures()
    response = pdf_of(Role.CONTRACT_MANAGER, "pdf_overview", {"periode": "2026-Q3", "gemeente": HERE})
    text = text_of(read(response))
    for expected in (
        "Hierdorp, 3e kwartaal 2026",
        "Filters: Gemeente: Hierdorp",
        "peildatum 25",
        "11 / 40",
        "Pagina 1",
    ):
        assert expected in text
    for unwanted in ("Uitloggen", "Wis alles", "Bewaar deze weergave", "Exporteer"):
        assert unwanted not in text
    assert response["Content-Disposition"] == 'attachment; filename="sdf-overzicht-2026-q3-0080.pdf"'
    assert AuditEvent.objects.get(action="export pdf").subject == "sdf-overzicht-2026-q3-0080"


def test_a_chart_comes_as_its_table():
    publish_figures()
    assert "Dezelfde cijfers als tabel" in text_of(read(pdf_of(Role.ANALYST, "pdf_indicator")))


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("pdf_provider", "pdf_kraljic")])
@pytest.mark.parametrize("query", [{}, {"gemeente": THERE}, {"gemeente": [HERE, THERE], "scope": "region"}])
def test_a_municipality_reads_nothing_of_another(name, query):
    publish_figures()
    text = text_of(read(pdf_of(Role.MUNICIPALITY, name, query)))
    assert "Alleen Daarstad" not in text
    for numbers in ("33 / 120", "44 / 160", "20 / 70"):
        assert numbers not in text


def test_a_list_of_providers_fits_on_lying_sheets_that_each_repeat_the_heads():
    run = publish_figures()
    Norm.objects.create(
        measure="uitval_pct", direction="lager", green="0.10", red="0.15", valid_from="2020-01-01", decided_by="beleid"
    )
    more_providers(run, MOST_ROWS - 2)
    reader = read(pdf_of(Role.CONTRACT_MANAGER, "pdf_providers", {"periode": "2026-Q3"}))
    assert 1 < len(reader.pages) < 5  # some fifteen rows on each
    shown = []
    for page in reader.pages:
        text = " ".join(page.extract_text().split())
        assert page.mediabox.width > page.mediabox.height
        assert "16. Be" in text
        assert "9. Uitval" in text
        shown += re.findall(r"9\d{7}|Beide Zorg|Alleen Daarstad Zorg", text)
        assert "■ Buiten norm" in text
    assert len(shown) == len(set(shown)) == MOST_ROWS


def test_a_light_in_the_list_on_paper_has_its_sign_and_its_word():
    publish_figures()
    shown = text_of(read(pdf_of(Role.CONTRACT_MANAGER, "pdf_providers", {"periode": "2026-Q3", "zoek": "beide"})))
    assert "Beide Zorg" in shown
    assert "Alleen Daarstad" not in shown
    assert "26,7%" in shown
    assert "24 / 90" in shown


def test_a_provider_outside_the_scope_does_not_exist():
    publish_figures()
    assert pdf_of(Role.MUNICIPALITY, "pdf_provider", args=[ONLY_THERE]).status_code == 404
    assert not AuditEvent.objects.filter(action="export pdf").exists()


@pytest.mark.parametrize("role", [role for role in Role if Permission.SEE_DASHBOARD not in PERMISSIONS[role]])
def test_without_the_right_to_the_page_there_is_no_pdf(role):
    publish_figures()
    assert pdf_of(role, "pdf_overview").status_code == 403


def test_without_pango_a_sentence_says_what_to_install(monkeypatch):
    publish_figures()
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("cffi.api.FFI.dlopen", _without_libraries)
    response = pdf_of(Role.ANALYST, "pdf_overview")
    assert response.status_code == 503
    assert "apt install libpango-1.0-0" in response.content.decode()


def _without_libraries(*_: object) -> None:
    raise OSError("cannot load library")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/overzicht/",
        "http://127.0.0.1/static/../manage.py",
        "http://127.0.0.1/static/%2e%2e/manage.py",
        "data:text/css,body{}",
        "ftp://127.0.0.1/static/css/print.css",
        "http://127.0.0.1/static/css/none.css",
    ],
)
def test_nothing_but_a_static_file_is_fetched(address):
    with pytest.raises(Exception, match=r"static file|outside of the base path|joined path"):
        static_file(address)


def test_a_static_file_is_read_without_a_network_whatever_the_host():
    assert b"@page" in static_file("http://portal.invalid/static/css/print.css?v=1")


def test_no_address_in_a_page_is_followed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"http://127.0.0.1:{server.getsockname()[1]}"
        html = f"""<html lang="nl"><title>x</title><link rel="stylesheet" href="{host}/a.css">
            <body style="background: url({host}/b.png)"><img src="{host}/c.png" alt="d"><p>Tekst"""
        assert "Tekst" in text_of(PdfReader(BytesIO(to_pdf(html, host))))
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
