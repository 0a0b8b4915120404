"""From cases to values: sums, distinct clients, stocks and quantiles per scope and period.

Every function returns rows of ROW: measure, detail, period number, the scope's name, a code per dimension
(-1: not in the scope), numerator and denominator (NO_NUMBER: none). Distinct clients are never added up: each
scope and period counts its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.frames import NO_NUMBER, OPEN
from kpi.calc.periods import Period
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS

LARGEST_SQUARED = 100_000
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """The periods of one kind, contiguous and in order, the scopes asked for, and the values of each dimension."""

    periods: Sequence[Period]
    scopes: tuple[str, ...]
    values: dict[str, pd.Index]

    @property
    def firsts(self) -> Ints:
        return np.array([period.first for period in self.periods], dtype=np.int64)

    @property
    def lasts(self) -> Ints:
        return np.array([period.last for period in self.periods], dtype=np.int64)

    def period_of(self, days: npt.ArrayLike) -> Ints:
        """The number of the period of each day; -1 outside."""
        day = np.asarray(days, dtype=np.int64)
        number = np.searchsorted(self.firsts, day, side="right") - 1
        return np.where((number >= 0) & (day <= self.lasts[-1]), number, -1)

    def key(self, frame: pd.DataFrame, scope: str) -> Ints:
        """One integer per row for the scope's dimensions."""
        key = np.zeros(len(frame), dtype=np.int64)
        for dimension in ALL_SCOPES[scope]:
            key = key * (len(self.values[dimension]) + 1) + frame[f"{dimension}_code"].to_numpy()
        return key

    def split(self, key: Ints, scope: str) -> dict[str, Ints]:
        """The dimension codes of keys."""
        codes = {dimension: np.full(len(key), -1, dtype=np.int64) for dimension in DIMENSIONS}
        rest = key
        for dimension in reversed(ALL_SCOPES[scope]):
            rest, codes[dimension] = np.divmod(rest, len(self.values[dimension]) + 1)
        return codes


def coded(frame: pd.DataFrame, values: dict[str, pd.Index]) -> pd.DataFrame:
    """``frame`` with a code column per dimension; a dimension that it lacks gets code 0 everywhere."""
    codes = {
        f"{dimension}_code": values[dimension].get_indexer(pd.Index(frame[dimension])) if dimension in frame else 0
        for dimension in DIMENSIONS
    }
    return frame.assign(**codes)


def rows(
    grid: Grid,
    scope: str,
    measure: str,
    period: Ints,
    key: Ints,
    numerator: Ints,
    denominator: Ints | int,
    detail: str = "",
) -> pd.DataFrame:
    """Rows of one measure and scope."""
    return pd.DataFrame(
        {
            "measure": measure,
            "detail": detail,
            "period": period,
            "scope": scope,
            **grid.split(key, scope),
            "numerator": numerator,
            "denominator": denominator,
        }
    )


def grouped(period: Ints, key: Ints) -> tuple[Ints, Ints, Ints]:
    """Group number per row, and the period and key of each group."""
    if len(key) == 0:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, empty
    width = int(key.max()) + 1
    groups, number = np.unique(period * width + key, return_inverse=True)
    return number.astype(np.int64), groups // width, groups % width


def totals(number: Ints, amount: Ints, groups: int) -> Ints:
    """Exact integer sums per group."""
    result = np.zeros(groups, dtype=np.int64)
    np.add.at(result, number, amount)
    return result


