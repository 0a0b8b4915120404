"""The filters on products, referrers, delivery forms and kinds of providers: right rows or none, never wider ones."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from accounts.scope import Scope
from kpi import selectors
from kpi.calc.additive import ADDITIVE
from kpi.calc.indicators import MEASURES
from kpi.filters import period_of
from kpi.models import Run, Value
from kpi.selection import Among, Selection
from providers.models import Product, Provider
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, ONLY_THERE, THERE, publish_figures, publish_findings, publish_position

HIGH_ONE, HIGH_TWO, LOW = "jeugdwet:45:45A04", "jeugdwet:45:45A05", "jeugdwet:50:50B01"
SHARES = {HIGH_ONE: (4, 10), HIGH_TWO: (6, 30), LOW: (1, 20)}
PERIOD = "2026-Q3"
pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    run = publish_figures()
    Provider.objects.filter(agb=BOTH).update(type="systeem")
    for code, profile in ((HIGH_ONE, "Hoog"), (HIGH_TWO, "Hoog"), (LOW, "Laag")):
        wet, category, short = code.split(":")
        Product.objects.create(
            wet=wet,
            category=category,
            code=short,
            name=f"Product {short}",
            domain="jeugd-ggz",
            profile=profile,
            intensity=f"I-{short}",
            parcel="Perceel 1",
            kind="herstel",
        )
    for code, (top, bottom) in SHARES.items():
        store(run, "product", top, bottom, product=code)
        store(run, "municipality+product", 1, bottom // 2, product=code, municipality=HERE)
        store(run, "provider+product", 2, bottom // 2, product=code, provider=BOTH)
    store(run, "referrer", 7, 21, referrer="huisarts")
    store(run, "delivery_form", 5, 25, delivery_form="ambulant")
    store(run, "delivery_form", 8, 40, delivery_form="verblijf")
    store(run, "municipality+delivery_form", 3, 12, delivery_form="ambulant", municipality=HERE)
    store(run, "municipality+delivery_form", 8, 40, delivery_form="verblijf", municipality=THERE)
    cache.clear()
    return run


def store(run: Run, scope: str, top: int, bottom: int, **where: str) -> None:
    """A share and a number of clients of one cell, in a quarter and the same in its year."""
    for period in (PERIOD, PERIOD[:4]):
        common = {"run": run, "scope": scope, "period": period, **where}
        Value.objects.create(
            measure="uitval_pct", numerator=top, denominator=bottom, squares=top, value=Decimal(top) / bottom, **common
        )
        Value.objects.create(measure="clienten_in_zorg", numerator=bottom, value=bottom, **common)


def manager():
    return client_of(make_user(Role.CONTRACT_MANAGER))


def manager_again():
    return client_of(User.objects.filter(role=Role.CONTRACT_MANAGER).first() or make_user(Role.CONTRACT_MANAGER))


def overview(client, **asked: str) -> str:
    return client.get(reverse("kpi:overview"), {"periode": PERIOD, **asked}).content.decode()


def row_of(page: str, measure: str) -> str:
    return next(row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if MEASURES[measure].name in row)


def exported(client, **asked: str) -> dict[str, dict[str, str]]:
    content = client.get(reverse("kpi:export_overview", args=["csv"]), {"periode": PERIOD, **asked}).content
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    return {line["Maat"]: line for line in lines}


@pytest.mark.parametrize(
    ("asked", "top", "bottom", "chip"),
    [
        ({"product": HIGH_ONE}, 4, 10, "Product: Product 45A04"),
        ({"verwijzer": "huisarts"}, 7, 21, "Verwijzer: Huisarts of medisch specialist"),
        ({"leveringsvorm": "ambulant"}, 5, 25, "Leveringsvorm: ambulant"),
        ({"leveringsvorm": "ambulant", "gemeente": HERE}, 3, 12, "Leveringsvorm: ambulant"),
        ({"profiel": "Hoog"}, 10, 40, "Profiel: Hoog"),
        ({"intensiteit": "I-45A05"}, 6, 30, "Intensiteit: I-45A05"),
        ({"perceel": "Perceel 1"}, 11, 60, "Perceel: Perceel 1"),
        ({"aanbiedertype": "systeem"}, 24, 90, "Type aanbieder: Systeemaanbieder"),
        ({"product": LOW, "aanbieder": BOTH}, 2, 10, "Product: Product 50B01"),
        ({"profiel": "Hoog", "aanbieder": BOTH}, 4, 20, "Profiel: Hoog"),
    ],
)
def test_a_filter_shows_its_own_rows_on_the_page_and_in_the_export(run, asked, top, bottom, chip):
    client = manager()
    page = overview(client, **asked)
    assert f"{top} / {bottom}" in row_of(page, "uitval_pct")
    assert chip in page
    line = exported(client, **asked)[MEASURES["uitval_pct"].name]
    assert (line["Teller"], line["Noemer"]) == (str(top), str(bottom))


def test_the_cross_of_a_chip_takes_one_filter_away_and_the_links_keep_them(run):
    page = overview(manager(), product=HIGH_ONE, vanaf="2026-08")
    crosses = re.findall(r'href="([^"]*)" aria-label="Verwijder filter ([^"]*)"', page)
    without = {text.split(":")[0]: url for url, text in crosses}
    assert "product" not in without["Product"]
    assert "vanaf=2026-08" in without["Product"]
    onward = re.search(r'href="(/indicatoren/uitval/[^"]*)"', page)[1]
    assert "product=jeugdwet%3A45%3A45A04" in onward
    assert "vanaf=2026-08" in onward


def test_distinct_clients_of_several_products_are_not_added_up(run):
    page = overview(manager(), profiel="Hoog")
    assert "Dit filter geldt hier niet" in row_of(page, "clienten_in_zorg")
    assert "precies op te tellen" in page
    assert "40" not in row_of(page, "clienten_in_zorg")


def test_a_combination_that_is_not_computed_shows_no_wider_figure(run):
    client = manager()
    for asked in ({"product": LOW, "zorgdomein": "jeugd-ggz"}, {"product": LOW, "verwijzer": "huisarts"}):
        page = overview(client, **asked)
        assert "Geen cijfer voor deze combinatie" in page
        assert "Geen cijfer voor deze combinatie" in row_of(page, "uitval_pct")
        assert " / " not in row_of(page, "uitval_pct").split("Teller / noemer", 1)[1].split("</td>")[0]
        assert exported(client, **asked)[MEASURES["uitval_pct"].name]["Teller"] == ""


def test_filters_that_contradict_each_other_give_no_figure(run):
    page = overview(manager(), product=LOW, profiel="Hoog")
    assert "Geen cijfer voor deze combinatie" in row_of(page, "uitval_pct")


def test_a_type_and_a_quadrant_filter_the_list_of_providers(run):
    for agb, quadrant in ((BOTH, "strategisch"), (ONLY_THERE, "routine")):
        publish_position(run, agb, proposed=quadrant)
    client = manager()
    for asked, name in (
        ({"aanbiedertype": "systeem"}, "Beide Zorg"),
        ({"aanbiedertype": "overig"}, "Alleen Daarstad Zorg"),
        ({"kwadrant": "routine"}, "Alleen Daarstad Zorg"),
    ):
        page = client.get(reverse("kpi:providers"), {"periode": PERIOD, **asked}).content.decode()
        names = re.findall(r'aria-label="Kies ([^"]*) om te vergelijken"', page)
        assert names == [name]
        asked = {"periode": PERIOD, **asked}
        content = client.get(reverse("kpi:export_providers", args=["csv"]), asked).content.decode("utf-8-sig")
        assert [line["Aanbieder"] for line in csv.DictReader(io.StringIO(content), delimiter=";")] == [name]


def test_a_page_that_does_not_follow_a_filter_says_so(run):
    page = manager().get(reverse("kpi:monitor"), {"periode": PERIOD, "product": LOW}).content.decode()
    assert "Het filter Product geldt hier niet" in page


def test_a_page_names_a_filter_that_it_does_not_have_at_all(run):
    asked = {"periode": PERIOD, "zorgdomein": "jeugd-ggz"}
    for name in ("monitor", "referrers", "municipality"):
        page = manager_again().get(reverse(f"kpi:{name}"), asked).content.decode()
        assert "Het filter Zorgdomein geldt hier niet" in page
    compared = manager_again().get(reverse("kpi:compare"), {"aanbieder": [BOTH, ONLY_THERE]}).content.decode()
    assert "geldt hier niet" not in compared


def test_each_part_of_a_provider_page_names_the_filters_that_it_does_not_follow(run):
    publish_findings(run)
    client, address = manager_again(), reverse("kpi:provider", args=[BOTH])
    plain = client.get(address, {"periode": PERIOD}).content.decode()
    assert "Dit deel volgt deze filters niet" not in plain
    asked = {"periode": PERIOD, "zorgdomein": "jeugd-ggz", "gemeente": HERE}
    page = client.get(address, asked).content.decode()
    findings, clock = page.split("Te herstellen in de berichten", 1)[1].split('id="berichten"', 1)
    assert "Dit deel volgt deze filters niet: Zorgdomein." in findings
    assert "8 van de 40" in findings
    assert "Dit deel volgt deze filters niet: Zorgdomein." in clock
    assert "11 van de 40 keer te laat" in clock  # of the municipality, whatever the care domain
    products = page.split('id="producten"', 1)[1].split("<table", 1)[0]
    assert "Dit deel volgt deze filters niet: Zorgdomein, Gemeente." in products


def test_a_municipality_sees_its_own_rows_only_and_is_told_what_it_cannot_filter(run):
    client = client_of(make_user(Role.MUNICIPALITY, HERE))
    assert "2 / 20" in row_of(overview(client, profiel="Hoog"), "uitval_pct")
    page = overview(client, kwadrant="routine")
    assert "Het filter Kraljic-kwadrant geldt hier niet" in page
    assert 'name="kwadrant"' not in page


def test_a_municipality_filters_on_its_own_delivery_forms(run):
    client = client_of(make_user(Role.MUNICIPALITY, HERE))
    page = overview(client, leveringsvorm="ambulant")
    assert "3 / 12" in row_of(page, "uitval_pct")
    assert "5 / 25" not in page
    assert "verblijf" not in page  # delivered in the other municipality only
    line = exported(client, leveringsvorm="ambulant")[MEASURES["uitval_pct"].name]
    assert (line["Teller"], line["Noemer"]) == ("3", "12")
    assert "Deze keuze bestaat niet" in overview(client, leveringsvorm="verblijf")


def test_a_course_starts_at_the_chosen_month(run):
    asked = {"periode": PERIOD, "maat": "uitval_pct", "vanaf": "2026-08"}
    page = manager().get(reverse("kpi:indicator", args=["uitval"]), asked).content.decode()
    course = page.split("Dezelfde cijfers als tabel", 1)[1].split("</table>")[0]
    assert "augustus 2026" in course
    assert "juli 2026" not in course


def test_a_choice_that_does_not_exist_is_refused_in_words(run):
    page = overview(manager(), product="jeugdwet:99:99X99")
    assert "Deze keuze bestaat niet" in page
    assert "44 / 160" in row_of(page, "uitval_pct")


def test_a_validity_decides_which_products_a_profile_stands_for(run):
    Product.objects.filter(code="45A05").update(valid_to=dt.date(2025, 12, 31))
    assert "4 / 10" in row_of(overview(manager(), profiel="Hoog"), "uitval_pct")


def test_another_set_of_codes_is_another_page_in_the_cache():
    one, other = (Among("kwadrant", "routine", "provider", frozenset(codes)) for codes in (["1"], ["1", "2"]))
    period = period_of(PERIOD)
    assert Selection(period, among=(one,)).key != Selection(period, among=(other,)).key


def test_a_sum_knows_its_spread_only_when_every_part_does(run):
    high = Among("profiel", "Hoog", "product", frozenset({HIGH_ONE, HIGH_TWO}))
    asked = (Scope(region=True), run, Selection(period_of(PERIOD), among=(high,)), ["uitval_pct"], [PERIOD])
    [known] = selectors.figures(*asked)
    assert (known.numerator, known.denominator, known.value, known.squares) == (10, 40, 0.25, 10)
    Value.objects.filter(run=run, product=HIGH_TWO, measure="uitval_pct").update(squares=None)
    assert selectors.figures(*asked)[0].squares is None


def test_only_known_measures_are_added_up():
    assert ADDITIVE["product"] <= ADDITIVE["provider"] <= MEASURES.keys()
