"""What must hold before the portal starts, told by ``manage.py check`` (``--deploy`` for the second)."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from accounts.roles import PERMISSIONS, Role


@register(Tags.security)
def every_role_has_a_policy(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"Role {role.value} has no permissions.", hint="Add it to accounts.roles.PERMISSIONS.", id="accounts.E001"
        )
        for role in Role
        if role not in PERMISSIONS
    ]


@register(Tags.security, deploy=True)
def passwords_are_guarded(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not settings.AUTH_PASSWORD_VALIDATORS:
        found.append(Error("Passwords are not validated.", hint="Set AUTH_PASSWORD_VALIDATORS.", id="accounts.E002"))
    if not settings.AUTHENTICATION_BACKENDS[0].startswith("axes."):
        found.append(
            Error(
                "Wrong passwords do not lock an account.",
                hint="Put axes.backends.AxesStandaloneBackend first in AUTHENTICATION_BACKENDS.",
                id="accounts.E003",
            )
        )
    return found
