"""From a state to the values of every measure, scope and period: the rows of the export."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, sums
from kpi.calc.cases import BEHIND
from kpi.calc.frames import NO_NUMBER, VALUES, check, empty
from kpi.calc.indicators import INDICATORS
from kpi.calc.periods import Period
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS, SCOPES
from kpi.calc.state import State, once

MILLION = 1_000_000
# Detail rows that are written even when their numerator is 0 (contracts, export table).
ALWAYS = {"binnen_norm", "ingediend", "mediaan"}


def compute_values(
    state: State,
    periods: Sequence[Period],
    *,
    scopes: Iterable[str] | None = None,
    measures: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Values (contract VALUES) of ``state`` in periods of any kinds, each kind contiguous.

    ``scopes`` defaults to those of the export. Rows come in no particular order.
    """
    wanted = tuple(scopes) if scopes is not None else tuple(SCOPES)
    unknown = [scope for scope in wanted if scope not in ALL_SCOPES]
    if unknown:
        raise ValueError(f"unknown scopes: {', '.join(unknown)}")
    dimensions = _dimension_values(state)
    found = [
        table
        for kind in ("month", "quarter", "year")
        for table in _of_kind(state, sorted(period for period in periods if period.kind == kind), wanted, dimensions)
    ]
    if not found:
        return empty(VALUES)
    result = pd.concat(found, ignore_index=True)
    if measures is not None:
        result = result[result["measure"].isin(list(measures))]
    return check(result.reset_index(drop=True), VALUES, "values")


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


@once
def all_cases(state: State) -> pd.DataFrame:
    """The cases of all indicators, without who and what is behind them."""
    tables: list[pd.DataFrame | None] = [module.cases(state) for module in INDICATORS]
    kept = [table.drop(columns=list(BEHIND), errors="ignore") for table in tables if table is not None]
    return pd.concat(kept, ignore_index=True)


def _of_kind(
    state: State, periods: list[Period], scopes: tuple[str, ...], values: dict[str, pd.Index]
) -> Iterator[pd.DataFrame]:
    if not periods:
        return
    grid = Grid(periods, scopes, values)
    tables = sums(grid, coded(all_cases(state), values))
    for module in INDICATORS:
        if hasattr(module, "grid_rows"):
            tables += module.grid_rows(state, grid)
    rows = pd.concat([table for table in tables if len(table)], ignore_index=True) if any(map(len, tables)) else None
    if rows is not None:
        yield _finished(rows, grid, state.as_of)


def _finished(rows: pd.DataFrame, grid: Grid, as_of: int) -> pd.DataFrame:
    """The rows that are written, with labels for codes and the value in millionths."""
    begun = np.array([period.first <= as_of for period in grid.periods])[rows["period"].to_numpy()]
    numerator = rows["numerator"].to_numpy(np.int64)
    shown = (
        (rows["detail"] == "") | rows["detail"].isin(ALWAYS) | (rows["measure"] == "bericht_uitval") | (numerator > 0)
    )
    kept = rows[(begun | (rows["measure"] == "verwachte_kosten").to_numpy()) & shown.to_numpy()]
    numerator, fraction, value = _values(kept)
    labels = np.array([period.label for period in grid.periods], dtype=object)
    named = {
        name: np.append(grid.values[name].to_numpy(dtype=object), "")[kept[name].to_numpy()] for name in DIMENSIONS
    }
    return pd.DataFrame(
        {
            "measure": kept["measure"].astype("str").to_numpy(),
            "period": labels[kept["period"].to_numpy()],
            "scope": kept["scope"].to_numpy(),
            **named,
            "detail": kept["detail"].astype("str").to_numpy(),
            "numerator": numerator,
            "denominator": kept["denominator"].to_numpy(np.int64),
            "value": value,
            "fraction": fraction,
            "squares": kept["squares"].fillna(NO_NUMBER).astype("int64").to_numpy() if "squares" in kept else NO_NUMBER,
        }
    ).astype({name: "str" for name, kind in VALUES.items() if kind == "text"})


def _values(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numerators, hundredths to add to them, and values in millionths, rounded half away from zero."""
    numerator, denominator = rows["numerator"].to_numpy(np.int64), rows["denominator"].to_numpy(np.int64)
    top, bottom = numerator.copy(), np.where(denominator == NO_NUMBER, 1, denominator)
    fraction = np.zeros(len(rows), dtype=np.int64)
    if "scaled" in rows:  # quantiles: exact fractions of their own
        scaled = rows["scaled"].notna().to_numpy()
        top = np.where(scaled, rows["scaled"].fillna(0).to_numpy(np.int64), top)
        bottom = np.where(scaled, rows["scale"].fillna(1).to_numpy(np.int64), bottom)
    if "hundredths" in rows:  # weights are kept in hundredths
        fine = rows["hundredths"].notna().to_numpy()
        bottom = np.where(fine, bottom * 100, bottom)
        fraction = np.where(fine, numerator % 100, 0)
        numerator = np.where(fine, numerator // 100, numerator)
    size = (2 * np.abs(top) * MILLION + bottom) // (2 * bottom)
    return numerator, fraction, np.where(top < 0, -size, size)
