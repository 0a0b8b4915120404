"""Writes on accounts: who may, what is kept, what the log says."""

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts import actions
from accounts.exceptions import AccountError
from accounts.models import AuditEvent, User
from accounts.roles import Role
from accounts.scope import Scope
from tests.support.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user(Role.ADMIN)


def events():
    return list(AuditEvent.objects.order_by("id").values_list("user__username", "action", "subject", "detail"))


def test_a_new_account_cannot_log_in_before_its_password_is_set(admin):
    user = actions.create_user(by=admin, username="anna", role="gemeente", municipality="0080", full_name="Anna B.")
    assert not user.has_usable_password()
    assert user.scope == Scope(municipality="0080")
    assert events() == [("beheerder", "gebruiker toegevoegd", "anna", {"rol": "gemeente", "gemeente": "0080"})]


@pytest.mark.parametrize(
    ("username", "role", "municipality"),
    [
        ("anna", "gemeente", ""),
        ("anna", "gemeente", "80"),
        ("anna", "koning", ""),
        ("", "analist", ""),
        ("an na", "analist", ""),
        ("BEHEERDER", "analist", ""),
    ],
)
def test_an_impossible_account_is_not_made_and_not_logged(admin, username, role, municipality):
    with pytest.raises(ValidationError):
        actions.create_user(by=admin, username=username, role=role, municipality=municipality)
    assert list(User.objects.all()) == [admin]
    assert events() == []


def test_the_database_itself_refuses_a_municipality_user_without_municipality():
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="anna", role=Role.MUNICIPALITY)


def test_a_regional_role_keeps_no_municipality(admin):
    user = actions.create_user(by=admin, username="anna", role="gemeente", municipality="0080")
    changed = actions.change_user(by=admin, user=user, role="analist", municipality="0080")
    assert (changed.role, changed.municipality) == ("analist", "")
    assert changed.scope == Scope(region=True)
    assert events()[-1] == (
        "beheerder",
        "gebruiker gewijzigd",
        "anna",
        {"rol": "analist", "gemeente": "", "rol_was": "gemeente", "gemeente_was": "0080"},
    )


def test_the_last_admin_stays_an_admin(admin):
    with pytest.raises(AccountError, match="laatste beheerder"):
        actions.change_user(by=admin, user=admin, role="analist")
    with pytest.raises(AccountError, match="laatste beheerder"):
        actions.deactivate_user(by=None, user=admin)
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("beheerder", True)


def test_a_closed_admin_does_not_count_as_an_admin(admin):
    second = make_user(Role.ADMIN, username="tweede")
    actions.deactivate_user(by=admin, user=second)
    with pytest.raises(AccountError):
        actions.change_user(by=admin, user=admin, role="analist")


def test_nobody_closes_the_own_account(admin):
    make_user(Role.ADMIN, username="tweede")
    with pytest.raises(AccountError, match="eigen account"):
        actions.deactivate_user(by=admin, user=admin)


def test_a_closed_account_can_be_opened_again_with_the_same_rights(admin):
    user = make_user(Role.MUNICIPALITY)
    assert actions.deactivate_user(by=admin, user=user).scope == Scope()
    assert actions.reactivate_user(by=admin, user=user).scope == Scope(municipality="0080")
    assert [event[1] for event in events()] == ["gebruiker gesloten", "gebruiker heropend"]


def test_a_password_link_ends_the_present_password(admin, rf):
    user = make_user(Role.ANALYST)
    actions.issue_password_link(by=admin, user=user)
    assert authenticate(rf.post("/"), username=user.username, password="Een-lang-wachtwoord-7") is None


def test_a_closed_account_gets_no_password_link(admin):
    user = actions.deactivate_user(by=admin, user=make_user(Role.ANALYST))
    with pytest.raises(AccountError, match="gesloten"):
        actions.issue_password_link(by=admin, user=user)


def test_the_superuser_of_the_command_line_is_an_admin():
    user = User.objects.create_superuser("baas", "", "Een-lang-wachtwoord-7")
    assert user.role == Role.ADMIN
    user.full_clean()


def test_a_user_with_events_cannot_be_deleted(admin):
    actions.create_user(by=admin, username="anna", role="analist")
    with pytest.raises(ProtectedError):
        admin.delete()
