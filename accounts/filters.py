"""The filters of the audit log, in the URL."""

import django_filters
from django import forms
from django.db.models import QuerySet

from accounts.models import AuditEvent, User


def _users(request) -> QuerySet[User]:
    return User.objects.order_by("username")


class AuditFilter(django_filters.FilterSet):
    """Who, what and between which days (both included)."""

    user = django_filters.ModelChoiceFilter(label="Gebruiker", queryset=_users, empty_label="Iedereen")
    action = django_filters.ChoiceFilter(label="Handeling", empty_label="Alles", choices=lambda: _actions())
    first = django_filters.DateFilter(
        label="Vanaf", field_name="at", lookup_expr="date__gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    last = django_filters.DateFilter(
        label="Tot en met", field_name="at", lookup_expr="date__lte", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = AuditEvent
        fields = ["user", "action", "first", "last"]


def _actions() -> list[tuple[str, str]]:
    actions = AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct()
    return [(action, action.capitalize()) for action in actions]
