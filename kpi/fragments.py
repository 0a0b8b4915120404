"""Figures as stored HTML: a run never changes, so what was rendered once for a scope is right until the next run."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from accounts.scope import Scope
from kpi.models import Run
from sdf_portal.build import build

SECONDS = 24 * 3600


def fragment(
    template: str, scope: Scope, run: Run, norms_version: int, key: str, context: Callable[[], Mapping[str, Any]]
) -> SafeString:
    """The rendered template; ``context`` is called when nothing is stored for this scope, run, norms and key."""
    identity = "\n".join((template, scope.key, run.key, str(norms_version), key, build()))
    name = f"kpi-html:{sha256(identity.encode()).hexdigest()}"
    stored: str = cache.get_or_set(name, lambda: str(render_to_string(template, dict(context()))), SECONDS)
    return mark_safe(stored)  # noqa: S308
