"""Long exports: ask for one, follow it, take it along. Each is only for who asked for it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.audit import record
from accounts.permissions import requires
from accounts.roles import Permission
from kpi import as_of, export_actions, job_page, narrowing, provider_list
from kpi.calc.checks import BY_CODE
from kpi.door import WITHOUT, must_exist
from kpi.exceptions import ExportError
from kpi.exports import long
from kpi.exports.finding_file import CHECK
from kpi.filters import FindingFilter, PageFilter
from kpi.models import ExportJob, ExportWhat, Run
from kpi.selection import NORM_OF_NOW, Selection
from sdf_portal.queueing import ask

TASK = "kpi.export_tasks.make"
KINDS = {"xlsx": "XLSX, met toelichting", "csv": "CSV"}
FIELDS = ("periode", "zorgdomein", "gemeente", "aanbieder")
SHOWN = 50
NOT_STARTED = (
    "Uw aanvraag is bewaard, maar het maken kan nu niet beginnen. Het begint vanzelf zodra de verwerking weer draait."
)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_DASHBOARD)
def exports(request: HttpRequest) -> HttpResponse:
    """What somebody asked for before, and the form for a new one."""
    given = request.POST if request.method == "POST" else request.GET
    run = request.shown_run = as_of.run_asked(given)
    if run is None:
        return render(request, "kpi/no_figures.html")
    page_filter = PageFilter(given, scope=request.user.scope, run=run, narrowed=True, compared=True)
    must_exist(request.user.scope, run, page_filter.compared.split())
    if request.method == "POST" and page_filter.form.is_valid():
        answer = _asked_for(request, page_filter, given)
        if answer is not None:
            return answer
    return render(request, "kpi/exports.html", _form_context(request, run, page_filter, given))


@require_POST
@requires(Permission.SEE_DASHBOARD)
def providers(request: HttpRequest) -> HttpResponse:
    """Have the worker make the PDF of the list of providers that the address asks for."""
    run = request.shown_run = as_of.run_asked(request.GET)
    if run is None:
        raise Http404
    page_filter = PageFilter(
        request.GET, scope=request.user.scope, run=run, without=WITHOUT["providers"], narrowed=True
    )
    search, sort = provider_list.asked_order(request.GET)
    selection = _selection(page_filter, request.GET)
    of_list = {"sorteer": sort} | ({"zoek": search} if search else {})
    of_list |= {"norm": NORM_OF_NOW} if selection.norm_of_now else {}
    back = redirect(f"{reverse('kpi:providers')}?{request.GET.urlencode()}")
    return _job_asked_for(request, page_filter, selection, "pdf", ExportWhat.PROVIDERS, **of_list) or back


@require_POST
@requires(Permission.SEE_CASES)
def findings(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Have the worker make the file of the findings of a check that the address asks for."""
    run = request.shown_run = as_of.run_asked(request.GET)
    if run is None or code not in BY_CODE:
        raise Http404
    page_filter = FindingFilter(request.GET, scope=request.user.scope, run=run)
    back = redirect(f"{reverse('kpi:finding_list', args=[code])}?{request.GET.urlencode()}")
    selection = _selection(page_filter, request.GET)
    return _job_asked_for(request, page_filter, selection, kind, ExportWhat.FINDINGS, **{CHECK: code}) or back


@never_cache
@require_GET
@requires(Permission.SEE_DASHBOARD)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one export is, in words, and the file when it is done."""
    return render(request, "kpi/export_job.html", _job_context(request, pk))


@never_cache
@require_GET
@requires(Permission.SEE_DASHBOARD)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of that page that changes; asks for itself again until the export has ended."""
    return render(request, "kpi/export_progress.html", _job_context(request, pk))


@require_POST
@requires(Permission.SEE_DASHBOARD)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an export that waits or runs."""
    job = _own(request, pk)
    if not export_actions.cancel_export(by=request.user, job=job):
        messages.info(request, "Deze export was al klaar of gestopt.")
    return redirect("kpi:export_job", pk=job.pk)


@never_cache
@require_GET
@requires(Permission.SEE_DASHBOARD)
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file of an export that is done, not expired, and within what its asker may still see."""
    job = _own(request, pk)
    path = export_actions.exports_dir() / job.stored_name
    if not job_page.takeable(job, request.user, timezone.now()) or not path.is_file():
        raise Http404
    _log(request, job)
    return FileResponse(path.open("rb"), as_attachment=True, filename=job_page.file_name(job))


