"""Exports of the pages with figures, through the door of the page itself. Every export is logged."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import record
from accounts.permissions import requires
from accounts.roles import Permission
from kpi import compare as comparison
from kpi import provider_list
from kpi.door import Asked, asked, asked_measure
from kpi.exports import tables
from kpi.exports.delimited import to_csv
from kpi.exports.notes import notes
from kpi.exports.table import Table
from kpi.exports.workbook import to_xlsx
from kpi.pages import View
from kpi.selection import Selection

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Build = Callable[[View, Selection], Table]


@never_cache
@require_GET
@requires(Permission.SEE_DASHBOARD)
def overview(request: HttpRequest, kind: str) -> HttpResponse:
    """The sixteen indicators of a selection, as a file."""
    return _export(request, kind, asked(request, narrowed=True), tables.overview)


@never_cache
@require_GET
@requires(Permission.SEE_DASHBOARD)
def providers(request: HttpRequest, kind: str) -> HttpResponse:
    """All providers with a light per indicator, as a file."""
    search, sort = provider_list.asked_order(request.GET)
    extra = {"Naam of AGB-code": search or "alle", "Volgorde": provider_list.SORTS[sort]}
    return _export(
        request,
        kind,
        asked(request, narrowed=True, without=("aanbieder",)),
        lambda view, selection: tables.providers(view, selection, search=search, sort=sort),
        extra,
    )


@never_cache
@require_GET
@requires(Permission.SEE_DASHBOARD)
def compare(request: HttpRequest, kind: str) -> HttpResponse:
    """A few providers side by side, as a file."""
    chosen = comparison.chosen_providers(request.GET)[: comparison.MOST]
    return _export(
        request,
        kind,
        asked(request, narrowed=True, without=("aanbieder",), providers=chosen),
        lambda view, selection: tables.comparison(view, selection, chosen),
        {"Vergeleken aanbieders": ", ".join(chosen)},
    )


@never_cache
@require_GET
@requires(Permission.SEE_DASHBOARD)
def indicator(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One indicator with its course and its breakdowns, as a file."""
    definition, measure = asked_measure(request, code)
    return _export(
        request,
        kind,
        asked(request, narrowed=True),
        lambda view, selection: tables.indicator(view, selection, definition, measure),
        {"Uitgesplitste maat": measure.name},
    )


def _export(
    request: HttpRequest, kind: str, question: Asked | None, build: Build, extra: dict[str, str] | None = None
) -> HttpResponse:
    """The file. What was searched for is not logged: somebody may type a name there."""
    if question is None:
        raise Http404
    view, selection = question.view(), question.selection
    table = build(view, selection)
    if kind == "csv":
        content = to_csv(table)
    else:
        content = to_xlsx(table, notes(view, selection, table, made_at=timezone.now(), extra=extra or {}))
    log: dict[str, Any] = {"rijen": len(table.rows), "berekening": view.run.pk, **selection.chosen}
    record(by=request.user, action=f"export {kind}", subject=f"{table.name} {selection.period.label}", **log)
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{file_name(table, selection)}.{kind}"'},
    )


def file_name(table: Table, selection: Selection) -> str:
    """What the file holds, in safe signs: the table, the period, what was chosen, and other norms than its own."""
    norm = ("norm van nu",) if selection.norm_of_now else ()
    return slugify("-".join(("sdf", table.name, selection.period.label, *selection.chosen.values(), *norm)))
