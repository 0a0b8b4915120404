"""The data-quality page: who delivers what, and who sees whose figures."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.roles import Permission, Role
from accounts.scope import NOTHING, Scope
from messaging import quality
from messaging.quality import Unanswered, Window
from messaging.quality_tables import last_months, quality_page
from providers.models import Municipality
from tests.support.accounts import client_of, make_user
from tests.support.traffic import make_message

pytestmark = pytest.mark.django_db
REGION = Scope(region=True)
TODAY = date(2026, 11, 25)
YEAR = Window(date(2025, 12, 1), date(2026, 11, 30))
THREE = [("0059", "Achtkarspelen"), ("0080", "Leeuwarden"), ("0088", "Schiermonnikoog")]


def page(scope=REGION, municipalities=THREE, **choices):
    return quality_page(scope, choices, municipalities, TODAY)


def texts(row):
    return [cell.text for cell in row.cells]


def test_coverage_counts_messages_per_type_municipality_and_month():
    make_message("301", "0080", "2026-10-01")
    make_message("301", "0080", "2026-10-31")
    make_message("301", "0059", "2026-11-01")
    make_message("305", "0080", "2026-10-15")
    assert quality.coverage(REGION, YEAR) == {
        ("301", "0080", date(2026, 10, 1)): 2,
        ("301", "0059", date(2026, 11, 1)): 1,
        ("305", "0080", date(2026, 10, 1)): 1,
    }


@pytest.mark.parametrize(
    ("day", "counted"), [("2025-11-30", 0), ("2025-12-01", 1), ("2026-11-30", 1), ("2026-12-01", 0)]
)
def test_the_first_and_the_last_day_of_the_window_count(day, counted):
    make_message("301", "0080", day)
    assert sum(quality.coverage(REGION, YEAR).values()) == counted


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (REGION, {"0059", "0080"}),
        (Scope(municipality="0080"), {"0080"}),
        (Scope(municipality="0088"), set()),
        (NOTHING, set()),
    ],
)
def test_only_messages_in_scope_are_counted(scope, seen):
    for gemeente in ("0059", "0080"):
        make_message("301", gemeente, "2026-10-01")
    assert {gemeente for _, gemeente, _ in quality.coverage(scope, YEAR)} == seen
    assert sum(row.sent for row in quality.unanswered(scope, YEAR, today=TODAY)) == len(seen)


def test_a_filter_never_widens_the_scope():
    make_message("301", "0059", "2026-10-01")
    window = Window(YEAR.first, YEAR.last, gemeente="0059")
    assert quality.coverage(Scope(municipality="0080"), window) == {}


def test_a_month_says_how_many_of_the_municipalities_delivered():
    make_message("301", "0059", "2026-10-03")
    make_message("301", "0080", "2026-10-04")
    shown = page()
    assert shown["headline"] == "In oktober 2026 leverden 2 van 3 gemeenten berichten aan. Niet: Schiermonnikoog."
    assert [cell.text for cell in shown["totals"]][-2:] == ["2 van 3", "0 van 3"]
    rows = {row.name: row for row in shown["per_soort"]}
    assert texts(rows["301 Toewijzing"])[-2:] == ["2 van 3", "0 van 3"]
    by_name = {row.name: row for row in shown["per_municipality"]}
    assert texts(by_name["Schiermonnikoog"]) == ["geen"] * 12
    assert (texts(by_name["Leeuwarden"])[-2:], by_name["Leeuwarden"].total.text) == (["1", "geen"], "1 van 12")


def test_a_type_that_must_come_but_never_did_is_shown():
    names = [row.name for row in page()["per_soort"]]
    assert "315 Verzoek om toewijzing" in names
    assert "323 Declaratie" in names
    assert "303 Declaratie" not in names


def test_a_message_of_an_unknown_municipality_does_not_count_as_one_of_the_region():
    make_message("301", "9999", "2026-10-03")
    assert page()["totals"][-2].text == "0 van 3"


def test_without_municipalities_the_page_does_not_pretend_to_know_who_is_missing():
    assert "nog geen gemeenten geladen" in page(municipalities=[])["headline"]


def test_a_running_month_is_not_judged_and_a_past_one_is():
    make_message("301", "0080", "2026-09-03")
    assert "In oktober 2026 leverden 0 van 3" in page()["headline"]
    assert "In september 2026 leverden 1 van 3" in page(tot="2026-09")["headline"]


def test_months_cross_the_year():
    assert last_months(date(2026, 2, 1), 3) == [
        ("2026-02", "februari 2026"),
        ("2026-01", "januari 2026"),
        ("2025-12", "december 2025"),
    ]


def test_a_message_is_answered_by_another_type_with_the_same_link():
    make_message("301", "0080", "2026-10-01", link=1)
    make_message("302", "0080", "2026-10-02", link=1)
    make_message("301", "0080", "2026-10-27", link=2)
    make_message("301", "0080", "2026-10-28", link=3)
    make_message("301", "0080", "2026-10-28", link=3)
    assert quality.unanswered(REGION, YEAR, today=TODAY) == [Unanswered("301", sent=4, unanswered=3, overdue=1)]


def test_a_return_asks_for_no_answer():
    make_message("302", "0080", "2026-10-02")
    assert quality.unanswered(REGION, YEAR, today=TODAY) == []


@pytest.mark.parametrize("role", Role)
def test_who_sees_the_page(role):
    user = make_user(role)
    response = client_of(user).get(reverse("messaging:quality"))
    assert response.status_code == (200 if user.may(Permission.SEE_DASHBOARD) else 403)


def test_a_municipality_user_sees_the_own_figures_only_whatever_is_asked():
    Municipality.objects.bulk_create(Municipality(code=code, name=name) for code, name in THREE)
    for _ in range(7):
        make_message("301", "0059", "2026-10-03")
    client = client_of(make_user(Role.MUNICIPALITY, "0080"))
    for query in ({}, {"gemeente": "0059"}, {"gemeente": "", "soort": "301", "tot": "2026-10"}):
        response = client.get(reverse("messaging:quality"), query, follow=True)
        body = response.content.decode()
        assert "Leeuwarden" in body
        assert "Achtkarspelen" not in body
        assert "van 3" not in body
        assert ">7<" not in body


@pytest.mark.parametrize("query", ["tot=2026-13", "tot=x", "soort=999", "gemeente=%00", "wet=';--"])
def test_a_mistyped_address_shows_the_page_without_that_choice(query):
    response = client_of(make_user(Role.ANALYST)).get(f"{reverse('messaging:quality')}?{query}")
    assert response.status_code == 200


def test_the_page_asks_the_database_a_few_questions_whatever_its_size(django_assert_max_num_queries):
    client = client_of(make_user(Role.ANALYST))
    for day in range(1, 29):
        make_message("301", f"{day:04d}", f"2026-10-{day:02d}")
    with django_assert_max_num_queries(7):  # session, user, run, last run, coverage, unanswered, PGB
        client.get(reverse("messaging:quality"))
