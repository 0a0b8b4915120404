"""Data-quality findings: what is wrong in the messages, who can repair it, and the list behind each count."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.audit import record
from accounts.permissions import requires
from accounts.roles import Permission
from kpi import as_of, finding_list, findings_page, pages, selectors
from kpi.actions import state_on
from kpi.calc.checks import BY_CODE, Check
from kpi.exports import page_tables
from kpi.exports.document import FILE
from kpi.exports.finding_file import MOST_ROWS, in_file
from kpi.exports.response import ONE_TABLE, attachment, file_response
from kpi.filters import FindingFilter
from kpi.findings_page import Question
from kpi.fragments import fragment
from kpi.models import Run
from kpi.surroundings import surroundings


@require_GET
@requires(Permission.SEE_DASHBOARD)
def findings(request: HttpRequest) -> HttpResponse:
    """Score, counts and course of every check, per municipality and provider."""
    run = as_of.run_of(request)
    if run is None:
        return render(request, "kpi/no_figures.html")
    page_filter, question = _asked(request, run)
    lists = request.user.may(Permission.SEE_CASES)
    html = fragment(
        "kpi/findings_figures.html",
        *(question.scope, run, 0, f"{question.selection.key}|{lists}"),
        lambda: (
            findings_page.page(question, lists=lists)
            | {"table_file": f"export.csv{findings_page.query(question.selection)}&{ONE_TABLE}="}
        ),
    )
    exports = [("XLSX", f"{reverse('kpi:export_findings', args=['xlsx'])}?{request.GET.urlencode()}")]
    context = surroundings(request, page_filter, question.selection, all_adds_up=True)
    context |= {"fragment": html, "exports": exports}
    context["pdf"] = f"{FILE}?{request.GET.urlencode()}"
    return render(request, "kpi/findings.html", context)


@never_cache
@require_GET
@requires(Permission.SEE_DASHBOARD)
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """The counts of every check in a file."""
    run = as_of.run_or_404(request)
    page_filter, question = _asked(request, run)
    tables = list(page_tables.findings(findings_page.page(question, lists=False)))
    return file_response(request, kind, "bevindingen", tables, in_file(page_filter, question, timezone.localdate()))


@never_cache
@require_GET
@requires(Permission.SEE_CASES)
def finding_list_page(request: HttpRequest, code: str) -> HttpResponse:
    """The single findings of one check."""
    check, page_filter, question = _asked_list(request, code)
    rows = finding_list.rows_of(question, check, state_on(question.run.as_of))
    _log(request, "bevindingen bekeken", check, question, len(rows))
    context = surroundings(request, page_filter, question.selection, all_adds_up=True) | {"whole_page": True}
    context |= finding_list.page(question, check, rows)
    context |= {"overview_query": findings_page.query(question.selection), "file_query": request.GET.urlencode()}
    return render(request, "kpi/finding_list.html", context)


@never_cache
@require_GET
@requires(Permission.SEE_CASES)
def finding_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """All findings of one check as a file, to work from; many are made by the worker."""
    check, page_filter, question = _asked_list(request, code)
    if (many := findings_page.counted(question, check)) > MOST_ROWS:
        return _by_the_worker(request, code, kind, many)
    rows = finding_list.rows_of(question, check, state_on(question.run.as_of))
    _log(request, "bevindingen gedownload", check, question, len(rows))
    asked = in_file(page_filter, question, timezone.localdate())
    return attachment(kind, check.code, [finding_list.table(check, rows)], asked)


def _by_the_worker(request: HttpRequest, code: str, kind: str, many: int) -> HttpResponse:
    """Offer to have a long list made in the background."""
    query = request.GET.urlencode()
    context = {"rows": many, "of": "bevindingen", "file": f"{kind.upper()}-bestand"}
    context["ask_url"] = f"{reverse('kpi:export_finding_list', args=[code, kind])}?{query}"
    context["back_url"] = f"{reverse('kpi:finding_list', args=[code])}?{query}"
    return render(request, "kpi/long_list.html", context)


def _asked(request: HttpRequest, run: Run) -> tuple[FindingFilter, Question]:
    page_filter = FindingFilter(request.GET, scope=request.user.scope, run=run)
    selection = page_filter.selection().at(known_on=as_of.chosen(request.GET))
    return page_filter, Question(request.user.scope, run, selection, selectors.names())


def _asked_list(request: HttpRequest, code: str) -> tuple[Check, FindingFilter, Question]:
    check, run = BY_CODE.get(code), as_of.run_of(request)
    if check is None or run is None:
        raise Http404
    return check, *_asked(request, run)


def _log(request: HttpRequest, action: str, check: Check, question: Question, count: int) -> Any:
    logged = pages.logged(question.names, question.selection)
    return record(by=request.user, action=action, subject=check.name, bevindingen=count, **logged)
