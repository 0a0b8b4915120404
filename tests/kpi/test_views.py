"""The pages with figures: who sees what, and what they say."""

import html
import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import PERMISSIONS, Permission, Role
from kpi import provider_list
from kpi.models import Norm, Run, Value
from tests.support.accounts import client_of, make_user
from tests.support.figures import AS_OF, BOTH, HERE, ONLY_THERE, THERE, publish_figures

pytestmark = pytest.mark.django_db
PAGES = {
    "overview": [],
    "providers": [],
    "provider": [BOTH],
    "indicator": ["uitval"],
    "municipality": [],
    "domain": [],
    "referrers": [],
    "spread": ["duur"],
    "monitor": [],
    "glossary": [],
}
WITH_DASHBOARD = [role for role in Role if Permission.SEE_DASHBOARD in PERMISSIONS[role]]


def page_of(role: Role, name: str, *args: str, **query: str):
    return client_of(make_user(role)).get(reverse(f"kpi:{name}", args=args or PAGES[name]), query, follow=True)


def text(response) -> str:
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PAGES)
def test_only_roles_with_the_right_reach_a_page(name, role):
    publish_figures()
    response = page_of(role, name)
    assert response.status_code == (200 if role in WITH_DASHBOARD else 403)


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_sent_to_the_login_page(name):
    response = client_of(None).get(reverse(f"kpi:{name}", args=PAGES[name]))
    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


@pytest.mark.parametrize("name", [name for name in PAGES if name != "glossary"])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"gemeente": THERE},
        {"gemeente": ""},
        {"gemeente": HERE, "zorgdomein": "jeugd-ggz"},
        {"aanbieder": ONLY_THERE},
        {"zoek": "Daarstad", "sorteer": "naam"},
        {"periode": "2026-09", "municipality": THERE, "scope": "region"},
    ],
)
def test_a_municipality_sees_nothing_of_another_whatever_it_asks(name, query):
    publish_figures()
    page_of(Role.ANALYST, name, **query)  # fills the stored HTML
    page = text(page_of(Role.MUNICIPALITY, name, **query))
    for foreign in ("Alleen Daarstad Zorg", "13 / 50", "20 / 70", "33 / 120", "44 / 160", "24 / 90"):
        assert foreign not in page


def test_a_provider_of_another_municipality_does_not_exist():
    publish_figures()
    assert page_of(Role.MUNICIPALITY, "provider", ONLY_THERE).status_code == 404
    assert page_of(Role.ANALYST, "provider", ONLY_THERE).status_code == 200


@pytest.mark.parametrize("name", ["overview", "providers", "provider", "indicator"])
def test_a_municipality_sees_its_own_figures(name):
    publish_figures()
    assert "11 / 40" in text(page_of(Role.MUNICIPALITY, name, periode="2026-Q3"))


def test_a_municipality_sees_the_region_beside_its_own_share_but_only_of_rounded_counts():
    publish_figures()
    page = text(page_of(Role.MUNICIPALITY, "overview", periode="2026-Q3"))
    assert "regio 28,1%" in page  # 45 / 160: 44 is rounded to the nearest 5
    assert "27,5% 44 / 160" not in page
    assert "regio 28" not in text(page_of(Role.ANALYST, "overview", periode="2026-Q3"))


def test_no_region_beside_a_provider():
    publish_figures()
    client = client_of(make_user(Role.MUNICIPALITY))
    for address in (reverse("kpi:overview") + f"?aanbieder={BOTH}&", reverse("kpi:provider", args=[BOTH]) + "?"):
        assert "regio 2" not in text(client.get(f"{address}periode=2026-Q3"))


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ({}, "44 / 160"),
        ({"gemeente": THERE}, "33 / 120"),
        ({"gemeente": THERE, "aanbieder": BOTH}, "13 / 50"),
        ({"zorgdomein": "jeugd-ggz", "aanbieder": ONLY_THERE}, "20 / 70"),
    ],
)
def test_filters_narrow_the_overview(query, parts):
    publish_figures()
    assert parts in text(page_of(Role.CONTRACT_MANAGER, "overview", periode="2026-Q3", **query))


def test_without_a_norm_there_is_no_colour():
    publish_figures()
    page = text(page_of(Role.CONTRACT_MANAGER, "indicator", periode="2026-Q3"))
    assert "Geen norm vastgesteld" in page
    assert "27,5% 44 / 160" in page


