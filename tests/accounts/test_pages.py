"""The account pages as people use them: logging in, being locked out, a first password, the log."""

import re

import pytest
from django.urls import reverse

from accounts.audit import record
from accounts.models import AuditEvent, User
from accounts.roles import Role
from providers.models import Municipality
from tests.support.accounts import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db


def log_in(client, username, password):
    return client.post(reverse("login"), {"username": username, "password": password})


def test_logging_in_and_out_is_logged(client):
    make_user(Role.ANALYST)
    assert log_in(client, "analist", PASSWORD).url == reverse("start")
    assert client.post(reverse("logout")).url == reverse("login")
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == ["aangemeld", "afgemeld"]


@pytest.mark.parametrize("username", ["analist", "onbekend"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(client, username):
    make_user(Role.ANALYST)
    response = log_in(client, username, "fout")
    assert "De gebruikersnaam of het wachtwoord klopt niet." in response.content.decode()
    assert not AuditEvent.objects.exists()


def test_a_login_never_leads_to_another_site(client):
    make_user(Role.ANALYST)
    response = client.post(
        reverse("login"), {"username": "analist", "password": PASSWORD, "next": "https://127.0.0.2/x"}
    )
    assert response.url == reverse("start")


def wrong_passwords(client, settings, username="analist"):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = log_in(client, username, "fout")
    return response


def test_repeated_wrong_passwords_lock_the_account_with_a_dutch_sentence(client, settings):
    make_user(Role.ANALYST)
    locked = wrong_passwords(client, settings)
    assert locked.status_code == 429
    assert "Dit account is tijdelijk op slot" in locked.content.decode()
    assert log_in(client, "analist", PASSWORD).status_code == 429


def test_a_new_password_link_takes_the_lock_off(client, settings):
    user = make_user(Role.ANALYST)
    wrong_passwords(client, settings)
    link = password_link(client_of(make_user(Role.ADMIN)), user)
    assert set_password(client, link, "Een-ander-wachtwoord-8").status_code == 302
    assert log_in(client, "analist", "Een-ander-wachtwoord-8").status_code == 302


def password_link(admin_client, user):
    page = admin_client.post(reverse("user_reset_password", args=[user.pk]))
    assert "no-store" in page["Cache-Control"]
    assert "Het oude wachtwoord van dit account werkt niet meer." in page.content.decode()
    return re.search(r'value="http://testserver([^"]+)"', page.content.decode())[1]


def set_password(client, link, password):
    where = client.get(link).url
    return client.post(where, {"new_password1": password, "new_password2": password})


def test_a_password_link_works_once_and_only_the_newest(client):
    admin, user = client_of(make_user(Role.ADMIN)), make_user(Role.ANALYST)
    old, new = password_link(admin, user), password_link(admin, user)
    assert "Deze link werkt niet meer" in client.get(old).content.decode()
    assert set_password(client, new, "Een-ander-wachtwoord-8").url == reverse("password_set_done")
    assert "Deze link werkt niet meer" in client.get(new).content.decode()
    assert AuditEvent.objects.filter(user=user, action="wachtwoord ingesteld").count() == 1


def test_a_password_link_of_a_closed_account_does_not_work(client):
    user = make_user(Role.ANALYST)
    link = password_link(client_of(make_user(Role.ADMIN)), user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert "Deze link werkt niet meer" in client.get(link).content.decode()


def test_a_password_link_ends_the_sessions_of_the_account():
    user = make_user(Role.ANALYST)
    session = client_of(user)
    password_link(client_of(make_user(Role.ADMIN)), user)
    assert session.get(reverse("password_change")).status_code == 302


def test_the_link_and_the_password_are_not_in_the_log(client):
    user = make_user(Role.ANALYST)
    link = password_link(client_of(make_user(Role.ADMIN)), user)
    set_password(client, link, "Een-ander-wachtwoord-8")
    written = str(list(AuditEvent.objects.values()))
    assert link.split("/")[-2] not in written
    assert "Een-ander-wachtwoord-8" not in written


def test_a_weak_password_is_refused_in_dutch():
    client = client_of(make_user(Role.ANALYST))
    data = {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"}
    page = client.post(reverse("password_change"), data).content.decode()
    assert "Dit wachtwoord is te kort" in page
    assert "This password" not in page


def test_an_admin_adds_a_municipality_user_who_sets_a_password_and_logs_in(client):
    Municipality.objects.create(code="0080", name="Leeuwarden")
    admin = client_of(make_user(Role.ADMIN))
    data = {"username": "anna", "full_name": "Anna B.", "email": "", "role": "gemeente", "municipality": "0080"}
    page = admin.post(reverse("user_add"), data).content.decode()
    link = re.search(r'value="http://testserver([^"]+)"', page)[1]
    assert "oude wachtwoord" not in page  # there was none
    set_password(client, link, "Een-ander-wachtwoord-8")
    assert log_in(client, "anna", "Een-ander-wachtwoord-8").url == reverse("start")
    assert User.objects.get(username="anna").scope.municipality == "0080"
    assert "Leeuwarden" in admin.get(reverse("users")).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"municipality": ""}, "Kies de gemeente"),
        ({"username": "BEHEERDER"}, "Er is al een gebruiker"),
        ({"username": "an na"}, "geen spaties"),
        ({"municipality": "9999"}, "9999"),
    ],
)
def test_a_wrong_form_is_refused_with_a_sentence(changes, sentence):
    Municipality.objects.create(code="0080", name="Leeuwarden")
    admin = client_of(make_user(Role.ADMIN))
    data = {"username": "anna", "role": "gemeente", "municipality": "0080"} | changes
    response = admin.post(reverse("user_add"), data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert User.objects.count() == 1


def test_the_last_admin_is_told_why_the_role_stays():
    user = make_user(Role.ADMIN)
    response = client_of(user).post(reverse("user_change", args=[user.pk]), {"role": "analist"})
    assert "laatste beheerder" in response.content.decode()


def test_closing_asks_first_and_opening_again_works():
    admin, user = client_of(make_user(Role.ADMIN)), make_user(Role.ANALYST)
    assert "analist sluiten?" in admin.get(reverse("user_deactivate", args=[user.pk])).content.decode()
    assert User.objects.get(pk=user.pk).is_active
    admin.post(reverse("user_deactivate", args=[user.pk]))
    assert not User.objects.get(pk=user.pk).is_active
    admin.post(reverse("user_reactivate", args=[user.pk]))
    assert User.objects.get(pk=user.pk).is_active


def test_the_log_shows_who_did_what_and_filters():
    user = make_user(Role.ADMIN)
    record(by=user, action="weigeringen gedownload", subject="upload 3", aantal=4)
    record(by=None, action="upload teruggedraaid", subject="upload 5 <b>")
    client = client_of(user)
    page = client.get(reverse("audit_log")).content.decode()
    assert "upload 3" in page
    assert "aantal: 4" in page
    assert "upload 5 &lt;b&gt;" in page
    filtered = client.get(reverse("audit_log"), {"action": "weigeringen gedownload", "user": user.pk}).content.decode()
    assert "upload 3" in filtered
    assert "upload 5" not in filtered
    none = client.get(reverse("audit_log"), {"last": "2001-01-01"}).content.decode()
    assert "geen gebeurtenissen" in none


def test_the_log_is_shown_in_pages_that_keep_the_filter():
    user = make_user(Role.ADMIN)
    for number in range(51):
        record(by=user, action="proef", subject=f"regel {number}")
    client = client_of(user)
    page = client.get(reverse("audit_log"), {"action": "proef"}).content.decode()
    assert "Pagina 1 van 2" in page
    assert "?action=proef&amp;page=2" in page
    assert "regel 0<" in client.get(reverse("audit_log"), {"action": "proef", "page": 2}).content.decode()
