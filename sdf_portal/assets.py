"""Static files of packages that npm installed: only the files that pages use, under ``vendor/``."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

FILES = {
    "vendor/utrecht.css": "@utrecht/component-library-css/dist/index.css",
    "vendor/theme.css": "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css",
    "vendor/plotly-nl.js": "plotly.js-locales/nl.js",
    "vendor/plotly.js": "plotly.js-basic-dist-min/plotly-basic.min.js",
}


class NodePackagesFinder(BaseFinder):
    """Finds the files of FILES in ``node_modules``."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = settings.BASE_DIR / "node_modules" / FILES[path] if path in FILES else None
        if found is None or not found.exists():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for path, source in FILES.items():
            folder = settings.BASE_DIR / "node_modules" / Path(source).parent
            if (folder / Path(source).name).exists():
                yield path, _Renamed(folder, Path(source).name)


def collect(stamp: Path) -> None:
    """``collectstatic``, when a source differs from what ``stamp`` says was collected last."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            told = Path(storage.path(path)).stat()
            seen.update(f"{path} {told.st_size} {told.st_mtime_ns}\n".encode())
    if settings.STATIC_ROOT.exists() and stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen.hexdigest())


class _Renamed(FileSystemStorage):
    """A storage that gives one file whatever name it is asked by."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(location=folder)
        self.file = folder / name

    def path(self, name: str) -> str:
        return str(self.file)
