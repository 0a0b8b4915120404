"""Static files: what a template asks for exists, or production would answer with a fault instead of the page."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

TEMPLATES = settings.BASE_DIR / "templates"
ASKED = re.compile(r"""\{%\s*static\s+(?P<path>"[^"]*"|'[^']*'|\S+)""")


def asked() -> dict[str, set[str]]:
    """The templates per static path, as written between quotes."""
    found: dict[str, set[str]] = {}
    for template in TEMPLATES.rglob("*.html"):
        for match in ASKED.finditer(template.read_text()):
            found.setdefault(match["path"], set()).add(str(template.relative_to(TEMPLATES)))
    return found


@pytest.mark.parametrize("path", sorted(asked()))
def test_what_a_template_asks_for_exists(path):
    assert path[0] in "\"'", f"{path} in {asked()[path]} cannot be checked: write the path itself"
    assert finders.find(path.strip("\"'")), f"{path} is asked for by {asked()[path]}"


def test_templates_ask_for_something():
    assert {'"css/portal.css"', '"vendor/plotly.js"'} <= asked().keys()


def test_a_manifest_can_be_made_of_all_files(tmp_path):
    """Every reference between the files, as in ``url()``, exists too."""
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=settings.STORAGES | {"staticfiles": storage}):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("css/portal.*.css"))
