"""Which build of the portal runs: HTML that another build stored names files that are gone."""

from functools import cache
from hashlib import sha256

from django.conf import settings

FOLDERS = ("accounts", "kpi", "messaging", "providers", "sdf_portal", "static", "templates")
KINDS = {".py", ".html", ".css", ".js"}


@cache
def build() -> str:
    """A digest of everything that makes a page; the same for all processes of one build."""
    digest = sha256()
    for folder in FOLDERS:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in KINDS:
                digest.update(path.read_bytes())
    return digest.hexdigest()
