"""Reference data and parameters: who changed what and when, and a new version of a parameter."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import requires
from accounts.roles import Permission
from kpi import parameters, reference_page
from kpi.exceptions import ParameterError
from kpi.forms import ParameterForm

PER_PAGE = 50


@require_GET
@requires(Permission.UPLOAD)
def reference(request: HttpRequest) -> HttpResponse:
    """What is loaded, and the history of every row."""
    context = reference_page.page(request.GET.get("bestand", ""))
    changes = Paginator(context["changes"], PER_PAGE).get_page(request.GET.get("pagina"))
    rows = Paginator(context["rows"], PER_PAGE).get_page(request.GET.get("rijen"))
    context |= {"rows": rows, "page": changes, "changes": [reference_page.change_of(change) for change in changes]}
    return render(request, "kpi/reference.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.UPLOAD)
def parameter_list(request: HttpRequest) -> HttpResponse:
    """Every parameter with its versions, and a form for a new one."""
    form = ParameterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            parameters.add_version(by=request.user, **form.cleaned_data)
        except ParameterError as error:
            form.add_error("value", str(error))
        else:
            messages.success(request, "De parameter is vastgelegd. De cijfers worden opnieuw berekend.")
            return redirect("kpi:parameters")
    context = reference_page.parameters(timezone.localdate()) | {"form": form}
    return render(request, "kpi/parameters.html", context, status=422 if form.errors else 200)
