"""Exports of the pages with figures, through the door of the page itself. Every export is logged."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.permissions import requires
from accounts.roles import Permission
from kpi import (
    breakdowns,
    domain_page,
    monitor_page,
    municipality_page,
    narrowing,
    provider_list,
    provider_page,
    referrer_page,
    spread_page,
)
from kpi import compare as comparison
from kpi.calc.spread import SPREAD
from kpi.door import WITHOUT, Asked, asked, asked_measure
from kpi.exports import page_tables, quality_tables, tables
from kpi.exports.notes import chosen
from kpi.exports.response import OfMessages, Question, file_response
from kpi.exports.table import Table
from kpi.pages import View
from kpi.selection import Selection
from messaging.quality_tables import quality_form, quality_page

Page = Callable[[View, Selection], Mapping[str, Any]]
Tables = Callable[[View, Selection, Mapping[str, Any]], Iterable[Table]]
Answer = Callable[..., HttpResponse]


def _export(view: Answer) -> Answer:
    """An export is for whoever may see the dashboard, and never kept on the way."""
    guarded: Answer = never_cache(require_GET(requires(Permission.SEE_DASHBOARD)(view)))
    return guarded


@_export
def overview(request: HttpRequest, kind: str) -> HttpResponse:
    """The sixteen indicators of a selection, what changed and the work list."""
    question = asked(request, narrowed=True)
    return _of_page(request, kind, "overzicht", question, breakdowns.overview, page_tables.overview)


@_export
def provider(request: HttpRequest, agb: str, kind: str) -> HttpResponse:
    """All tables about one provider."""
    question = asked(request, without=WITHOUT["provider"], fixed={"provider": agb}, narrowed=True)
    return _of_page(request, kind, "aanbieder", question, provider_page.page, page_tables.provider)


@_export
def municipality(request: HttpRequest, kind: str) -> HttpResponse:
    """All tables about one municipality, or the municipalities to choose from."""
    question = asked(request, without=WITHOUT["municipality"])
    return _of_page(request, kind, "gemeente", question, municipality_page.page, page_tables.municipality)


@_export
def domain(request: HttpRequest, kind: str) -> HttpResponse:
    """All care domains side by side, or all tables about one."""
    question = asked(request, without=WITHOUT["domain"])
    return _of_page(request, kind, "zorgdomeinen", question, domain_page.page, page_tables.domain)


@_export
def referrers(request: HttpRequest, kind: str) -> HttpResponse:
    """The figures per referrer, and where whom refers."""
    question = asked(request, without=referrer_page.without(request.user.scope))
    return _of_page(request, kind, "verwijzers", question, referrer_page.page, page_tables.referrers)


@_export
def monitor(request: HttpRequest, kind: str) -> HttpResponse:
    """Both clocks of the message monitor."""
    question = asked(request, without=WITHOUT["monitor"])
    return _of_page(request, kind, "berichtenmonitor", question, monitor_page.page, page_tables.monitor)


@_export
def quality(request: HttpRequest, kind: str) -> HttpResponse:
    """Who delivers which messages in which month, and what stays unanswered."""
    today = timezone.localdate()
    form = quality_form(request.user.scope, request.GET, today)
    choices = form.choices()
    shown = quality_page(request.user.scope, choices, form.municipalities, today)
    question = OfMessages(choices.get("tot") or f"{today:%Y-%m}", form.words(), choices)
    return file_response(request, kind, "gegevenskwaliteit", [*quality_tables.quality(shown)], question)


@_export
def spread(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The spread of a duration or cost per provider."""
    definition, _ = asked_measure(request, code)
    if definition.code not in SPREAD:
        raise Http404
    return _of_page(
        request,
        kind,
        f"spreiding-{definition.code}",
        asked(request, without=WITHOUT["spread"], ranged=False),
        lambda view, selection: spread_page.page(view, selection, definition),
        page_tables.spread,
    )


@_export
def providers(request: HttpRequest, kind: str) -> HttpResponse:
    """All providers with a light per indicator, as a file."""
    search, sort = provider_list.asked_order(request.GET)
    extra = {"Naam of AGB-code": search or "alle", "Volgorde": provider_list.orders()[sort]}
    return _of_table(
        request,
        kind,
        asked(request, narrowed=True, without=WITHOUT["providers"]),
        lambda view, selection: tables.providers(view, selection, search=search, sort=sort),
        extra,
    )


@_export
def compare(request: HttpRequest, kind: str) -> HttpResponse:
    """A few providers side by side, as a file."""
    compared = comparison.chosen_providers(request.GET)[: comparison.MOST]
    return _of_table(
        request,
        kind,
        asked(request, narrowed=True, without=WITHOUT["compare"], providers=compared),
        lambda view, selection: tables.comparison(view, selection, compared),
        {"Vergeleken aanbieders": ", ".join(compared)},
    )


@_export
def indicator(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One indicator with its course and its breakdowns, as a file."""
    definition, measure = asked_measure(request, code)
    return _of_table(
        request,
        kind,
        asked(request, narrowed=True),
        lambda view, selection: tables.indicator(view, selection, definition, measure),
        {"Uitgesplitste maat": measure.name},
    )


def _of_page(
    request: HttpRequest, kind: str, name: str, question: Asked | None, page: Page, tables_of: Tables
) -> HttpResponse:
    """The tables of what a page shows, in a file."""
    view, selection = _allowed(question)
    found = [
        replace(table, heads=tuple(tables.with_norm(selection, head) for head in table.heads))
        for table in tables_of(view, selection, page(view, selection))
    ]
    return file_response(request, kind, name, found, _question(view, selection, question))


def _of_table(
    request: HttpRequest,
    kind: str,
    question: Asked | None,
    build: Callable[[View, Selection], Table],
    extra: Mapping[str, str],
) -> HttpResponse:
    """One table in a file; ``extra`` are filters of this page alone, by name."""
    view, selection = _allowed(question)
    table = build(view, selection)
    return file_response(request, kind, table.name, [table], _question(view, selection, question, extra))


def _allowed(question: Asked | None) -> tuple[View, Selection]:
    if question is None:
        raise Http404
    return question.view(), question.selection


def _question(
    view: View, selection: Selection, question: Asked | None, extra: Mapping[str, str] | None = None
) -> Question:
    sentences = narrowing.notes(selection, question.page_filter.ignored if question else ())
    filters = [*chosen(view, selection, sentences), *(extra or {}).items()]
    norm = ("norm van nu",) if selection.norm_of_now else ()
    in_name = (selection.period.label, *selection.chosen.values(), *norm)
    return Question(view, selection, filters, in_name, selection.chosen)
