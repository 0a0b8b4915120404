"""What every page of figures has in common when it cannot be shown."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kpi.as_of import NoSuchRun


class ReferenceDateMiddleware:
    """A reference date of which nothing is kept: a page that says so and how to get its figures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NoSuchRun):
            return None
        return render(request, "kpi/no_such_run.html", {"asked": exception.asked[:20]}, status=404)
