"""Static files of packages that npm installed: only the files that pages use, under ``vendor/``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FILES = {
    "vendor/utrecht.css": "@utrecht/component-library-css/dist/index.css",
    "vendor/utrecht-html.css": "@utrecht/component-library-css/dist/html.css",
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


class _Renamed(FileSystemStorage):
    """A storage that gives one file whatever name it is asked by."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(location=folder)
        self.file = folder / name

    def path(self, name: str) -> str:
        return str(self.file)
