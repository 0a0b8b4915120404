"""Whole pages of figures as stored HTML: between two runs the same question of the same role has the same answer.

What is somebody's own (name, form tokens, saved views) or may change at any moment (the alarm) is left open while a
page is rendered, and filled in each time it is served. The marks of the open places are secret: a text of a reader that
looks like one cannot be filled.
"""

from collections.abc import Callable
from functools import cache as once
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from accounts.roles import Permission
from kpi import as_of, selectors
from sdf_portal.build import build

SECONDS = 3600
MOVING = {as_of.PARAMETER, "kwadrant"}
ALARM = "kpi-alarm"
ALARM_SECONDS = 60
View = Callable[..., HttpResponse]


def stored_page(view: View) -> View:
    """Serve a page of figures from the cache; ``view`` renders it when it is not there.

    Not for a reference date in the address, whose figures may be computed again, nor for a Kraljic class, on which
    somebody may decide, nor while a message waits to be told.
    """

    @wraps(view)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        passing = MOVING & request.GET.keys() or len(get_messages(request))
        standing = None if passing else selectors.standing()
        if standing is None:
            return view(request, *args, **kwargs)
        key = _key(request, standing)
        found = cache.get_many([key, ALARM])
        html = found.get(key)
        if html is None:
            request.open_places = True
            try:
                response = view(request, *args, **kwargs)
            finally:  # what tells that a page does not exist is not filled in
                request.open_places = False
            if response.status_code != 200:
                return view(request, *args, **kwargs)
            html = response.content.decode()
            cache.set(key, html, SECONDS)
        return HttpResponse(_filled(html, request, found.get(ALARM)))

    return served


def own_parts(request: HttpRequest) -> dict[str, Any]:
    """Context of ``base.html`` that is of one reader or one moment, or the marks that leave it open."""
    if getattr(request, "open_places", False):
        return {name: mark(name) for name in ("csrf_token", "account_name", "saved_views", "alarm")}
    return {
        "account_name": _name(request.user),
        "saved_views": SimpleLazyObject(lambda: _saved_views(request)),
        "alarm": _alarm(selectors.failure()) if _told_of_alarms(request.user) else "",
    }


@once
def mark(name: str) -> SafeString:
    return mark_safe(salted_hmac("kpi.stored_page", name, algorithm="sha256").hexdigest())  # noqa: S308 - hexadecimal


def _key(request: HttpRequest, standing: str) -> str:
    user = request.user
    address = f"{request.path}?{request.META.get('QUERY_STRING', '')}"
    identity = (address, user.role, user.scope.key, standing, f"{timezone.localdate()}", build())
    return f"kpi-page:{sha256(chr(10).join(identity).encode()).hexdigest()}"


def _filled(html: str, request: HttpRequest, alarm: str | None) -> str:
    parts: dict[str, Callable[[], str]] = {
        "csrf_token": lambda: get_token(request),
        "account_name": lambda: escape(_name(request.user)),
        "saved_views": lambda: _saved_views(request),
        "alarm": lambda: _alarm(_recent(alarm)) if _told_of_alarms(request.user) else "",
    }
    for name, part in parts.items():
        if mark(name) in html:
            html = html.replace(mark(name), part())
    return html


def _name(user: User) -> str:
    return user.get_full_name() or user.username


def _saved_views(request: HttpRequest) -> SafeString:
    context = {"saved_views": request.user.saved_views.all(), "csrf_token": get_token(request)}
    return render_to_string("components/saved_views.html", context)


def _told_of_alarms(user: User) -> bool:
    return user.may(Permission.UPLOAD) or user.may(Permission.SEE_REGION)


def _alarm(sentence: str) -> SafeString:
    return render_to_string("components/alarm.html", {"alarm": sentence}) if sentence else SafeString()


def _recent(known: str | None) -> str:
    """What is wrong with the portal itself; a stored page may be a minute behind."""
    if known is None:
        known = selectors.failure()
        cache.set(ALARM, known, ALARM_SECONDS)
    return known
