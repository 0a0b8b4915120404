"""Scoped reads of figures per place and referrer at once; ``selectors.in_scope`` is the only way to the rows."""

from accounts.scope import Scope
from kpi import selectors
from kpi.models import Run


def counts_by_place(scope: Scope, run: Run, dimension: str, measure: str, period: str) -> dict[str, dict[str, int]]:
    """Per municipality or provider the count of a measure by referrer; one query."""
    if dimension == "provider" and not scope.region:  # per provider it is stored over all municipalities only
        return {}
    rows = selectors.in_scope(scope, run).filter(
        scope=f"{dimension}+referrer", measure=measure, period=period, detail=""
    )
    found: dict[str, dict[str, int]] = {}
    for place, referrer, count in rows.values_list(dimension, "referrer", "numerator"):
        found.setdefault(place, {})[referrer] = count or 0
    return found
