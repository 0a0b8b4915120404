"""From sums to the values of every measure, scope and period: the rows of the export."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, Ints, coded, named
from kpi.calc.cases import WHOLE
from kpi.calc.frames import NO_NUMBER, VALUES, Contract, check
from kpi.calc.indicators import INDICATORS
from kpi.calc.parameters import Parameters
from kpi.calc.periods import Period
from kpi.calc.scopes import ALL_SCOPES, DIMENSIONS, SCOPES
from kpi.calc.state import State
from kpi.calc.sums import KEYS, Sums, accumulate, grids, labels_of, no_points, packed_key, with_none

MILLION = 1_000_000
# Beside VALUES what later sums need: the squares as added up, what keeps them from being known, and whether it shows.
STORED: Contract = {**VALUES, "raw_squares": "int", "unfit": "int", "shown": "bool"}
TEXTS = {name: "str" for name, kind in VALUES.items() if kind == "text"}
LOOKUP = ("period", "domain", "municipality", "provider", "measure")
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
    """The values that are shown (VALUES): what was added up, and what can only be told from all cases together."""
    blocks = [block.loc[block["shown"], list(VALUES)].astype(TEXTS) for block in finished(sums, asked)]
    return pd.concat(blocks, ignore_index=True)


def finished(sums: Sums, asked: Asked) -> Iterator[pd.DataFrame]:
    """As ``finish``, with the rows that are not shown but to which other clients may add (STORED; texts as categories),
    scope by scope, in the order of the table's lookup index as far as they are added up: so they are written and
    indexed fastest."""
    number, points = sums.rows["scope"].to_numpy(), _spread(sums.points)
    for scope in sorted(asked.scopes):
        own = number == sums.labels["scope"].get_loc(scope) if scope in sums.labels["scope"] else number < 0
        yield finished_sums(replace(sums, rows=_in_order(sums.rows[own], sums.labels)), asked)
        yield _quantiles(points, replace(asked, scopes=(scope,)))


def _in_order(rows: pd.DataFrame, labels: dict[str, pd.Index]) -> pd.DataFrame:
    """By LOOKUP, as texts sort."""
    place = labels["period"].argsort().argsort()
    sortable = rows.assign(period=place[rows["period"].to_numpy()]) if len(rows) else rows
    return rows.iloc[np.argsort(packed_key(sortable, labels, LOOKUP), kind="stable")].reset_index(drop=True)


def finished_sums(sums: Sums, asked: Asked) -> pd.DataFrame:
    """The values of sums (STORED); a part gets the denominator of its whole."""
    rows = sums.labelled()
    rows["denominator"] = _denominators(sums, rows)
    counted = np.where(rows["ratio"] == 1, rows["denominator"] > 0, rows["numerator"] != 0)
    rows = rows.assign(counted=counted & (rows["detail"] != WHOLE).to_numpy(), raw_squares=rows["squares"])
    rows.loc[rows["ratio"] == 0, "denominator"] = NO_NUMBER
    rows["squares"] = rows["squares"].where(rows["unfit"] == 0, NO_NUMBER)
    return _written(rows, asked)


def as_sums(rows: pd.DataFrame) -> Sums:
    """The sums that ``finished_sums`` made rows (STORED) of, without any points."""
    part = (rows["measure"].isin(SHARES) & ~rows["detail"].isin(["", WHOLE])).to_numpy()
    ratio = (rows["denominator"] != NO_NUMBER).to_numpy()
    fine = (rows["measure"] == IN_HUNDREDTHS).to_numpy()
    numerator = rows["numerator"].to_numpy(np.int64)
    labels = {name: pd.Index(sorted({"", *rows[name].astype(str).unique()})) for name in KEYS}
    codes = {name: labels[name].get_indexer(pd.Index(rows[name])).astype(np.int32) for name in KEYS}
    numbers = {
        "numerator": np.where(fine, numerator * 100 + rows["fraction"].to_numpy(np.int64), numerator),
        "denominator": np.where(ratio & ~part, rows["denominator"].to_numpy(np.int64), 0),
        "squares": rows["raw_squares"].to_numpy(np.int64),
        "unfit": rows["unfit"].to_numpy(np.int64),
        "ratio": ratio.astype(np.int64),
    }
    return Sums(labels, pd.DataFrame({**codes, **numbers}), no_points())


def quantile_values(points: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Values (STORED) of medians, percentiles and what else needs every case of a cell."""
    return _quantiles(_spread(points), asked)


@dataclass(frozen=True)
class _Spread:
    """Points one by one with their codes among the ``values`` of each dimension."""

    points: pd.DataFrame
    values: dict[str, pd.Index]


def _spread(points: pd.DataFrame) -> _Spread:
    values = {name: pd.Index(sorted(points[name].unique())) for name in DIMENSIONS}
    found = coded(points, values).drop(columns=list(DIMENSIONS))
    return _Spread(found.loc[found.index.repeat(found["cases"])].reset_index(drop=True), values)


def _quantiles(spread: _Spread, asked: Asked) -> pd.DataFrame:
    tables = [_quantiles_of(spread.points, grid, asked) for grid in grids(asked.periods, asked.scopes, spread.values)]
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
    names = {
        name: named(with_none(rows[name].to_numpy(), grid.values[name]), labels_of(grid.values[name]))
        for name in DIMENSIONS
    }
    period = named(rows["period"].to_numpy(), [period.label for period in grid.periods])
    return _written(rows.assign(period=period, **names), asked)


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
    """STORED: with the value in millionths, and whether a row is shown."""
    begun = {period.label for period in asked.periods if period.first <= asked.as_of}
    always = (rows["detail"] == "") | rows["detail"].isin(ALWAYS) | (rows["measure"] == "bericht_uitval")
    told = always.to_numpy() | (rows["numerator"].to_numpy(np.int64) > 0)
    known = (rows["period"].isin(begun) | (rows["measure"] == "verwachte_kosten")).to_numpy()
    counted = rows["counted"].to_numpy(dtype=bool) if "counted" in rows else np.ones(len(rows), dtype=bool)
    numerator, fraction, value = _values(rows)
    return pd.DataFrame(
        {
            **{name: rows[name].array for name in TEXTS},
            "numerator": numerator,
            "denominator": rows["denominator"].to_numpy(np.int64),
            "value": value,
            "fraction": fraction,
            "squares": _numbers(rows, "squares", NO_NUMBER),
            "raw_squares": _numbers(rows, "raw_squares", 0),
            "unfit": _numbers(rows, "unfit", 0),
            "shown": counted & known & told,
        }
    ).astype({**{name: "int64" for name, kind in VALUES.items() if kind == "int"}, "shown": "bool"})


def _numbers(rows: pd.DataFrame, name: str, missing: int) -> Ints:
    if name not in rows:
        return np.full(len(rows), missing, dtype=np.int64)
    return rows[name].fillna(missing).to_numpy(np.int64)


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
    bottom = np.where(bottom == 0, 1, bottom)  # of rows that are not shown
    size = (2 * np.abs(top) * MILLION + bottom) // (2 * bottom)
    return numerator, fraction, np.where(top < 0, -size, size)
