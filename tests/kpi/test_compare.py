"""Providers side by side: which ones, which figures, and none that whoever asks may not see."""

import re

import pytest
from django.urls import reverse

from accounts.roles import PERMISSIONS, Permission, Role
from kpi import compare
from tests.kpi.test_exports import rows_of
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, ONLY_THERE, THERE, publish_figures

pytestmark = pytest.mark.django_db
WITH_DASHBOARD = [role for role in Role if Permission.SEE_DASHBOARD in PERMISSIONS[role]]
ADDRESSES = {
    "page": ("kpi:compare", []),
    "csv": ("kpi:export_compare", ["csv"]),
    "xlsx": ("kpi:export_compare", ["xlsx"]),
}


def asked(role: Role, query: dict, what: str = "page"):
    name, args = ADDRESSES[what]
    return client_of(make_user(role)).get(reverse(name, args=args), query, follow=True)


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("what", ADDRESSES)
def test_only_roles_with_the_right_compare(role, what):
    publish_figures()
    assert asked(role, {"aanbieder": BOTH}, what).status_code == (200 if role in WITH_DASHBOARD else 403)


@pytest.mark.parametrize("what", ADDRESSES)
@pytest.mark.parametrize("providers", [[ONLY_THERE], [BOTH, ONLY_THERE], [BOTH, "99999999"], [*"123456", ONLY_THERE]])
def test_a_provider_outside_the_scope_does_not_exist(what, providers):
    publish_figures()
    query = {"aanbieder": providers, "gemeente": THERE}
    client_of(make_user(Role.ANALYST)).get(reverse("kpi:compare"), query)  # fills the stored HTML
    assert asked(Role.MUNICIPALITY, query, what).status_code == 404


def test_the_region_sees_both_beside_the_whole():
    publish_figures()
    response = asked(Role.CONTRACT_MANAGER, {"periode": "2026-Q3", "aanbieder": [ONLY_THERE, BOTH]})
    page = text(response)
    assert response.content.decode().count('<th scope="row">') == 16
    assert page.index("Alleen Daarstad Zorg") < page.index("Beide Zorg") < page.index("Alle aanbieders samen")
    assert re.search(r"28,6% 20 / 70 .*26,7% 24 / 90 .*27,5% 44 / 160", page)


@pytest.mark.parametrize("gemeente", ["", HERE, THERE])
def test_a_municipality_compares_with_its_own_whole_whatever_it_asks(gemeente):
    publish_figures()
    page = text(asked(Role.MUNICIPALITY, {"periode": "2026-Q3", "aanbieder": BOTH, "gemeente": gemeente}))
    assert page.count("11 / 40") == 2
    for foreign in ("13 / 50", "24 / 90", "44 / 160", "33 / 120"):
        assert foreign not in page


def test_filters_narrow_the_comparison_and_keep_the_providers():
    publish_figures()
    query = {"periode": "2026-Q3", "aanbieder": [BOTH, ONLY_THERE], "gemeente": THERE}
    response = asked(Role.CONTRACT_MANAGER, query)
    assert "13 / 50" in text(response)
    page = response.content.decode()
    hidden = [f'type="hidden" name="aanbieder" value="{code}"' for code in (BOTH, ONLY_THERE)]
    assert all(field in page for field in hidden)
    chip = re.search(r'href="([^"]+)" aria-label="Verwijder filter Gemeente', page)[1]
    assert chip.endswith(f"?periode=2026-Q3&amp;aanbieder={BOTH}&amp;aanbieder={ONLY_THERE}")


def test_a_provider_is_taken_away_and_the_others_stay():
    publish_figures()
    page = asked(Role.ANALYST, {"periode": "2026-Q3", "aanbieder": [BOTH, ONLY_THERE]}).content.decode()
    away = re.search(r'href="([^"]+)" aria-label="Haal Beide Zorg weg"', page)[1]
    assert away == f"{reverse('kpi:compare')}?periode=2026-Q3&amp;aanbieder={ONLY_THERE}"


def test_without_a_choice_the_page_says_what_to_do():
    publish_figures()
    response = asked(Role.ANALYST, {})
    assert response.status_code == 200
    assert "Kies in de lijst van aanbieders" in text(response)
    assert "<table" not in response.content.decode()


def test_the_same_provider_twice_counts_once():
    publish_figures()
    page = asked(Role.ANALYST, {"aanbieder": [BOTH, BOTH]}).content.decode()
    assert page.count('aria-label="Haal Beide Zorg weg"') == 1
    assert "twee tot vijf" in page


def test_more_than_five_are_named_and_cut_off():
    assert compare.remark(list("1234567")) == (
        "U koos 7 aanbieders. Naast elkaar passen er 5; hieronder staan de eerste 5."
    )
    assert compare.remark(list("12345")) == ""


def test_the_list_of_providers_is_a_form_that_keeps_its_selection():
    publish_figures()
    query = {"periode": "2026-Q2", "gemeente": THERE}
    page = client_of(make_user(Role.ANALYST)).get(reverse("kpi:providers"), query).content.decode()
    form = page.split(f'<form method="get" action="{reverse("kpi:compare")}">')[1].split("</form>")[0]
    assert f'type="checkbox" name="aanbieder" value="{BOTH}" aria-label="Kies Beide Zorg om te vergelijken"' in form
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', form))
    assert hidden == query


def test_the_comparison_as_a_file():
    publish_figures()
    rows = rows_of(asked(Role.ANALYST, {"periode": "2026-Q3", "aanbieder": [BOTH, ONLY_THERE]}, "csv"))
    uitval = next(dict(zip(rows[0], row, strict=True)) for row in rows if row[0] == "9")
    assert (uitval["Beide Zorg: teller"], uitval["Beide Zorg: noemer"]) == ("24", "90")
    assert uitval["Alleen Daarstad Zorg: waarde"] == "28,57"
    assert [row[3] for row in rows if row[0] in ("7", "9")] == ["2026", "2026-Q3"]  # the amount is measured per year
    assert (uitval["Alle aanbieders samen: noemer"], len(rows)) == ("160", 17)


def test_what_was_compared_once_is_stored(django_assert_max_num_queries):
    publish_figures()
    user, query = client_of(make_user(Role.ANALYST)), {"aanbieder": [BOTH, ONLY_THERE]}
    user.get(reverse("kpi:compare"), query)
    with django_assert_max_num_queries(5):  # session, user, run, norms, names of the header
        user.get(reverse("kpi:compare"), query)
