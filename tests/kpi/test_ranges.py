"""A range of months on the page of an indicator and in its file: a total where it is right, else why there is none."""

import csv
import re
from decimal import Decimal
from io import StringIO

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from accounts.scope import Scope
from kpi import ranges, selectors
from kpi.calc.indicators import MEASURES
from kpi.calc.periods import RANGE, months_between, parse, periods
from kpi.gate_data import flaws
from kpi.models import Norm, Run, Value
from kpi.norms import CHANGED, GROWS, RELATIVE
from kpi.selection import Among, Selection
from tests.kpi.test_exports import sheet_of
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, ONLY_THERE, publish_figures

pytestmark = pytest.mark.django_db
TWO = {"periode": "2026-Q3", "vanaf": "2026-08", "tot": "2026-09"}
NAME = "augustus 2026 tot en met september 2026"
MONTHS = periods("month", "2026-01", "2026-11")
AUGUST_AND_SEPTEMBER = months_between(MONTHS[7], MONTHS[8])


@pytest.fixture
def run() -> Run:
    return publish_figures()


@pytest.fixture
def manager(run: Run) -> Client:
    return client_of(make_user(Role.CONTRACT_MANAGER))


def page_of(client: Client, code: str = "uitval", **asked: str) -> str:
    return client.get(reverse("kpi:indicator", args=[code]), {**TWO, **asked}, follow=True).content.decode()


def row_of(page: str, measure: str) -> str:
    return next(row for row in re.findall(r"(?s)<tr>.*?</tr>", page) if MEASURES[measure].name in row)


def table_of(page: str, id: str) -> str:
    return page.split(f'<h2 id="{id}"')[1].split("</table>")[0]


def exported(client: Client, code: str = "uitval", **asked: str) -> list[dict[str, str]]:
    response = client.get(reverse("kpi:export_indicator", args=[code, "csv"]), {**TWO, **asked}, follow=True)
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def set_norm(measure: str = "uitval_pct", **fields: str) -> None:
    values = {"direction": "lager", "green": "0.10", "red": "0.20", "valid_from": "2026-01-01", **fields}
    Norm.objects.create(measure=measure, decided_by="beleid", **values)


def test_the_page_and_its_tables_show_the_total_over_the_months(manager):
    page = page_of(manager)
    assert f"hele regio, {NAME}</h1>" in page
    assert "88 / 320" in row_of(page, "uitval_pct")
    per_provider = table_of(page, "per-aanbieder")
    assert "48 / 180" in per_provider
    assert "40 / 140" in per_provider
    assert f"Totaal over {NAME}." in page
    assert "22 / 80" in table_of(page, "per-gemeente")
    course = page.split("Dezelfde cijfers als tabel", 1)[1].split("</table>")[0]
    assert re.findall(r"\w+ 2026", course) == ["september 2026", "augustus 2026"]


def test_the_files_hold_the_same_totals(manager):
    rows = exported(manager)
    label = "2026-08 t/m 2026-09"
    whole = next(row for row in rows if row["Uitsplitsing"] == "geheel" and row["Maat"] == MEASURES["uitval_pct"].name)
    assert (whole["Periode"], whole["Teller"], whole["Noemer"], whole["Waarde"]) == (label, "88", "320", "27,50")
    per_provider = {row["Code"]: row for row in rows if row["Uitsplitsing"] == "per aanbieder"}
    assert {code: (row["Teller"], row["Noemer"], row["Periode"]) for code, row in per_provider.items()} == {
        BOTH: ("48", "180", label),
        ONLY_THERE: ("40", "140", label),
    }
    response = manager.get(reverse("kpi:export_indicator", args=["uitval", "xlsx"]), TWO)
    assert "2026-08-tm-2026-09" in response.headers["Content-Disposition"]
    notes = [text for row in sheet_of(response.content, 2) for text in row]
    assert NAME in notes
    assert "augustus 2026" in notes


def test_a_municipality_sees_its_own_total_and_no_region_beside_it(run):
    """Rounded counts of two ranges that differ by a month would tell that month of the others exactly."""
    client = client_of(make_user(Role.MUNICIPALITY, HERE))
    assert "regio 28,1%" in row_of(page_of(client, vanaf="", tot=""), "uitval_pct")
    page = page_of(client)
    assert "22 / 80" in row_of(page, "uitval_pct")
    assert "88 / 320" not in page
    assert "regio 2" not in page
    assert {row["Teller"] for row in exported(client, gemeente="0090") if row["Uitsplitsing"] == "geheel"} == {"22", ""}


