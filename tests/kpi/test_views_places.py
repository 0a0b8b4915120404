"""The pages of a municipality, a care domain and the referrers: what they say, to whom, and with how many queries."""

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import PERMISSIONS, Permission, Role
from kpi import referrer_page
from kpi.calc.periods import parse
from kpi.models import Norm, Run, Value
from kpi.places import place_url
from kpi.selection import Selection
from providers.models import Product
from tests.support.accounts import client_of, make_user
from tests.support.figures import (
    BOTH,
    HERE,
    ONLY_THERE,
    THERE,
    publish_figures,
    publish_findings,
    publish_inflow,
    publish_position,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    run = publish_figures()
    publish_inflow(run)
    return run


def page_of(role: Role, name: str, **query: str) -> str:
    args = [query.pop("agb")] if "agb" in query else []
    user = User.objects.filter(role=role).first() or make_user(role)
    response = client_of(user).get(reverse(f"kpi:{name}", args=args), {"periode": "2026-Q3", **query})
    assert response.status_code == 200
    return response.content.decode()


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def row(page: str, head: str, table: str) -> list[str]:
    """The cells of a row of the table under the heading ``table``."""
    line = page.split(f'id="{table}"', 1)[1].split("</table>", 1)[0].split(head, 1)[1].split("</tr>", 1)[0]
    return [text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", line, re.S)]


def test_a_municipality_opens_its_own_dashboard_and_the_region_chooses_one(run):
    mine = text(page_of(Role.MUNICIPALITY, "municipality"))
    assert "Gemeente: Hierdorp" in mine
    assert "11 / 40" in mine
    chosen = text(page_of(Role.CONTRACT_MANAGER, "municipality", gemeente=THERE))
    assert "Gemeente: Daarstad" in chosen
    assert "33 / 120" in chosen
    choice = page_of(Role.CONTRACT_MANAGER, "municipality")
    assert f"{reverse('kpi:municipality')}?periode=2026-Q3&amp;gemeente={HERE}" in choice


def test_the_inflow_of_a_municipality_by_referrer_with_the_share_unknown(run):
    page = page_of(Role.MUNICIPALITY, "municipality")
    assert "Er kwamen 48 cliënten in zorg. De meesten via wijk- en gebiedsteam (gemeente): 62,5%." in text(page)
    assert "Van 6 is de verwijzer onbekend (12,5%)." in text(page)
    assert row(page, "Huisarts", "verwijzers")[:2] == ["12", "25,0%"]


def test_who_already_had_care_through_another_referrer_is_one_client_of_the_inflow(run):
    Value.objects.filter(run=run, measure="instroom", scope="municipality", municipality=HERE).update(numerator=45)
    page = text(page_of(Role.MUNICIPALITY, "municipality"))
    assert "Er kwamen 45 cliënten in zorg. Per verwijzer geteld zijn het er 48: wie al zorg had via een ander" in page
    assert "Van 6 is de verwijzer onbekend (12,5%)." in page


def test_the_rest_of_the_region_is_shown_in_protected_parts_only(run):
    page = page_of(Role.MUNICIPALITY, "referrers")
    region = {name: row(page, head, "verwijzers")[2] for name, head in NAMES.items()}
    assert region["gi"] == "afgeschermd"  # 3 of 123
    assert referrer_page.WHY_HIDDEN in text(page)
    hidden = [name for name, share in region.items() if share == "afgeschermd"]
    assert len(hidden) > 1  # or what is left of the whole would tell the one
    assert region["overig"] == "0,0%"
    shown = {name: share for name, share in region.items() if share != "afgeschermd"}
    assert shown.items() <= {"gemeente": "48,0%", "huisarts": "32,0%", "onbekend": "16,0%", "overig": "0,0%"}.items()


def test_a_part_too_small_to_show_in_one_month_is_shown_in_no_month_of_the_quarter(run):
    """Or the quarter less the other months would tell it."""

    def of_doctors(period: str) -> str:
        return row(page_of(Role.MUNICIPALITY, "referrers", periode=period), NAMES["huisarts"], "verwijzers")[2]

    assert (of_doctors("2026-09"), of_doctors("2026-Q3")) == ("32,0%", "32,0%")
    Value.objects.create(
        run=run, measure="instroom", scope="referrer", referrer="huisarts", period="2026-07", numerator=4, value=4
    )
    cache.clear()
    assert (of_doctors("2026-09"), of_doctors("2026-Q3")) == ("afgeschermd", "32,0%")


def test_who_sees_the_region_sees_the_rest_of_it_exactly(run):
    page = page_of(Role.CONTRACT_MANAGER, "referrers", gemeente=HERE)
    assert [row(page, head, "verwijzers")[2] for head in NAMES.values()] == ["48,8%", "32,5%", "2,4%", "0,0%", "16,3%"]
    assert referrer_page.WHY_HIDDEN not in text(page)


NAMES = {"gemeente": "Wijk- en", "huisarts": "Huisarts", "gi": "Gecertificeerde", "overig": "Overig", "onbekend": "Onb"}


def test_the_region_sees_who_refers_where(run):
    page = page_of(Role.CONTRACT_MANAGER, "referrers")
    assert row(page, "Daarstad", "per-gemeente") == ["123", "60", "40", "3", "0", "20", "16,3%"]
    assert row(page, "Beide Zorg", "per-aanbieder")[:3] == ["9", "7", "2"]
    assert row(page, "Onbekend", "verwijzers")[:2] == ["26", "15,2%"]


def test_one_municipality_with_one_provider_is_not_counted_and_the_page_says_so(run):
    page = text(page_of(Role.CONTRACT_MANAGER, "referrers", gemeente=HERE, aanbieder=BOTH))
    assert "Haal een van de twee keuzes weg" in page


def test_all_domains_stand_side_by_side_and_each_has_a_page(run):
    Norm.objects.create(
        measure="uitval_pct",
        direction="lager",
        green="0.10",
        red="0.15",
        valid_from="2020-01-01",
        decided_by="beleid",
    )
    page = page_of(Role.CONTRACT_MANAGER, "domain")
    assert f"{reverse('kpi:domain')}?periode=2026-Q3&amp;zorgdomein=jeugd-ggz" in page
    uitval = text(page.split("9. Uitval", 1)[1].split("</tr>", 1)[0])
    assert uitval.count("Buiten norm 27,5% 44 / 160") == 2  # the one domain there is, and all together
    domain = text(page_of(Role.CONTRACT_MANAGER, "domain", zorgdomein="jeugd-ggz"))
    assert re.search(r"Aanbieders .* Beide Zorg 90", domain)
    assert re.search(r"Gemeenten .* Daarstad 120", domain)


def test_delivery_forms_come_from_the_catalogue_and_without_one_there_is_no_source(run):
    for code, form in (("45A04", "ZIN"), ("45A05", "")):
        Product.objects.create(
            wet="jeugdwet",
            category="45",
            code=code,
            name=code,
            domain="jeugd-ggz",
            kind="herstel",
            delivery_form=form,
            valid_from=dt.date(2020, 1, 1),
        )
        Value.objects.create(
            run=run,
            measure="toegekend",
            period="2026-Q3",
            scope="product",
            product=f"jeugdwet:45:{code}",
            numerator=750_00 if form else 250_00,
            value=750_00 if form else 250_00,
        )
    page = page_of(Role.CONTRACT_MANAGER, "domain", zorgdomein="jeugd-ggz")
    assert row(page, "ZIN", "leveringsvormen") == ["€ 750", "75,0%", "1"]
    assert row(page, "Geen bron", "leveringsvormen") == ["€ 250", "25,0%", "1"]


def test_a_light_that_changed_since_last_month_is_named_with_both_lights(run):
    Norm.objects.create(
        measure="uitval_pct",
        direction="lager",
        green="0.10",
        red="0.15",
        valid_from="2020-01-01",
        decided_by="beleid",
    )
    Value.objects.filter(run=run, measure="uitval_pct", period="2026-08", provider=ONLY_THERE).update(
        numerator=1, denominator=70, value=1 / 70
    )
    cache.clear()
    page = page_of(Role.CONTRACT_MANAGER, "overview")
    changed = page.split('id="veranderd"', 1)[1].split('id="werklijst"', 1)[0]
    assert "September 2026 naast augustus 2026" in text(changed)
    assert "Alleen Daarstad Zorg aanbieder Zorgperioden die met uitval eindigden Op norm Buiten norm 1,4% → 28,6%" in (
        text(changed)
    )
    assert "in beide maanden een kleur: 1 achteruit, 0 vooruit." in text(changed)
    assert "Beide Zorg" not in changed
    ranged = page_of(Role.CONTRACT_MANAGER, "overview", vanaf="2026-07", tot="2026-09", norm="nu")
    links = re.findall(r'href="([^"]+)"', ranged.split('id="veranderd"', 1)[1].split("</table>", 1)[0])
    asked = "?periode=2026-09&amp;norm=nu"
    assert links == [
        reverse("kpi:provider", args=[ONLY_THERE]) + asked,
        reverse("kpi:indicator", args=["uitval"])
        + f"?periode=2026-09&amp;aanbieder={ONLY_THERE}&amp;norm=nu&amp;maat=uitval_pct",
    ]
    assert "Daarstad" not in text(page_of(Role.MUNICIPALITY, "overview").split('id="veranderd"', 1)[1])


def test_a_product_of_a_provider_leads_to_the_same_page_with_that_product(run):
    for scope, place in (("provider+product", {"provider": BOTH}), ("product", {})):
        for period in ("2026", "2026-Q3"):
            Value.objects.create(
                run=run, measure="toegekend", scope=scope, product="jeugdwet:54:54001", period=period,
                numerator=500_00, value=500_00, **place,
            )  # fmt: skip
    cache.clear()
    page = page_of(Role.CONTRACT_MANAGER, "provider", agb=BOTH, norm="nu")
    table = page.split('<h2 id="producten"', 1)[1].split("</table>", 1)[0]
    (link,) = re.findall(r'href="([^"]+)"', table)
    address, query = link.replace("&amp;", "&").split("?")
    asked = dict(part.split("=") for part in query.split("&"))
    assert address == reverse("kpi:provider", args=[BOTH])
    assert asked == {"periode": "2026-Q3", "product": "jeugdwet%3A54%3A54001", "norm": "nu"}
    client = client_of(User.objects.get(role=Role.CONTRACT_MANAGER))
    narrowed = client.get(link.replace("&amp;", "&")).content.decode()
    assert row(narrowed, "54001", "producten")[-2:] == ["€ 500", "100,0%"]
    assert 'href="' not in narrowed.split('<h2 id="producten"', 1)[1].split("</table>", 1)[0]


@pytest.mark.parametrize(
    ("chosen", "name"), [({"municipality": HERE}, "municipality"), ({}, "providers")], ids=["municipality", "region"]
)
def test_a_product_leads_on_to_what_is_computed_with_it(chosen, name):
    place = Selection(parse("quarter", "2026-Q3"), product="jeugdwet:54:54001", **chosen)
    address, query = place_url(place, "product").split("?")
    assert address == reverse(f"kpi:{name}")
    assert "product=jeugdwet%3A54%3A54001" in query
    assert place.stored


def test_a_provider_page_says_what_to_talk_about_and_where_the_provider_stands(run):
    publish_findings(run)
    publish_position(
        run,
        BOTH,
        spend=900_000_00,
        share=500_000,
        cumulative_share=500_000,
        supply_risk=250_000,
        cost_effect_high=True,
        supply_risk_high=False,
        proposed="hefboom",
        earlier=["hefboom"] * 4,
    )
    page = text(page_of(Role.CONTRACT_MANAGER, "provider", agb=BOTH))
    assert "Stop zonder start : 25 van de 90 gecontroleerde. Lever de start (305) alsnog aan" in page
    assert "Hele regio € 900.000 50,0% 0,25 Hefboom 4 van 4 kwartalen" in page
    assert "Beide Zorg: 24 van de 90 keer te laat, 73,3% binnen de norm." in page
    mine = text(page_of(Role.MUNICIPALITY, "provider", agb=BOTH))
    assert "Stop zonder start : 8 van de 40 gecontroleerde" in mine
    assert "900.000" not in mine


@pytest.mark.parametrize("asked", [{}, {"vanaf": "2026-08", "tot": "2026-09"}])
@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.ANALYST, Role.MUNICIPALITY, Role.POLICY])
def test_what_is_to_repair_leads_to_what_the_reader_may_see_of_it(run, role, asked):
    publish_findings(run)
    page = page_of(role, "provider", agb=BOTH, **asked)
    address = unescape(re.search(r'href="([^"]+)">Stop zonder start</a>', page)[1])
    path, _, question = address.partition("?")
    parameters, _, place = question.partition("#")
    assert dict(parse_qsl(parameters)) == {"periode": "2026-Q3", "aanbieder": BOTH} | asked | (
        {"gemeente": HERE} if role == Role.MUNICIPALITY else {}
    )
    response = client_of(User.objects.get(role=role)).get(address.partition("#")[0])
    assert response.status_code == 200
    if Permission.SEE_CASES in PERMISSIONS[role]:
        assert path == reverse("kpi:finding_list", args=["stop_zonder_start"])
    else:
        assert path == reverse("kpi:findings")
        assert f'id="{place}">Stop zonder start' in response.content.decode()


