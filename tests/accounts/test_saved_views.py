"""Saved views: one's own, opened under the scope of whoever opens them, and never an address elsewhere."""

import re

import pytest
from django.db import IntegrityError
from django.urls import reverse

from accounts import saved_views
from accounts.exceptions import AccountError
from accounts.models import AuditEvent, SavedView
from accounts.roles import PERMISSIONS, Permission, Role
from tests.support.accounts import client_of, make_user
from tests.support.figures import HERE, THERE, publish_figures

pytestmark = pytest.mark.django_db
OVERVIEW = "/overzicht/"
WITH_DASHBOARD = [role for role in Role if Permission.SEE_DASHBOARD in PERMISSIONS[role]]


def fields(**changes: str) -> dict[str, str]:
    return {"name": "Mijn gemeente", "page": OVERVIEW, "query": f"periode=2026-Q3&gemeente={THERE}"} | changes


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_figures_saves_views(role):
    response = client_of(make_user(role)).post(reverse("saved_view_save"), fields())
    assert response.status_code == (302 if role in WITH_DASHBOARD else 403)
    assert SavedView.objects.count() == (role in WITH_DASHBOARD)


@pytest.mark.parametrize(("name", "args"), [("saved_view_save", []), ("saved_view_delete", [1])])
def test_orders_need_a_post_a_token_and_a_login(name, args):
    address = reverse(name, args=args)
    user = make_user(Role.ANALYST)
    assert client_of(user).get(address).status_code == 405
    assert client_of(user, check_csrf=True).post(address, fields()).status_code == 403
    assert client_of(None).post(address, fields()).url.startswith(reverse("login"))
    assert not SavedView.objects.exists()


def test_a_view_is_saved_from_a_page_and_opened_from_the_overview():
    publish_figures()
    user = make_user(Role.CONTRACT_MANAGER)
    client = client_of(user)
    page = client.get("/indicatoren/uitval/", {"periode": "2026-Q3", "gemeente": THERE}).content.decode()
    figures = page.split('id="figures"', 1)[1]  # what a filter replaces
    hidden = dict(re.findall(r'type="hidden" name="(page|query)" value="([^"]*)"', figures))
    response = client.post(
        reverse("saved_view_save"),
        {"name": "Uitval", **{key: value.replace("&amp;", "&") for key, value in hidden.items()}},
    )
    assert response.url == f"/indicatoren/uitval/?periode=2026-Q3&gemeente={THERE}"
    assert "“Uitval” is bewaard" in text(client.get(response.url))
    overview = client.get(OVERVIEW).content.decode()
    address = re.search(r'<a href="([^"]+)">Uitval</a>', overview)[1].replace("&amp;", "&")
    assert "33 / 120" in text(client.get(address))


def test_a_view_shows_only_what_its_user_may_see():
    publish_figures()
    view = saved_views.save_view(by=make_user(Role.MUNICIPALITY), **fields())
    page = text(client_of(view.user).get(view.address))
    assert "11 / 40" in page
    assert "33 / 120" not in page


def test_views_of_others_are_neither_shown_nor_deleted():
    publish_figures()
    view = saved_views.save_view(by=make_user(Role.CONTRACT_MANAGER), **fields(name="Van mij alleen"))
    other = client_of(make_user(Role.ANALYST))
    assert "Van mij alleen" not in text(other.get(OVERVIEW))
    assert other.post(reverse("saved_view_delete", args=[view.pk])).status_code == 404
    with pytest.raises(AccountError):
        saved_views.delete_view(by=make_user(Role.POLICY), view=view)
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_view_is_deleted_and_the_page_says_so():
    publish_figures()
    view = saved_views.save_view(by=make_user(Role.ANALYST), **fields())
    response = client_of(view.user).post(reverse("saved_view_delete", args=[view.pk]), follow=True)
    assert "“Mijn gemeente” is verwijderd" in text(response)
    assert not SavedView.objects.exists()


def test_the_same_name_gets_the_new_page_and_another_user_may_have_it_too():
    user = make_user(Role.ANALYST)
    saved_views.save_view(by=user, **fields())
    saved_views.save_view(by=user, **fields(name=" mijn  GEMEENTE ", query=f"gemeente={HERE}"))
    saved_views.save_view(by=make_user(Role.POLICY), **fields())
    assert [view.address for view in user.saved_views.all()] == [f"{OVERVIEW}?gemeente={HERE}"]
    assert SavedView.objects.count() == 2
    with pytest.raises(IntegrityError):
        SavedView.objects.create(user=user, name="MIJN gemeente", page=OVERVIEW)


@pytest.mark.parametrize(
    "page",
    [
        "https://localhost/overzicht/",
        "//localhost/overzicht/",
        "/\\localhost",
        "javascript:alert(1)",
        "/bestaat-niet/",
        "/uploads/",
        "/gebruikers/",
        "/overzicht/\0",
        "overzicht/",
        "",
        "/aanbieders/" + "1" * 300 + "/",
    ],
)
def test_only_pages_that_one_may_open_are_saved(page):
    client = client_of(make_user(Role.ANALYST))
    response = client.post(reverse("saved_view_save"), fields(page=page))
    assert response.status_code == 302
    assert response.url == reverse("start") or response.url.startswith("/aanbieders/1")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "  "}, "Geef de weergave een naam."),
        ({"name": "x" * 61}, "De naam is te lang."),
        ({"name": "a\0b"}, "Deze pagina kan niet worden bewaard."),
        ({"query": "zoek=" + "x" * 1000}, "Deze pagina kan niet worden bewaard."),
    ],
)
def test_what_cannot_be_saved_is_said_on_the_page_it_came_from(changes, told):
    publish_figures()
    response = client_of(make_user(Role.ANALYST)).post(reverse("saved_view_save"), fields(**changes), follow=True)
    assert response.redirect_chain[0][0].startswith(OVERVIEW)
    assert told in text(response)
    assert not SavedView.objects.exists()


def test_there_is_a_most():
    user = make_user(Role.ANALYST)
    for number in range(saved_views.MOST):
        saved_views.save_view(by=user, **fields(name=f"Weergave {number}"))
    with pytest.raises(AccountError, match="Verwijder er eerst een"):
        saved_views.save_view(by=user, **fields(name="Nog een"))
    saved_views.save_view(by=user, **fields(name="Weergave 0", query=""))
    assert user.saved_views.count() == saved_views.MOST


def test_a_name_is_text_wherever_it_stands():
    publish_figures()
    view = saved_views.save_view(by=make_user(Role.ANALYST), **fields(name="<b>vet</b>"))
    assert "<b>vet" not in client_of(view.user).get(OVERVIEW).content.decode()


def test_saving_is_logged_without_the_name():
    view = saved_views.save_view(by=make_user(Role.ANALYST), **fields(name="Jansen"))
    event = AuditEvent.objects.get(action="weergave bewaard")
    assert (event.user, event.subject, event.detail) == (view.user, f"weergave {view.pk}", {"pagina": OVERVIEW})
