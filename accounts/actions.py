"""The only writes on accounts: atomic and audited."""

from axes.utils import reset as unlock
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.audit import record
from accounts.exceptions import AccountError
from accounts.models import User
from accounts.roles import Role


@transaction.atomic
def create_user(
    *, by: User | None, username: str, role: str, municipality: str = "", email: str = "", full_name: str = ""
) -> User:
    """Make an account that cannot log in until its password is set through :func:`issue_password_link`."""
    user = User(username=username, role=role, municipality=_municipality(role, municipality), email=email)
    user.first_name = full_name
    user.set_unusable_password()
    user.full_clean()
    user.save()
    record(by=by, action="gebruiker toegevoegd", subject=username, rol=user.role, gemeente=user.municipality)
    return user


@transaction.atomic
def change_user(
    *, by: User | None, user: User, role: str, municipality: str = "", email: str = "", full_name: str = ""
) -> User:
    """Change role, municipality and contact data; what the account may see changes with its next request."""
    user = _locked(user)
    if role != Role.ADMIN:
        _keep_an_admin(user)
    before = {"rol_was": user.role, "gemeente_was": user.municipality}
    user.role, user.municipality = role, _municipality(role, municipality)
    user.email, user.first_name, user.last_name = email, full_name, ""
    user.full_clean()
    user.save()
    record(by=by, action="gebruiker gewijzigd", subject=user.username, rol=role, gemeente=user.municipality, **before)
    return user


@transaction.atomic
def deactivate_user(*, by: User | None, user: User) -> User:
    """Close an account: it cannot log in and its sessions end with their next request."""
    user = _locked(user)
    if by is not None and by.pk == user.pk:
        raise AccountError("U kunt uw eigen account niet sluiten. Vraag het een andere beheerder.")
    _keep_an_admin(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(by=by, action="gebruiker gesloten", subject=user.username)
    return user


@transaction.atomic
def reactivate_user(*, by: User | None, user: User) -> User:
    """Open a closed account again, with the role and municipality it had."""
    user = _locked(user)
    user.is_active = True
    user.full_clean()
    user.save(update_fields=["is_active"])
    record(by=by, action="gebruiker heropend", subject=user.username)
    return user


@transaction.atomic
def issue_password_link(*, by: User | None, user: User) -> tuple[str, str]:
    """End the present password and every session; returns ``(uidb64, token)`` of a link that works once.

    Nothing secret is stored or mailed: the token is a signature over the state of the account, and using it
    (or asking for a new one) changes that state. A lock after wrong passwords is lifted too.
    """
    user = _locked(user)
    if not user.is_active:
        raise AccountError("Dit account is gesloten. Open het eerst weer.")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    unlock(username=user.username)
    record(by=by, action="wachtwoordlink gemaakt", subject=user.username)
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _municipality(role: str, municipality: str) -> str:
    return municipality if role == Role.MUNICIPALITY else ""


def _keep_an_admin(user: User) -> None:
    """The rows of all admins are locked, so that two admins cannot remove each other at the same moment."""
    admins = User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("pk")
    if {admin.pk for admin in admins} == {user.pk}:
        raise AccountError("Dit is de laatste beheerder. Maak eerst iemand anders beheerder.")
