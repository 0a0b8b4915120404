"""From cases to values: sums, distinct clients, stocks and quantiles per scope and period.

Every function returns rows of ROW: measure, detail, period number, the scope's name, a code per dimension
(-1: not in the scope), numerator and denominator (NO_NUMBER: none). Distinct clients are never added up: each
scope and period counts its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.frames import NO_NUMBER, OPEN
from kpi.calc.periods import Period
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS
from kpi.calc.trajectories import merge_intervals

LARGEST_SQUARED = 100_000
EXACT_IN_FLOATS = 2**53  # sums below it are whole numbers that a float holds exactly
ADDED = ("numerator", "denominator", "squares", "unfit")
SPARSEST = 4  # possible groups per row up to which marking those that occur is faster than looking them up
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


def named(codes: Ints, names: Iterable[str]) -> pd.Categorical:
    """The name of each code, for millions of rows: compared and joined by number."""
    return pd.Categorical.from_codes(codes, dtype=_category(tuple(names)))


def repeated(name: str, times: int) -> pd.Categorical:
    """One name for so many rows."""
    return named(np.zeros(times, dtype=np.int8), (name,))


@lru_cache(maxsize=1000)
def _category(names: tuple[str, ...]) -> pd.CategoricalDtype:
    """Made once for a thousand small tables."""
    return pd.CategoricalDtype(pd.Index(names, dtype="str"))


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
            "measure": repeated(measure, len(key)),
            "detail": repeated(detail, len(key)),
            "period": period,
            "scope": repeated(scope, len(key)),
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
    both = period * width + key
    size = (int(period.max()) + 1) * width
    if size <= SPARSEST * len(both) + 1024:
        present = np.zeros(size, dtype=bool)
        present[both] = True
        groups = np.flatnonzero(present)
        number = (np.cumsum(present) - 1)[both]
    else:
        number, groups = pd.factorize(both, sort=True)
    return number.astype(np.int64), groups // width, groups % width


def totals(number: Ints, amount: Ints, groups: int) -> Ints:
    """Exact integer sums per group."""
    if len(amount) and int(np.abs(amount).max()) < EXACT_IN_FLOATS // len(amount):
        return np.bincount(number, amount, groups).astype(np.int64)
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
    kinds, uniques = _kinds(inside)
    several = max(len(uniques), 1)
    cells = _cells(grid, inside, period * several + kinds)
    found = []
    for scope in grid.scopes if scopes is None else [name for name in grid.scopes if name in scopes]:
        number, group_period, group_key = grouped(cells["what"].to_numpy(), grid.key(cells, scope))
        added = {name: totals(number, cells[name].to_numpy(), len(group_key)) for name in ADDED}
        kept = np.logical_or.reduce([added[name] != 0 for name in ("numerator", "denominator", "unfit")])
        added = {name: amount[kept] for name, amount in added.items()}
        table = uniques.iloc[group_period[kept] % several]
        without = ~table["ratio"].to_numpy(dtype=bool)
        denominator = np.where(without, NO_NUMBER, added["denominator"])
        result = rows(grid, scope, "", group_period[kept] // several, group_key[kept], added["numerator"], denominator)
        kind = {name: table[name].array for name in ("measure", "detail")}
        found.append(result.assign(**kind, squares=added["squares"], unfit=added["unfit"]))
    return found


def _kinds(cases: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """The number of each case's combination of measure, detail and ratio, and these combinations."""
    measure, measures = pd.factorize(cases["measure"])
    detail, details = pd.factorize(cases["detail"])
    both = (measure * max(len(details), 1) + detail) * 2 + cases["ratio"].to_numpy().astype(np.int64)
    kinds, uniques = pd.factorize(both)
    names, ratio = np.divmod(uniques, 2)
    which, part = np.divmod(names, max(len(details), 1))
    return kinds.astype(np.int64), pd.DataFrame(
        {"measure": named(which, measures), "detail": named(part, details), "ratio": ratio.astype(bool)}
    )