def test_what_does_not_add_up_shows_the_period_and_says_why(manager):
    page = page_of(manager, "clienten")
    row = row_of(page, "clienten_in_zorg")
    reason = f"{ranges.WHY[MEASURES['clienten_in_zorg'].over_time]} Hier staat: september 2026."
    [note] = re.findall(r'aria-describedby="([^"]+)">geen totaal', row)
    assert f'href="#{note}"' in row
    assert reason not in row
    assert f'<p class="table-note" id="{note}"><sup>1</sup> {reason}</p>' in page
    assert '<span class="value">160</span>' in row
    assert "?periode=2026-Q3&amp;vanaf=2026-08&amp;tot=2026-09" in row
    assert "90" in table_of(page, "per-aanbieder")
    assert ranges.WHY[MEASURES["clienten_in_zorg"].over_time] in page.split('<h2 id="per-aanbieder"')[1]
    whole = exported(manager, "clienten")[0]
    assert (whole["Periode"], whole["Waarde"]) == ("2026-09", "160")
    assert whole["Opmerking"].endswith("Hier staat: september 2026.")


def test_a_reason_of_many_rows_stands_once_under_the_table_and_each_row_leads_to_it(manager):
    table = manager.get(reverse("kpi:overview"), TWO).content.decode().split('<caption id="caption">')[1]
    rows, under = table.split("</table>")[:2]
    notes = re.findall(r'id="(geen-totaal-\d)"><sup>\d</sup> ([^<]+)', under)
    led_to = re.findall(r'href="#(geen-totaal-\d)" aria-describedby="(geen-totaal-\d)"', rows)
    assert "Geen totaal over maanden" not in rows
    assert len(led_to) > len(notes) > 1
    assert {one for pair in led_to for one in pair} == {name for name, _ in notes}
    assert len({reason for _, reason in notes}) == len(notes)
    assert all(reason.startswith("Geen totaal over maanden: ") for _, reason in notes)


def test_a_comparison_says_per_row_and_not_per_provider_that_there_is_no_total(manager):
    page = manager.get(reverse("kpi:compare"), {**TWO, "aanbieder": [BOTH, ONLY_THERE]}).content.decode()
    row = row_of(page, "clienten_in_zorg")
    [note] = re.findall(r'aria-describedby="([^"]+)">geen totaal', row)
    assert page.count(f'id="{note}"') == 1
    assert "Geen totaal over maanden" not in row


def test_every_measure_that_does_not_add_up_has_its_reason():
    selection = Selection(AUGUST_AND_SEPTEMBER, instead=parse("quarter", "2026-Q3"))
    said = {code: ranges.why_not(selection, measure) for code, measure in MEASURES.items()}
    without = {code for code, sentence in said.items() if sentence}
    assert without == {code for code, measure in MEASURES.items() if measure.over_time in ranges.WHY}
    assert said["kosten_per_client"].endswith("Hier staat: 2026.")


def test_a_median_has_no_total_and_the_rest_of_its_measure_has(manager):
    names = {row["Naam"] for row in exported(manager, "berichtenmonitor", maat="meldtijd_305")}
    assert "Binnen de norm" in names
    assert "Mediaan" not in names
    assert "Mediaan" in {row["Naam"] for row in exported(manager, "berichtenmonitor", maat="meldtijd_305", vanaf="")}


def test_months_that_make_a_quarter_are_that_quarter(manager):
    Value.objects.filter(period="2026-Q3", measure="uitval_pct", scope="region").update(numerator=45)
    page = page_of(manager, vanaf="2026-07", periode="2026")
    assert "hele regio, 3e kwartaal 2026</h1>" in page
    assert "45 / 160" in row_of(page, "uitval_pct")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"vanaf": "2026-09", "tot": "2026-07"}, ranges.REVERSED),
        ({"vanaf": ""}, ranges.NO_FIRST),
        ({"periode": "2026-Q2", "tot": ""}, ranges.NO_LAST),
    ],
)
def test_months_that_are_no_range_are_refused_with_what_to_do(manager, asked, sentence):
    page = page_of(manager, **asked)
    assert sentence in page
    assert "44 / 160" in row_of(page, "uitval_pct")
    assert NAME not in page


