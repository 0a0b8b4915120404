"""Trajectories: spells of kind ``herstel`` of one client under one law, chained while they overlap or adjoin."""

import numpy as np
import pandas as pd

from kpi.calc.frames import OPEN

HERSTEL = "herstel"


def merge_intervals(group: np.ndarray, begin: np.ndarray, end: np.ndarray, adjoin: int) -> np.ndarray:
    """The merged interval each row belongs to, for rows in groups and within them by begin. Numbers rise from 0.

    A row joins the interval before it when it begins at most ``adjoin`` days after that one's latest end.
    """
    if len(group) == 0:
        return np.empty(0, dtype=np.int64)
    dense = np.cumsum(np.diff(group, prepend=group[0]) != 0)
    step = np.int64(1) << 33  # above any day number, so that a running maximum never crosses groups
    reach = np.maximum.accumulate(dense * step + end.astype(np.int64) + (np.int64(1) << 32)) - dense * step
    reach -= np.int64(1) << 32
    opens = np.ones(len(group), dtype=bool)
    opens[1:] = (dense[1:] != dense[:-1]) | (begin[1:].astype(np.int64) > reach[:-1] + adjoin)
    return np.cumsum(opens) - 1


def last_ended(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Per group the row that ended last; ties by number, municipality, begin: the highest."""
    order = [by, "end", "toewijzing_nummer", "municipality", "begin"]
    return frame.sort_values(order, kind="stable").drop_duplicates(by, keep="last")


def trajectories(spells: pd.DataFrame, adjoin: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ``herstel`` spells with their ``trajectory`` number, and one row per trajectory.

    A trajectory row has the columns of its last-ended spell, but begin and end of the whole, and ``spell_count``.
    """
    found = spells[spells["kind"] == HERSTEL].sort_values(
        ["client", "wet", "begin", "toewijzing_nummer", "municipality"], kind="stable"
    )
    found = found.reset_index(names="spell")
    person = found.groupby(["client", "wet"], observed=True, sort=False).ngroup().to_numpy()
    number = merge_intervals(person, found["begin"].to_numpy(), found["end"].to_numpy(), adjoin)
    found = found.assign(trajectory=number)
    whole = found.groupby("trajectory").agg(first=("begin", "min"), last=("end", "max"), spell_count=("spell", "size"))
    rows = last_ended(found, "trajectory").drop(columns=["begin", "end"]).join(whole, on="trajectory")
    rows = rows.rename(columns={"first": "begin", "last": "end"}).reset_index(drop=True)
    return found, rows


def ended(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that have ended."""
    return frame[frame["end"] != OPEN]
