"""The pages with figures. A view picks the scope, the run and the selection; what is shown comes from ``pages``."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.permissions import requires
from accounts.roles import Permission
from kpi import (
    breakdowns,
    domain_page,
    monitor_page,
    municipality_page,
    provider_list,
    provider_page,
    provider_paper,
    referrer_page,
    selectors,
    spread_page,
)
from kpi import compare as comparison
from kpi.calc.indicators import DEFINITIONS
from kpi.calc.spread import SPREAD
from kpi.door import WITHOUT, Asked, asked, asked_measure
from kpi.exports.document import FILE
from kpi.exports.response import ONE_TABLE
from kpi.fragments import fragment
from kpi.lights import legend
from kpi.pages import query
from kpi.selection import Selection
from kpi.stored_page import stored_page
from kpi.surroundings import surroundings
from kpi.wording import LIGHT_MEANINGS
from kpi.words import GROUPS

NARROWED = ("overview", "providers", "provider", "compare", "indicator")  # they follow the filters of ``narrowing``
UNRANGED = ("spread",)  # alone in following only a range of months that is a month, quarter or year
TABLED = ("overview", "provider", "spread", "monitor", "municipality", "domain", "referrers")  # each table is a file
PRINTED = (*TABLED, "providers", "compare", "indicator")  # those that are a PDF too


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def overview(request: HttpRequest) -> HttpResponse:
    """The sixteen indicators of a selection, each with its light."""
    return _page(
        request,
        "overview",
        breakdowns.overview,
        extra=_exports("overview", request.GET),
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def providers(request: HttpRequest) -> HttpResponse:
    """All providers with a light per indicator."""
    return _providers(request)


@require_GET
@requires(Permission.SEE_DASHBOARD)
def providers_on_paper(request: HttpRequest) -> HttpResponse:
    """The same for a PDF, in a table that fits on paper."""
    return _providers(request, paper=True)


def _providers(request: HttpRequest, *, paper: bool = False) -> HttpResponse:
    search, sort = provider_list.asked_order(request.GET)
    table = provider_paper.table_html if paper else provider_list.table_html
    return _page(
        request,
        "providers",
        lambda view, selection: provider_list.page(view, selection, search=search, sort=sort, table=table),
        without=WITHOUT["providers"],
        key=f"{paper}|{sort}|{search}",
        extra={"sorts": provider_list.orders().items(), "sort": sort, "search": search}
        | _exports("providers", request.GET),
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def provider(request: HttpRequest, agb: str) -> HttpResponse:
    """One provider: its lights, trends, products and municipalities, and what to talk about."""
    lists = request.user.may(Permission.SEE_CASES)
    return _page(
        request,
        "provider",
        lambda view, selection: provider_page.page(view, selection, lists=lists),
        without=WITHOUT["provider"],
        fixed={"provider": agb},
        key=f"{lists}",
        extra=provider_list.heading(agb) | _exports("provider", request.GET, agb),
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def compare(request: HttpRequest) -> HttpResponse:
    """A few providers side by side."""
    named = comparison.chosen_providers(request.GET)
    chosen = named[: comparison.MOST]
    return _page(
        request,
        "compare",
        lambda view, selection: comparison.page(view, selection, chosen),
        without=WITHOUT["compare"],
        providers=named,
        key=" ".join(chosen),
        extra={
            "compared": chosen,
            "remark": comparison.remark(named),
            "clear_url": comparison.address(chosen),
            "providers_url": reverse("kpi:providers"),
        }
        | _exports("compare", request.GET),
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: what it means, all its measures, the trend and who contributes."""
    definition, measure = asked_measure(request, code)
    return _page(
        request,
        "indicator",
        lambda view, selection: breakdowns.indicator(view, selection, definition, measure),
        key=measure.code,
        extra={
            "definition": definition,
            "measure": measure,
            "spread_query": request.GET.urlencode() if definition.code in SPREAD else None,
            "explain_query": request.GET.urlencode() if request.user.may(Permission.SEE_CASES) else None,
        }
        | _exports("indicator", request.GET, code),
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
def spread(request: HttpRequest, code: str) -> HttpResponse:
    """How a duration or cost is spread over the cases of each provider; only groups, never one case."""
    definition, _ = asked_measure(request, code)
    if definition.code not in SPREAD:
        raise Http404
    return _page(
        request,
        "spread",
        lambda view, selection: spread_page.page(view, selection, definition),
        without=WITHOUT["spread"],
        key=definition.code,
        extra={
            "definition": definition,
            "explain_query": request.GET.urlencode() if request.user.may(Permission.SEE_CASES) else None,
            "indicator_url": f"{reverse('kpi:indicator', args=[definition.code])}?{request.GET.urlencode()}",
        }
        | _exports("spread", request.GET, code),
    )


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def monitor(request: HttpRequest) -> HttpResponse:
    """Two clocks: who is late with messages, municipalities and providers each on their own."""
    extra = _exports("monitor", request.GET)
    return _page(request, "monitor", monitor_page.page, without=WITHOUT["monitor"], extra=extra)


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def municipality(request: HttpRequest) -> HttpResponse:
    """The dashboard of one municipality; who sees the region chooses which one."""
    choosing = request.user.scope.region and not request.GET.get("gemeente")
    extra = _exports("municipality", request.GET) | {"choosing": choosing}
    return _page(request, "municipality", municipality_page.page, without=WITHOUT["municipality"], extra=extra)


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def domain(request: HttpRequest) -> HttpResponse:
    """All care domains side by side, or everything about one."""
    extra = _exports("domain", request.GET)
    return _page(request, "domain", domain_page.page, without=WITHOUT["domain"], extra=extra)


@require_GET
@requires(Permission.SEE_DASHBOARD)
@stored_page
def referrers(request: HttpRequest) -> HttpResponse:
    """Who leads clients into care, with the share of whom it is unknown."""
    without, extra = referrer_page.without(request.user.scope), _exports("referrers", request.GET)
    return _page(request, "referrers", referrer_page.page, without=without, extra=extra)


@require_GET
@login_required
def guide(request: HttpRequest) -> HttpResponse:
    """A tour of ten minutes, of what the reader's role can reach."""
    may = request.user.may
    context = {
        "figures": may(Permission.SEE_DASHBOARD),
        "region": may(Permission.SEE_REGION),
        "cases": may(Permission.SEE_CASES),
        "norms": may(Permission.EDIT_NORMS),
        "uploads": may(Permission.UPLOAD),
    }
    return render(request, "kpi/help.html", context)


@require_GET
@requires(Permission.SEE_DASHBOARD)
def glossary(request: HttpRequest) -> HttpResponse:
    """The words and the definitions behind the figures."""
    context = {"definitions": DEFINITIONS, "words": LIGHT_MEANINGS, "groups": GROUPS, "legend": legend()}
    return render(request, "kpi/glossary.html", context)


def _exports(name: str, asked_for: QueryDict, *args: str) -> dict[str, Any]:
    """Context: the addresses of the page's tables as a file, with every filter of the page."""
    kinds = ("xlsx",) if name in TABLED else ("csv", "xlsx")
    addresses = {kind: reverse(f"kpi:export_{name}", args=[*args, kind]) for kind in kinds}
    return {"exports": [(kind.upper(), f"{address}?{asked_for.urlencode()}") for kind, address in addresses.items()]}


def _table_files(name: str, selection: Selection) -> dict[str, str]:
    """Context: where each table of a page is a file, for the name of that table to follow."""
    return {"table_file": f"export.csv{query(selection)}&{ONE_TABLE}="} if name in TABLED else {}


def _beside_the_lights(question: Asked) -> dict[str, Any]:
    """Context of the legend."""
    return {"legend": legend(), "norm_of_now": question.now if question.selection.norm_of_now else None}


def _page(
    request: HttpRequest,
    name: str,
    build: Any,
    *,
    without: tuple[str, ...] = (),
    fixed: dict[str, str] | None = None,
    providers: list[str] | None = None,
    key: str = "",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page of figures around a stored fragment; without a run it says that there are none yet."""
    follows = {"narrowed": name in NARROWED, "ranged": name not in UNRANGED}
    question = asked(request, without=without, fixed=fixed, providers=providers, **follows)
    if question is None:
        return render(request, "kpi/no_figures.html")
    html = fragment(
        f"kpi/{name}_figures.html",
        question.scope,
        question.run,
        selectors.norms_version(),
        f"{question.key}|{key}",
        lambda: (
            build(question.view(), question.selection)
            | _beside_the_lights(question)
            | _table_files(name, question.selection)
        ),
    )
    around = surroundings(request, question.page_filter, question.selection, (providers or [])[: comparison.MOST])
    pdf = f"{FILE}?{request.GET.urlencode()}" if name in PRINTED else ""
    return render(request, f"kpi/{name}.html", around | {"fragment": html, "pdf": pdf} | (extra or {}))
