"""A range of months on every page of figures, in its files and its links, and what it may not tell of others."""

import csv
import re
from html import unescape
from io import StringIO

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from kpi.models import Norm, Run, Value
from kpi.municipality_page import NO_RANGE
from tests.kpi.test_exports import sheet_of
from tests.support.accounts import client_of, make_user
from tests.support.figures import (
    BOTH,
    HERE,
    ONLY_THERE,
    publish_figures,
    publish_findings,
    publish_inflow,
    publish_position,
)

pytestmark = pytest.mark.django_db
TWO = {"periode": "2026-Q3", "vanaf": "2026-08", "tot": "2026-09"}
NAME = "augustus 2026 tot en met september 2026"
LABEL = "2026-08 t/m 2026-09"
PAGES = {
    "overview": ([], {}),
    "providers": ([], {}),
    "provider": ([BOTH], {}),
    "compare": ([], {"aanbieder": [BOTH, ONLY_THERE]}),
    "municipality": ([], {"gemeente": HERE}),
    "domain": ([], {}),
    "referrers": ([], {}),
    "monitor": ([], {}),
    "findings": ([], {}),
}
OF_DOMAIN = {"zorgdomein": "jeugd-ggz"}


@pytest.fixture
def run() -> Run:
    run = publish_figures()
    publish_inflow(run, ("2026-08", "2026-09", "2026-Q3"))
    publish_position(run, BOTH)
    return run


@pytest.fixture
def manager(run: Run) -> Client:
    return client_of(make_user(Role.CONTRACT_MANAGER))


def page_of(client: Client, name: str, **asked: str) -> str:
    args, query = PAGES[name]
    address = reverse(f"kpi:{name}", args=args)
    return client.get(address, {**TWO, **query, **asked}, follow=True).content.decode()


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def file_of(client: Client, name: str, table: str = "", **asked: str) -> list[dict[str, str]]:
    args, query = PAGES[name]
    chosen = {**TWO, **query, **asked} | ({"tabel": table} if table else {})
    response = client.get(reverse(f"kpi:export_{name}", args=[*args, "csv"]), chosen)
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize(
    ("name", "asked", "expected"),
    [
        ("overview", {}, ["88 / 320"]),
        ("providers", {}, ["48 / 180", "40 / 140"]),
        ("provider", {}, ["48 / 180", "48 van de 180 keer te laat"]),
        ("compare", {}, ["48 / 180", "40 / 140", "88 / 320"]),
        ("municipality", {}, ["22 / 80", "Per verwijzer geteld zijn het er 96:"]),
        ("domain", {}, ["88 / 320"]),
        ("domain", OF_DOMAIN, ["88 / 320"]),
        ("referrers", {}, ["Per verwijzer geteld zijn het er 342:", "Hierdorp 96 60 24 0 0 12"]),
        ("monitor", {}, ["Aanbieders: 88 van de 320 keer te laat, 72,5% binnen de norm."]),
        ("findings", {}, []),
    ],
)
def test_a_page_shows_the_totals_over_the_months(manager, name, asked, expected):
    shown = text(page_of(manager, name, **asked))
    assert NAME in shown
    assert "De reeks maanden geldt hier niet" not in shown
    for words in expected:
        assert words in shown


def test_findings_are_those_of_the_months_alone(manager, run):
    publish_findings(run)
    shown = text(page_of(manager, "findings"))
    assert "Stop zonder start" in shown
    assert " 34 bevindingen: 7 voor gemeenten en 27 voor aanbieders" in shown  # July has three more


def test_findings_need_no_explanation_of_stocks_and_medians(manager, run):
    publish_findings(run)
    one_check = manager.get(reverse("kpi:finding_list", args=["start_te_laat"]), TWO).content.decode()
    for page in (page_of(manager, "findings"), one_check):
        assert NAME in page
        assert not re.search("Een stand is die van|mediaan", page)
    assert "Een stand is die van september 2026" in page_of(manager, "overview")


def test_a_stock_is_that_of_the_last_month_wherever_it_stands(manager):
    Value.objects.filter(measure="clienten_in_zorg", period="2026-09").update(numerator=77, value=77)
    Value.objects.filter(measure="clienten_in_zorg", period="2026-Q3").update(numerator=66, value=66)
    cache.clear()
    for name in ("overview", "providers", "provider", "compare", "domain"):
        shown = text(page_of(manager, name))
        assert "(september 2026)" in shown, name
        assert " 77 " in shown, name
        assert " 66 " not in shown, name
    heads = [*file_of(manager, "providers")[0]]
    assert [head for head in heads if head.startswith("11. ") and ", 2026-09: waarde" in head]


def test_what_has_no_total_says_so_beside_a_provider(manager, run):
    for code in ("duur_mediaan", "duur_gemiddeld"):
        for month in ("2026-08", "2026-09", "2026-Q3"):
            Value.objects.create(
                run=run, measure=code, scope="provider", provider=BOTH, period=month, numerator=600, denominator=20,
                value=30,
            )  # fmt: skip
    cache.clear()
    table = text(page_of(manager, "provider").split('<h2 id="uitschieters"')[1].split("</table>")[0])
    assert "geen totaal over maanden: dit volgt uit alle gevallen samen" in table
    assert re.search(r"Mediane duur – – –|Mediaan[^–]* – – –", table)
    assert "1.200 / 40" in table


