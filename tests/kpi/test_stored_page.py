"""Stored pages: the same answer to the same question, and never a part of somebody else's page."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from accounts.saved_views import save_view
from kpi import stored_page
from kpi.models import Norm, Run, RunState, Value
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, ONLY_THERE, publish_figures

pytestmark = pytest.mark.django_db
OVERVIEW = "/overzicht/"
PAGES = [OVERVIEW, "/aanbieders/", f"/aanbieders/{BOTH}/", "/indicatoren/uitval/", "/berichtenmonitor/"]


def logged_in(role: Role = Role.CONTRACT_MANAGER, **fields) -> Client:
    """A client that checks form tokens, as a browser's requests are checked."""
    user = make_user(role, username=fields.pop("username", ""))
    User.objects.filter(pk=user.pk).update(**{"is_active": True, **fields})
    client = client_of(user, check_csrf=True)
    client.user = user
    return client


def page(client: Client, address: str = OVERVIEW, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def stored() -> set[str]:
    return set(cache._cache.get_client().keys("*kpi-page:*"))


@pytest.mark.parametrize("address", PAGES)
def test_the_stored_page_is_the_page(address):
    publish_figures()
    client = logged_in()
    first, again = (re.sub(r'value="[A-Za-z0-9]{64}"', "", page(client, address)) for _ in range(2))
    assert first == again
    assert len(stored()) == 1
    assert client.user.username in again


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_is_stored_takes_three_queries(address, django_assert_num_queries):
    publish_figures()
    client = logged_in()
    page(client, address)
    with django_assert_num_queries(3 if address == OVERVIEW else 2) as seen:  # user, run and norms; saved views
        page(client, address)
    assert not any("kpi_value" in query["sql"] or "messaging_" in query["sql"] for query in seen.captured_queries)


def test_who_comes_next_sees_the_own_name_views_and_form_tokens():
    publish_figures()
    first, second = logged_in(username="een"), logged_in(username="twee", first_name="Bo", last_name="<b>Twee</b>")
    save_view(by=first.user, name="Van een alleen", page=OVERVIEW, query="periode=2026-Q2")
    assert "Van een alleen" in page(first)
    shown = page(second)
    assert len(stored()) == 1
    assert "Van een alleen" not in shown
    assert "een ·" not in shown
    assert "Bo &lt;b&gt;Twee&lt;/b&gt; ·" in shown
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)[1]
    order = {"csrfmiddlewaretoken": token, "name": "Mijn blik", "page": OVERVIEW, "query": ""}
    assert second.post(reverse("saved_view_save"), order).status_code == 302
    assert "Mijn blik" in page(second)
    assert "Mijn blik" not in page(first)


def test_no_mark_is_left_open_or_can_be_written_by_a_reader():
    publish_figures()
    client = logged_in()
    for name in ("csrf_token", "account_name", "saved_views", "alarm"):
        assert str(stored_page.mark(name)) not in page(client) + page(client)
    searched = page(client, "/aanbieders/", zoek="csrf_token")
    assert "csrf_token" in searched


def test_roles_and_municipalities_do_not_share_pages():
    publish_figures()
    region, own = logged_in(), logged_in(Role.MUNICIPALITY)
    assert "44 / 160" in page(region, periode="2026-Q3")
    shown = page(own, periode="2026-Q3")
    assert "11 / 40" in shown
    assert "44 / 160" not in shown
    assert own.user.municipality == HERE
    assert "11 / 40" not in page(logged_in(Role.ANALYST), periode="2026-Q3")


def test_a_new_norm_and_a_new_run_are_seen_at_once():
    run = publish_figures()
    client = logged_in()
    assert "Buiten norm" not in _lights(page(client, periode="2026-Q3"))
    Norm.objects.create(
        measure="uitval_pct", direction="lager", green="0.1", red="0.1", valid_from="2026-01-01", decided_by="beleid"
    )
    assert "Buiten norm" in _lights(page(client, periode="2026-Q3"))
    Value.objects.filter(run=run, measure="uitval_pct", period="2026-Q3").delete()
    Run.objects.filter(pk=run.pk).update(version=run.version + 1)
    assert "Buiten norm" not in _lights(page(client, periode="2026-Q3"))


def test_a_waiting_message_is_told_once_and_not_stored():
    publish_figures()
    client = logged_in()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page(client))[1]
    order = {"csrfmiddlewaretoken": token, "name": "Blik", "page": OVERVIEW, "query": ""}
    client.post(reverse("saved_view_save"), order)
    assert "is bewaard" in page(client)
    assert "is bewaard" not in page(client)
    assert "is bewaard" not in page(logged_in(username="ander"))


def test_an_alarm_is_told_on_a_stored_page_to_who_may_know():
    publish_figures()
    region, own = logged_in(), logged_in(Role.MUNICIPALITY)
    for client in (region, own):
        page(client)
    Run.objects.create(as_of="2026-11-25", state=RunState.FAILED, code_version="test")
    cache.delete(stored_page.ALARM)  # a minute later
    assert 'role="alert"' in page(region)
    assert 'role="alert"' not in page(own)


@pytest.mark.parametrize("address", [f"{OVERVIEW}?peildatum=2026-11-25", "/aanbieders/99999999/"])
def test_what_may_change_or_does_not_exist_is_not_stored(address):
    publish_figures()
    logged_in().get(address)
    assert stored() == set()


def _lights(html: str) -> str:
    return re.sub(r'(?s)<ul class="legend".*?</ul>', "", html)


def test_a_new_build_serves_nothing_that_an_older_one_stored(monkeypatch):
    publish_figures()
    client = logged_in()
    page(client)
    before = stored()
    monkeypatch.setattr(stored_page, "build", lambda: "the next")
    page(client)
    assert len(stored() - before) == 1


def test_what_does_not_exist_is_told_under_ones_own_name():
    publish_figures()
    client = logged_in(Role.MUNICIPALITY)
    body = client.get(f"/aanbieders/{ONLY_THERE}/").content.decode()
    assert "Deze pagina bestaat niet" in body
    assert client.user.username in body
    assert stored_page.mark("account_name") not in body
