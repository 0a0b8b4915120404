"""Who reaches which account page: the matrix role × page."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from tests.support.accounts import PASSWORD, client_of, make_user

pytestmark = pytest.mark.django_db
ADMIN_PAGES = ["users", "user_add", "user_change", "user_deactivate", "audit_log"]
ADMIN_ORDERS = ["user_reactivate", "user_reset_password"]
OWN_PAGES = ["password_change", "password_change_done"]
OPEN_PAGES = ["login", "password_set_done"]


def address(name: str) -> str:
    takes_user = name.startswith("user_") and name != "user_add"
    other = make_user(Role.ANALYST, username="ander") if takes_user else None
    return reverse(name, args=[other.pk] if other else [])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_only_an_admin_sees_the_admin_pages(role, page):
    response = client_of(make_user(role)).get(address(page))
    assert response.status_code == (200 if role == Role.ADMIN else 403)
    if role != Role.ADMIN:
        assert "gebruikers beheren" in response.content.decode()
        assert "ander" not in response.content.decode().replace("een ander", "")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
@pytest.mark.parametrize("page", ["user_add", "user_change", "user_deactivate", *ADMIN_ORDERS])
def test_nobody_else_can_give_the_orders_behind_them(role, page):
    user, where = make_user(role), address(page)
    before = list(User.objects.order_by("pk").values())
    response = client_of(user).post(where, {"username": "nieuw", "role": "beheerder"})
    assert response.status_code == 403
    after = list(User.objects.order_by("pk").values())
    assert [row | {"last_login": None} for row in after] == [row | {"last_login": None} for row in before]


@pytest.mark.parametrize("page", [*ADMIN_PAGES, *OWN_PAGES, "start"])
def test_a_visitor_is_sent_to_the_login_page_and_back(page):
    where = address(page)
    response = client_of(None).get(where)
    assert response.status_code == 302
    assert response.url == f"{reverse('login')}?next={where}"


def test_a_fragment_makes_a_visitor_reload_instead_of_showing_the_login_page_inside_it():
    response = client_of(None).get(reverse("users"), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Refresh"] == "true"


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_a_visitor_sees_the_open_pages(page):
    assert client_of(None).get(reverse(page)).status_code == 200


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", OWN_PAGES)
def test_everybody_has_a_password_page(role, page):
    assert client_of(make_user(role)).get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", ["user_add", "user_change", "user_deactivate", *ADMIN_ORDERS, "logout"])
def test_no_order_is_taken_without_a_csrf_token(page):
    client = client_of(make_user(Role.ADMIN), check_csrf=True)
    assert client.post(address(page), {"username": "nieuw", "role": "analist"}).status_code == 403
    assert not User.objects.filter(username="nieuw").exists()


@pytest.mark.parametrize("page", ADMIN_ORDERS)
def test_an_order_cannot_be_given_with_a_link(page):
    assert client_of(make_user(Role.ADMIN)).get(address(page)).status_code == 405


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.CONTRACT_MANAGER, "kpi:overview"),
        (Role.MUNICIPALITY, "kpi:municipality"),
        (Role.POLICY, "kpi:overview"),
        (Role.ANALYST, "kpi:overview"),
        (Role.ADMIN, "messaging:uploads"),
    ],
)
def test_each_role_has_its_own_start_page(role, page):
    assert client_of(make_user(role)).get(reverse("start")).url == reverse(page)


def test_a_deactivated_user_loses_access_with_the_next_request():
    user = make_user(Role.ADMIN)
    client = client_of(user)
    assert client.get(reverse("users")).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("users")).status_code == 302


def test_the_answer_that_logs_somebody_in_or_out_is_not_kept_either():
    client, user = client_of(None), make_user(Role.ANALYST)
    for order, told in (("login", {"username": user.username, "password": PASSWORD}), ("logout", {})):
        assert "no-store" in client.post(reverse(order), told)["Cache-Control"]


def test_what_everybody_sees_may_be_kept():
    assert not client_of(None).get("/healthz").has_header("Cache-Control")


def test_a_changed_role_counts_from_the_next_request():
    user = make_user(Role.ADMIN)
    client = client_of(user)
    User.objects.filter(pk=user.pk).update(role=Role.ANALYST)
    assert client.get(reverse("users")).status_code == 403
