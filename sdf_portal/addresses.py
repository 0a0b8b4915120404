"""Addresses without fields that were left open: one address, and one stored page, for one question."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes


class FilledFieldsMiddleware:
    """A GET with empty fields is sent on to the address without them; ``filter.js`` leaves them out itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        filled = filled_fields(query)
        if request.method != "GET" or filled == query:
            return self.get_response(request)
        path = escape_leading_slashes(escape_uri_path(request.path))
        return HttpResponseRedirect(f"{path}?{filled}" if filled else path)


def filled_fields(query: str) -> str:
    """A query string without the fields that a form sent empty."""
    return "&".join(field for field in query.split("&") if field.partition("=")[1:] != ("=", ""))
