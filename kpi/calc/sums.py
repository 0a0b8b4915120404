"""Figures before they are finished: whole numbers that may be added, so that the clients can be counted in parts.

Every client (and every message) is counted in one part only; adding the sums of disjoint parts gives the sums of all
together, and subtracting what a client's earlier messages gave makes room for what they give now. What cannot be added
(quantiles) stays as its points, one row per case.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, Ints, coded, named, sums
from kpi.calc.cases import BEHIND
from kpi.calc.frames import NO_NUMBER, Contract
from kpi.calc.indicators import INDICATORS
from kpi.calc.periods import Period
from kpi.calc.scopes import DIMENSIONS
from kpi.calc.state import State, once

KEYS = ("measure", "detail", "period", "scope", *DIMENSIONS)
# ``unfit`` counts what keeps the squares from being known; ``ratio`` is 1 where a row has a denominator.
NUMBERS = ("numerator", "denominator", "squares", "unfit")
KINDS = ("month", "quarter", "year")
# A case of what cannot be added: ``days`` long, ``within`` its norm (1, 0, or -1 without one), in the month of ``day``.
POINT: Contract = {
    "measure": "text",
    "day": "int",
    "days": "int",
    "within": "int",
    **dict.fromkeys(DIMENSIONS, "text"),
}
POINT_KEYS = tuple(POINT)


@dataclass(frozen=True)
class Sums:
    """``rows``: a code per KEYS (labels in ``labels``), NUMBERS and ``ratio``, each key once.

    ``points``: POINT and ``cases``, how many there are of the kind.
    """

    labels: dict[str, pd.Index]
    rows: pd.DataFrame
    points: pd.DataFrame

    def labelled(self) -> pd.DataFrame:
        """The rows with labels, as categories, for codes."""
        texts = {name: named(self.rows[name].to_numpy(), self.labels[name]) for name in KEYS}
        return pd.DataFrame({**texts, **{name: self.rows[name].to_numpy() for name in (*NUMBERS, "ratio")}})


def accumulate(state: State, periods: Sequence[Period], scopes: tuple[str, ...]) -> Sums:
    """The sums of everything that ``state`` counts, in periods of any kinds, each kind contiguous."""
    dimensions = _dimension_values(state)
    cases = coded(all_cases(state), dimensions)
    tables = [table for grid in grids(periods, scopes, dimensions) for table in _of_grid(state, grid, cases)]
    return Sums(*_joined(tables, dimensions, scopes, periods), _points(state))


def grids(periods: Sequence[Period], scopes: tuple[str, ...], values: dict[str, pd.Index]) -> Iterator[Grid]:
    """A grid per kind of period that is asked for."""
    for kind in KINDS:
        own = sorted(period for period in periods if period.kind == kind)
        if own:
            yield Grid(own, scopes, values)


def together(parts: Sequence[Sums]) -> Sums:
    """The sums of disjoint parts, as if they had been counted in one go."""
    if len(parts) == 1:
        return parts[0]
    labels = {name: _union([part.labels[name] for part in parts]) for name in KEYS}
    rows = pd.concat([_recoded(part, labels) for part in parts], ignore_index=True)
    points = added(pd.concat([part.points for part in parts], ignore_index=True), POINT_KEYS, ["cases"])
    return Sums(labels, _added(rows, labels), points)


def negated(part: Sums) -> Sums:
    """What takes a part off again when it is added."""
    rows = part.rows.assign(**{name: -part.rows[name] for name in NUMBERS})
    return Sums(part.labels, rows, part.points.assign(cases=-part.points["cases"]))


@once
def all_cases(state: State) -> pd.DataFrame:
    """The cases of all indicators, without who and what is behind them."""
    tables: list[pd.DataFrame | None] = [module.cases(state) for module in INDICATORS]
    kept = [table.drop(columns=list(BEHIND), errors="ignore") for table in tables if table is not None]
    return pd.concat(kept, ignore_index=True)


def _dimension_values(state: State) -> dict[str, pd.Index]:
    frames = [
        state.spells,
        state.lines,
        state.allocations.rename(columns={"gemeente": "municipality", "aanbieder": "provider"}),
        state.records.messages.rename(columns={"gemeente": "municipality", "aanbieder": "provider"}),
    ]
    return {
        name: pd.Index(sorted({str(value) for frame in frames if name in frame for value in frame[name].unique()}))
        for name in DIMENSIONS
    }


def _of_grid(state: State, grid: Grid, cases: pd.DataFrame) -> Iterator[pd.DataFrame]:
    tables = sums(grid, cases)
    for module in INDICATORS:
        if hasattr(module, "grid_rows"):
            tables += module.grid_rows(state, grid)
    for table in tables:
        if len(table):
            yield _as_sums(table).assign(kind=grid.periods[0].kind)


def _as_sums(table: pd.DataFrame) -> pd.DataFrame:
    """The numbers of a table of an indicator; without squares of its own they are not known."""
    numerator, given = table["numerator"].to_numpy(np.int64), table["denominator"].to_numpy(np.int64)
    ratio = given != NO_NUMBER
    denominator = np.where(ratio, given, 0)
    if "squares" not in table:
        table = table.assign(squares=0, unfit=np.where(denominator > 0, denominator, np.abs(numerator)))
    return table.assign(denominator=denominator, ratio=ratio.astype(np.int64))


def _joined(
    tables: list[pd.DataFrame], dimensions: dict[str, pd.Index], scopes: tuple[str, ...], periods: Sequence[Period]
) -> tuple[dict[str, pd.Index], pd.DataFrame]:
    labels = {
        "measure": pd.Index(sorted({name for table in tables for name in _different(table["measure"])})),
        "detail": pd.Index(sorted({"", *(name for table in tables for name in _different(table["detail"]))})),
        "period": pd.Index([period.label for kind in KINDS for period in sorted(periods) if period.kind == kind]),
        "scope": pd.Index(sorted(scopes)),
        **{name: labels_of(values) for name, values in dimensions.items()},
    }
    first = {kind: sum(p.kind in KINDS[:number] for p in periods) for number, kind in enumerate(KINDS)}
    if not tables:
        columns = [*KEYS, *NUMBERS, "ratio"]
        return labels, pd.DataFrame({name: np.empty(0, dtype=np.int64) for name in columns})
    result = []
    for table in tables:
        codes = {name: _codes(table[name], labels[name]) for name in ("measure", "detail", "scope")}
        codes["period"] = table["period"].to_numpy() + first[table["kind"].iloc[0]]
        codes |= {name: with_none(table[name].to_numpy(), dimensions[name]) for name in DIMENSIONS}
        numbers = {name: table[name].to_numpy(np.int64) for name in (*NUMBERS, "ratio")}
        result.append(pd.DataFrame({**{name: codes[name].astype(np.int32) for name in KEYS}, **numbers}))
    return labels, pd.concat(result, ignore_index=True)


def with_none(codes: Ints, values: pd.Index) -> Ints:
    """Codes among sorted values (-1: not in the scope) as codes among ``labels_of`` them."""
    return np.maximum(codes, 0) if _has_none(values) else codes + 1


def labels_of(values: pd.Index) -> pd.Index:
    """Sorted values with the empty text before them."""
    return values if _has_none(values) else pd.Index(["", *values])


def _has_none(values: pd.Index) -> bool:
    return len(values) > 0 and values[0] == ""


def _different(column: pd.Series) -> list[str]:
    """The texts of a column, and of a category those that it might have."""
    found = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column.unique()
    return [str(name) for name in found]


def _codes(column: pd.Series, labels: pd.Index) -> Ints:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return labels.get_indexer(column.cat.categories)[column.cat.codes.to_numpy()]
    return labels.get_indexer(pd.Index(column))


def _points(state: State) -> pd.DataFrame:
    """The cases of what cannot be added, per month: periods are whole months, so the day itself does not matter."""
    tables = [module.points(state) for module in INDICATORS if hasattr(module, "points")]
    filled = [table.reindex(columns=[*POINT_KEYS]).fillna(dict.fromkeys(DIMENSIONS, "")) for table in tables]
    found = pd.concat(filled, ignore_index=True).astype(_dtypes(POINT))
    return added(found.assign(day=first_of_month(found["day"].to_numpy()), cases=1), POINT_KEYS, ["cases"])


def no_points() -> pd.DataFrame:
    """A frame of points without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in {**_dtypes(POINT), "cases": "int64"}.items()})