def test_a_range_ends_with_the_period_and_with_the_figures_at_the_latest():
    year = parse("year", "2026")
    assert ranges.chosen(year, "2026-03", "", MONTHS).period == months_between(MONTHS[2], MONTHS[-1])
    assert ranges.chosen(parse("quarter", "2026-Q2"), "2026-02", "", MONTHS).period == months_between(*MONTHS[1:6:4])
    assert ranges.chosen(year, "2026-03", "2026-03", MONTHS).period == MONTHS[2]


def test_a_page_that_does_not_follow_a_range_says_so_and_hands_it_on(manager):
    page = manager.get(reverse("kpi:spread", args=["duur"]), TWO).content.decode()
    assert "De reeks maanden geldt hier niet" in page
    assert "Hier staat: 3e kwartaal 2026." in page
    assert '<input type="hidden" name="vanaf" value="2026-08">' in page
    assert 'aria-label="Verwijder filter Vanaf: augustus 2026"' in page
    onward = re.search(r'href="(/indicatoren/duur/[^"]*)"', page)[1].replace("&amp;", "&")
    assert f"hele regio, {NAME}</h1>" in manager.get(onward).content.decode()


@pytest.mark.parametrize(
    ("since", "until", "name"),
    [("2026-07", "2026-09", "3e kwartaal 2026"), ("2026-08", "2026-08", "augustus 2026"), ("2026-08", "2026-09", "")],
)
def test_months_that_are_a_period_are_followed_where_other_ranges_are_not(manager, since, until, name):
    address, asked = reverse("kpi:spread", args=["duur"]), {"periode": "2026", "vanaf": since, "tot": until}
    page = manager.get(address, asked, follow=True).content.decode()
    assert f"hele regio, {name or '2026'}</h1>" in page
    assert ("De reeks maanden geldt hier niet" in page) is not bool(name)
    assert (f"is precies {name}" in page) is bool(name)
    assert 'aria-label="Verwijder filter Vanaf: ' in page


def test_links_of_a_range_keep_the_period_and_the_months(manager):
    page = page_of(manager)
    for href in re.findall(r'href="([^"]*vanaf[^"]*)"', page):
        assert "t%2Fm" not in href
    assert re.search(r'href="/aanbieders/11111111/\?periode=2026-Q3&amp;vanaf=2026-08&amp;tot=2026-09', page)


def words(page: str) -> list[str]:
    return re.findall(r'class="word">([^<]+)', row_of(page, "uitval_pct"))


def test_a_norm_that_held_in_all_months_judges_their_total(manager):
    set_norm()
    page = page_of(manager)
    assert words(page) == ["Buiten norm"]
    assert "hoogstens 10,0%, rood boven 20,0%" in row_of(page, "uitval_pct")
    assert "Buiten norm" in table_of(page, "per-aanbieder")


@pytest.mark.parametrize(
    ("later", "sentence"),
    [({"valid_from": "2026-09-01"}, CHANGED), ({"valid_from": "2026-01-02", "basis": "regio"}, RELATIVE)],
)
def test_a_norm_that_changed_or_compares_judges_no_range(manager, later, sentence):
    set_norm()
    set_norm(**{"green": "0.01", "red": "0.02", **later})
    page = page_of(manager)
    assert words(page) == ["Geen kader"]
    assert sentence in row_of(page, "uitval_pct")
    assert not set(words(page)) & {"Buiten norm", "Let op", "Op norm"}
    assert sentence in {row["Norm"] for row in exported(manager)}


def test_by_the_norm_of_now_a_change_is_no_obstacle(manager):
    set_norm()
    set_norm(valid_from="2026-09-01", green="0.50", red="0.60")
    assert words(page_of(manager, norm="nu")) == ["Op norm"]


