"""Behind the figures: which cases make one, and which messages make a case. Every look is logged."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import record
from accounts.permissions import requires
from accounts.roles import Permission
from kpi import explanation, selectors
from kpi.as_of import run_of
from kpi.door import asked, asked_measure
from kpi.surroundings import surroundings


@never_cache
@require_GET
@requires(Permission.SEE_CASES)
def explain(request: HttpRequest, code: str) -> HttpResponse:
    """A figure taken apart: formula, norm, run and the cases that make it."""
    definition, measure = asked_measure(request, code)
    question = asked(request)
    if question is None:
        raise Http404
    selection = question.selection
    context = explanation.of_figure(question.view(), selection, definition, measure)
    context |= surroundings(request, question.page_filter, selection) | {"whole_page": True}
    record(by=request.user, action="zaken bekeken", subject=f"{measure.code} {selection.key}", zaken=context["count"])
    return render(request, "kpi/explain.html", context)


@never_cache
@require_GET
@requires(Permission.SEE_CASES)
def client(request: HttpRequest, key: str) -> HttpResponse:
    """The records of one pseudonym in time order; what is outside the scope does not exist."""
    run = run_of(request)
    if run is None:
        raise Http404
    lines = explanation.of_client(request.user.scope, run, explanation.client_of(key), selectors.names())
    if not lines:
        raise Http404
    record(by=request.user, action="cliënt bekeken", subject=f"pseudoniem {key}", regels=len(lines))
    return render(request, "kpi/client.html", {"key": key, "lines": lines, "run": run})
