"""What every page shows around its content: the menu of one's role, and how fresh the figures are."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.roles import Permission
from accounts.scope import Scope
from kpi.selectors import data_status
from kpi.stored_page import own_parts

MENU = (
    ("Overzicht", "kpi:overview", Permission.SEE_DASHBOARD),
    ("Gemeente", "kpi:municipality", Permission.SEE_DASHBOARD),
    ("Zorgdomeinen", "kpi:domain", Permission.SEE_DASHBOARD),
    ("Aanbieders", "kpi:providers", Permission.SEE_DASHBOARD),
    ("Verwijzers", "kpi:referrers", Permission.SEE_DASHBOARD),
    ("Berichten", "kpi:monitor", Permission.SEE_DASHBOARD),
    ("Peildatum", "kpi:as_of", Permission.SEE_DASHBOARD),
    ("Kraljic", "kpi:kraljic", Permission.SEE_REGION),
    ("Normen", "kpi:norms", Permission.SEE_DASHBOARD),
    ("Gegevenskwaliteit", "messaging:quality", Permission.SEE_DASHBOARD),
    ("Begrippen", "kpi:glossary", Permission.SEE_DASHBOARD),
    ("Uploads", "messaging:uploads", Permission.UPLOAD),
    ("Referentiegegevens", "kpi:reference", Permission.UPLOAD),
    ("Berekeningen", "kpi:runs", Permission.UPLOAD),
    ("Gebruikers", "users", Permission.MANAGE_USERS),
    ("Logboek", "audit_log", Permission.MANAGE_USERS),
)


def around_the_page(request: HttpRequest) -> dict[str, Any]:
    """Context of ``base.html``; nothing for somebody who is not logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"navigation": list(_menu(request)), **_status(request), **own_parts(request)}


def _status(request: HttpRequest) -> dict[str, str]:
    """How fresh and complete the figures are; who uploads is told of the whole region, in dates and without figures."""
    user, run = request.user, getattr(request, "shown_run", None)
    if user.may(Permission.SEE_DASHBOARD):
        return {"data_status": data_status(user.scope, run), "status_url": reverse("messaging:quality")}
    return {"data_status": data_status(Scope(region=True), run)} if user.may(Permission.UPLOAD) else {}


def _menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    for name, address, permission in MENU:
        if request.user.may(permission):
            url = reverse(address)
            yield {"name": name, "url": url, "current": request.path.startswith(url)}