def sums(grid: Grid, cases: pd.DataFrame, *, scopes: Sequence[str] | None = None) -> list[pd.DataFrame]:
    """Sums of cases with measure, detail, day, numerator, denominator (0 for counts: then value = numerator).

    ``ratio`` (bool) says whether a row has a denominator.
    """
    period = grid.period_of(cases["day"])
    inside = cases[period >= 0]
    period = period[period >= 0]
    what = pd.MultiIndex.from_frame(inside[["measure", "detail", "ratio"]])
    kinds, uniques = pd.factorize(what)
    squared, unfit = _squares(inside)
    found = []
    for scope in grid.scopes if scopes is None else [name for name in grid.scopes if name in scopes]:
        key = grid.key(inside, scope)
        number, group_period, group_key = grouped(period * max(len(uniques), 1) + kinds, key)
        kind = group_period % max(len(uniques), 1)
        numerator = totals(number, inside["numerator"].to_numpy(), len(group_key))
        denominator = totals(number, inside["denominator"].to_numpy(), len(group_key))
        table = pd.DataFrame(list(uniques), columns=["measure", "detail", "ratio"]).iloc[kind]
        result = rows(grid, scope, "", group_period // max(len(uniques), 1), group_key, numerator, denominator)
        result["measure"], result["detail"] = table["measure"].to_numpy(), table["detail"].to_numpy()
        result["squares"] = totals(number, squared, len(group_key))
        result["unfit"] = totals(number, unfit, len(group_key))
        ratio = table["ratio"].to_numpy(dtype=bool)
        kept = (numerator != 0) | (denominator != 0) | (result["unfit"] != 0).to_numpy()
        result = result[kept]
        result.loc[~ratio[kept], "denominator"] = NO_NUMBER
        found.append(result)
    return found


def _squares(cases: pd.DataFrame) -> tuple[Ints, Ints]:
    """The square of each case, and 1 where a row is not one case of a mean (or too large to square and add)."""
    numerator = cases["numerator"].to_numpy(np.int64)
    unfit = (cases["denominator"].to_numpy() != 1) | (np.abs(numerator) > LARGEST_SQUARED)
    return np.where(unfit, 0, numerator) ** 2, unfit.astype(np.int64)


@dataclass(frozen=True)
class Merged:
    """A client's merged intervals in one scope: key, begin, end, first and last row (positions in the spells)."""

    key: Ints
    begin: Ints
    end: Ints
    first: Ints
    last: Ints


def merged(grid: Grid, spells: pd.DataFrame, scope: str, adjoin: int) -> Merged:
    """Per scope key and client the spells merged where they overlap or adjoin. ``spells`` is coded, index 0…n-1."""
    from kpi.calc.trajectories import merge_intervals

    key = grid.key(spells, scope)
    person = pd.factorize(spells["client"])[0].astype(np.int64)
    begin, end = spells["begin"].to_numpy(np.int64), spells["end"].to_numpy(np.int64)
    nummer, town = spells["toewijzing_nummer"].to_numpy(), spells["municipality_code"].to_numpy()
    order = np.lexsort((town, nummer, begin, person, key))
    group = key * (person.max() + 1 if len(person) else 1) + person
    interval = merge_intervals(group[order], begin[order], end[order], adjoin)
    starts = np.flatnonzero(np.diff(interval, prepend=-1))
    ends = np.maximum.reduceat(end[order], starts) if len(starts) else end[:0]
    by_end = np.lexsort((begin[order], town[order], nummer[order], end[order], interval))
    lasts = by_end[np.append(starts[1:], len(order)) - 1] if len(starts) else starts
    return Merged(key[order][starts], begin[order][starts], ends, order[starts], order[lasts])


def stock(grid: Grid, key: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Intervals running at the end of each period: period, key and number where above 0.

    Running at the end of day d: begin <= d and (open or end > d). One that ends before it begins never runs.
    """
    end = np.maximum(begin, end)
    keys, number = np.unique(key, return_inverse=True)
    width = len(grid.periods)
    change = np.zeros((len(keys), width + 1), dtype=np.int64)
    # The first period whose last day is on or after the day sees the change, and so do all later ones.
    np.add.at(change, (number, np.searchsorted(grid.lasts, begin)), 1)
    closed = end != OPEN
    np.add.at(change, (number[closed], np.searchsorted(grid.lasts, end[closed])), -1)
    level = change.cumsum(axis=1)[:, :width]
    where_key, period = np.nonzero(level)
    return period.astype(np.int64), keys[where_key], level[where_key, period]


def quantile_groups(number: Ints, value: Ints) -> tuple[Ints, Ints, Ints]:
    """Values sorted per group, with the first position and the size of each group."""
    order = np.lexsort((value, number))
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    return value[order], starts, sizes


def quantile(ordered: Ints, starts: Ints, sizes: Ints, numerator: int, denominator: int) -> Ints:
    """Type 7 quantiles (NumPy's default) times ``denominator``, exactly, per group."""
    position = (sizes - 1) * numerator
    low, rest = np.divmod(position, denominator)
    high = np.minimum(low + 1, sizes - 1)
    result: Ints = ordered[starts + low] * (denominator - rest) + ordered[starts + high] * rest
    return result
