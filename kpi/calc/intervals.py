"""Clients' spells merged per scope, worked out once for all indicators and kinds of period that look at them."""

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.aggregate import Grid, Ints, Merged, Order, coded, grouped, merged_by
from kpi.calc.frames import OPEN
from kpi.calc.state import State


@dataclass
class _Lives:
    """The spells of a state with the codes of one set of dimension values, and what was merged of them."""

    values: dict[str, pd.Index]
    spells: pd.DataFrame
    order: Order
    merged: dict[str, Merged] = field(default_factory=dict)


_known: WeakKeyDictionary[State, _Lives] = WeakKeyDictionary()


def _lives(state: State, grid: Grid) -> _Lives:
    if state not in _known or _known[state].values is not grid.values:
        spells = state.spells.sort_values(["client", "begin", "toewijzing_nummer", "municipality"], kind="stable")
        spells = coded(spells.reset_index(drop=True), grid.values)
        _known[state] = _Lives(grid.values, spells, Order.of(spells))
    return _known[state]


def coded_spells(state: State, grid: Grid) -> pd.DataFrame:
    """The spells of a state in the order of their clients and begins, with the codes of the grid's dimensions."""
    return _lives(state, grid).spells


def in_care(state: State, grid: Grid, scope: str) -> Merged:
    """When clients were in care in a scope; rows are positions in ``coded_spells``."""
    lives = _lives(state, grid)
    if scope not in lives.merged:
        lives.merged[scope] = merged_by(grid.key(lives.spells, scope), lives.order, state.parameters.adjoin_days)
    return lives.merged[scope]


def running_totals(
    days: Ints, key: Ints, begin: Ints, end: Ints, amounts: list[Ints]
) -> tuple[Ints, Ints, list[npt.NDArray[np.int64]]]:
    """Per day (its position) and key the sums of ``amounts`` of what runs at its end; the first counts the cases.

    Running at the end of day d: begin <= d and (open or end > d). Days rise.
    """
    end = np.maximum(begin, end)
    number, _, keys = grouped(np.zeros(len(key), dtype=np.int64), key)
    width = len(days) + 1
    closed = end != OPEN
    enters = number * width + np.searchsorted(days, begin)
    leaves = (number * width + np.searchsorted(days, end))[closed]
    found = []
    for amount in (np.ones(len(key), dtype=np.int64), *amounts):
        change = np.zeros(len(keys) * width, dtype=np.int64)
        np.add.at(change, enters, amount)
        np.subtract.at(change, leaves, amount[closed])
        found.append(change.reshape(len(keys), width).cumsum(axis=1)[:, : len(days)])
    row, day = np.nonzero(found[0])
    return day.astype(np.int64), keys[row], [level[row, day] for level in found]
