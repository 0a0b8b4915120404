"""How users are made outside the pages."""

from typing import Any

from django.contrib.auth.models import UserManager as DjangoUserManager

from accounts.roles import Role


class UserManager(DjangoUserManager):
    """Django's manager; the superuser of ``createsuperuser`` is an admin of the portal."""

    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ):
        extra_fields.setdefault("role", Role.ADMIN)
        return super().create_superuser(username, email, password, **extra_fields)
