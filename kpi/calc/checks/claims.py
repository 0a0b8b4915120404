"""Checks on claims: lines without an allocation, and months of care without a line."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.calc.allocations import KEY
from kpi.calc.checks.frame import MUNICIPALITY, PROVIDER, SOUND, examined, has_allocation, who_misses_it
from kpi.calc.frames import NO_NUMBER, OPEN
from kpi.calc.outcomes import TEMPORARY
from kpi.calc.state import State
from kpi.calc.trajectories import HERSTEL

CLAIM_MONTH = "declaratiemaand_ontbreekt"
DELIVERED, BEGUN = "regels_in_maand", "regels_vanaf_maand"  # tallies of all lines of a municipality, no findings
CLAIM_MONTHS = 2  # a claim is due in the month after the care (T-10); one more for corrections
Months = npt.NDArray[np.int64]


def claim_without_allocation(state: State) -> pd.DataFrame:
    """Counted debit lines; wrong: not on a known allocation of that client."""
    lines = state.lines[state.lines["debit"]].reset_index(drop=True)
    keyed = lines.rename(columns={"municipality": "gemeente"})
    wrong = ~has_allocation(keyed, state)
    party = np.full(len(lines), SOUND, dtype=object)
    party[wrong] = who_misses_it(keyed[wrong], state)
    return examined(lines, day=lines["claim_day"], wrong=wrong, party=party)


def claim_month_missing(state: State) -> pd.DataFrame:
    """Whole months in which a spell ran, older than CLAIM_MONTHS; wrong: no counted debit line reaches into it.

    Not for ``herstel``, whose arrangement is claimed at its start and end, not while delivery is paused, and not before
    the first month that the municipality delivered claims of: its earlier claims are elsewhere. When it has no line at
    all of a later month, its export of claims is what is missing.
    """
    found = _since_delivery(_claimed_or_not(state), state)
    claimed = _claimed_months(state, found["month"])
    town = ["wet", "gemeente", "month"]
    delivered = found.merge(claimed[town].drop_duplicates().assign(delivered=True), how="left", on=town)
    party = np.where(delivered["delivered"].notna(), PROVIDER, MUNICIPALITY)
    named = found.rename(columns={"gemeente": "municipality"})
    return examined(named, day=_first_day(found["month"]), wrong=~found["claimed"].to_numpy(), party=party)


def month_tallies(state: State) -> dict[str, pd.DataFrame]:
    """What is counted of ``claim_month_missing`` in a share of the clients, by kind of tally: months of care and how
    many lack a claim (as the provider's), and claim lines per month that they reach into and that they begin in."""
    months = _claimed_or_not(state).rename(columns={"gemeente": "municipality"})
    care = months[["wet", "month", "municipality", "provider"]].assign(
        examined=1, by_provider=(~months["claimed"]).astype("int64")
    )
    reached = pd.Series([0, month_of(np.array([state.as_of]))[0]])
    delivered = _claimed_months(state, reached).rename(columns={"gemeente": "municipality"})
    begun = state.lines[["wet", "municipality"]].assign(month=month_of(state.lines["begindatum"].to_numpy()))
    lines = {DELIVERED: delivered[["wet", "month", "municipality"]], BEGUN: begun}
    return {CLAIM_MONTH: care, **{kind: table.assign(examined=1) for kind, table in lines.items()}}


def _claimed_or_not(state: State) -> pd.DataFrame:
    """The months of care, with whether a counted debit line of the allocation reaches into them."""
    months = _care_months(state)
    line = [*KEY, "client", "month"]
    claimed = _claimed_months(state, months["month"])[line].drop_duplicates().assign(claimed=True)
    found = months.merge(claimed, how="left", on=line)
    return found.assign(claimed=found["claimed"].notna())


def _care_months(state: State) -> pd.DataFrame:
    """A row per spell and month that should be claimed."""
    spells = state.spells[state.spells["kind"] != HERSTEL].rename(columns={"municipality": "gemeente"})
    due = month_of(np.array([state.as_of]))[0] - CLAIM_MONTHS - 1
    first = month_of(spells["begin"].to_numpy() - 1) + 1
    ended = spells["end"].to_numpy()
    last = np.where(ended == OPEN, due, month_of(np.where(ended == OPEN, 0, ended + 1)) - 1)
    position, month = _spread(first, np.minimum(last, due))
    columns = [*KEY, "client", "provider", "row"]
    rows = spells.iloc[position][columns].reset_index(drop=True).assign(month=month)
    return rows[~_paused(rows, state)].reset_index(drop=True)


def _since_delivery(months: pd.DataFrame, state: State) -> pd.DataFrame:
    """The months from the first one that the municipality delivered claims of, under the law."""
    town = [months["wet"], months["gemeente"]]
    first = state.lines.groupby(["wet", "municipality"], observed=True)["begindatum"].min()
    begun = first.reindex(pd.MultiIndex.from_arrays(town)).fillna(OPEN).to_numpy(np.int64)
    return months[months["month"].to_numpy() >= month_of(begun)].reset_index(drop=True)


def _claimed_months(state: State, cared: pd.Series) -> pd.DataFrame:
    """A row per line and month that it reaches into, of the months in which there was care at all."""
    lines = state.lines[state.lines["debit"] & (state.lines["toewijzing_nummer"] != NO_NUMBER)]
    begin, end = month_of(lines["begindatum"].to_numpy()), month_of(lines["einddatum"].to_numpy())
    earliest, latest = (cared.min(), cared.max()) if len(cared) else (0, -1)
    position, month = _spread(np.maximum(begin, earliest), np.minimum(end, latest))
    rows = lines.iloc[position].rename(columns={"municipality": "gemeente"})
    return rows[[*KEY, "client"]].reset_index(drop=True).assign(month=month)


def _paused(rows: pd.DataFrame, state: State) -> np.ndarray:
    """Whether delivery was paused the whole month: after a temporary stop, before the next start."""
    pauses = state.stops.loc[state.stops["outcome"] == TEMPORARY, ["row", "einddatum"]]
    pauses = pauses.drop_duplicates().reset_index(names="pause")
    starts = state.starts[["row", "begindatum"]].merge(pauses, on="row")
    resumed = starts[starts["begindatum"] > starts["einddatum"]].groupby("pause")["begindatum"].min()
    until = pauses["pause"].map(resumed).fillna(OPEN).to_numpy(np.int64)
    first = month_of(pauses["einddatum"].to_numpy()) + 1
    last = np.where(until == OPEN, rows["month"].max() if len(rows) else 0, month_of(np.minimum(until, OPEN - 1)) - 1)
    position, month = _spread(first, last)
    paused = pd.MultiIndex.from_arrays([pauses["row"].to_numpy()[position], month])
    found: np.ndarray = pd.MultiIndex.from_frame(rows[["row", "month"]]).isin(paused)
    return found


def _spread(first: Months, last: Months) -> tuple[Months, Months]:
    """For each month from first to last, both included: the position of its row, and the month."""
    count = np.maximum(last - first + 1, 0)
    position = np.repeat(np.arange(len(first)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return position, first[position] + within


def month_of(days: npt.NDArray[np.int_]) -> Months:
    """Months since January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_day(months: pd.Series) -> Months:
    return months.to_numpy(np.int64).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
