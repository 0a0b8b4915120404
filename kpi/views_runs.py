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
from kpi.refresh import Request, request_refresh

RUNS_PER_PAGE = 50
ANSWERS = {
    Request.ASKED: "De berekening is gevraagd. Ververs deze pagina om te zien of zij klaar is.",
    Request.WAITED: "Er wachtte al een berekening; die neemt alles mee wat er nu is. Ververs deze pagina straks.",
    Request.UNHEARD: "De berekening is niet gevraagd: de wachtrij is niet bereikbaar. Controleer of de broker en de "
    "worker draaien en probeer het opnieuw; anders volgen de cijfers bij de nachtelijke berekening.",
}


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
    """Ask the worker for a computation, and say what became of that."""
    found = request_refresh()
    record(by=request.user, action="berekening gevraagd", subject="alle indicatoren", uitkomst=found.value)
    tell = messages.error if found == Request.UNHEARD else messages.success
    tell(request, ANSWERS[found])
    return redirect("kpi:runs")
