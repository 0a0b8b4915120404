"""Pages as PDF: the page itself, through its own door, laid out as it prints. Every PDF is logged."""

import re
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache

from accounts.audit import record
from kpi.exceptions import PdfError
from kpi.exports.document import FILE, to_pdf
from kpi.exports.paper import MOST_ROWS, rows_of

# Never what was searched for: somebody may type a name there.
IN_NAME = ("periode", "vanaf", "tot", "zorgdomein", "gemeente", "maat")
CODE = re.compile(r"[\w-]{1,40}", re.ASCII)


def printed(page: Callable[..., HttpResponse], long: str = "") -> Callable[..., HttpResponse]:
    """The view of a page, as a view of that page's PDF; whatever is not a page with status 200 stays as it is.

    ``long``: the name of the address that has the worker make it when the page lists more than one waits for.
    ``page`` of the view is the page itself.
    """

    @never_cache
    @wraps(page)
    def view(request: HttpRequest, **arguments: str) -> HttpResponse:
        request.path = request.path_info = request.path.removesuffix(FILE)
        response = page(request, **arguments)
        if response.status_code != 200:
            return response
        html = response.content.decode()
        if long and (rows := rows_of(html)) > MOST_ROWS:
            ask_url = f"{reverse(long)}?{request.GET.urlencode()}"
            context = {"rows": rows, "of": "aanbieders", "file": "PDF", "ask_url": ask_url}
            return render(request, "kpi/long_list.html", context | {"back_url": request.get_full_path()})
        return _file(request, html)

    view.page = page  # type: ignore[attr-defined]
    return view


def _file(request: HttpRequest, html: str) -> HttpResponse:
    name = file_name(request)
    try:
        content = to_pdf(html, request.build_absolute_uri(request.path))
    except PdfError as missing:
        return render(request, "kpi/no_pdf.html", {"reason": str(missing)}, status=503)
    record(by=request.user, action="export pdf", subject=name)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


def file_name(request: HttpRequest) -> str:
    """The page and what was chosen, in safe signs."""
    chosen = [value for key in IN_NAME if CODE.fullmatch(value := request.GET.get(key, ""))]
    return slugify("-".join(["sdf", *request.path.strip("/").split("/"), *chosen]))
