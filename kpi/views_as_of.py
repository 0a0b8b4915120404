"""Choosing a reference date: the figures that are kept of a day, and asking for those of another day."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import requires
from accounts.roles import Permission
from kpi import as_of_page, look_back, selectors
from kpi.exceptions import LookBackError
from kpi.filters import PageFilter
from kpi.forms import AskDateForm, ReferenceDateForm


@require_GET
@requires(Permission.SEE_DASHBOARD)
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a day and what to see of it; what is kept is shown at once."""
    run = selectors.current_run()
    if run is None:
        return render(request, "kpi/no_figures.html")
    form = ReferenceDateForm(request.GET if "datum" in request.GET else None)
    page_filter = PageFilter(request.GET, scope=request.user.scope, run=run, without=("norm",), ranged=False)
    found = as_of_page.address(form.cleaned_data, page_filter) if form.is_bound and form.is_valid() else ""
    if found:
        return HttpResponseRedirect(found)
    context = as_of_page.page(request.user.scope, form) | {
        "form": form,
        "page_form": page_filter.form,
        "may_ask": request.user.may(Permission.ASK_DATE),
    }
    return render(request, "kpi/as_of.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.ASK_DATE)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the worker for the figures of a day."""
    form = AskDateForm(request.POST)
    back = "kpi:as_of" if request.user.may(Permission.SEE_DASHBOARD) else "kpi:runs"
    if not form.is_valid():
        messages.error(request, "Vul een datum in, bijvoorbeeld 2026-10-01.")
        return redirect(back)
    try:
        look_back.ask_for(by=request.user, date=form.cleaned_data["datum"], today=timezone.localdate())
    except LookBackError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "De peildatum is aangevraagd en wordt op de achtergrond uitgerekend.")
    return redirect(back)
