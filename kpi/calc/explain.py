"""The cases behind one figure: one row each, from the same functions that make the figure."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, merged
from kpi.calc.cases import BEHIND
from kpi.calc.frames import NO_NUMBER, OPEN
from kpi.calc.indicators import INDICATORS, i06_duur
from kpi.calc.leadtimes import lead_times
from kpi.calc.periods import Period
from kpi.calc.scopes import DIMENSIONS
from kpi.calc.state import State

COLUMNS = (*BEHIND, "domain", "municipality", "provider", "product", "day", "numerator", "denominator")
FLOWS = {"clienten_in_zorg", "instroom", "instroom_nieuw", "instroom_herindicatie", "uitstroom"}
DURATIONS = {"duur_mediaan", "duur_p90"}


def cases_behind(state: State, measure: str, period: Period, chosen: Mapping[str, str]) -> pd.DataFrame | None:
    """The cases of a measure in a period within ``chosen`` dimensions (COLUMNS), by day; None when it has none.

    Their numerators and denominators add up to the stored figure.
    """
    if measure in FLOWS:
        found: pd.DataFrame | None = _flow(state, measure, period, chosen)
    elif measure == "declaratiegraad":
        found = _claimed_of_expected(state)
    else:
        found = _running(state, period) if measure == "zwaarte_duur" else _plain(state, measure)
    if found is None:
        return None
    inside = (found["day"] >= period.first) & (found["day"] <= period.last)
    for name, value in chosen.items():
        if name not in found:
            return None
        inside &= found[name].astype(str) == value
    return _columns(found[inside]).sort_values(["day", *BEHIND], kind="stable", ignore_index=True)


def _plain(state: State, measure: str) -> pd.DataFrame | None:
    if measure in DURATIONS:
        ended = i06_duur.ended_cases(state)
        return ended.assign(day=ended["end"].astype("int64"), numerator=ended["days"], denominator=1)
    tables = [found for module in INDICATORS if (found := module.cases(state)) is not None]
    if "tijd" in measure:
        tables.append(lead_times(state))
    fitting = [table[(table["measure"] == measure) & (table["detail"] == "")] for table in tables]
    kept = [table for table in fitting if len(table)]
    return pd.concat(kept, ignore_index=True) if kept else None


def _flow(state: State, measure: str, period: Period, chosen: Mapping[str, str]) -> pd.DataFrame:
    """Merged intervals of clients within the chosen dimensions: those in care, beginning or ending."""
    spells = state.spells
    for name, value in chosen.items():
        spells = spells[spells[name].astype(str) == value]
    spells = spells.reset_index(drop=True)
    grid = Grid([period], ("region",), {name: pd.Index([]) for name in DIMENSIONS})
    found = merged(grid, coded(spells, grid.values), "region", state.parameters.adjoin_days)
    first_ever = state.spells.groupby(["client", "domain"], observed=True)["begin"].min()
    row, day = (found.last, found.end) if measure == "uitstroom" else (found.first, found.begin)
    table: pd.DataFrame = spells.iloc[row].assign(day=day, numerator=1, denominator=0)
    if measure in ("instroom_nieuw", "instroom_herindicatie"):
        began = pd.MultiIndex.from_frame(table[["client", "domain"]])
        new = first_ever.reindex(began).to_numpy() >= day
        kept = new if measure == "instroom_nieuw" else ~new
    elif measure == "clienten_in_zorg":
        at = min(period.last, state.as_of)
        kept = (found.begin <= at) & ((found.end == OPEN) | (found.end > at))
        table = table.assign(day=at)
    else:
        kept = day != OPEN
    result: pd.DataFrame = table.loc[kept]
    return result


def _running(state: State, period: Period) -> pd.DataFrame:
    """Spells running at the end of the period or on the reference date, with their days so far."""
    at = min(period.last, state.as_of)
    spells = state.spells
    running = spells[(spells["begin"] <= at) & (spells["end"] > at)]
    return running.assign(day=at, numerator=at - running["begin"].astype("int64") + 1, denominator=1)


def _claimed_of_expected(state: State) -> pd.DataFrame | None:
    """Claimed amounts as numerators beside expected ones as denominators."""
    claimed, expected = (_plain(state, measure) for measure in ("gefactureerd", "verwachte_kosten"))
    if claimed is None or expected is None:
        return None
    return pd.concat([claimed, expected.assign(numerator=0, denominator=expected["numerator"])], ignore_index=True)


def _columns(found: pd.DataFrame) -> pd.DataFrame:
    blank = {"client": 0, "toewijzing_nummer": NO_NUMBER}
    result = found.reindex(columns=list(COLUMNS))
    for name in COLUMNS:
        if result[name].isna().any():
            result[name] = result[name].fillna(blank.get(name, ""))
    return result.astype(dict.fromkeys((*BEHIND, "day", "numerator", "denominator"), np.int64))
