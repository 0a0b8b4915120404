"""The access policy of the whole portal, readable on one page.

A role is a set of permissions; a page asks for a permission, never for a role.
Source: requirements U-01 to U-06 and U-11.
"""

from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    """What somebody may do. The value is what the audit log shows."""

    SEE_REGION = "regio bekijken"  # figures of every municipality
    SEE_DASHBOARD = "dashboard bekijken"  # figures inside the own scope
    SEE_CASES = "zaken bekijken"  # pseudonymous rows behind a figure
    UPLOAD = "bestanden uploaden"
    DECIDE = "besluiten vastleggen"  # about providers: the Kraljic class
    ASK_DATE = "peildatum laten uitrekenen"
    EDIT_NORMS = "normen vaststellen"
    MANAGE_USERS = "gebruikers beheren"


class Role(models.TextChoices):
    CONTRACT_MANAGER = "contractmanager", "Contractmanager (regio)"
    MUNICIPALITY = "gemeente", "Gemeente"
    ADMIN = "beheerder", "Beheerder"
    POLICY = "beleid", "Beleidsmedewerker"
    ANALYST = "analist", "Analist"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CONTRACT_MANAGER: frozenset(
        {
            Permission.SEE_REGION,
            Permission.SEE_DASHBOARD,
            Permission.SEE_CASES,
            Permission.DECIDE,
            Permission.ASK_DATE,
        }
    ),
    Role.MUNICIPALITY: frozenset({Permission.SEE_DASHBOARD, Permission.SEE_CASES}),
    Role.ADMIN: frozenset({Permission.UPLOAD, Permission.MANAGE_USERS, Permission.ASK_DATE}),
    Role.POLICY: frozenset({Permission.SEE_REGION, Permission.SEE_DASHBOARD, Permission.EDIT_NORMS}),
    Role.ANALYST: frozenset(
        {Permission.SEE_REGION, Permission.SEE_DASHBOARD, Permission.SEE_CASES, Permission.ASK_DATE}
    ),
}
