"""What changed between two reference dates, and why."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.audit import record
from accounts.permissions import requires
from accounts.roles import Permission
from kpi import as_of, differences, differences_page, pages, selectors
from kpi.forms import DifferenceForm
from kpi.models import Run


@require_GET
@requires(Permission.SEE_DASHBOARD)
def show(request: HttpRequest) -> HttpResponse:
    """Two stored reference dates beside each other."""
    runs = _comparable()
    if not runs:
        return render(request, "kpi/no_differences.html")
    form = DifferenceForm(request.GET, scope=request.user.scope, runs=runs)
    if not form.is_valid():
        return render(request, "kpi/differences.html", {"form": form}, status=422)
    earlier, later, selection, measure = form.question()
    address = f"?{urlencode(form.chosen())}"
    context = differences_page.page(request.user.scope, earlier, later, selection, measure, address)
    context |= {
        "form": form,
        "earlier": earlier,
        "later": later,
        "may_see_cases": request.user.may(Permission.SEE_CASES),
    }
    return render(request, "kpi/differences.html", context)


@require_POST
@requires(Permission.SEE_DASHBOARD)
def ask(request: HttpRequest) -> HttpResponse:
    """Have the causes worked out in the background."""
    runs = _comparable()
    form = DifferenceForm(request.POST, scope=request.user.scope, runs=runs) if runs else None
    if form is None or not form.is_valid():
        messages.error(request, "Kies twee bewaarde peildata en een cijfer uit de lijst.")
        return HttpResponseRedirect(reverse("kpi:differences"))
    earlier, later, selection, measure = form.question()
    if differences.ask_for(earlier, later, measure.code, selection):
        logged = pages.logged(selectors.names(), selection)
        record(by=request.user, action="vergelijking gevraagd", subject=measure.name, **logged)
        messages.success(request, "Het portaal zoekt op de achtergrond uit waardoor het cijfer veranderde.")
    else:
        messages.error(request, "Er wachten al vergelijkingen. Probeer het over een paar minuten opnieuw.")
    query = urlencode({**form.chosen(), "maat": measure.code})
    return HttpResponseRedirect(f"{reverse('kpi:differences')}?{query}#oorzaken")


def _comparable() -> list[Run]:
    """The stored runs; none unless they are of two dates at least and there are current figures."""
    runs = list(as_of.stored())
    return runs if selectors.current_run() and len({run.as_of for run in runs}) > 1 else []