def test_the_monitor_sets_both_clocks_side_by_side(run):
    page = page_of(Role.CONTRACT_MANAGER, "monitor")
    assert "Aanbieders: 44 van de 160 keer te laat, 72,5% binnen de norm." in text(page)
    assert "Gemeenten: geen termijnen in deze periode." in text(page)
    assert row(page, "september 2026", "op-tijd-titel") == ["72,5%"]


RANGE = {"vanaf": "2026-08", "tot": "2026-09"}
PLACES = [
    ("municipality", {"gemeente": HERE}),
    ("municipality", {}),
    ("domain", {}),
    ("domain", {"zorgdomein": "jeugd-ggz"}),
    ("referrers", {}),
    ("provider", {"agb": BOTH}),
    ("monitor", {}),
    ("overview", {}),
    ("overview", RANGE),
    ("providers", RANGE),
    ("municipality", {"gemeente": HERE, **RANGE}),
    ("domain", RANGE),
    ("referrers", RANGE),
    ("provider", {"agb": BOTH, **RANGE}),
]


@pytest.mark.parametrize(("name", "query"), PLACES)
def test_the_number_of_queries_does_not_grow_with_the_rows(run, name, query, django_assert_max_num_queries):
    user = make_user(Role.CONTRACT_MANAGER)
    address = reverse(f"kpi:{name}", args=[query["agb"]] if "agb" in query else [])
    asked = {key: value for key, value in query.items() if key != "agb"}
    client = client_of(user)
    few = queries(client, address, asked)
    more_rows(run)
    cache.clear()
    assert queries(client, address, asked) == few
    with django_assert_max_num_queries(8):  # as stored: session, user, run, norms and the names of the header
        client.get(address, asked)


