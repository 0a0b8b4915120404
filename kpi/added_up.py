"""Stored figures added up in the database: over products and providers that a filter keeps, or over months.

Months are added up from all rows, also those that no page shows: a month in which a part has no case still has its
whole, and a month without expected costs may have claims.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, QuerySet, Sum

from kpi.calc.additive import NOT_PER_PERIOD, PER_PERIOD
from kpi.calc.cases import WHOLE
from kpi.calc.values import ALWAYS, SHARES
from kpi.models import Value

SUMS = {f"{name}_sum": Sum(name) for name in ("numerator", "denominator", "squares")}
COUNTED = {"cells": Count("measure"), "squared": Count("squares")}
Row = dict[str, Any]


def added(rows: QuerySet[Value], by: Iterable[str]) -> QuerySet[Value, Row]:
    """Numerators, denominators and squares per ``by``, and how many rows have squares at all."""
    return rows.values(*by).annotate(**SUMS, **COUNTED).order_by()


def over_months(rows: QuerySet[Value], detail: str | None, *by: str) -> Iterator[Row]:
    """As ``added``, per measure, detail and ``by``; ``rows`` are those of the months, shown or not.

    ``detail`` None: the figures with all their parts. Measures that do not add up over months are left out, and so is
    what a period of its own would not tell (contracts, export table).
    """
    rows = rows.filter(measure__in=PER_PERIOD).exclude(detail__in=NOT_PER_PERIOD)
    if detail is not None:
        rows = rows.filter(detail__in=(detail, WHOLE))
    found = list(added(rows, ("measure", "detail", *by)))
    keys = ("measure", *by)
    whole = {_key(row, keys): row["denominator_sum"] for row in found if row["detail"] == WHOLE}
    for row in found:
        if row["measure"] in SHARES and row["detail"] not in ("", WHOLE):
            row["denominator_sum"] = whole.get(_key(row, keys), 0)
        if row["detail"] != WHOLE and told(row):
            yield row


def _key(row: Row, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[name] for name in names)


def told(row: Row) -> bool:
    """Whether a sum says anything: of no cases, or of claims without expected costs, there is no figure."""
    top, bottom = row["numerator_sum"], row["denominator_sum"]
    always = row["detail"] in ("", *ALWAYS) or row["measure"] == "bericht_uitval"
    return (top != 0 if bottom is None else bottom > 0) and (always or top > 0)
