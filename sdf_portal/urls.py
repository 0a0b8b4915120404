"""All addresses of the portal."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def healthz(request: HttpRequest) -> HttpResponse:
    """For a load balancer: the web server answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz),
    path("", include("accounts.urls")),
    path("", include("messaging.urls")),
    path("", include("kpi.urls")),
]
