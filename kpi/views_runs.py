"""The computations: when, of which date, with what result; and asking for a new one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.audit import record
from accounts.permissions import requires
from accounts.roles import Permission
from kpi import jobs
from kpi.forms import AskDateForm
from kpi.models import Run
from kpi.refresh import request_refresh

RUNS_PER_PAGE = 50


@require_GET
@requires(Permission.UPLOAD)
def runs(request: HttpRequest) -> HttpResponse:
    """All computations, the latest first."""
    page = Paginator(Run.objects.all(), RUNS_PER_PAGE).get_page(request.GET.get("pagina"))
    now = timezone.now()
    context = {
        "page": page,
        "jobs": jobs.planned(now),
        "alive": [("Worker", jobs.seen(jobs.WORKER)), ("Planner", jobs.seen(jobs.PLANNER))],
        "silent_before": now - jobs.SILENT,
        "ask_form": AskDateForm(),
    }
    return render(request, "kpi/runs.html", context)


@require_POST
@requires(Permission.UPLOAD)
def compute_now(request: HttpRequest) -> HttpResponse:
    """Ask the worker for a computation."""
    request_refresh()
    record(by=request.user, action="berekening gevraagd", subject="alle indicatoren")
    messages.success(request, "De berekening is gevraagd. Ververs deze pagina om te zien of zij klaar is.")
    return redirect("kpi:runs")