def test_what_is_not_measured_in_a_care_domain_has_no_light():
    publish_figures()
    page = text(page_of(Role.CONTRACT_MANAGER, "overview", periode="2026-Q3", zorgdomein="jeugd-ggz"))
    assert "1 hier niet gemeten" in page
    assert "Wachttijd tot de start Niet gemeten" in page


def test_a_period_that_is_not_over_is_named_until_when_it_goes():
    publish_figures()
    assert "loopt nog" not in text(page_of(Role.CONTRACT_MANAGER, "overview", periode="2026-Q3"))
    Run.objects.update(as_of="2026-09-15")
    cache.clear()
    page = text(page_of(Role.POLICY, "overview", periode="2026-Q3"))
    assert "3e kwartaal 2026 loopt nog: dit zijn de cijfers tot en met 15 september 2026." in page


def test_a_norm_colours_from_its_first_day_and_a_new_one_does_not_change_old_periods():
    publish_figures()
    for valid_from, green, red in (("2026-01-01", "0.10", "0.15"), ("2026-08-01", "0.50", "0.60")):
        Norm.objects.create(
            measure="uitval_pct", direction="lager", green=green, red=red, valid_from=valid_from, decided_by="beleid"
        )
    user = client_of(make_user(Role.CONTRACT_MANAGER))
    words = {}
    for period in ("2026-07", "2026-09"):
        response = user.get(reverse("kpi:overview"), {"periode": period})
        row = response.content.decode().split("9. Uitval", 1)[1].split("</tr>", 1)[0]
        words[period] = re.search(r'class="word">([^<]+)', row)[1]
    assert words == {"2026-07": "Buiten norm", "2026-09": "Op norm"}


def test_a_choice_that_does_not_exist_is_named_and_counts_as_none():
    publish_figures()
    response = page_of(Role.CONTRACT_MANAGER, "overview", gemeente="9999")
    assert "Deze keuze bestaat niet" in response.content.decode()
    assert "44 / 160" in text(response)


def test_filters_go_along_to_the_next_page():
    publish_figures()
    page = page_of(Role.CONTRACT_MANAGER, "overview", periode="2026-Q2", gemeente=THERE).content.decode()
    assert f"/aanbieders/?periode=2026-Q2&amp;gemeente={THERE}" in page
    assert f"/indicatoren/uitval/?periode=2026-Q2&amp;gemeente={THERE}&amp;maat=uitval_pct" in page


def test_the_list_of_providers_is_sorted_and_searched():
    publish_figures()
    user = client_of(make_user(Role.CONTRACT_MANAGER))
    page = text(user.get(reverse("kpi:providers"), {"sorteer": "clienten"}))
    assert page.index("Beide Zorg") < page.index("Alleen Daarstad Zorg")
    page = text(user.get(reverse("kpi:providers"), {"sorteer": "naam"}))
    assert page.index("Alleen Daarstad Zorg") < page.index("Beide Zorg")
    assert "Beide Zorg" not in text(user.get(reverse("kpi:providers"), {"zoek": "daarstad"}))


@pytest.mark.parametrize("highest", [BOTH, ONLY_THERE])
def test_the_list_of_providers_is_sorted_by_the_value_of_an_indicator(highest):
    run = publish_figures()
    Value.objects.filter(run=run, scope="provider", provider=highest, measure="uitval_pct").update(value=0.99)
    page = client_of(make_user(Role.CONTRACT_MANAGER)).get(reverse("kpi:providers"), {"sorteer": "uitval"})
    body = page.content.decode()
    assert '<option value="uitval" selected>' in body
    assert re.findall(r"/aanbieders/(\d{8})/", body)[0] == highest


def test_a_provider_with_too_few_cases_is_not_on_top_by_value():
    run = publish_figures()
    few = Value.objects.filter(run=run, scope="provider", provider=ONLY_THERE, measure="uitval_pct")
    few.update(value=1, numerator=1, denominator=1)
    Norm.objects.create(
        measure="uitval_pct", direction="lager", green="0.1", red="0.2", valid_from="2025-01-01", decided_by="beleid"
    )
    page = client_of(make_user(Role.CONTRACT_MANAGER)).get(reverse("kpi:providers"), {"sorteer": "uitval"})
    assert re.findall(r"/aanbieders/(\d{8})/", page.content.decode())[0] == BOTH