def _dtypes(contract: Contract) -> dict[str, str]:
    return {name: "str" if kind == "text" else "int64" for name, kind in contract.items()}


def first_of_month(days: Ints) -> Ints:
    """The number of the first day of each day's month."""
    first: Ints = days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first


def added(frame: pd.DataFrame, keys: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """One row per key with its numbers added up; keys that come to nothing in all of them are left out."""
    summed = frame.groupby(list(keys), as_index=False, sort=True, observed=True)[list(numbers)].sum()
    return summed[(summed[list(numbers)] != 0).any(axis=1)].reset_index(drop=True)


def _union(indexes: list[pd.Index]) -> pd.Index:
    """All labels; a sorted order where each was sorted."""
    return pd.Index(sorted({str(label) for index in indexes for label in index}))


def _recoded(part: Sums, labels: dict[str, pd.Index]) -> pd.DataFrame:
    codes = {
        name: labels[name].get_indexer(part.labels[name])[part.rows[name].to_numpy()].astype(np.int32) for name in KEYS
    }
    return part.rows.assign(**codes)


def packed_key(rows: pd.DataFrame, labels: dict[str, pd.Index], names: Sequence[str] = KEYS) -> Ints:
    """One whole number per row for the codes of ``names``, dense where 64 bits would not hold them all."""
    key, size = np.zeros(len(rows), dtype=np.int64), 1
    for name in names:
        width = max(len(labels[name]), 1)
        if size > (1 << 62) // width:
            uniques, key = np.unique(key, return_inverse=True)
            size = len(uniques)
        key, size = key * width + rows[name].to_numpy(np.int64), size * width
    return key


def _added(rows: pd.DataFrame, labels: dict[str, pd.Index]) -> pd.DataFrame:
    """Rows with one key added up; those that come to nothing are left out."""
    if rows.empty:
        return rows
    key = packed_key(rows, labels)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=key[order[0]] - 1))
    numbers = {name: np.add.reduceat(rows[name].to_numpy(np.int64)[order], starts) for name in NUMBERS}
    firsts = rows.iloc[order[starts]].reset_index(drop=True).assign(**numbers)
    ratio = np.maximum.reduceat(rows["ratio"].to_numpy(np.int64)[order], starts)
    something = np.logical_or.reduce([number != 0 for number in numbers.values()])
    return firsts.assign(ratio=ratio)[something].reset_index(drop=True)
