"""What the two indicators on costs share: amounts over distinct things with at least one counted line."""

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, grouped, rows, totals


def per_distinct(
    grid: Grid, lines: pd.DataFrame, measure: str, what: str, amounts: dict[str, str]
) -> list[pd.DataFrame]:
    """Amount / distinct ``what`` per scope and period; ``amounts`` maps a detail to the column that it sums."""
    if grid.periods[0].kind != "year":
        return []
    lines = coded(lines, grid.values)
    period = grid.period_of(lines["begindatum"])
    inside, period = lines[period >= 0], period[period >= 0]
    thing = pd.factorize(inside[what])[0].astype(np.int64)
    width = int(thing.max()) + 1 if len(thing) else 1
    result = []
    for scope in grid.scopes:
        key = grid.key(inside, scope)
        number, group_period, group_key = grouped(period, key)
        pairs = np.unique(number * width + thing) // width
        distinct = totals(pairs, np.ones(len(pairs), dtype=np.int64), len(group_key))
        for detail, column in amounts.items():
            amount = totals(number, inside[column].to_numpy(np.int64), len(group_key))
            result.append(rows(grid, scope, measure, group_period, group_key, amount, distinct, detail=detail))
    return result