def test_the_head_of_a_column_of_providers_leads_to_its_indicator():
    publish_figures()
    user = client_of(make_user(Role.CONTRACT_MANAGER))
    page = user.get(reverse("kpi:providers"), {"periode": "2026-Q2", "gemeente": THERE}).content.decode()
    head = page[page.index("<thead>") : page.index("</thead>")]
    links = re.findall('<a href="([^"]+)"', head)
    assert len(links) == len(provider_list.columns_of()) == 15
    assert "Niet in de lijst: 4. Verwijzers jeugd." in page
    assert {link.partition("?")[2] for link in links} == {f"periode=2026-Q2&amp;gemeente={THERE}"}
    assert all(user.get(html.unescape(link)).status_code == 200 for link in links)


def test_the_number_of_queries_does_not_grow_with_the_providers(django_assert_max_num_queries):
    publish_figures()
    user = client_of(make_user(Role.CONTRACT_MANAGER))
    user.get(reverse("kpi:providers"))
    with django_assert_max_num_queries(5) as seen:  # session, user, run, norms, names of the header
        user.get(reverse("kpi:providers"))
    assert not any("messaging_prestatie" in query["sql"] for query in seen.captured_queries)


def test_every_page_says_how_fresh_the_figures_are():
    publish_figures()
    assert f"{AS_OF.day} november {AS_OF.year}" in text(page_of(Role.CONTRACT_MANAGER, "overview"))


def test_without_a_run_a_page_says_so():
    assert "Er zijn nog geen cijfers" in text(page_of(Role.CONTRACT_MANAGER, "overview"))


@pytest.mark.parametrize(("name", "args"), [("indicator", ["bestaat-niet"]), ("provider", ["99999999"])])
def test_what_does_not_exist_is_not_found(name, args):
    publish_figures()
    assert page_of(Role.CONTRACT_MANAGER, name, *args).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_the_tour_leads_only_where_a_role_may_go(role):
    publish_figures()
    client = client_of(make_user(role))
    tour = client.get(reverse("kpi:help")).content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    addresses = set(re.findall(r'href="(/[^"]*)"', tour))
    assert addresses
    assert {client.get(address).status_code for address in addresses} == {200}


def test_a_list_without_red_advises_a_whole_year():
    publish_figures()
    quarter = text(page_of(Role.CONTRACT_MANAGER, "providers", periode="2026-Q3", zorgdomein="jeugd-ggz"))
    assert "geen enkele met een licht buiten norm dat geen toeval is. Een heel jaar telt meer gevallen" in quarter


def test_the_words_of_the_portal_are_explained():
    publish_figures()
    page = text(page_of(Role.MUNICIPALITY, "glossary"))
    for word in ("Zorgperiode", "Herleving", "Peildatum", "Trechter", "Leveringsrisico"):
        assert f"{word} " in page.split("De 16 indicatoren", 2)[2]


def test_the_monitor_says_who_is_late():
    publish_figures()
    page = text(page_of(Role.CONTRACT_MANAGER, "monitor", periode="2026-Q3"))
    providers = page.split("Aanbieders die het minst op tijd zijn", 1)[1]
    assert "Alleen Daarstad Zorg 71,4% 20 70" in providers  # 50 of 70 within the norm
    assert providers.index("Alleen Daarstad Zorg") < providers.index("Beide Zorg")
    own = text(page_of(Role.MUNICIPALITY, "monitor", periode="2026-Q3"))
    assert "Beide Zorg 72,5% 11 40" in own
    assert "Daarstad" not in own


@pytest.mark.parametrize("name", ["overview", "providers", "indicator"])
def test_a_norm_relative_to_the_region_colours_without_telling_its_value(name):
    publish_figures()
    Norm.objects.create(
        measure="uitval_pct",
        direction="lager",
        green="-0.2",
        red="-0.15",
        basis="regio",
        valid_from="2026-01-01",
        decided_by="beleid",
    )  # the region's 27.5% makes the red bound 12.5%
    page = page_of(Role.MUNICIPALITY, name, periode="2026-Q3").content.decode()
    row = page.split("11 / 40")[0].rsplit("<tr>", 1)[1] + page.split("11 / 40", 1)[1].split("</tr>", 1)[0]
    assert "Buiten norm" in row
    assert "12,5%" not in page