def test_a_norm_on_a_number_judges_no_range(manager, run):
    set_norm("instroom", green="10", red="20")
    for month in ("2026-08", "2026-09"):
        Value.objects.create(run=run, measure="instroom", scope="region", period=month, numerator=9, value=9)
    cache.clear()
    row = row_of(page_of(manager, "instroom"), "instroom")
    assert '<span class="value">18</span>' in row
    assert GROWS in row
    assert "Geen kader" in row


def test_a_filter_on_products_adds_up_over_products_and_months(run):
    codes = frozenset({"jeugdwet:45:45A04", "jeugdwet:45:45A05"})
    for code, month, top, bottom in (("45A04", "08", 1, 10), ("45A05", "08", 2, 10), ("45A05", "09", 0, 5)):
        Value.objects.create(
            run=run,
            measure="uitval_pct",
            scope="product",
            period=f"2026-{month}",
            product=f"jeugdwet:45:{code}",
            numerator=top,
            denominator=bottom,
            squares=top,
            value=Decimal(top) / bottom,
        )
    high = Among("profiel", "Hoog", "product", codes)
    selection = Selection(AUGUST_AND_SEPTEMBER, among=(high,), instead=parse("quarter", "2026-Q3"))
    [found] = selectors.figures(Scope(region=True), run, selection, ["uitval_pct"], [selection.period.label])
    assert (found.numerator, found.denominator, found.squares, found.period) == (3, 25, 3, "2026-08 t/m 2026-09")


@pytest.mark.parametrize(
    ("period", "expected"), [(MONTHS[7], (170, 200)), (AUGUST_AND_SEPTEMBER, (190, 300)), (MONTHS[9], None)]
)
def test_claimed_of_expected_adds_up_over_products_with_claims_that_nobody_expected(run, period, expected):
    """By hand: in August 100 of 200 euro for one product, 70 for one that nobody allocated; in September 20 of 100."""
    for code, month, top, bottom in (
        *(("45A04", "08", 100, 200), ("45A05", "08", 70, 0), ("45A04", "09", 20, 100), ("45A05", "10", 5, 0)),
        ("45A06", "08", 1, 1),  # of another profile
    ):
        Value.every.create(
            run=run,
            measure="declaratiegraad",
            scope="product",
            period=f"2026-{month}",
            product=f"jeugdwet:45:{code}",
            numerator=top,
            denominator=bottom,
            value=Decimal(top) / bottom if bottom else 0,
            shown=bottom > 0,
        )
    among = Among("profiel", "Hoog", "product", frozenset({"jeugdwet:45:45A04", "jeugdwet:45:45A05"}))
    found = selectors.figures(
        Scope(region=True), run, Selection(period, among=(among,)), ["declaratiegraad"], [period.label]
    )
    assert [(figure.numerator, figure.denominator) for figure in found] == ([expected] if expected else [])


def test_rows_that_no_page_shows_count_in_a_total_and_other_municipalities_never(run):
    Value.every.create(
        run=run,
        measure="declaratiegraad",
        scope="region",
        period="2026-08",
        numerator=70,
        denominator=0,
        value=0,
        shown=False,
    )
    Value.objects.create(
        run=run, measure="declaratiegraad", scope="region", period="2026-09", numerator=20, denominator=100, value=0.2
    )
    asked = run, Selection(AUGUST_AND_SEPTEMBER), ["declaratiegraad"], [AUGUST_AND_SEPTEMBER.label]
    [found] = selectors.figures(Scope(region=True), *asked)
    assert (found.numerator, found.denominator, found.value) == (90, 100, 0.9)
    assert selectors.figures(Scope(municipality=HERE), *asked) == []


def test_the_data_gate_adds_up_the_rejections_of_the_months(run):
    for month, top, bottom in (("2026-08", 1, 8), ("2026-09", 4, 8)):
        Value.objects.create(
            run=run, measure="bericht_uitval", scope="region", detail="305", period=month,
            numerator=top, denominator=bottom, value=Decimal(top) / bottom,
        )  # fmt: skip
    place = Selection(AUGUST_AND_SEPTEMBER)
    assert place.period.kind == RANGE
    [found] = flaws(Scope(region=True), run, [place]).values()
    assert found.rejected == {"305": (5, 16)}
    Value.objects.filter(measure="bericht_uitval", period="2026-09").update(numerator=2)
    assert flaws(Scope(region=True), run, [place]) == {}
