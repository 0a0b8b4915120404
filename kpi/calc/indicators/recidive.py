"""What the two indicators on relapse share: trajectories, and the first spell that begins after them."""

import datetime as dt
from calendar import monthrange

import numpy as np
import pandas as pd

from kpi.calc.cases import ratio_cases
from kpi.calc.frames import OPEN, to_date, to_day
from kpi.calc.state import State


def months_later(day: int, months: int) -> int:
    """The same day number so many months later, or that month's last day."""
    date = to_date(day)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return to_day(dt.date(year, month + 1, min(date.day, monthrange(year, month + 1)[1])))


def later(days: pd.Series, months: int) -> pd.Series:
    """``months_later`` of many days; each different day is worked out once."""
    table = {day: months_later(day, months) for day in days.unique()}
    return days.map(table).astype("int64")


def relapse_cases(state: State, outcome: str, prefix: str) -> pd.DataFrame:
    """Trajectories that ended with ``outcome``: relapse in each band, for those whose follow-up is complete."""
    cohort = state.trajectories
    cohort = cohort[(cohort["end"] != OPEN) & (cohort["outcome"] == outcome)].reset_index(drop=True)
    first_band, second_band = state.parameters.relapse_months
    end = cohort["end"].astype("int64")
    four, eight = later(end, first_band), later(end, second_band)
    begin = _next_begin(state, cohort)
    found = []
    for band, inside, ripe_on in (
        (f"0_{first_band}", begin <= four, four),
        (f"{first_band}_{second_band}", (begin > four) & (begin <= eight), eight),
        (f"{second_band}_plus", (begin > eight) & (begin < OPEN), eight),
    ):
        ripe = ripe_on <= state.as_of
        found.append(ratio_cases(cohort[ripe], f"{prefix}_{band}", end[ripe], inside[ripe]))
        found.append(ratio_cases(cohort, f"{prefix}_{band}", end, ~ripe, detail="nog_niet_rijp"))
    return pd.concat(found)


def _next_begin(state: State, cohort: pd.DataFrame) -> pd.Series:
    """The begin of the client's first ``herstel`` spell under that law after the end and the adjoining days."""
    spells = state.herstel[["client", "wet", "begin"]].assign(begin=state.herstel["begin"].astype("int64"))
    left = cohort[["client", "wet"]].assign(after=cohort["end"].astype("int64") + state.parameters.adjoin_days + 1)
    left = left.reset_index(names="case").sort_values("after", kind="stable")
    found = pd.merge_asof(
        left,
        spells.sort_values("begin", kind="stable"),
        left_on="after",
        right_on="begin",
        by=["client", "wet"],
        direction="forward",
    )
    return found.set_index("case")["begin"].fillna(OPEN).astype(np.int64).reindex(cohort.index)
