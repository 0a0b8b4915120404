"""Accounts for tests, one per role, and a client that is logged in as one of them."""

from django.test import Client

from accounts.models import User
from accounts.roles import Role

PASSWORD = "Een-lang-wachtwoord-7"


def make_user(role: Role, municipality: str = "", username: str = "") -> User:
    """An account that can log in with ``PASSWORD``; a municipality user gets 0080 unless told otherwise."""
    if role == Role.MUNICIPALITY:
        municipality = municipality or "0080"
    return User.objects.create_user(
        username=username or f"{role.value}{municipality}", password=PASSWORD, role=role, municipality=municipality
    )


def client_of(user: User | None, *, check_csrf: bool = False) -> Client:
    """A client in the session of ``user`` (None: nobody is logged in)."""
    client = Client(enforce_csrf_checks=check_csrf)
    if user is not None:
        client.force_login(user)
    return client
