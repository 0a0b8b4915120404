"""Saved views: orders only; the list stands on the overview."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts import saved_views
from accounts.exceptions import AccountError
from accounts.models import SavedView
from accounts.permissions import requires
from accounts.roles import Permission


@require_POST
@requires(Permission.SEE_DASHBOARD)
def save(request: HttpRequest) -> HttpResponse:
    """Save the page that the form stands on, and go back to it."""
    name, page, query = (request.POST.get(field, "") for field in ("name", "page", "query"))
    try:
        view = saved_views.save_view(by=request.user, name=name, page=page, query=query)
    except AccountError as error:
        messages.error(request, str(error))
        return redirect(saved_views.way_back(request.user, page, query) or "start")
    messages.success(request, f"De weergave “{view.name}” is bewaard. U vindt haar op de pagina Overzicht.")
    return redirect(view.address)


@require_POST
@requires(Permission.SEE_DASHBOARD)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view; one of somebody else does not exist."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    saved_views.delete_view(by=request.user, view=view)
    messages.success(request, f"De weergave “{view.name}” is verwijderd.")
    return redirect("start")