def _cells(grid: Grid, cases: pd.DataFrame, what: Ints) -> pd.DataFrame:
    """The cases added up per ``what`` and all dimensions: what scopes add up further, without going through all cases
    each."""
    squares, unfit = _squares(cases)
    amounts = dict(
        zip(ADDED, (cases["numerator"].to_numpy(), cases["denominator"].to_numpy(), squares, unfit), strict=True)
    )
    codes = {f"{name}_code": cases[f"{name}_code"].to_numpy(np.int64) for name in DIMENSIONS}
    key, size = np.zeros(len(cases), dtype=np.int64), 1
    for name in DIMENSIONS:
        width = len(grid.values[name]) + 1
        if size > (1 << 40) // width:
            key, uniques = pd.factorize(key)
            size = len(uniques)
        key, size = key * width + codes[f"{name}_code"], size * width
    place, _ = pd.factorize(key)
    number, groups = pd.factorize(what * (int(place.max()) + 1 if len(place) else 1) + place)
    first = np.zeros(len(groups), dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    added = {name: totals(number, amount.astype(np.int64), len(groups)) for name, amount in amounts.items()}
    return pd.DataFrame({"what": what[first], **{name: code[first] for name, code in codes.items()}, **added})


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
    return merged_by(grid.key(spells, scope), Order.of(spells), adjoin)


@dataclass(frozen=True)
class Order:
    """Who the spells are of, when they run, and their place when sorted by person and begin, and when by end."""

    person: Ints
    begin: Ints
    end: Ints
    by_begin: Ints
    by_end: Ints

    @classmethod
    def of(cls, spells: pd.DataFrame) -> "Order":
        """The order of spells with ``municipality_code``; ties by number, then municipality."""
        person = pd.factorize(spells["client"], sort=True)[0].astype(np.int64)
        begin, end = spells["begin"].to_numpy(np.int64), spells["end"].to_numpy(np.int64)
        nummer, town = spells["toewijzing_nummer"].to_numpy(), spells["municipality_code"].to_numpy()
        by_begin, by_end = np.lexsort((town, nummer, begin, person)), np.lexsort((begin, town, nummer, end))
        return cls(person, begin, end, by_begin, by_end)


def merged_by(key: Ints, spells: Order, adjoin: int) -> Merged:
    """Per key and person the spells merged where they overlap or adjoin."""
    group = spells.person * (int(key.max()) + 1 if len(key) else 1) + key
    # By person already: a stable sort of what is nearly in order is fast.
    order = spells.by_begin[np.argsort(group[spells.by_begin], kind="stable")]
    begin, end = spells.begin[order], spells.end[order]
    interval = merge_intervals(group[order], begin, end, adjoin)
    starts = np.flatnonzero(np.diff(interval, prepend=-1))
    if len(starts) == 0:
        return Merged(key, begin, end, starts, starts)
    rank = np.empty(len(order), dtype=np.int64)
    rank[spells.by_end] = np.arange(len(order))
    lasts = spells.by_end[np.maximum.reduceat(rank[order], starts)]
    return Merged(key[order][starts], begin[starts], np.maximum.reduceat(end, starts), order[starts], lasts)


def stock(grid: Grid, key: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Intervals running at the end of each period: period, key and number where above 0.

    Running at the end of day d: begin <= d and (open or end > d). One that ends before it begins never runs.
    """
    end = np.maximum(begin, end)
    number, _, keys = grouped(np.zeros(len(key), dtype=np.int64), key)
    width = len(grid.periods) + 1
    closed = end != OPEN
    # The first period whose last day is on or after the day sees the change, and so do all later ones.
    enters = number * width + np.searchsorted(grid.lasts, begin)
    leaves = (number * width + np.searchsorted(grid.lasts, end))[closed]
    change = np.bincount(enters, minlength=len(keys) * width) - np.bincount(leaves, minlength=len(keys) * width)
    level = change.reshape(len(keys), width).cumsum(axis=1)[:, : width - 1]
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
