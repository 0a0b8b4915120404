"""Scoped reads of what the data-quality checks counted; ``in_scope`` is the only way to the rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import QuerySet, Sum

from accounts.scope import Scope
from kpi import selectors
from kpi.models import Finding, Run
from kpi.selection import Selection

NUMBERS = ("examined", "by_municipality", "by_provider")


@dataclass(frozen=True, slots=True)
class Count:
    """How much one check examined, and how much of it was wrong by who can repair it."""

    examined: int
    by_municipality: int
    by_provider: int

    @property
    def wrong(self) -> int:
        return self.by_municipality + self.by_provider


def in_scope(scope: Scope, run: Run) -> QuerySet[Finding]:
    """The counts of a run that a scope may see."""
    return selectors.visible(Finding.objects.filter(run=run), scope)


def counts_by(
    scope: Scope, run: Run, selection: Selection, dimension: str, months: Iterable[str]
) -> dict[str, dict[str, Count]]:
    """Counts by value of ``dimension`` (month, municipality, provider), then by check, within a selection."""
    chosen = {name: code for name, code in selection.chosen.items() if name in ("municipality", "provider")}
    rows = in_scope(scope, run).filter(month__in=list(months), **chosen).order_by()
    summed = rows.values_list(dimension, "kind").annotate(*(Sum(name) for name in NUMBERS))
    found: dict[str, dict[str, Count]] = {}
    for key, kind, *numbers in summed:
        found.setdefault(key, {})[kind] = Count(*numbers)
    return found


def choices(scope: Scope, run: Run, dimension: str) -> list[tuple[str, str]]:
    """Municipalities or providers with something examined, by name: more than have figures."""
    key = f"kpi-finding-choices:{run.key}:{scope.key}:{dimension}"
    found: list[tuple[str, str]] = cache.get_or_set(
        key, lambda: _choices(scope, run, dimension), selectors.CHOICES_SECONDS
    )
    return found


def _choices(scope: Scope, run: Run, dimension: str) -> list[tuple[str, str]]:
    known = selectors.names()[dimension]
    codes = in_scope(scope, run).order_by().values_list(dimension, flat=True).distinct()
    return sorted(((code, known.get(code, code)) for code in codes), key=lambda choice: choice[1].casefold())
