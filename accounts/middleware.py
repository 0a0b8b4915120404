"""What every answer to somebody who is logged in has in common."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


class NotKeptMiddleware:
    """No browser keeps a page of somebody who is logged in: after logging out Back would show it to the next person.

    An answer that says itself how long it may be kept stays as it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.user.is_authenticated  # asked before the answer: logging out ends it
        response = self.get_response(request)
        if (known or request.user.is_authenticated) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
