"""Scoped reads of figures per place and referrer at once; ``selectors.in_scope`` is the only way to the rows."""

from django.db.models import Sum

from accounts.scope import Scope
from kpi import selectors
from kpi.calc.periods import RANGE, Period, months_in
from kpi.models import Run


def counts_by_place(scope: Scope, run: Run, dimension: str, measure: str, period: Period) -> dict[str, dict[str, int]]:
    """Per municipality or provider the count of a measure by referrer; of a range of months their sum; one query."""
    if dimension == "provider" and not scope.region:  # per provider it is stored over all municipalities only
        return {}
    labels = [month.label for month in months_in(period)] if period.kind == RANGE else [period.label]
    rows = selectors.in_scope(scope, run).filter(
        scope=f"{dimension}+referrer", measure=measure, period__in=labels, detail=""
    )
    found: dict[str, dict[str, int]] = {}
    summed = rows.order_by().values_list(dimension, "referrer").annotate(Sum("numerator"))
    for place, referrer, count in summed:
        found.setdefault(place, {})[referrer] = count or 0
    return found
