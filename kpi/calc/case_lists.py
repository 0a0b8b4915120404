"""Cases of figures that are no plain sum of records: each client, trajectory, message or running spell once.

Every list is of one period and the chosen dimensions: day, numerator, denominator and, where there are any, BEHIND,
the dimensions, ``detail`` (the part of the figure that a case belongs to) and ``link`` (the message it is about).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kpi.calc.aggregate import Grid, coded, merged
from kpi.calc.cases import BEHIND
from kpi.calc.frames import NO_NUMBER, OPEN
from kpi.calc.indicators import i01_mutaties, i06_duur, i07_kosten_per_traject, i13_uitstroom, i16_berichtenmonitor
from kpi.calc.periods import Period
from kpi.calc.scopes import DIMENSIONS
from kpi.calc.state import State

FLOWS = ("clienten_in_zorg", "instroom", "instroom_nieuw", "instroom_herindicatie", "uitstroom")
# An order for cases of one day that does not depend on how they were read.
SUBJECT = (*BEHIND, "link", "municipality", "provider", "numerator")
Chosen = Mapping[str, str]


def within(frame: pd.DataFrame, chosen: Chosen, period: Period | None = None, day: str = "day") -> pd.DataFrame:
    """The rows of the chosen dimensions and, if asked, of a period."""
    for name, value in chosen.items():
        frame = frame[frame[name].astype(str) == value]
    if period is not None:
        frame = frame[(frame[day] >= period.first) & (frame[day] <= period.last)]
    return frame


def flow(state: State, measure: str, period: Period, chosen: Chosen) -> pd.DataFrame:
    """Merged intervals of clients within the chosen dimensions: those in care, beginning or ending."""
    spells = within(state.spells, chosen)
    if measure == "clienten_in_zorg":
        return _in_care(state, period, spells)
    first, last, begin, end = _merged(state, period, spells)
    row, day = (last, end) if measure == "uitstroom" else (first, begin)
    table: pd.DataFrame = spells.iloc[row].assign(day=day, numerator=1, denominator=0)
    kept = day != OPEN
    if measure in ("instroom_nieuw", "instroom_herindicatie"):
        first_ever = state.spells.groupby(["client", "domain"], observed=True)["begin"].min()
        began = pd.MultiIndex.from_frame(table[["client", "domain"]])
        new = first_ever.reindex(began).to_numpy() >= day
        kept = new if measure == "instroom_nieuw" else ~new
    return within(table[kept], {}, period)


def _merged(state: State, period: Period, spells: pd.DataFrame) -> tuple[np.ndarray, ...]:
    grid = Grid([period], ("region",), {name: pd.Index(sorted(spells[name].unique())) for name in DIMENSIONS})
    found = merged(grid, coded(spells.reset_index(drop=True), grid.values), "region", state.parameters.adjoin_days)
    return found.first, found.last, found.begin, found.end


def _in_care(state: State, period: Period, spells: pd.DataFrame) -> pd.DataFrame:
    """A row per client whose merged care runs at the end of the period."""
    at = min(period.last, state.as_of)
    first, _, begin, end = _merged(state, period, spells)
    running = (begin <= at) & ((end == OPEN) | (end > at))
    found: pd.DataFrame = spells.iloc[first[running]].assign(day=at, numerator=1, denominator=0)
    return found


def moved(state: State, period: Period, chosen: Chosen) -> pd.DataFrame:
    """Those who left a municipality for another one, which is the ``detail``."""
    left = flow(state, "uitstroom", period, chosen).reset_index(drop=True)
    found = left.assign(detail=i13_uitstroom.destinations(state, left))
    return found[found["detail"] != ""]


def by_referrer(state: State, period: Period, chosen: Chosen, detail: str) -> pd.DataFrame:
    """Young people in care; the numerator says who came through the referrer ``detail`` (all, when it is empty)."""
    spells = within(state.spells[state.spells["wet"] == "jeugdwet"], chosen)
    found = _in_care(state, period, spells)
    through = _in_care(state, period, spells[spells["referrer"] == detail]) if detail else found
    inside = found["client"].isin(through["client"])
    return found.assign(numerator=inside, denominator=1, detail=np.where(inside, detail, ""))


def running(state: State, measure: str, period: Period, chosen: Chosen) -> pd.DataFrame:
    """Spells running at the end of the period or on the reference date: their weight (hundredths) or days so far."""
    at = min(period.last, state.as_of)
    spells = within(state.spells, chosen)
    spells = spells[(spells["begin"] <= at) & (spells["end"] > at)].assign(day=at, denominator=1)
    if measure == "zwaarte_duur":
        return spells.assign(numerator=at - spells["begin"].astype("int64") + 1)
    known = spells[spells["weight"] != NO_NUMBER]
    return known.assign(numerator=known["weight"])


def clients_with_mutation(state: State, period: Period, chosen: Chosen) -> pd.DataFrame:
    """Clients with an ended spell, shown by the last of these, one that was followed up first."""
    ended = within(i01_mutaties.ended_spells(state), chosen, period, "end")
    order = ["client", "hit", "end", "toewijzing_nummer"]
    last = ended.sort_values(order, kind="stable").drop_duplicates("client", keep="last")
    return last.assign(day=last["end"], numerator=last["hit"], denominator=1)


def durations(state: State, measure: str, period: Period, chosen: Chosen) -> pd.DataFrame:
    """Ended cases with their days; for outliers whether each lies beyond the limit of them all."""
    found = within(i06_duur.ended_cases(state), chosen, period, "end")
    found = found.assign(day=found["end"], numerator=found["days"], denominator=1)
    if measure != "duur_uitschieters" or found.empty:
        return found
    days, (factor, whole) = found["days"].to_numpy(np.int64), state.parameters.outlier_factor
    return found.assign(numerator=days * 4 * whole > i06_duur.outlier_limit(days, factor, whole))


def with_places(found: pd.DataFrame, share: tuple[int, int]) -> pd.DataFrame:
    """Cases from the smallest to the largest, with the ``place`` of each and its ``part`` in the quantile.

    The quantile is the sum of numerator × part, divided by the second number of ``share``.
    """
    found = found.sort_values(["numerator", "day", *SUBJECT[:-1]], kind="stable")
    numbers = np.arange(len(found), dtype=np.int64)
    low, rest = divmod((len(found) - 1) * share[0], share[1])
    part = np.where(numbers == low, share[1] - rest, np.where(numbers == low + 1, rest, 0))
    return found.assign(place=numbers + 1, part=part)


def costs(state: State, measure: str, period: Period, chosen: Chosen, detail: str) -> pd.DataFrame:
    """The amount of each distinct trajectory or client with a counted claim line, on the day of its first."""
    each = "client" if measure == "kosten_per_client" else "trajectory"
    lines = state.lines if each == "client" else i07_kosten_per_traject.on_trajectories(state)
    lines = within(lines, chosen, period, "begindatum")
    amount = lines.groupby(each)["ingediend" if detail else "toegekend"].sum()
    first = lines.sort_values(["begindatum", "toewijzing_nummer"], kind="stable").drop_duplicates(each)
    return first.assign(day=first["begindatum"], numerator=first[each].map(amount), denominator=1, detail=detail)


def rejections(state: State, period: Period, chosen: Chosen, detail: str) -> pd.DataFrame:
    """Answered messages (of the type ``detail``), with their ``link``; the numerator says which were rejected."""
    found = within(i16_berichtenmonitor.judged(state), chosen, period, "return_day")
    found = found.assign(day=found["return_day"], numerator=found["bad"], denominator=1, detail=found["soort"])
    return found[found["detail"].astype(str) == detail] if detail else found


def per_code(state: State, measure: str, period: Period, chosen: Chosen, detail: str) -> pd.DataFrame:
    """Ended spells or reported stops with their code; the numerator says which have the code ``detail`` (or any)."""
    if measure == "beeindigingscodes":
        found = i16_berichtenmonitor.coded_stops(state)
    else:
        ended = state.spells[state.spells["end"] != OPEN]
        found = ended.assign(day=ended["end"], detail=(ended["wet"] + ":" + ended["reason"]).astype("str"))
    found = within(found, chosen, period)
    return found.assign(numerator=(found["detail"] == detail) | (detail == ""), denominator=1)


def per_number_of_mutations(state: State, period: Period, chosen: Chosen, detail: str) -> pd.DataFrame:
    """Ended trajectories; the numerator says which had ``detail`` mutations."""
    found = within(i01_mutaties.ended_trajectories(state), chosen, period, "end")
    return found.assign(day=found["end"], numerator=found["detail"] == detail, denominator=1)