def test_the_files_hold_the_totals_of_the_pages(manager):
    whole = {row["Indicator"]: row for row in file_of(manager, "overview")}
    row = next(row for row in whole.values() if (row["Teller"], row["Noemer"]) == ("88", "320"))
    assert row["Periode"] == LABEL
    by_provider = {row["AGB-code"]: row for row in file_of(manager, "providers")}
    assert "48" in by_provider[BOTH].values()
    assert "180" in by_provider[BOTH].values()
    assert "320" in next(row for row in file_of(manager, "compare") if "320" in row.values()).values()
    assert "80" in next(row for row in file_of(manager, "municipality") if "80" in row.values()).values()
    assert any("320" in row.values() for row in file_of(manager, "domain"))
    per_place = {row["Code"]: row for row in file_of(manager, "referrers", "per-gemeente")}
    assert per_place[HERE]["Totaal"] == "96"
    for name, (args, query) in PAGES.items():
        response = manager.get(reverse(f"kpi:export_{name}", args=[*args, "xlsx"]), {**TWO, **query})
        assert "2026-08-tm-2026-09" in response.headers["Content-Disposition"], name
    response = manager.get(reverse("kpi:export_providers", args=["xlsx"]), TWO)
    assert NAME in [word for row in sheet_of(response.content, 2) for word in row]


@pytest.mark.parametrize("name", PAGES)
def test_links_keep_the_period_and_the_months(manager, name):
    page = page_of(manager, name)
    onward = [unescape(href) for href in re.findall(r'href="([^"#]*\?[^"]*periode=[^"]*)"', page)]
    without_range = [
        href for href in onward if not ("vanaf=2026-08" in href and "tot=2026-09" in href) and "Verwijder" not in href
    ]
    chips = [unescape(href) for href in re.findall(r'href="([^"]*)"[^>]*aria-label="Verwijder', page)]
    assert onward
    assert set(without_range) <= set(chips)
    assert not [href for href in onward if "t%2Fm" in href]


def set_norm(**fields: str) -> None:
    values = {"measure": "uitval_pct", "direction": "lager", "green": "0.05", "red": "0.08", **fields}
    Norm.objects.create(decided_by="beleid", **{"valid_from": "2026-01-01", **values})


def test_a_light_stands_only_where_one_norm_held_in_all_months(manager):
    set_norm()
    for name in ("overview", "providers", "provider", "compare", "domain"):
        assert "Buiten norm" in page_of(manager, name).split("</table>")[0].split("<table")[-1], name
    set_norm(valid_from="2026-09-01", green="0.06", red="0.09")
    cache.clear()
    assert "Buiten norm" not in page_of(manager, "providers").split("</table>")[0].split("<table")[-1]
    assert "de norm veranderde in deze maanden" in page_of(manager, "overview")


def test_the_work_list_looks_at_the_last_three_months_of_a_range(manager):
    set_norm()
    bad = Value.objects.filter(measure="uitval_pct", provider=ONLY_THERE, period__in=("2026-07", "2026-08", "2026-09"))
    bad.update(numerator=60, value="0.857143")
    page = page_of(manager, "overview")
    shown = text(page.split('id="werklijst"')[-1])
    assert "laatste drie maanden" in shown
    assert "Alleen Daarstad Zorg" in shown
    assert "60 / 70" in shown


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_others_stands_beside_the_total_of_a_municipality(run, name):
    """The region's shares are of rounded counts: of two ranges that differ by a month they would tell that month."""
    mine = client_of(make_user(Role.MUNICIPALITY, HERE))
    before = page_of(mine, name)
    assert "Alleen Daarstad" not in before
    others = Value.objects.exclude(municipality=HERE)
    others.update(numerator=F("numerator") + 20, denominator=F("denominator") + 40)
    cache.clear()
    secrets = re.compile(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]*"')
    assert secrets.sub("", page_of(mine, name)) == secrets.sub("", before)


def test_a_municipality_reads_why_the_region_is_not_beside_its_total(run):
    mine = client_of(make_user(Role.MUNICIPALITY, HERE))
    assert NO_RANGE in unescape(page_of(mine, "municipality"))
    assert "In de rest van de regio" in page_of(mine, "municipality", vanaf="", tot="")
    assert "In de rest van de regio" not in page_of(mine, "municipality")
    assert "In de rest van de regio" in page_of(client_of(make_user(Role.CONTRACT_MANAGER)), "municipality")


def test_a_whole_page_of_a_range_is_stored_apart_from_that_of_its_months(manager):
    assert "88 / 320" in text(page_of(manager, "overview"))
    assert "44 / 160" in text(page_of(manager, "overview", vanaf="2026-09"))
