"""Cases: one row behind a figure, with the dimensions of what it is about."""

from typing import Any

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, grouped, named, rows, totals
from kpi.calc.scopes import DIMENSIONS

# Who and what is behind a case: for an explanation, not for sums.
BEHIND = ("client", "toewijzing_nummer")
# The detail of a share's denominator: never shown, joined to its parts when the sums are finished.
WHOLE = "*"


def _cases(frame: pd.DataFrame, measure: str, day: Any, numerator: Any, detail: str, ratio: bool) -> pd.DataFrame:
    dimensions = {name: frame[name].to_numpy() for name in (*DIMENSIONS, *BEHIND) if name in frame}
    return pd.DataFrame(
        {
            "measure": measure,
            "detail": detail,
            "day": np.asarray(day, dtype=np.int64),
            "ratio": ratio,
            "numerator": np.asarray(numerator).astype(np.int64),
            "denominator": np.int64(1 if ratio else 0),
            **dimensions,
        }
    )


def ratio_cases(frame: pd.DataFrame, measure: str, day: Any, numerator: Any, detail: str = "") -> pd.DataFrame:
    """A case per row with denominator 1; ``day`` says which period it belongs to."""
    return _cases(frame, measure, day, numerator, detail, True)


def count_cases(frame: pd.DataFrame, measure: str, day: Any, amount: Any, detail: str = "") -> pd.DataFrame:
    """A case per row that adds ``amount`` and has no denominator."""
    return _cases(frame, measure, day, amount, detail, False)


def shares(grid: Grid, frame: pd.DataFrame, measure: str, scopes: tuple[str, ...] | None = None) -> list[pd.DataFrame]:
    """Rows per ``detail`` and one of all rows (WHOLE) per scope and period, which becomes the denominator of each;
    ``frame`` has day, detail and the dimensions."""
    frame = coded(frame, grid.values)
    period = grid.period_of(frame["day"])
    inside, period = frame[period >= 0], period[period >= 0]
    detail, names = pd.factorize(inside["detail"])
    result = []
    for scope in grid.scopes if scopes is None else [name for name in grid.scopes if name in scopes]:
        key = grid.key(inside, scope)
        number, group_period, group_key = grouped(period, key)
        ones = np.ones(len(key), dtype=np.int64)
        whole = totals(number, ones, len(group_key))
        part, outer, part_detail = grouped(number, detail.astype(np.int64))
        amount = totals(part, ones, len(outer))
        table = rows(grid, scope, measure, group_period[outer], group_key[outer], amount, 0)
        result.append(table.assign(detail=named(part_detail, names)))
        result.append(rows(grid, scope, measure, group_period, group_key, np.zeros_like(whole), whole, detail=WHOLE))
    return result
