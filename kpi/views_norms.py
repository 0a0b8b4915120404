"""Norms: every version is kept; policy officers add new ones after seeing what would change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import requires
from accounts.roles import Permission
from kpi import norm_actions, norm_page, norm_preview, selectors
from kpi.forms import NormForm


@require_GET
@requires(Permission.SEE_DASHBOARD)
def norms(request: HttpRequest) -> HttpResponse:
    """All norms in force and their versions."""
    context = {
        "groups": norm_page.groups(selectors.norms(), request.user.scope),
        "may_edit": request.user.may(Permission.EDIT_NORMS),
    }
    return render(request, "kpi/norms.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_NORMS)
def add(request: HttpRequest) -> HttpResponse:
    """A new version: first what it would change, then saved."""
    before = norm_page.as_new_version(request.GET.get("norm", ""), request.user.scope)
    form = NormForm(request.POST or None, initial=before)
    preview = None
    if request.method == "POST" and form.is_valid():
        if "opslaan" in request.POST:
            norm_actions.add_norm(by=request.user, **form.cleaned_data)
            messages.success(request, "De norm is vastgelegd. Oudere perioden houden hun oude norm.")
            return redirect("kpi:norms")
        preview = norm_preview.preview(request.user.scope, form.cleaned_data)
    status = 422 if form.errors else 200
    return render(request, "kpi/norm_add.html", {"form": form, "preview": preview}, status=status)
