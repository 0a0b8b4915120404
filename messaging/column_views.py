"""The pages on which an admin says what the columns of CSV exports mean."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import requires
from accounts.roles import Permission
from messaging import column_actions
from messaging.column_forms import KindForm, LayoutForm, likeliest
from messaging.models import ColumnLayout, PartlyReadTable, UnreadTable, UploadState
from messaging.queueing import enqueue
from messaging.rijen.header import Layout
from messaging.rijen.kinds import KINDS
from providers.models import Municipality

SAVED = "De kolommen zijn vastgelegd."
AGAIN = "De bestanden die erop wachtten worden nu opnieuw gelezen; de cijfers volgen daarna."
LATER = "De bestanden die erop wachtten worden opnieuw gelezen zodra de verwerking weer werkt."


@require_GET
@requires(Permission.UPLOAD)
def columns(request: HttpRequest) -> HttpResponse:
    """The exports that wait, the layouts that were saved, and the names that are always known."""
    context = {
        "waiting": UnreadTable.objects.select_related("upload_file__upload"),
        "partly": PartlyReadTable.objects.select_related("upload_file__upload").exclude(
            upload_file__upload__state=UploadState.UNDONE
        ),
        "layouts": [(layout, KINDS[layout.soort].label) for layout in ColumnLayout.objects.all()],
        "kinds": KINDS.values(),
        "kept_days": column_actions.KEPT_DAYS,
    }
    return render(request, "messaging/columns.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.UPLOAD)
def explain_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns of an export that waits mean."""
    table = get_object_or_404(UnreadTable.objects.select_related("upload_file__upload"), pk=pk)
    gemeente = table.upload_file.upload.gemeente
    return _page(request, table.columns, gemeente, None, {"table": table})


@require_http_methods(["GET", "POST"])
@requires(Permission.UPLOAD)
def explain_unknown(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean that were left out when an export was read; for those that come after it."""
    table = get_object_or_404(PartlyReadTable.objects.select_related("upload_file__upload"), pk=pk)
    return _page(request, table.columns, table.upload_file.upload.gemeente, None, {"partly": table})


@require_http_methods(["GET", "POST"])
@requires(Permission.UPLOAD)
def edit_layout(request: HttpRequest, pk: int) -> HttpResponse:
    """A layout that was saved before; what was read with it stays as it is."""
    saved = get_object_or_404(ColumnLayout, pk=pk)
    layout = Layout(saved.soort, saved.fields, saved.constants)
    return _page(request, saved.columns, saved.gemeente, layout, {"saved": saved})


@require_POST
@requires(Permission.UPLOAD)
def discard_table(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up an export that waits."""
    column_actions.discard_table(by=request.user, table=get_object_or_404(UnreadTable, pk=pk))
    messages.success(request, "Het bestand wordt niet ingelezen en is verwijderd als niets anders erop wacht.")
    return redirect("messaging:columns")


def _page(
    request: HttpRequest, names: Sequence[str], gemeente: str, layout: Layout | None, context: dict
) -> HttpResponse:
    soort = request.GET.get("soort", "")
    if soort not in KINDS:
        soort = layout.soort if layout else likeliest(names)
    shown = layout if layout and layout.soort == soort else None
    constants = shown.constants if shown else {}
    form = LayoutForm(
        request.POST or None,
        kind=KINDS[soort],
        columns=names,
        municipalities=list(Municipality.objects.values_list("code", "name")),
        layout=shown,
        initial={**constants, "gemeente": gemeente},
    )
    if request.method == "POST" and form.is_valid():
        return _save(request, form)
    context |= {"form": form, "kind_form": KindForm(initial={"soort": soort}), "kind": KINDS[soort]}
    return render(request, "messaging/columns_explain.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: LayoutForm) -> HttpResponse:
    gemeente = form.cleaned_data["gemeente"]
    uploads = column_actions.save_layout(by=request.user, columns=form.columns, gemeente=gemeente, layout=form.layout())
    asked = [enqueue(upload) for upload in uploads]
    messages.success(request, " ".join([SAVED, *([AGAIN if all(asked) else LATER] if uploads else [])]))
    return redirect("messaging:upload", pk=uploads[0]) if len(uploads) == 1 else redirect("messaging:columns")