def _log(request: HttpRequest, job: ExportJob) -> None:
    """Single findings are logged by what they are about, as when they come at once."""
    if job.what != ExportWhat.FINDINGS:
        subject = f"export {job.pk} {job.period}"
        record(by=request.user, action=f"export {job.kind}", subject=subject, rijen=job.rows_total)
        return
    about = {"export": job.pk, "bevindingen": job.rows_total}
    chosen = long.parameters(job.filters) | {"periode": job.period}
    chosen.pop(CHECK)
    record(by=request.user, action="bevindingen gedownload", subject=job_page.check_name(job), **about, **chosen)


def _own(request: HttpRequest, pk: int) -> ExportJob:
    return get_object_or_404(ExportJob, pk=pk, user=request.user)


def _asked_for(request: HttpRequest, page_filter: PageFilter, given: QueryDict) -> HttpResponse | None:
    kind = given.get("soort", "")
    selection = _selection(page_filter, given)
    return _job_asked_for(
        request, page_filter, selection, kind if kind in KINDS else "xlsx", with_parts="onderdelen" in given
    )


def _job_asked_for(
    request: HttpRequest,
    page_filter: PageFilter,
    selection: Selection,
    kind: str,
    what: str = ExportWhat.FIGURES,
    *,
    with_parts: bool = False,
    **of_list: str,
) -> HttpResponse | None:
    refused = page_filter.refused or (narrowing.NOT_COMPUTED if not selection.stored or selection.contradicts else "")
    if refused:
        messages.error(request, refused)
        return None
    try:
        job = export_actions.request_export(
            by=request.user,
            scope=page_filter.scope,
            what=what,
            kind=kind,
            period=selection.period.label,
            with_parts=with_parts,
            filters=long.fields_of(selection) | of_list,
        )
    except ExportError as error:
        messages.error(request, str(error))
        return None
    if not ask(TASK, job.pk):
        messages.warning(request, NOT_STARTED)
    return redirect("kpi:export_job", pk=job.pk)


def _selection(page_filter: PageFilter, given: QueryDict) -> Selection:
    return page_filter.selection(total=False).at(known_on=as_of.chosen(given))


def _form_context(request: HttpRequest, run: Run, page_filter: PageFilter, given: QueryDict) -> dict[str, Any]:
    jobs = ExportJob.objects.filter(user=request.user)[:SHOWN]
    now, names = timezone.now(), job_page.names()
    selection = _selection(page_filter, given)
    remarks = long.remarks(selection, page_filter.ignored, searched=bool(given.get("zoek")))
    return {
        "fields": [page_filter.form[name] for name in FIELDS if name in page_filter.form.fields],
        "filter": page_filter,
        "notes": [*filter(None, [page_filter.refused]), *remarks],
        "known_on": selection.known_on,
        "compared": page_filter.compared,
        "compared_names": narrowing.named(page_filter.compared, names["provider"]),
        "run": run,
        "kinds": KINDS.items(),
        "kind": given.get("soort", "xlsx"),
        "with_parts": "onderdelen" in given,
        "kept_days": export_actions.KEPT_DAYS,
        "jobs": [job_page.line(job, names, request.user, now) for job in jobs],
    }


def _job_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    job = _own(request, pk)
    line = job_page.line(job, job_page.names(), request.user, timezone.now())
    return {"job": line, "busy": job.state in export_actions.UNFINISHED, "again_url": _again_url(job)}


def _again_url(job: ExportJob) -> str:
    """Where the same export can be asked for again."""
    again = long.parameters(job.filters) | {"periode": job.period}
    match job.what:
        case ExportWhat.PROVIDERS:
            page = reverse("kpi:pdf_providers")
        case ExportWhat.FINDINGS:
            page = reverse("kpi:finding_list", args=[again.pop(CHECK)])
        case _:
            page = reverse("kpi:exports")
            again |= {"soort": job.kind} | ({"onderdelen": "1"} if job.with_parts else {})
    return f"{page}?{urlencode(again)}"
