"""Uploads: bring in files, follow them, read the report, undo; and the data-quality page."""

import csv
from collections.abc import Iterator
from itertools import chain

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.audit import record
from accounts.permissions import requires
from accounts.roles import Permission
from messaging import actions, selectors
from messaging.exceptions import UploadError
from messaging.forms import UploadForm
from messaging.models import PartlyReadTable, UnreadTable, Upload, UploadState
from messaging.presenters import counts_per_soort, upload_report
from messaging.quality_tables import quality_form, quality_page
from messaging.queueing import enqueue
from messaging.resuming import is_worked_on
from providers.models import Municipality
from sdf_portal.spreadsheets import harmless

UPLOADS_PER_PAGE = 25
REJECTIONS_SHOWN = 100
UNDOABLE = {UploadState.DONE, UploadState.FAILED}
STARTABLE = {UploadState.WAITING, UploadState.RUNNING, UploadState.FAILED}
NOT_STORED = "De bestanden konden niet worden opgeslagen. Er is niets bewaard. Probeer het later opnieuw."
NOT_STARTED = (
    "De bestanden zijn bewaard, maar de verwerking kan nu niet starten. U hoeft niets opnieuw te uploaden: ze begint"
    " vanzelf zodra de wachtrij weer werkt. Duurt dat te lang, neem dan contact op met uw technisch beheerder."
)


@require_http_methods(["GET", "POST"])
@requires(Permission.UPLOAD)
def uploads(request: HttpRequest) -> HttpResponse:
    """The upload form and the history under it."""
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*data, municipalities=list(Municipality.objects.values_list("code", "name")))
    if request.method == "POST" and form.is_valid() and (upload := _create(request, form)):
        return _start(request, upload)
    page = Paginator(selectors.uploads(), UPLOADS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "messaging/uploads.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.UPLOAD)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of one upload, or how far it is."""
    return render(request, "messaging/upload.html", _upload_context(pk))


@never_cache
@require_GET
@requires(Permission.UPLOAD)
def upload_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the upload page that changes; asks for itself again while the worker is busy."""
    return render(request, "messaging/upload_report.html", _upload_context(pk))


@require_POST
@requires(Permission.UPLOAD)
def start_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more for the processing of an upload that waits or failed."""
    found = get_object_or_404(Upload, pk=pk, state__in=STARTABLE)
    actions.restart_upload(by=request.user, upload=found)
    return _start(request, found)


@require_GET
@requires(Permission.UPLOAD)
def rejections(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What was refused and why, as CSV for a Dutch spreadsheet."""
    found = get_object_or_404(Upload, pk=pk)
    record(by=request.user, action="weigeringen gedownload", subject=f"upload {pk}")
    response = StreamingHttpResponse(_rejection_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="weigeringen-upload-{pk}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@requires(Permission.UPLOAD)
def undo_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: which messages disappear and which stay."""
    found = get_object_or_404(Upload, pk=pk, state__in=UNDOABLE)
    if request.method == "GET":
        disappearing, staying = selectors.undo_effect(found)
        context = {
            "upload": found,
            "counts": counts_per_soort(disappearing),
            "disappearing": sum(disappearing.values()),
            "staying": staying,
        }
        return render(request, "messaging/upload_undo.html", context)
    try:
        actions.undo_upload(by=request.user, upload=found)
        messages.success(request, "De upload is teruggedraaid. De cijfers worden opnieuw berekend.")
    except UploadError as error:
        messages.error(request, str(error))
    return redirect("messaging:upload", pk=pk)


@require_GET
@requires(Permission.SEE_DASHBOARD)
def data_quality(request: HttpRequest) -> HttpResponse:
    """Who delivers which messages in which month, and what stays unanswered."""
    today = timezone.localdate()
    form = quality_form(request.user.scope, request.GET, today)
    page = quality_page(request.user.scope, form.choices(), form.municipalities, today)
    return render(request, "messaging/quality.html", {"form": form, **page})


def _create(request: HttpRequest, form: UploadForm) -> Upload | None:
    try:
        return actions.create_upload(
            by=request.user,
            uploader=request.user.get_username(),
            files=form.cleaned_data["files"],
            gemeente=form.cleaned_data["gemeente"],
        )
    except UploadError as error:
        form.add_error("files", str(error))
    except OSError:
        form.add_error(
            "files", "De bestanden konden niet worden opgeslagen. Er is niets bewaard. Probeer het later opnieuw."
        )
    return None


def _start(request: HttpRequest, upload: Upload) -> HttpResponse:
    if not enqueue(upload.pk):
        messages.warning(request, NOT_STARTED)
    page = reverse("messaging:upload", args=[upload.pk])
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=201, headers={"Location": page})
    return redirect(page)


def _upload_context(pk: int) -> dict:
    found = get_object_or_404(Upload, pk=pk)
    refused = selectors.rejections(found)
    return {
        "upload": found,
        "report": upload_report(found, list(found.files.all()), worked_on=is_worked_on(pk)),
        "rejections": refused[:REJECTIONS_SHOWN],
        "rejections_shown": REJECTIONS_SHOWN,
        "undoable": found.state in UNDOABLE,
        "partly": PartlyReadTable.objects.filter(upload_file__upload=found).exclude(
            upload_file__upload__state=UploadState.UNDONE
        ),
        "unread": UnreadTable.objects.filter(upload_file__upload=found),
    }


def _rejection_lines(upload: Upload) -> Iterator[str]:
    """With a byte order mark and semicolons, as a Dutch spreadsheet expects."""
    rows = (
        (refused.upload_file.name, refused.file, refused.reason)
        for refused in selectors.rejections(upload).iterator(chunk_size=2_000)
    )
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff"
    for row in chain([("bestand", "waar", "reden")], rows):
        yield writer.writerow([harmless(cell) for cell in row])


class _Echo:
    """A file whose ``write`` hands the line back, so that the csv writer can stream."""

    def write(self, line: str) -> str:
        return line
