"""Who uses the portal, and the record of what they looked at and changed."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from accounts.managers import UserManager
from accounts.roles import PERMISSIONS, Permission, Role
from accounts.scope import Scope, scope_of


class User(AbstractUser):
    """A person with one role; a municipality user belongs to one municipality."""

    role = models.CharField("rol", max_length=20, choices=Role, default=Role.MUNICIPALITY)
    municipality = models.CharField(
        "gemeente",
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^\d{4}$", "Vul de CBS-code van vier cijfers in.")],
    )

    objects = UserManager()

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        constraints = [
            models.CheckConstraint(
                name="municipality_user_has_municipality",
                condition=~models.Q(role=Role.MUNICIPALITY) | ~models.Q(municipality="") | models.Q(is_active=False),
                violation_error_message="Een gemeentegebruiker hoort bij precies één gemeente.",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="username_once_whatever_its_case",
                violation_error_message="Er is al een gebruiker met deze gebruikersnaam.",
            ),
        ]

    @property
    def scope(self) -> Scope:
        return scope_of(self)

    def may(self, permission: Permission) -> bool:
        """Whether this user's role carries the permission."""
        return self.is_active and self.role in Role.values and permission in PERMISSIONS[Role(self.role)]


class AuditEvent(models.Model):
    """Who did or looked at what, when. Never holds a BSN, a name of a client or a payload.

    Written by ``audit.record`` only. Users are deactivated, never deleted, so that the log keeps its names.
    """

    at = models.DateTimeField("tijdstip", auto_now_add=True, db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, verbose_name="gebruiker")
    action = models.CharField("handeling", max_length=40)
    subject = models.CharField("onderwerp", max_length=200)
    detail = models.JSONField("bijzonderheden", default=dict)

    class Meta:
        verbose_name = "gebeurtenis"
        verbose_name_plural = "logboek"
        ordering = ["-at", "-id"]


class SavedView(models.Model):
    """A page with its filters under a name of one's own; what it shows follows from the scope of whoever opens it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views", verbose_name="gebruiker")
    name = models.CharField("naam", max_length=60)
    page = models.CharField("pagina", max_length=200)  # a path of the portal
    query = models.CharField("filters", max_length=1000, blank=True)
    saved_at = models.DateTimeField("bewaard op", auto_now=True)

    class Meta:
        verbose_name = "weergave"
        verbose_name_plural = "weergaven"
        ordering = ["name"]
        constraints = [models.UniqueConstraint("user", Lower("name"), name="saved_view_name_once_per_user")]

    @property
    def address(self) -> str:
        return f"{self.page}?{self.query}" if self.query else self.page