def queries(client, address: str, query: dict[str, str]) -> int:
    client.get(address, query)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, query).status_code == 200
    return len(captured)


def more_rows(run: Run) -> None:
    """Twenty more providers, municipalities and domains with the figures that the others have."""
    for scope, dimension in (
        ("provider", "provider"),
        ("domain+provider", "provider"),
        ("municipality+provider", "provider"),
        ("municipality", "municipality"),
        ("domain", "domain"),
    ):
        like = Value.objects.filter(run=run, scope=scope).exclude(**{dimension: ""})
        first = like.values_list(dimension, flat=True).first()
        rows = list(like.filter(**{dimension: first}))
        for number in range(20):
            for value in rows:
                setattr(value, dimension, {"provider": f"9999{number:04d}"}.get(dimension, f"99{number:02d}"))
            Value.objects.bulk_create(rows)


def test_the_spread_page_is_for_durations_and_costs_only(run):
    client = client_of(make_user(Role.POLICY))
    assert client.get(reverse("kpi:spread", args=["uitval"])).status_code == 404
    assert "minder dan 10 gevallen" in text(client.get(reverse("kpi:spread", args=["duur"])).content.decode())
    link = reverse("kpi:spread", args=["duur"])
    assert link in client.get(reverse("kpi:indicator", args=["duur"])).content.decode()
    assert "spreiding/" not in client.get(reverse("kpi:indicator", args=["uitval"])).content.decode()


def test_only_who_may_see_cases_is_led_from_the_spread_to_its_cases(run):
    address, explanation = reverse("kpi:spread", args=["duur"]), reverse("kpi:explain", args=["duur"])
    for role, led in ((Role.ANALYST, True), (Role.POLICY, False)):
        assert (explanation in client_of(make_user(role)).get(address).content.decode()) is led
