"""Behind the figures: which cases make one, and which messages make a case. Every look is logged."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import record
from accounts.permissions import requires
from accounts.roles import Permission
from kpi import as_of, client_page, explanation, message_page, pages, selectors
from kpi.as_of import run_or_404
from kpi.door import asked, asked_measure
from kpi.surroundings import surroundings


@never_cache
@require_GET
@requires(Permission.SEE_CASES)
def explain(request: HttpRequest, code: str) -> HttpResponse:
    """A figure taken apart: formula, norm, run and the cases that make it."""
    definition, measure = asked_measure(request, code)
    question = asked(request, narrowed=True)
    if question is None:
        raise Http404
    selection = question.selection
    part = request.GET.get("onderdeel", "")
    context = explanation.of_figure(question.view(), selection, definition, measure, part)
    context |= surroundings(request, question.page_filter, selection) | {"whole_page": True}
    logged = pages.logged(selectors.names(), selection)
    record(by=request.user, action="zaken bekeken", subject=measure.name, zaken=context["count"], **logged)
    return render(request, "kpi/explain.html", context)


@never_cache
@require_GET
@requires(Permission.SEE_CASES)
def client(request: HttpRequest, key: str) -> HttpResponse:
    """The records of one pseudonym in time order; what is outside the scope does not exist."""
    run = run_or_404(request)
    lines = client_page.of_client(request.user.scope, run, client_page.client_of(key), selectors.all_names())
    if not lines:
        raise Http404
    record(by=request.user, action="cliënt bekeken", subject=f"pseudoniem {key}", regels=len(lines))
    return render(request, "kpi/client.html", {"key": key, "lines": lines, "run": run} | _around(request))


@never_cache
@require_GET
@requires(Permission.SEE_CASES)
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One message with its returns; what is outside the scope does not exist."""
    run = run_or_404(request)
    found = message_page.of_message(request.user.scope, run, client_page.client_of(key), selectors.all_names())
    if found is None:
        raise Http404
    record(by=request.user, action="bericht bekeken", subject=f"bericht {key}", regels=len(found["lines"]))
    return render(request, "kpi/message.html", {"message": found, "run": run} | _around(request))


def _around(request: HttpRequest) -> dict[str, Any]:
    """Context: the way back to the figure, and what the next page needs to know it and the date too."""
    along = f"?{request.GET.urlencode()}" if request.GET else ""
    return {"way_back": explanation.way_back(request.GET), "along": along, "known_on": as_of.chosen(request.GET)}
