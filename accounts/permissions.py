"""The door of every page: who is not logged in goes to the login page, who lacks the right gets a page that says so.

A page asks for a permission, never for a role (the policy itself is ``roles.PERMISSIONS``).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.roles import Permission

View = Callable[..., HttpResponse]


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only users whose role carries ``permission`` reach the view; ``view.permission`` tells which one it is."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            if not request.user.may(permission):
                return forbidden(request, permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate


def forbidden(request: HttpRequest, permission: Permission) -> HttpResponse:
    """Status 403, in words: which right is missing and whom to ask."""
    return render(request, "accounts/forbidden.html", {"permission": permission.value}, status=403)


def _to_login(request: HttpRequest) -> HttpResponse:
    """A fragment asked for by htmx must not receive the login page in its place: the whole page goes there."""
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    response = HttpResponse(status=401)
    response["HX-Refresh"] = "true"
    return response
