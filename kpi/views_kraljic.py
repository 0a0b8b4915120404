"""The Kraljic matrix: what each provider costs against how replaceable it is, and what people decided."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import requires
from accounts.roles import Permission
from kpi import as_of, kraljic, kraljic_page, selectors
from kpi.exports import page_tables
from kpi.exports.document import FILE
from kpi.exports.response import ONE_TABLE, Question, file_response
from kpi.filters import default_label, period_of
from kpi.forms import KraljicForm
from kpi.pages import view_of
from kpi.selection import Selection
from providers.models import CareDomain, Provider


@require_GET
@requires(Permission.SEE_REGION)
def matrix(request: HttpRequest) -> HttpResponse:
    """All providers in the matrix, of the region or of one care domain."""
    run = as_of.run_of(request)
    if run is None:
        return render(request, "kpi/no_figures.html")
    domain = _domain(request)
    context = kraljic_page.matrix(run, domain) | {
        "domain": domain,
        "exports": [("XLSX", f"{reverse('kpi:export_kraljic', args=['xlsx'])}?{request.GET.urlencode()}")],
        "pdf": f"{FILE}?{request.GET.urlencode()}",
        "table_file": f"export.csv?{request.GET.urlencode()}&{ONE_TABLE}=",
        "run_of_date": run if as_of.chosen(request.GET) else None,
        "domains": CareDomain.objects.all(),
        "may_decide": request.user.may(Permission.DECIDE),
    }
    return render(request, "kpi/kraljic.html", context)


@never_cache
@require_GET
@requires(Permission.SEE_REGION)
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """The tables of the matrix in a file."""
    run = as_of.run_or_404(request)
    domain = _domain(request)
    shown = kraljic_page.matrix(run, domain)
    view = view_of(request.user.scope, run, now=timezone.localdate())
    selection = Selection(period_of(default_label(selectors.labels_of(run), run)), domain=domain)
    filters = [("Zorgdomein", shown["place"]), ("Periode", "12 maanden tot de peildatum")]
    question = Question(view, selection, filters, (domain or "regio", run.as_of.isoformat()), selection.chosen)
    return file_response(request, kind, "kraljic", list(page_tables.kraljic(shown)), question)


@require_http_methods(["GET", "POST"])
@requires(Permission.DECIDE)
def decide(request: HttpRequest, agb: str) -> HttpResponse:
    """The proposal for one provider, the decisions so far, and a new one."""
    run, provider = selectors.current_run(), Provider.objects.filter(agb=agb).first()
    if run is None or provider is None:
        raise Http404
    domain = _domain(request)
    form = KraljicForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kraljic.decide(by=request.user, provider=agb, domain=domain, **form.cleaned_data)
        messages.success(request, f"Het besluit over {provider.name} is vastgelegd.")
        return redirect(reverse("kpi:kraljic") + (f"?zorgdomein={domain}" if domain else ""))
    context: dict[str, Any] = kraljic_page.of_provider(run, domain, provider) | {"form": form, "domain": domain}
    return render(request, "kpi/kraljic_decide.html", context, status=422 if form.errors else 200)


def _domain(request: HttpRequest) -> str:
    """The care domain asked for; one that is not known is none. Not sought in the database: it refuses a null byte."""
    asked = request.GET.get("zorgdomein", "")
    return asked if asked in CareDomain.objects.values_list("code", flat=True) else ""
