"""The Kraljic matrix: what each provider costs against how replaceable it is, and what people decided."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import requires
from accounts.roles import Permission
from kpi import as_of, kraljic, kraljic_page, selectors
from kpi.forms import KraljicForm
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
        "run_of_date": run if as_of.chosen(request.GET) else None,
        "domains": CareDomain.objects.all(),
        "may_decide": request.user.may(Permission.DECIDE),
    }
    return render(request, "kpi/kraljic.html", context)


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
        return redirect(f"{reverse('kpi:kraljic')}?zorgdomein={domain}")
    context: dict[str, Any] = kraljic_page.of_provider(run, domain, provider) | {"form": form, "domain": domain}
    return render(request, "kpi/kraljic_decide.html", context, status=422 if form.errors else 200)


def _domain(request: HttpRequest) -> str:
    asked = request.GET.get("zorgdomein", "")
    return asked if asked and CareDomain.objects.filter(code=asked).exists() else ""
