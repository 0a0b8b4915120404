"""How durations and costs are spread over cases: quantiles and outliers per value of a dimension.

An outlier lies beyond Q3 + UITSCHIETER_FACTOR × IQR (indicators, 6). The ends of a box are P10 and P90 and no extremes,
for an extreme is the figure of one client.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from kpi.calc.aggregate import quantile, quantile_groups, totals
from kpi.calc.indicators import i06_duur, i07_kosten_per_traject
from kpi.calc.periods import Period
from kpi.calc.state import State

# Per indicator the measure whose cases these are.
SPREAD = {
    "duur": "duur_gemiddeld",
    "kosten-per-traject": "kosten_per_traject",
    "kosten-per-client": "kosten_per_client",
}
SHARES = {"p10": (1, 10), "q1": (1, 4), "median": (1, 2), "q3": (3, 4), "p90": (9, 10)}


@dataclass(frozen=True, slots=True)
class Spread:
    """The spread of so many cases, in the unit of a case (days, eurocents); ``beyond`` of them are outliers."""

    cases: int
    p10: Fraction
    q1: Fraction
    median: Fraction
    q3: Fraction
    p90: Fraction
    beyond: int


def spreads(
    state: State, indicator: str, period: Period, chosen: Mapping[str, str], dimension: str, smallest: int
) -> dict[str, Spread]:
    """Per value of ``dimension`` the spread within ``chosen``, "" for all together; none of fewer than ``smallest``."""
    found = _cases(state, indicator, period, chosen, dimension)
    whole = _cases(state, indicator, period, chosen, "")
    return _by_key(found, state, smallest) | _by_key(whole, state, smallest)


def _cases(state: State, indicator: str, period: Period, chosen: Mapping[str, str], dimension: str) -> pd.DataFrame:
    """One row per case with its ``key`` and ``amount``: days of what ended, or what a trajectory or client cost."""
    table, day, each = _table(state, indicator)
    inside = (table[day] >= period.first) & (table[day] <= period.last)
    for name, value in chosen.items():
        inside &= table[name].astype(str) == value
    table = table[inside]
    table = table.assign(key=table[dimension].astype(str) if dimension else "")
    if not each:
        return table[["key", "days"]].rename(columns={"days": "amount"})
    summed = table.groupby(["key", each])["toegekend"].sum()
    return summed.reset_index().rename(columns={"toegekend": "amount"})


def _table(state: State, indicator: str) -> tuple[pd.DataFrame, str, str]:
    """What an indicator is about, the column of its day, and what its amounts are added up per."""
    if indicator == "duur":
        return i06_duur.ended_cases(state), "end", ""
    if indicator == "kosten-per-traject":
        return i07_kosten_per_traject.on_trajectories(state), "begindatum", "trajectory"
    return state.lines, "begindatum", "client"


def _by_key(cases: pd.DataFrame, state: State, smallest: int) -> dict[str, Spread]:
    if cases.empty:
        return {}
    number, keys = pd.factorize(cases["key"])
    amount = cases["amount"].to_numpy(np.int64)
    ordered, starts, sizes = quantile_groups(number, amount)
    shares = {name: (quantile(ordered, starts, sizes, *share), share[1]) for name, share in SHARES.items()}
    factor, whole = state.parameters.outlier_factor
    q1, q3 = shares["q1"][0], shares["q3"][0]  # times 4
    limit = q3 * whole + factor * (q3 - q1)
    beyond = totals(number, (amount * 4 * whole > limit[number]).astype(np.int64), len(sizes))
    return {
        str(key): Spread(
            cases=int(sizes[place]),
            beyond=int(beyond[place]),
            **{name: Fraction(int(value[place]), scale) for name, (value, scale) in shares.items()},
        )
        for place, key in enumerate(keys)
        if sizes[place] >= smallest
    }
