"""The PDF of a long list of providers, made by the worker: the page as its asker prints it, through its own door."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse

from accounts.models import User
from accounts.scope import Scope
from kpi.exceptions import ExportError, PdfError
from kpi.exports.document import FILE, to_pdf
from kpi.exports.long import OTHER_RIGHTS, check, parameters

MOST_ROWS = 40  # some three seconds; more of them are not waited for
ROW = '<th scope="row">'
LAYOUT = "Step 5 - Creating layout - Page %d"  # of weasyprint, once per page
NO_PDF = "Een PDF maken kan nu niet: op de server ontbreekt Pango. Vraag uw technisch beheerder dit te installeren."
ONLY_OF_LIST = ("norm", "zoek", "sorteer")  # what somebody chooses in the list and not for all figures


def rows_of(html: str) -> int:
    """The number of providers on a page that lists them."""
    return html.count(ROW)


def write(
    path: Path,
    *,
    by: User,
    scope: Scope,
    period: str,
    chosen: Mapping[str, str],
    progress: Callable[[int], None],
) -> int:
    """Write the list and give the number of providers.

    ``progress`` hears how many pages are laid out; what it raises ends the work. Raises ExportError when the figures,
    the rights or the libraries are no longer there.
    """
    check(scope, period, {name: value for name, value in chosen.items() if name not in ONLY_OF_LIST})
    html = _page(by, scope, parameters(chosen) | {"periode": period})
    with _laid_out(progress):
        try:
            path.write_bytes(to_pdf(html, f"http://localhost{_address()}"))
        except PdfError as missing:
            raise ExportError(NO_PDF) from missing
    return rows_of(html)


def _page(by: User, scope: Scope, query: Mapping[str, str]) -> str:
    request = HttpRequest()
    request.method, request.path, request.path_info, request.user = "GET", _address(), _address(), by
    request.GET = QueryDict(mutable=True)
    request.GET.update(query)
    if by.scope != scope or not by.is_active:
        raise ExportError(OTHER_RIGHTS)
    try:
        response = resolve(reverse("kpi:pdf_providers")).func.page(request)
    except PermissionDenied as denied:
        raise ExportError(OTHER_RIGHTS) from denied
    return str(response.content.decode())


def _address() -> str:
    return reverse("kpi:pdf_providers").removesuffix(FILE)


@contextmanager
def _laid_out(progress: Callable[[int], None]) -> Iterator[None]:
    """Tell of every page that is laid out: weasyprint says so in a log of its own."""

    class Pages(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.msg == LAYOUT and isinstance(record.args, tuple):
                progress(int(str(record.args[0])))

    logger, handler = logging.getLogger("weasyprint.progress"), Pages()
    before, passed_on = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
        logger.propagate = passed_on
