"""The pages with figures. A view picks the scope, the run and the selection; what is shown comes from ``pages``."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import requires
from accounts.roles import Permission
from kpi import breakdowns, pages, provider_list, selectors
from kpi.calc.indicators import DEFINITIONS
from kpi.filters import PageFilter
from kpi.fragments import fragment
from kpi.lights import legend
from kpi.models import Run
from kpi.selection import Selection
from kpi.surroundings import surroundings
from kpi.wording import LIGHT_MEANINGS

BY_CODE = {definition.code: definition for definition in DEFINITIONS}


@require_GET
@requires(Permission.SEE_DASHBOARD)
def overview(request: HttpRequest) -> HttpResponse:
    """The sixteen indicators of a selection, each with its light."""
    return _page(request, "overview", breakdowns.overview)


@require_GET
@requires(Permission.SEE_DASHBOARD)
def providers(request: HttpRequest) -> HttpResponse:
    """All providers with a light per indicator."""
    search, sort = request.GET.get("zoek", "").strip()[:60], request.GET.get("sorteer", "rood")
    sort = sort if sort in provider_list.SORTS else "rood"
    return _page(
        request,
        "providers",
        lambda view, selection: provider_list.page(view, selection, search=search, sort=sort),
        without=("aanbieder",),
        key=f"{sort}|{search}",
        extra={"sorts": provider_list.SORTS.items(), "sort": sort, "search": search},
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
def provider(request: HttpRequest, agb: str) -> HttpResponse:
    """One provider: its lights, trends, products and municipalities, and what to talk about."""
    return _page(
        request,
        "provider",
        breakdowns.provider,
        without=("aanbieder",),
        fixed={"provider": agb},
        extra=provider_list.heading(agb),
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: what it means, all its measures, the trend and who contributes."""
    definition = BY_CODE.get(code)
    if definition is None:
        raise Http404
    asked = request.GET.get("maat", "")
    measure = next((item for item in definition.measures if item.code == asked), definition.headline)
    return _page(
        request,
        "indicator",
        lambda view, selection: breakdowns.indicator(view, selection, definition, measure),
        key=measure.code,
        extra={
            "definition": definition,
            "measure": measure,
            "explain_query": request.GET.urlencode() if request.user.may(Permission.SEE_CASES) else None,
        },
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
def glossary(request: HttpRequest) -> HttpResponse:
    """The words and the definitions behind the figures."""
    context = {"definitions": DEFINITIONS, "words": LIGHT_MEANINGS, "legend": legend()}
    return render(request, "kpi/glossary.html", context)


def _page(
    request: HttpRequest,
    name: str,
    build: Any,
    *,
    without: tuple[str, ...] = (),
    fixed: dict[str, str] | None = None,
    key: str = "",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page of figures around a stored fragment; without a run it says that there are none yet."""
    scope, run = request.user.scope, selectors.current_run()
    if run is None:
        return render(request, "kpi/no_figures.html")
    page_filter = PageFilter(request.GET, scope=scope, run=run, without=without)
    selection = page_filter.selection().at(**(fixed or {}))
    _must_exist(scope, run, selection)
    html = fragment(
        f"kpi/{name}_figures.html",
        scope,
        run,
        selectors.norms_version(),
        f"{selection.key}|{key}",
        lambda: build(pages.view_of(scope, run), selection) | {"legend": legend()},
    )
    context = surroundings(request, page_filter, selection) | {"fragment": html} | (extra or {})
    return render(request, f"kpi/{name}.html", context)


def _must_exist(scope: Any, run: Run, selection: Selection) -> None:
    """A provider without figures in this scope does not exist for whoever asks."""
    if selection.provider and selection.provider not in dict(selectors.choices(scope, run)["provider"]):
        raise Http404
