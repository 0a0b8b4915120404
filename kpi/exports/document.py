"""PDF: a page as it prints, tagged so that a screen reader can read it (PDF/UA-1)."""

from io import BytesIO
from mimetypes import guess_type
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from kpi.exceptions import PdfError

# A long page takes seconds and hundreds of MB: not for every thread at once.
ONE_AT_A_TIME = Lock()
FILE = "pagina.pdf"  # below the address of the page
MISSING = (
    "Een PDF maken kan nu niet: op de server ontbreekt Pango. Vraag uw technisch beheerder dit te installeren:"
    " apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core. Tot dan kunt u deze pagina"
    " afdrukken en in uw browser “Opslaan als PDF” kiezen."
)


def to_pdf(html: str, address: str) -> bytes:
    """The page at ``address`` (absolute) as a file; nothing is fetched but the portal's own static files.

    Raises PdfError when the libraries for it are not on this machine.
    """
    try:
        import weasyprint  # slow, and without Pango it cannot even be imported
    except OSError as error:
        raise PdfError(MISSING) from error

    class OwnFiles(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            kind, _ = guess_type(urlsplit(url).path)
            return weasyprint.urls.URLFetcherResponse(url, BytesIO(static_file(url)), {"Content-Type": kind or ""})

    page = weasyprint.HTML(string=html, base_url=address, url_fetcher=OwnFiles(), media_type="print")
    with ONE_AT_A_TIME:
        content: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return content


def static_file(url: str) -> bytes:
    """The content of a static file of the portal. Raises ValueError for any other address."""
    base = f"/{settings.STATIC_URL.strip('/')}/"
    path = unquote(urlsplit(url).path)
    if urlsplit(url).scheme not in ("http", "https") or not path.startswith(base):
        raise ValueError("not a static file")
    name = path.removeprefix(base)
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    found = finders.find(name)
    if not isinstance(found, str):
        raise ValueError("no such static file")
    with open(found, "rb") as source:
        return source.read()
