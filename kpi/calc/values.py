"""From sums to the values of every measure, scope and period: the rows of the export."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, Ints
from kpi.calc.cases import WHOLE
from kpi.calc.frames import NO_NUMBER, VALUES, check
from kpi.calc.indicators import INDICATORS
from kpi.calc.parameters import Parameters
from kpi.calc.periods import Period
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS, SCOPES
from kpi.calc.state import State
from kpi.calc.sums import KEYS, Sums, accumulate, grids, packed_key

MILLION = 1_000_000
# Detail rows that are written even when their numerator is 0 (contracts, export table).
ALWAYS = ("binnen_norm", "ingediend", "mediaan")
SHARES = ("mutaties_per_traject", "verwijzers", "uitval_code", "beeindigingscodes")  # their details are parts of WHOLE
IN_HUNDREDTHS = "zwaarte_gemiddeld"


@dataclass(frozen=True)
class Asked:
    """Which periods and scopes are counted, and how they were known on ``as_of``."""

    periods: Sequence[Period]
    scopes: tuple[str, ...]
    as_of: int
    parameters: Parameters


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
    result = finish(accumulate(state, periods, wanted), Asked(periods, wanted, state.as_of, state.parameters))
    if measures is not None:
        result = result[result["measure"].isin(list(measures))]
    return check(result.reset_index(drop=True), VALUES, "values")


def finish(sums: Sums, asked: Asked) -> pd.DataFrame:
    """The values that are written: what was added up, and what can only be told from all cases together."""
    return pd.concat([finished_rows(sums, asked), quantile_values(sums.points, asked)], ignore_index=True)


def finished_rows(sums: Sums, asked: Asked) -> pd.DataFrame:
    """The values of sums (VALUES): details get their denominator; what is not shown is left out."""
    rows = sums.labelled()
    rows["denominator"] = _denominators(sums, rows)
    counted = np.where(rows["ratio"] == 1, rows["denominator"] > 0, rows["numerator"] != 0)
    rows = rows[counted & (rows["detail"] != WHOLE).to_numpy()]
    rows.loc[rows["ratio"] == 0, "denominator"] = NO_NUMBER
    rows["squares"] = rows["squares"].where(rows["unfit"] == 0, NO_NUMBER)
    return _written(rows, asked)


def quantile_values(points: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Values (VALUES) of medians, percentiles and what else needs every case of a cell."""
    points = points.loc[points.index.repeat(points["cases"])]
    values = {name: pd.Index(sorted(points[name].unique())) for name in DIMENSIONS}
    tables = [_quantiles_of(points, grid, asked) for grid in grids(asked.periods, asked.scopes, values)]
    return pd.concat(tables, ignore_index=True) if tables else _written(_no_rows(), asked)


def _quantiles_of(points: pd.DataFrame, grid: Grid, asked: Asked) -> pd.DataFrame:
    tables = [
        table
        for module in INDICATORS
        if hasattr(module, "quantile_rows")
        for table in module.quantile_rows(points, grid, asked.parameters)
        if len(table)
    ]
    if not tables:
        return _written(_no_rows(), asked)
    rows = pd.concat(tables, ignore_index=True)
    labels = np.array([period.label for period in grid.periods], dtype=object)
    names = {name: np.append(grid.values[name].to_numpy(dtype=object), "")[rows[name]] for name in DIMENSIONS}
    return _written(rows.assign(period=labels[rows["period"]], **names), asked)


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in (*KEYS, "numerator", "denominator")})


def _denominators(sums: Sums, rows: pd.DataFrame) -> Ints:
    """The denominators of sums; a part of a whole has that of its whole."""
    denominator = rows["denominator"].to_numpy(np.int64).copy()
    part = (rows["measure"].isin(SHARES) & ~rows["detail"].isin(["", WHOLE])).to_numpy()
    whole = (rows["detail"] == WHOLE).to_numpy()
    key = packed_key(sums.rows, sums.labels, [name for name in KEYS if name != "detail"])
    order = np.argsort(key[whole], kind="stable")
    place = np.searchsorted(key[whole][order], key[part])
    denominator[part] = denominator[whole][order][place]
    return denominator


def _written(rows: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The rows that are shown, with the value in millionths."""
    begun = {period.label for period in asked.periods if period.first <= asked.as_of}
    numerator = rows["numerator"].to_numpy(np.int64)
    shown = (rows["detail"] == "") | rows["detail"].isin(ALWAYS) | (rows["measure"] == "bericht_uitval")
    kept = rows[(rows["period"].isin(begun) | (rows["measure"] == "verwachte_kosten")) & (shown | (numerator > 0))]
    numerator, fraction, value = _values(kept)
    squares = kept["squares"].fillna(NO_NUMBER).astype("int64").to_numpy() if "squares" in kept else NO_NUMBER
    return pd.DataFrame(
        {
            **{name: kept[name].to_numpy() for name, kind in VALUES.items() if kind == "text"},
            "numerator": numerator,
            "denominator": kept["denominator"].to_numpy(np.int64),
            "value": value,
            "fraction": fraction,
            "squares": squares,
        }
    ).astype({name: "str" if kind == "text" else "int64" for name, kind in VALUES.items()})


def _values(rows: pd.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Numerators, hundredths to add to them, and values in millionths, rounded half away from zero."""
    numerator, denominator = rows["numerator"].to_numpy(np.int64), rows["denominator"].to_numpy(np.int64)
    top, bottom = numerator.copy(), np.where(denominator == NO_NUMBER, 1, denominator)
    if "scaled" in rows:  # quantiles: exact fractions of their own
        scaled = rows["scaled"].notna().to_numpy()
        top = np.where(scaled, rows["scaled"].fillna(0).to_numpy(np.int64), top)
        bottom = np.where(scaled, rows["scale"].fillna(1).to_numpy(np.int64), bottom)
    fine = (rows["measure"] == IN_HUNDREDTHS).to_numpy()
    bottom = np.where(fine, bottom * 100, bottom)
    fraction = np.where(fine, numerator % 100, 0)
    numerator = np.where(fine, numerator // 100, numerator)
    size = (2 * np.abs(top) * MILLION + bottom) // (2 * bottom)
    return numerator, fraction, np.where(top < 0, -size, size)
